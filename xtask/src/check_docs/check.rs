//! Comparison of all pages with the document, one after the other.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, bail};
use openapi_diff::OperationSummary;
use openapi_document::{Document, Method, Pointer};
use serde_json::Value;

use super::{
    budget::FindingBudget,
    check_report::CheckReport,
    code_blocks::CodeBlock,
    comparison,
    contradictions::{self, ShownElements},
    curl, example_findings,
    examples::ExampleValidator,
    finding::Finding,
    fragment::{Fragment, FragmentError},
    identity::{Identity, NamedPages},
    operation_index::OperationIndex,
    page::{self, PageBlock},
    site::{Page, PageError},
};

/// The comparison of pages with a document. It keeps the findings of a page, not its text.
pub(super) struct Checker<'a> {
    root: &'a Value,
    title: &'a str,
    operations: OperationIndex,
    identity: Identity,
    prose: bool,
    pages: Vec<CheckedPage>,
    shown: ShownElements,
    budget: FindingBudget,
    examples: Option<ExampleValidator<'a>>,
    /// The numbers of examples that were validated and that weren't.
    example_counts: (usize, usize),
}

/// A page that has been compared.
struct CheckedPage {
    name: String,
    /// The URL of the page as HTML.
    url: Option<String>,
    /// The findings that don't depend on the document of the page.
    findings: Vec<Finding>,
    operations: Vec<CheckedOperation>,
}

