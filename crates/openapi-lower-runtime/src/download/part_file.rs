//! A file that is written beside its place, and is there only when it is whole.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::{fs::File, io::AsyncWriteExt};

/// A file on its way. Dropped before it is finished, it is removed.
#[derive(Debug)]
pub(super) struct PartFile {
    file: File,
    part: Part,
}

impl PartFile {
    /// Opens a new file in the directory of `path`.
    ///
    /// Without a task of its own: one that is abandoned would create the file after its removal.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        if path.file_name().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
        }
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let beside = path.with_file_name(format!(".{}-{number}.part", process::id()));
            match fs::File::create_new(&beside) {
                Ok(file) => {
                    return Ok(Self { file: File::from_std(file), part: Part(Some(beside)) });
                }
                // Left behind by a process that was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Moves it to its place, when all of it is on the disk.
    pub(super) async fn finish(self, path: &Path) -> io::Result<()> {
        let Self { mut file, mut part } = self;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        if let Some(from) = &part.0 {
            tokio::fs::rename(from, path).await?;
        }
        part.0 = None;
        Ok(())
    }
}

/// The path of a file that is removed, unless it was moved away.
#[derive(Debug)]
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // There is nobody to tell.
            let _ = fs::remove_file(path);
        }
    }
}
