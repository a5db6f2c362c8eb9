//! Comparison of all pages with the document, one after the other.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_diff::{self as diff, OperationSummary};
use openapi_document::{Document, Pointer};
use reqwest::Url;
use serde_json::Value;

use super::{
    comparison, contradictions,
    finding::Finding,
    fragment::Fragment,
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

/// The comparison of pages with a document. It keeps the findings of a page, not its text.
pub(super) struct Checker<'a> {
    spec: Spec<'a>,
    prose: bool,
    report: CheckReport,
    /// The ids of the operations that have a page.
    covered: HashSet<String>,
    /// The pages of this document.
    own_pages: Vec<String>,
    /// The positions of all pages.
    positions: HashMap<String, usize>,
}

/// The document that pages are compared with.
struct Spec<'a> {
    root: &'a Value,
    title: &'a str,
    url: Option<Url>,
    operations: Vec<OperationSummary>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(document: &'a Document, source: &SourceRecord, prose: bool) -> Self {
        let root = document.root();
        let title = root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
        let operations = diff::list_operations(root);
        let report = CheckReport { operations: operations.len(), ..CheckReport::default() };
        Self {
            spec: Spec { root, title, url: Url::parse(&source.url).ok(), operations },
            prose,
            report,
            covered: HashSet::new(),
            own_pages: Vec::new(),
            positions: HashMap::new(),
        }
    }

    /// Compares a page with the document.
    pub(super) fn check(&mut self, page: &Page) {
        let position = self.positions.len();
        self.positions.entry(page.name.clone()).or_insert(position);
        let text = match &page.text {
            Ok(text) => text,
            Err(error) => {
                self.report.findings.push(page_error_finding(page, error));
                return;
            }
        };
        let declared = match page::parse(text) {
            ParsedPage::NoOperation => return,
            ParsedPage::Malformed { line, reason } => {
                self.report.findings.push(unreadable(page, line, reason));
                return;
            }
            ParsedPage::Operation(operation) => operation,
        };
        let fragment = Fragment::parse(&page.name, &declared);
        let title = match &fragment {
            Some(Ok(fragment)) => fragment.title(),
            _ => None,
        };
        if !self.spec.is_document_of_page(declared.document.as_deref(), title) {
            let name = declared.document.clone().or(title.map(str::to_owned)).unwrap_or_default();
            *self.report.other_documents.entry(name).or_default() += 1;
            return;
        }
        self.own_pages.push(page.name.clone());
        let fragment = match fragment {
            Some(Ok(fragment)) => Some(fragment),
            Some(Err((line, reason))) => {
                self.report.findings.push(unreadable(page, line, reason));
                None
            }
            None => None,
        };
        let Some(operation) = self.spec.operation(&declared, fragment.as_ref()) else {
            self.report.findings.push(unknown_operation_finding(page, &declared));
            return;
        };
        if let Some(url) = &page.url {
            self.report.page_urls.insert(operation.id.clone(), index::html_url(url));
        }
        self.covered.insert(operation.id.clone());
        if let Some(fragment) = fragment {
            let findings = comparison::compare(&fragment, self.spec.root, operation, self.prose);
            self.report.findings.extend(findings);
        }
    }

    /// The report on all pages.
    pub(super) fn finish(self) -> CheckReport {
        let Self { spec, covered, own_pages, positions, mut report, .. } = self;
        report.findings.extend(contradictions::find(&report.findings));
        report.undocumented = spec
            .operations
            .into_iter()
            .filter(|operation| !covered.contains(&operation.id))
            .map(|operation| (operation.id, operation.deprecated))
            .collect();
        report.findings.sort_by_key(|finding| (positions.get(&finding.page), finding.line));
        let differing: HashSet<&str> =
            report.findings.iter().map(|finding| finding.page.as_str()).collect();
        report.pages = own_pages.len();
        report.matching =
            own_pages.iter().filter(|page| !differing.contains(page.as_str())).count();
        report
    }
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

/// The finding for a page that can't be understood.
fn unreadable(page: &Page, line: usize, reason: String) -> Finding {
    Finding::new(&page.name, "page-unreadable", Some(line), reason)
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
