//! Comparison of all pages with the document, and with each other.

use std::collections::{BTreeMap, HashMap};

use openapi_diff::{self as diff, OperationSummary};
use openapi_document::Pointer;
use reqwest::Url;
use serde_json::{Map, Value};

use super::{
    finding::Finding,
    fragment::{self, Fragment},
    index,
    page::{self, PageOperation, ParsedPage},
    site::{Page, PageError},
};
use crate::{files::Table, source::SourceRecord};

/// The result of comparing all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// The number of pages of this document.
    pub pages: usize,
    /// The number of these pages without findings.
    pub matching: usize,
    /// The number of pages of other documents, by the name that the pages give the document.
    pub other_documents: BTreeMap<String, usize>,
    /// The operations without a page, and whether they are deprecated.
    pub undocumented: Vec<(String, bool)>,
    /// The number of operations of the document.
    pub operations: usize,
    /// The findings in the order of pages and lines.
    pub findings: Vec<Finding>,
    /// The URL of the page of each operation, by operationId.
    pub(super) page_urls: Table,
}

/// The document that pages are compared with.
struct Spec<'a> {
    title: &'a str,
    url: Option<Url>,
    operations: Vec<OperationSummary>,
}

/// Compares all pages with the document and with each other.
pub(super) fn check(
    root: &Value,
    source: &SourceRecord,
    pages: &[Page],
    prose: bool,
) -> CheckReport {
    let title = root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let operations = diff::list_operations(root);
    let spec = Spec { title, url: Url::parse(&source.url).ok(), operations };
    let mut report = CheckReport { operations: spec.operations.len(), ..CheckReport::default() };
    // The fragments of each operation, by their index in `fragments`.
    let mut covered: HashMap<String, Vec<usize>> = HashMap::new();
    let mut fragments = Vec::new();
    let mut own_pages = Vec::new();
    for page in pages {
        let text = match &page.text {
            Ok(text) => text,
            Err(error) => {
                report.findings.push(page_error_finding(page, error));
                continue;
            }
        };
        let declared = match page::parse(text) {
            ParsedPage::NoOperation => continue,
            ParsedPage::Malformed { line, reason } => {
                let finding = Finding::new(&page.name, "page-unreadable", Some(line), reason);
                report.findings.push(finding);
                continue;
            }
            ParsedPage::Operation(operation) => operation,
        };
        let fragment = Fragment::parse(&page.name, &declared);
        let title = match &fragment {
            Some(Ok(fragment)) => fragment.root.pointer("/info/title").and_then(Value::as_str),
            _ => None,
        };
        if !spec.is_document_of_page(declared.document.as_deref(), title) {
            let name = declared.document.clone().or(title.map(str::to_owned)).unwrap_or_default();
            *report.other_documents.entry(name).or_default() += 1;
            continue;
        }
        report.pages += 1;
        own_pages.push(page.name.as_str());
        let fragment = match fragment {
            Some(Ok(fragment)) => Some(fragment),
            Some(Err((line, reason))) => {
                let finding = Finding::new(&page.name, "page-unreadable", Some(line), reason);
                report.findings.push(finding);
                None
            }
            None => None,
        };
        let Some(operation) = spec.operation(&declared, fragment.as_ref()) else {
            report.findings.push(unknown_operation_finding(page, &declared));
            continue;
        };
        if let Some(url) = &page.url {
            report.page_urls.insert(operation.id.clone(), index::html_url(url));
        }
        let operation_fragments = covered.entry(operation.id.clone()).or_default();
        if let Some(fragment) = fragment {
            report.findings.extend(fragment.compare(root, operation, prose));
            operation_fragments.push(fragments.len());
            fragments.push(fragment);
        }
    }
    find_contradictions(&fragments, &covered, prose, &mut report.findings);
    find_stale_schemas(&fragments, root, prose, &mut report.findings);
    report.undocumented = spec
        .operations
        .iter()
        .filter(|operation| !covered.contains_key(&operation.id))
        .map(|operation| (operation.id.clone(), operation.deprecated))
        .collect();
    let order: HashMap<&str, usize> =
        pages.iter().enumerate().map(|(number, page)| (page.name.as_str(), number)).collect();
    report
        .findings
        .sort_by_key(|finding| (order.get(finding.page.as_str()).copied(), finding.line));
    let is_matching = |page: &&&str| !report.findings.iter().any(|finding| finding.page == **page);
    report.matching = own_pages.iter().filter(is_matching).count();
    report
}

