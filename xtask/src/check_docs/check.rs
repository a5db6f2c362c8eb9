//! All pages against the document, and against each other.

use std::collections::{BTreeMap, HashMap};

use openapi_diff::{self as diff, Listed};
use openapi_document::Pointer;
use reqwest::Url;
use serde_json::{Map, Value};

use super::{
    finding::Finding,
    fragment::{self, Fragment},
    index,
    page::{self, Found, PageOperation},
    site::{Page, PageError},
};
use crate::{files::Table, source::Source};

/// What came of all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// How many pages are of this document.
    pub pages: usize,
    /// How many of them have no finding.
    pub matching: usize,
    /// How many pages are of other documents, by what the pages call those.
    pub other_documents: BTreeMap<String, usize>,
    /// The operations without a page, and whether they are deprecated.
    pub undocumented: Vec<(String, bool)>,
    /// How many operations the document has.
    pub operations: usize,
    /// What isn't as it should be, in the order of pages and lines.
    pub findings: Vec<Finding>,
    /// Where the page of each operation is on the site.
    pub(super) places: Table,
}

/// The document that pages are compared with.
struct Spec<'a> {
    title: &'a str,
    url: Option<Url>,
    operations: Vec<Listed>,
}

pub(super) fn check(root: &Value, source: &Source, pages: &[Page], prose: bool) -> Checked {
    let title = root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let spec = Spec { title, url: Url::parse(&source.url).ok(), operations: diff::listed(root) };
    let mut checked = Checked { operations: spec.operations.len(), ..Checked::default() };
    let mut covered: HashMap<String, Vec<usize>> = HashMap::new();
    let mut fragments = Vec::new();
    let mut own_pages = Vec::new();
    for page in pages {
        let text = match &page.text {
            Ok(text) => text,
            Err(trouble) => {
                checked.findings.push(of_trouble(page, trouble));
                continue;
            }
        };
        let about = match page::read(text) {
            Found::Nothing => continue,
            Found::Unclear { line, why } => {
                let finding = Finding::of_page(&page.name, "page-unreadable", Some(line), why);
                checked.findings.push(finding);
                continue;
            }
            Found::Operation(about) => about,
        };
        let fragment = Fragment::read(&page.name, &about);
        let title = match &fragment {
            Some(Ok(fragment)) => fragment.root.pointer("/info/title").and_then(Value::as_str),
            _ => None,
        };
        if !spec.is_meant_by(about.document.as_deref(), title) {
            let name = about.document.clone().or(title.map(str::to_owned)).unwrap_or_default();
            *checked.other_documents.entry(name).or_default() += 1;
            continue;
        }
        checked.pages += 1;
        own_pages.push(page.name.as_str());
        let fragment = match fragment {
            Some(Ok(fragment)) => Some(fragment),
            Some(Err((line, why))) => {
                let finding = Finding::of_page(&page.name, "page-unreadable", Some(line), why);
                checked.findings.push(finding);
                None
            }
            None => None,
        };
        let Some(operation) = spec.operation(&about, fragment.as_ref()) else {
            checked.findings.push(of_lack(page, &about));
            continue;
        };
        if let Some(url) = &page.url {
            checked.places.insert(operation.id.clone(), index::for_people(url));
        }
        let pages_of_it = covered.entry(operation.id.clone()).or_default();
        if let Some(fragment) = fragment {
            checked.findings.extend(fragment.against(root, operation, prose));
            pages_of_it.push(fragments.len());
            fragments.push(fragment);
        }
    }
    contradictions(&fragments, &covered, prose, &mut checked.findings);
    stale(&fragments, root, prose, &mut checked.findings);
    checked.undocumented = spec
        .operations
        .iter()
        .filter(|operation| !covered.contains_key(&operation.id))
        .map(|operation| (operation.id.clone(), operation.deprecated))
        .collect();
    let order: HashMap<&str, usize> =
        pages.iter().enumerate().map(|(number, page)| (page.name.as_str(), number)).collect();
    checked
        .findings
        .sort_by_key(|finding| (order.get(finding.page.as_str()).copied(), finding.line));
    let has_none = |page: &&&str| !checked.findings.iter().any(|finding| finding.page == **page);
    checked.matching = own_pages.iter().filter(has_none).count();
    checked
}

