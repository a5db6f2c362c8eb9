//! The use of a configuration: the client of a document, and what can be said about it without
//! generating it.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Document, LoadError, OneLine, Refusals};

use super::{Config, ConfigError, Warnings};
#[cfg(feature = "surface")]
use crate::surface::{self, Surface, SurfaceError, TypeNames};
use crate::{
    client_methods,
    collect::Collect,
    generate::{Generated, generate},
    helpers::HelperSelection,
    lower::lower_with,
};

impl Config {
    /// Generates the client of the document, without writing it to a file.
    ///
    /// # Errors
    ///
    /// If the document can't be read or parsed; all refusals, each with its JSON pointer; with
    /// [`Warnings::Deny`], all warnings and skipped operations.
    pub fn generate(&self) -> Result<Generated, ConfigError> {
        self.generate_features(self.options.enabled_features.as_ref())
    }

    /// Generates the client with the operations of these features, or all.
    pub(super) fn generate_features(
        &self,
        enabled: Option<&BTreeSet<String>>,
    ) -> Result<Generated, ConfigError> {
        // Operations with dangling references may be skipped.
        let load = match self.options.skip_refused {
            true => Document::load_lenient(&self.document),
            false => Document::load(&self.document),
        };
        let (document, sources) = load.map_err(|error| ConfigError(error.to_string()))?;
        let generated = generate(&document, &self.options, enabled).map_err(|refusals| {
            let places = sources.places(refusals.iter().map(|refusal| &refusal.pointer));
            ConfigError(
                LoadError::Refused(places.into_iter().zip(refusals.iter().cloned()).collect_vec())
                    .to_string(),
            )
        })?;
        let generated = Generated { sources: Some(sources), ..generated };
        if self.warnings == Warnings::Deny {
            let warnings = self.diagnostics(&generated);
            if !warnings.is_empty() {
                return Err(ConfigError(warnings.join("\n")));
            }
        }
        Ok(generated)
    }

    /// Generates the client of a parsed document. The path given to [`new`](Self::new) is not read.
    ///
    /// # Errors
    ///
    /// All constructs that can't be lowered without changing their meaning, each with its JSON
    /// pointer. Panics of progenitor become refusals too.
    pub fn generate_from(&self, document: &Document) -> Result<Generated, Refusals> {
        generate(document, &self.options, self.options.enabled_features.as_ref())
    }

    /// Returns the helpers of [`helpers_file`](Self::helpers_file) that the client of `document`
    /// has, without generating it.
    ///
    /// # Errors
    ///
    /// The refusals of [`generate_from`](Self::generate_from), but not those of progenitor.
    pub fn helpers(&self, document: &Document) -> Result<HelperSelection, Refusals> {
        let names = &self.options.names;
        let mut model = lower_with(document, names, &self.options.received)?.model;
        // The warnings are those of the generator.
        let _ = client_methods::reserve(&self.options.client_methods, &mut model);
        Ok(HelperSelection::new(&self.options.helpers, &model))
    }

    /// Returns the Rust names of all types and variants of the client of `document`, by their keys:
    /// what [`names`](Self::names) needs so that they never change.
    ///
    /// # Errors
    ///
    /// The refusals of [`generate_from`](Self::generate_from), but not those of progenitor.
    pub fn published_names(
        &self,
        document: &Document,
    ) -> Result<BTreeMap<String, String>, Refusals> {
        let lowered = lower_with(document, &self.options.names, &self.options.received)?;
        Ok(lowered.model.published_names())
    }

    /// Reads the public surface of the client of `document`, without generating it.
    ///
    /// # Errors
    ///
    /// The refusals of [`generate_from`](Self::generate_from), but not those of progenitor.
    #[cfg(feature = "surface")]
    pub fn surface(&self, document: &Document) -> Result<Surface, Refusals> {
        surface::surface(document, &self.options)
    }

    /// Reads the public surfaces of the clients of two versions of a document. The names of the old
    /// client count as published in the new one, as if they stood in the file of
    /// [`names`](Self::names).
    ///
    /// # Errors
    ///
    /// Those of [`surface`](Self::surface), with the version that has them.
    #[cfg(feature = "surface")]
    pub fn surfaces(
        &self,
        old: &Document,
        new: &Document,
    ) -> Result<(Surface, Surface), SurfaceError> {
        let surfaces = surface::surfaces((old, new), &self.options, |_, _| ());
        surfaces.map(|(old, new, ())| (old, new))
    }

    /// Reads the surfaces as [`surfaces`](Self::surfaces) does.
    ///
    /// Meanwhile `job` runs, with the names of the types of both clients.
    ///
    /// # Errors
    ///
    /// Those of [`surfaces`](Self::surfaces).
    #[cfg(feature = "surface")]
    pub fn surfaces_during<T>(
        &self,
        old: &Document,
        new: &Document,
        job: impl FnOnce(TypeNames, TypeNames) -> T,
    ) -> Result<(Surface, Surface, T), SurfaceError> {
        surface::surfaces((old, new), &self.options, job)
    }

    /// Returns a line for each skipped operation and, unless they are ignored, for each warning.
    pub fn diagnostics(&self, generated: &Generated) -> Vec<String> {
        let path = self.document.display();
        let mut lines = Vec::new();
        for skipped in &generated.skipped {
            lines.push(format!("{path}: {skipped}"));
        }
        let warnings = &generated.warnings;
        match &generated.sources {
            _ if self.warnings == Warnings::Ignore => {}
            Some(sources) => {
                let places = sources.places(warnings.iter().map(|warning| &warning.pointer));
                for (place, warning) in places.iter().zip(warnings) {
                    lines.push(format!("{place}: {}", OneLine(&warning.message)));
                }
            }
            None => {
                for warning in warnings {
                    lines.push(format!("{path}: {warning}"));
                }
            }
        }
        lines
    }
}
