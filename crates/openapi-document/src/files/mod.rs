//! Documents of several files.

mod bundle;
mod context;
mod error;
mod folder;
mod sources;

use std::path::{Path, PathBuf};

use serde_json::Value;

use self::folder::Folder;
pub use self::{
    error::LoadError,
    sources::{SourceLocation, Sources},
};
use crate::refusal::{Refusal, Refusals};

/// Reads a document and the files that it refers to, and checks what they become together.
///
/// References that can't be followed are errors, unless they are to stay as they are.
pub(crate) fn load<T>(
    path: &Path,
    keeps_unresolved: bool,
    check: impl FnOnce(Value, &Sources) -> Result<T, Refusals>,
) -> Result<(T, Sources), LoadError> {
    let mut folder = Folder::open(path)?;
    let bundle = bundle::bundle(&mut folder);
    let files: Vec<(PathBuf, String)> =
        folder.files.into_iter().map(|file| (file.path, file.text)).collect();
    if !bundle.refusals.is_empty() && !keeps_unresolved {
        let places = bundle.refusals.iter().map(|(file, refusal)| (*file, refusal.pointer.clone()));
        let places = sources::with_lines(&files, places.collect());
        let refusals = bundle.refusals.into_iter().map(|(_, refusal)| refusal);
        return Err(LoadError::Refused(places.into_iter().zip(refusals).collect()));
    }
    let sources = Sources::new(files, bundle.parts);
    match check(bundle.root, &sources) {
        Ok(checked) => Ok((checked, sources)),
        Err(refusals) => {
            let refusals: Vec<Refusal> = refusals.iter().cloned().collect();
            let places = sources.places(refusals.iter().map(|refusal| &refusal.pointer));
            Err(LoadError::Refused(places.into_iter().zip(refusals).collect()))
        }
    }
}