impl Spec<'_> {
    /// Whether a page that names its document like this means this one. A URL says it; other names
    /// depend on how the site is built, so the title that the page shows decides, then the name.
    fn is_meant_by(&self, document: Option<&str>, title: Option<&str>) -> bool {
        let Some(document) = document else {
            return title.is_none_or(|title| title == self.title);
        };
        let Some(own) = &self.url else { return title == Some(self.title) };
        if let Ok(url) = Url::parse(document) {
            return url.host() == own.host()
                && url.path().trim_end_matches('/') == own.path().trim_end_matches('/');
        }
        if let Some(title) = title {
            return title == self.title;
        }
        let segments = |path: &str| -> Vec<String> {
            let path = path.trim_start_matches("./").trim_matches('/');
            let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
            stem.split('/').map(str::to_owned).collect()
        };
        segments(own.path()).ends_with(&segments(document))
    }

    /// The operation that a page is about: at the same URL, or of the same id.
    fn operation(&self, about: &PageOperation, fragment: Option<&Fragment>) -> Option<&Listed> {
        let by = |meant: &dyn Fn(&Listed) -> bool| self.operations.iter().find(|one| meant(one));
        if let Some(Fragment { operation, .. }) = fragment {
            let same_url =
                by(&|one| one.method == operation.method && one.shape == operation.shape);
            if same_url.is_some() {
                return same_url;
            }
            let same_id = by(&|one| one.id == operation.id);
            if same_id.is_some() {
                return same_id;
            }
        }
        by(&|one| one.method == about.method && one.path == about.path)
    }
}

fn of_trouble(page: &Page, trouble: &PageError) -> Finding {
    let (kind, why) = match trouble {
        PageError::Missing(why) => ("page-missing", why),
        PageError::Unreachable(why) => ("page-unreachable", why),
        PageError::NotText(why) => ("page-unreadable", why),
    };
    let linked = match page.line {
        Some(line) => format!("line {line} of the index links to it, but "),
        None => String::new(),
    };
    Finding::of_page(&page.name, kind, None, format!("{linked}{why}"))
}

fn of_lack(page: &Page, about: &PageOperation) -> Finding {
    let operation = format!("{} {}", about.method.to_uppercase(), about.path);
    let message = format!("the document has no {operation}");
    let mut finding =
        Finding::of_page(&page.name, "operation-only-in-docs", Some(about.line), message);
    finding.docs = Some(operation);
    finding.docs_pointer = Some(Pointer::of(["paths", &about.path, &about.method]).to_string());
    finding
}

/// Pages about one operation that don't say the same.
fn contradictions(
    fragments: &[Fragment],
    covered: &HashMap<String, Vec<usize>>,
    prose: bool,
    findings: &mut Vec<Finding>,
) {
    for (operation, pages) in covered {
        let [first, others @ ..] = pages.as_slice() else { continue };
        let first = &fragments[*first];
        for other in others {
            let other = &fragments[*other];
            let Some((at, what)) = other.contradiction(first, prose) else { continue };
            let message = format!("{} says otherwise of {operation}: {what}", first.page);
            let line = Some(other.line(&at));
            let mut finding = Finding::of_page(&other.page, "pages-contradict", line, message);
            finding.docs_pointer = Some(at.to_string());
            findings.push(finding.of(operation));
        }
    }
}

/// Component schemas that pages show differently: the page that doesn't show what the document has
/// is stale.
fn stale(fragments: &[Fragment], spec: &Value, prose: bool, findings: &mut Vec<Finding>) {
    let mut shown: BTreeMap<&str, Vec<&Fragment>> = BTreeMap::new();
    for fragment in fragments {
        for name in fragment::schemas(&fragment.root).into_iter().flat_map(Map::keys) {
            shown.entry(name).or_default().push(fragment);
        }
    }
    for (name, pages) in shown {
        let in_spec = fragment::schemas(spec).is_some_and(|schemas| schemas.contains_key(name));
        let (model, from) = match in_spec {
            true => (spec, "the document"),
            false => (&pages[0].root, pages[0].page.as_str()),
        };
        let differs = |page: &&&Fragment| fragment::schema_differs(name, model, &page.root, prose);
        let stale: Vec<&&Fragment> = pages.iter().filter(differs).collect();
        // Where all pages say the same, it is the document that moved on.
        let all_alike = stale.len() == pages.len()
            && stale[1..]
                .iter()
                .all(|page| !fragment::schema_differs(name, &stale[0].root, &page.root, prose));
        if stale.is_empty() || all_alike {
            continue;
        }
        for page in stale {
            let at = Pointer::of(["components", "schemas", name]);
            let message = format!("`{name}` is shown differently on other pages and in {from}");
            let line = Some(page.line(&at));
            let mut finding =
                Finding::of_page(&page.page, "schema-shown-differently", line, message);
            finding.pointer = at.to_string();
            finding.docs_pointer = Some(at.to_string());
            findings.push(finding);
        }
    }
}
