//! A file that gets its final name when it is complete.

use std::{
    fs::{self, Permissions},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::{fs::File, io::AsyncWriteExt};

/// The maximum number of symbolic links from a path to its file, as on Linux.
const MAX_LINKS: usize = 40;

/// The file that a download creates or replaces.
#[derive(Debug)]
pub(super) struct Target {
    path: PathBuf,
    /// The permissions of the file that is replaced.
    permissions: Option<Permissions>,
}

impl Target {
    /// Follows symbolic links from `path`, and checks that a regular file or nothing is there.
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            if path.file_name().is_none() {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "the path has no file name",
                ));
            }
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_symlink() => {
                    let link = fs::read_link(&path)?;
                    path = path.parent().map_or_else(|| link.clone(), |parent| parent.join(&link));
                }
                Ok(metadata) if metadata.is_file() => {
                    return Ok(Self { path, permissions: Some(metadata.permissions()) });
                }
                Ok(_) => {
                    let message = "it exists and isn't a regular file";
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Self { path, permissions: None });
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("too many symbolic links"))
    }
}

/// A temporary file, which is renamed when it is complete. It is removed if it is dropped before.
#[derive(Debug)]
pub(super) struct PartialFile {
    file: File,
    path: RemoveOnDrop,
    target: Target,
}

impl PartialFile {
    /// Creates a temporary file in the directory of `target`.
    ///
    /// It blocks on purpose: a blocking task that outlives its dropped future would create the file
    /// after its removal.
    pub(super) fn create(target: Target) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = target.path.with_file_name(format!(".{}-{number}.part", process::id()));
            match create_new(&path, target.permissions.is_some()) {
                Ok(file) => {
                    let file = File::from_std(file);
                    return Ok(Self { file, path: RemoveOnDrop(Some(path)), target });
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

    /// Writes the file to the disk, with the permissions of the file that it replaces, and renames
    /// it to its target.
    pub(super) async fn finish(self) -> io::Result<()> {
        let Self { mut file, mut path, target } = self;
        file.flush().await?;
        if let Some(permissions) = target.permissions {
            file.set_permissions(without_set_id(permissions)).await?;
        }
        file.sync_all().await?;
        drop(file);
        // Something else may have been created there since.
        Target::resolve(&target.path)?;
        if let Some(path) = &path.0 {
            tokio::fs::rename(path, &target.path).await?;
        }
        path.0 = None;
        Ok(())
    }
}

/// Creates a file; if it is `private`, for this user only until it has its permissions.
fn create_new(path: &Path, private: bool) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    options.open(path)
}

/// Removes the set-user-ID, set-group-ID and sticky bits: the content is another one.
fn without_set_id(permissions: Permissions) -> Permissions {
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt;
        Permissions::from_mode(permissions.mode() & 0o777)
    };
    permissions
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
