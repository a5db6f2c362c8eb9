//! A file that gets its final name when it is complete.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::{fs::File, io::AsyncWriteExt};

/// A temporary file, which is renamed when it is complete. It is removed if it is dropped before.
#[derive(Debug)]
pub(super) struct PartialFile {
    file: File,
    path: RemoveOnDrop,
}

impl PartialFile {
    /// Creates a temporary file in the directory of `target`.
    ///
    /// It blocks on purpose: a blocking task that outlives its dropped future would create the file
    /// after its removal.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        if target.file_name().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"));
        }
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = target.with_file_name(format!(".{}-{number}.part", process::id()));
            match fs::File::create_new(&path) {
                Ok(file) => {
                    let file = File::from_std(file);
                    return Ok(Self { file, path: RemoveOnDrop(Some(path)) });
                }
                // A process that was killed left the file.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Writes the file to the disk and renames it to `target`.
    pub(super) async fn finish(self, target: &Path) -> io::Result<()> {
        let Self { mut file, mut path } = self;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        if let Some(path) = &path.0 {
            tokio::fs::rename(path, target).await?;
        }
        path.0 = None;
        Ok(())
    }
}

/// The path of a file that is removed on drop; `None` if the file was renamed.
#[derive(Debug)]
struct RemoveOnDrop(Option<PathBuf>);

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // An error can't be returned from here.
            let _ = fs::remove_file(path);
        }
    }
}