/// An operation that a page shows or declares.
struct CheckedOperation {
    /// The document as the page refers to it.
    document: Option<String>,
    /// The title of the document on the page.
    title: Option<String>,
    /// The position of the operation in the document, if the document has it.
    position: Option<usize>,
    /// Whether the page shows the operation rather than its name.
    is_shown: bool,
    /// The line of the page that declares it.
    line: usize,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        document: &'a Document,
        operations: Vec<OperationSummary>,
        identity: Identity,
        prose: bool,
        examples: Option<ExampleValidator<'a>>,
    ) -> Self {
        let root = document.root();
        Self {
            root,
            title: root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default(),
            operations: OperationIndex::new(operations),
            identity,
            prose,
            pages: Vec::new(),
            shown: ShownElements::new(prose),
            budget: FindingBudget::default(),
            examples,
            example_counts: (0, 0),
        }
    }

    /// Compares a page with the document.
    pub(super) fn check(&mut self, page: &Page) {
        let mut checked = CheckedPage {
            name: page.name.clone(),
            url: page.url.clone(),
            findings: Vec::new(),
            operations: Vec::new(),
        };
        match &page.text {
            Ok(text) => {
                let parsed = page::parse(text);
                let error = |(line, reason)| unreadable(page, line, reason);
                checked.findings.extend(parsed.errors.into_iter().map(error));
                for block in &parsed.blocks {
                    checked.operations.extend(self.check_block(page, block));
                }
                self.check_samples(page, &parsed.others, &mut checked.operations);
                self.budget.limit(&page.name, &mut checked.findings);
                for operation in &mut checked.operations {
                    self.budget.limit(&page.name, &mut operation.findings);
                }
            }
            Err(error) => checked.findings.push(page_error_finding(page, error)),
        }
        self.pages.push(checked);
    }

    /// Compares the operations of a block with the document.
    fn check_block(&mut self, page: &Page, block: &PageBlock) -> Vec<CheckedOperation> {
        let document = block.declared.as_ref().and_then(|declared| declared.document.clone());
        let named = |findings: Vec<Finding>| CheckedOperation {
            document: document.clone(),
            title: None,
            position: block
                .declared
                .as_ref()
                .and_then(|declared| self.operations.declared_position(declared)),
            is_shown: false,
            line: block.line,
            findings,
        };
        let Some(text) = &block.text else {
            let mut operation = named(Vec::new());
            if let (None, Some(declared)) = (operation.position, &block.declared) {
                let finding = unknown_operation(page, &declared.method, &declared.path, block.line);
                operation.findings.push(finding);
            }
            return vec![operation];
        };
        let fragment = match Fragment::parse(block, text) {
            Ok(fragment) => fragment,
            Err(FragmentError::NoOperation) => return Vec::new(),
            Err(FragmentError::Invalid(..)) if !block.is_closed => {
                return vec![named(vec![never_closed(page, block)])];
            }
            Err(FragmentError::Invalid(line, reason)) => {
                return vec![named(vec![unreadable(page, line, reason)])];
            }
        };
        let mut checked = Vec::new();
        for shown in &fragment.operations {
            let position = self.operations.position(shown, block.declared.as_ref());
            let mut findings = match position {
                Some(position) => self.compare(page, &fragment, shown, position, &document),
                None => self.unknown(page, &fragment, shown, block, &document),
            };
            if !block.is_closed && !findings.is_empty() {
                findings = vec![never_closed(page, block)];
            }
            checked.push(CheckedOperation {
                document: document.clone(),
                title: fragment.title().map(str::to_owned),
                position,
                is_shown: true,
                line: block.line,
                findings,
            });
        }
        checked
    }

    /// Compares an operation of a fragment with the one at `position` of the document.
    fn compare(
        &mut self,
        page: &Page,
        fragment: &Fragment,
        shown: &OperationSummary,
        position: usize,
        document: &Option<String>,
    ) -> Vec<Finding> {
        let operation = &self.operations.operations()[position];
        let mut findings =
            comparison::compare(&page.name, fragment, shown, self.root, operation, self.prose);
        let fragments = (self.root, fragment.root());
        findings.extend(self.shown.contradictions(document, &findings, fragments));
        if let Some(validator) = &self.examples {
            let examples =
                example_findings::on_page(validator, &page.name, operation, (fragment, shown));
            self.example_counts.0 += examples.validated;
            self.example_counts.1 += examples.skipped;
            findings.extend(examples.findings);
        }
        findings
    }

    /// Compares the samples of a page with its operations: each with the last one that is declared
    /// before it, or else with the first one. Of several calls, the first counts.
    fn check_samples(
        &mut self,
        page: &Page,
        samples: &[CodeBlock],
        operations: &mut [CheckedOperation],
    ) {
        let Some(validator) = &self.examples else { return };
        let mut called = HashSet::new();
        for sample in samples {
            let is_before = |operation: &&CheckedOperation| operation.line < sample.line;
            let before = operations.iter().filter(is_before).count();
            let index = before.saturating_sub(1);
            let Some(checked) = operations.get_mut(index) else { continue };
            let Some(position) = checked.position else { continue };
            if curl::parse(sample).is_some() && !called.insert(index) {
                continue;
            }
            let operation = &self.operations.operations()[position];
            let found =
                example_findings::on_sample(validator, &page.name, self.root, operation, sample);
            self.example_counts.0 += found.validated;
            self.example_counts.1 += found.skipped;
            checked.findings.extend(found.findings);
        }
    }

    /// The findings for an operation that the document doesn't have.
    fn unknown(
        &mut self,
        page: &Page,
        fragment: &Fragment,
        shown: &OperationSummary,
        block: &PageBlock,
        document: &Option<String>,
    ) -> Vec<Finding> {
        let mut findings = vec![unknown_operation(page, &shown.method, &shown.path, block.line)];
        let fragments = (self.root, fragment.root());
        findings.extend(self.shown.contradictions(document, &findings, fragments));
        findings
    }

    /// The report on all pages.
    ///
    /// # Errors
    ///
    /// If the pages name several documents that could be this one.
    pub(super) fn finish(self) -> Result<CheckReport> {
        let Self { operations, identity, pages, title, example_counts, .. } = self;
        let own_names = match identity.own_names(&named_pages(&pages, title)) {
            Ok(names) => names.into_iter().map(str::to_owned).collect::<HashSet<_>>(),
            Err(names) => bail!(
                "the pages name several documents that could be this one: {}; name it by \
                 `--document`",
                names.join(", ")
            ),
        };
        let is_own = |operation: &CheckedOperation| match (&operation.document, &operation.title) {
            (Some(name), _) => own_names.contains(name),
            (None, Some(shown)) => shown == title,
            (None, None) => true,
        };
        let operations = operations.operations();
        let mut report = CheckReport { operations: operations.len(), ..CheckReport::default() };
        (report.validated_examples, report.skipped_examples) = example_counts;
        let mut covered = HashSet::new();
        for page in pages {
            let (own, others): (Vec<_>, Vec<_>) = page.operations.into_iter().partition(is_own);
            if own.is_empty() && others.is_empty() && page.findings.is_empty() {
                report.without_operation.push(page.name.clone());
            }
            let names = others.into_iter().filter_map(|other| other.document.or(other.title));
            for name in names.collect::<HashSet<_>>() {
                *report.other_documents.entry(name).or_default() += 1;
            }
            let mut findings = page.findings;
            if !own.is_empty() {
                report.pages += 1;
                report.compared += usize::from(own.iter().any(|operation| operation.is_shown));
            }
            let is_own_page = !own.is_empty();
            for operation in own {
                if let Some(position) = operation.position {
                    covered.insert(position);
                    let id = operations[position].id.clone();
                    report.page_urls.extend(page.url.clone().map(|url| (id, url)));
                }
                findings.extend(operation.findings);
            }
            findings.sort_by_key(|finding| finding.line);
            report.matching += usize::from(is_own_page && findings.is_empty());
            report.links.extend(page.url.map(|url| (page.name, url)));
            report.findings.extend(findings);
        }
        contradictions::add(&mut report.findings);
        let uncovered =
            operations.iter().enumerate().filter(|(position, _)| !covered.contains(position));
        report.undocumented =
            uncovered.map(|(_, operation)| (operation.id.clone(), operation.deprecated)).collect();
        Ok(report)
    }
}

