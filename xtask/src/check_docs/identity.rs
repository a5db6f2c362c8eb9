//! Identification of the document among the names that the pages of a site give their documents.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::Path,
};

use openapi_diff::OperationSummary;
use reqwest::Url;

/// The document that pages are compared with, as far as its names are known.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// The URL that it is from.
    url: Option<Url>,
    /// The path of the file.
    path: Vec<String>,
    /// The name that its pages give it.
    document: Option<String>,
    /// The versions in its names and in the paths of its operations, such as `v2`.
    versions: BTreeSet<String>,
}

/// The pages that give their document the same name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamedPages {
    /// The number of pages whose title is that of the document.
    pub(super) with_title: usize,
    /// The number of pages with another title.
    pub(super) with_other_title: usize,
    /// The number of pages of operations of the document.
    pub(super) with_operation: usize,
    /// The number of these without differences.
    pub(super) matching: usize,
}

/// The similarity of a name to the names of the document; a better fit is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It denotes another document.
    Other,
    /// The last segments of both paths are the same, so many.
    Segments(usize),
    /// One path ends with the other, which has so many segments.
    Contained(usize),
    /// It is the same URL, or the name that was given.
    Same,
}

impl Identity {
    /// The identity of a document with a URL, a file, or a name on its pages.
    pub(super) fn new(
        url: Option<Url>,
        path: Option<&Path>,
        document: Option<String>,
        operations: &[OperationSummary],
    ) -> Self {
        let path = path.map(|path| segments(&path.to_string_lossy())).unwrap_or_default();
        let path = path[path.len().saturating_sub(3)..].to_vec();
        let mut versions = versions(&common_path(operations));
        versions.extend(url.iter().flat_map(|url| self::versions(&segments(url.path()))));
        versions.extend(self::versions(&path));
        Self { url, path, document, versions }
    }

    /// The names that denote the document.
    ///
    /// # Errors
    ///
    /// If they could be several documents: their names.
    pub(super) fn own_names<'n>(
        &self,
        names: &BTreeMap<&'n str, NamedPages>,
    ) -> Result<HashSet<&'n str>, Vec<&'n str>> {
        let fits = names.iter().map(|(name, pages)| (self.fit(name, pages), *name));
        let fits: Vec<(Fit, &str)> = fits.filter(|(fit, _)| *fit > Fit::Other).collect();
        let Some(best) = fits.iter().map(|(fit, _)| *fit).max() else { return Ok(HashSet::new()) };
        // The same path in several notations is one document.
        let mut documents: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
        for (_, name) in fits.into_iter().filter(|(fit, _)| *fit == best) {
            documents.entry(path_of(name)).or_default().push(name);
        }
        if documents.len() > 1 && best < Fit::Same {
            // The document whose pages show most of the operations, then most of them alike.
            let score = |names_of_one: &Vec<&str>| {
                let pages = names_of_one.iter().map(|name| names[name]);
                pages.fold((0, 0), |(known, matching), pages| {
                    (known + pages.with_operation, matching + pages.matching)
                })
            };
            let highest = documents.values().map(score).max().unwrap_or_default();
            documents.retain(|_, names| score(names) == highest);
            if documents.len() > 1 {
                return Err(documents.into_values().flatten().collect());
            }
        }
        Ok(documents.into_values().flatten().collect())
    }

    /// The fit of a name.
    fn fit(&self, name: &str, pages: &NamedPages) -> Fit {
        let path = path_of(name);
        if let Some(document) = &self.document {
            let is_same = name == document || path.ends_with(&path_of(document));
            return if is_same { Fit::Same } else { Fit::Other };
        }
        let url = Url::parse(name).ok();
        let is_path =
            |own: &Url| trimmed(own.path()) == url.as_ref().map_or("", |url| trimmed(url.path()));
        if let (Some(own), Some(url)) = (&self.url, &url)
            && own.host() == url.host()
        {
            return if is_path(own) { Fit::Same } else { Fit::Other };
        }
        let versions = versions(&path);
        if !versions.is_empty() && !self.versions.is_empty() && versions.is_disjoint(&self.versions)
        {
            return Fit::Other;
        }
        // Another title means another document, unless the path is that of the URL.
        if self.url.as_ref().is_some_and(is_path) {
            return Fit::Contained(path.len());
        }
        if pages.with_title == 0 && pages.with_other_title > 0 {
            return Fit::Other;
        }
        let own_url = self.url.as_ref().map(|url| segments(url.path())).unwrap_or_default();
        if !path.is_empty() && own_url.ends_with(&path) {
            return Fit::Contained(path.len());
        }
        let common = [own_url, self.path.clone()].into_iter().map(|own| common_end(&own, &path));
        Fit::Segments(common.max().unwrap_or_default())
    }
}

/// The path of a name: of a URL, or the name itself.
fn path_of(name: &str) -> Vec<String> {
    match Url::parse(name) {
        Ok(url) => segments(url.path()),
        Err(_) => segments(name),
    }
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The segments of a path, the last one without its extension.
fn segments(path: &str) -> Vec<String> {
    let path = path.replace('\\', "/");
    let extensions = [".yaml", ".yml", ".json"];
    let path = path.trim_end_matches('/');
    let path = extensions.iter().find_map(|extension| path.strip_suffix(extension)).unwrap_or(path);
    let is_name = |segment: &&str| !matches!(*segment, "" | "." | "..");
    path.split('/').filter(is_name).map(str::to_owned).collect()
}

/// The number of segments that two paths have in common at their ends.
fn common_end(one: &[String], other: &[String]) -> usize {
    one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count()
}

/// The versions among the words of a path: `v2` in `api/v2` and `agents-v2`.
fn versions(path: &[String]) -> BTreeSet<String> {
    let words = path.iter().flat_map(|segment| segment.split(|c: char| !c.is_alphanumeric()));
    let is_version = |word: &&str| {
        let digits = word.strip_prefix(['v', 'V']);
        digits.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    words.filter(is_version).map(str::to_lowercase).collect()
}

/// The segments with which the paths of all operations begin.
fn common_path(operations: &[OperationSummary]) -> Vec<String> {
    let mut paths = operations.iter().map(|operation| segments(&operation.shape));
    let Some(mut common) = paths.next() else { return Vec::new() };
    for path in paths {
        let length = common.iter().zip(&path).take_while(|(one, other)| one == other).count();
        common.truncate(length);
    }
    common
}