impl Spec<'_> {
    /// Whether a page is about this document, by the name and the title of the document on the
    /// page.
    ///
    /// A URL is decisive. Other names depend on how the site is built: the title takes precedence.
    fn is_document_of_page(&self, name: Option<&str>, title: Option<&str>) -> bool {
        let Some(name) = name else {
            return title.is_none_or(|title| title == self.title);
        };
        let Some(own) = &self.url else { return title == Some(self.title) };
        if let Ok(url) = Url::parse(name) {
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
        segments(own.path()).ends_with(&segments(name))
    }

    /// The operation of a page: with the URL or id of its fragment, or the declared path.
    fn operation(
        &self,
        declared: &PageOperation,
        fragment: Option<&Fragment>,
    ) -> Option<&OperationSummary> {
        let find = |matches: &dyn Fn(&OperationSummary) -> bool| {
            self.operations.iter().find(|operation| matches(operation))
        };
        if let Some(Fragment { operation: shown, .. }) = fragment {
            let same_url = find(&|operation| {
                operation.method == shown.method && operation.shape == shown.shape
            });
            if same_url.is_some() {
                return same_url;
            }
            let same_id = find(&|operation| operation.id == shown.id);
            if same_id.is_some() {
                return same_id;
            }
        }
        find(&|operation| operation.method == declared.method && operation.path == declared.path)
    }
}

/// The finding for a page that couldn't be fetched or read.
fn page_error_finding(page: &Page, error: &PageError) -> Finding {
    let (kind, reason) = match error {
        PageError::Missing(reason) => ("page-missing", reason),
        PageError::Unreachable(reason) => ("page-unreachable", reason),
        PageError::NotText(reason) => ("page-unreadable", reason),
    };
    let origin = match page.index_line {
        Some(line) => format!(" (linked from line {line} of the index)"),
        None => String::new(),
    };
    Finding::new(&page.name, kind, None, format!("{reason}{origin}"))
}

/// The finding for a page of an operation that the document doesn't have.
fn unknown_operation_finding(page: &Page, declared: &PageOperation) -> Finding {
    let operation = format!("{} {}", declared.method.to_uppercase(), declared.path);
    let message = format!("operation {operation} not found in the document");
    let mut finding =
        Finding::new(&page.name, "operation-only-in-docs", Some(declared.line), message);
    finding.docs = Some(operation);
    let pointer = Pointer::from_segments(["paths", &declared.path, &declared.method]);
    finding.docs_pointer = Some(pointer.to_string());
    finding
}

/// Finds pages of the same operation whose fragments differ.
fn find_contradictions(
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
            let Some((pointer, difference)) = other.first_difference(first, prose) else {
                continue;
            };
            let message = format!("{operation} differs from {}: {difference}", first.page);
            let line = Some(other.line(&pointer));
            let mut finding = Finding::new(&other.page, "pages-contradict", line, message);
            finding.docs_pointer = Some(pointer.to_string());
            findings.push(finding.with_operation(operation));
        }
    }
}

/// Finds component schemas that differ between pages: a page whose schema differs from the
/// document's is stale.
fn find_stale_schemas(
    fragments: &[Fragment],
    spec: &Value,
    prose: bool,
    findings: &mut Vec<Finding>,
) {
    let mut shown: BTreeMap<&str, Vec<&Fragment>> = BTreeMap::new();
    for fragment in fragments {
        let schemas = fragment::component_schemas(&fragment.root);
        for name in schemas.into_iter().flat_map(Map::keys) {
            shown.entry(name).or_default().push(fragment);
        }
    }
    for (name, pages) in shown {
        let in_spec =
            fragment::component_schemas(spec).is_some_and(|schemas| schemas.contains_key(name));
        let (reference, origin) = match in_spec {
            true => (spec, "the document"),
            false => (&pages[0].root, pages[0].page.as_str()),
        };
        let differs =
            |page: &&&Fragment| fragment::schema_differs(name, reference, &page.root, prose);
        let stale: Vec<&&Fragment> = pages.iter().filter(differs).collect();
        // If all pages agree, the document has changed, which is reported for each operation.
        let all_alike = stale.len() == pages.len()
            && stale[1..]
                .iter()
                .all(|page| !fragment::schema_differs(name, &stale[0].root, &page.root, prose));
        if stale.is_empty() || all_alike {
            continue;
        }
        for page in stale {
            let pointer = Pointer::from_segments(["components", "schemas", name]);
            let message = format!("schema `{name}` differs from other pages and from {origin}");
            let line = Some(page.line(&pointer));
            let mut finding = Finding::new(&page.page, "schema-shown-differently", line, message);
            finding.pointer = pointer.to_string();
            finding.docs_pointer = Some(pointer.to_string());
            findings.push(finding);
        }
    }
}