/// The pages of each name that pages give their document.
fn named_pages<'p>(pages: &'p [CheckedPage], title: &str) -> BTreeMap<&'p str, NamedPages> {
    let mut names: BTreeMap<&str, NamedPages> = BTreeMap::new();
    for operation in pages.iter().flat_map(|page| &page.operations) {
        let Some(name) = &operation.document else { continue };
        let pages = names.entry(name).or_default();
        match &operation.title {
            Some(shown) if shown == title => pages.with_title += 1,
            Some(_) => pages.with_other_title += 1,
            None => {}
        }
        if operation.position.is_some() {
            pages.with_operation += 1;
            pages.matching += usize::from(operation.findings.is_empty());
        }
    }
    names
}

/// The finding for a page that couldn't be fetched or read.
fn page_error_finding(page: &Page, error: &PageError) -> Finding {
    let (kind, reason, line) = match error {
        PageError::Missing(reason) => ("page-missing", reason.as_str(), None),
        PageError::Unreachable(reason) => ("page-unreachable", reason.as_str(), None),
        PageError::NotText(line) => ("page-unreadable", "invalid UTF-8", Some(*line)),
    };
    let origin = match page.index_line {
        Some(number) if line.is_none() => format!(" (linked from line {number} of the index)"),
        _ => String::new(),
    };
    let mut finding = Finding::new(&page.name, kind, line, format!("{reason}{origin}"));
    finding.subject = reason.to_owned();
    finding
}

/// The finding for a page that can't be understood.
fn unreadable(page: &Page, line: usize, reason: String) -> Finding {
    Finding::new(&page.name, "page-unreadable", Some(line), reason)
}

/// The finding for a page that ends within a block.
fn never_closed(page: &Page, block: &PageBlock) -> Finding {
    let reason = "the block of OpenAPI never closes: the page seems to be cut off";
    unreadable(page, block.line, reason.to_owned())
}

/// The finding for a page of an operation that the document doesn't have.
fn unknown_operation(page: &Page, method: &Method, path: &str, line: usize) -> Finding {
    let operation = format!("{method} {path}");
    let message = format!("operation {operation} not found in the document");
    let mut finding = Finding::new(&page.name, "operation-only-in-docs", Some(line), message);
    finding.subject = format!("operation {operation}");
    finding.docs = Some(operation);
    finding.pointer = Pointer::from_segments(["paths"]).to_string();
    finding.docs_pointer =
        Some(method.pointer(&Pointer::from_segments(["paths", path])).to_string());
    finding
}
