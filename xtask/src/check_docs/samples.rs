//! Comparison of the `curl` sample of a page with its operation in the document.

use openapi_diff::OperationSummary;
use openapi_document::{PathTemplate, Pointer, server};
use reqwest::Url;
use serde_json::{Map, Value};

use super::{code_blocks::CodeBlock, curl::CurlCall, finding::Finding};

/// Compares a call with an operation of the document.
pub(super) fn compare(
    page: &str,
    block: &CodeBlock,
    call: &CurlCall,
    root: &Value,
    operation: &OperationSummary,
) -> Vec<Finding> {
    let finding = |kind: &str, pointer: Pointer, (spec, docs): (String, String), text: &str| {
        let message = format!("{}: the document has {spec}, the page has {docs}", subject(kind));
        let line = line_of(block, text);
        let mut finding = Finding::new(page, kind, Some(line), message);
        finding.pointer = pointer.to_string();
        finding.subject = subject(kind).to_owned();
        (finding.spec, finding.docs) = (Some(spec), Some(docs));
        finding.with_operation(&operation.id)
    };
    let item = Pointer::from_segments(["paths", &operation.path]);
    let pointer = operation.method.pointer(&item);
    let mut findings = Vec::new();
    if !call.method.eq_ignore_ascii_case(operation.method.key()) {
        let values = (operation.method.to_string(), call.method.to_uppercase());
        findings.push(finding("sample-method-differs", pointer.clone(), values, &call.method));
    }
    let urls = urls(root, operation);
    if !urls.iter().any(|url| is_call_of(url, &operation.path, &call.url)) {
        let values =
            (urls.first().cloned().unwrap_or_default(), without_query(&call.url).to_owned());
        findings.push(finding("sample-url-differs", item.clone(), values, &call.url));
    }
    let alternatives = schemes(root, &pointer);
    let is_met = |schemes: &Vec<Scheme>| schemes.iter().all(|scheme| scheme.is_in(call));
    if !alternatives.is_empty() && !alternatives.iter().any(is_met) {
        let spec = alternatives
            .iter()
            .map(|schemes| schemes.iter().map(Scheme::describe).collect::<Vec<_>>().join(" and "));
        let spec = spec.collect::<Vec<_>>().join(" or ");
        let own: Vec<&str> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
        let is_other = |name: &&&str| {
            !["accept", "content-type", "user-agent"].contains(&name.to_lowercase().as_str())
        };
        let others: Vec<&str> = own.iter().filter(is_other).copied().collect();
        let docs = match others.as_slice() {
            [] => "no credentials".to_owned(),
            names => format!("header {}", names.join(", ")),
        };
        let location = match alternatives[0].first() {
            Some(scheme) => scheme.pointer.clone(),
            None => pointer,
        };
        let text = others.first().copied().unwrap_or("curl");
        findings.push(finding("sample-auth-differs", location, (spec, docs), text));
    }
    findings
}

/// The part of a sample that a kind of finding is about.
fn subject(kind: &str) -> &'static str {
    match kind {
        "sample-method-differs" => "method of the curl sample",
        "sample-url-differs" => "URL of the curl sample",
        _ => "credentials of the curl sample",
    }
}

/// The line of the page with a text of the block, by default the first.
fn line_of(block: &CodeBlock, text: &str) -> usize {
    let text = text.to_lowercase();
    let has_text = |line: &str| line.to_lowercase().contains(&text);
    block.line + 1 + block.content.lines().position(has_text).unwrap_or_default()
}

/// The URLs of an operation: of each server.
fn urls(root: &Value, operation: &OperationSummary) -> Vec<String> {
    let item = Pointer::from_segments(["paths", &operation.path]);
    let places = [operation.method.pointer(&item).join("servers"), item.join("servers")];
    let mut lists = places.iter().filter_map(|pointer| pointer.resolve(root));
    let servers = lists.next().or_else(|| root.get("servers")).and_then(Value::as_array);
    let urls: Vec<String> = servers.into_iter().flatten().filter_map(server::url).collect();
    let base = if urls.is_empty() { vec![String::new()] } else { urls };
    base.iter().map(|base| format!("{}{}", base.trim_end_matches('/'), operation.path)).collect()
}

/// Whether the URL of a sample is a call of the URL of an operation with this path.
fn is_call_of(template: &str, path: &str, url: &str) -> bool {
    let ((host, full_path), (own_host, called)) = (split(template), split(without_query(url)));
    if host.is_some() && own_host.is_some() {
        return host == own_host && matches(full_path, called);
    }
    // A relative server, or a sample with a variable for the server.
    let mut ends = called.match_indices('/').map(|(position, _)| &called[position..]);
    ends.any(|called| matches(full_path, called) || matches(path, called))
}

fn matches(template: &str, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let template = template.trim_end_matches('/');
    path == template || PathTemplate::parse(template).values(path).is_some()
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The host and the path of a URL; no host in a relative one or with a variable in its place.
fn split(url: &str) -> (Option<String>, &str) {
    let Some((_, rest)) = url.split_once("://") else { return (None, url) };
    let (host, path) = rest.find('/').map_or((rest, ""), |position| rest.split_at(position));
    let is_variable = host.contains(['$', '{', '<']);
    match Url::parse(&format!("https://{host}"))
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
    {
        Some(host) if !is_variable => (Some(host), path),
        _ => (None, path),
    }
}

/// A security scheme that a call must satisfy.
struct Scheme {
    kind: String,
    location: String,
    name: String,
    pointer: Pointer,
}

impl Scheme {
    /// Whether a call has its credentials.
    fn is_in(&self, call: &CurlCall) -> bool {
        let has = |name: &str| call.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        match (self.kind.as_str(), self.location.as_str()) {
            ("apiKey", "header") => has(&self.name),
            ("apiKey", "query") => {
                let query = call.url.split_once('?').map_or("", |(_, query)| query);
                query.split('&').any(|pair| pair.split('=').next() == Some(&self.name))
            }
            ("apiKey", _) => call.has_cookie || has("cookie"),
            ("http" | "oauth2" | "openIdConnect", _) => has("authorization"),
            _ => true,
        }
    }

    /// The part of a request that it is, for display.
    fn describe(&self) -> String {
        match self.kind.as_str() {
            "apiKey" => format!("{} {}", self.location, self.name),
            _ => "header Authorization".to_owned(),
        }
    }
}

/// The alternatives of the security requirements of an operation; none if there is one without a
/// scheme.
fn schemes(root: &Value, operation: &Pointer) -> Vec<Vec<Scheme>> {
    let own = operation.resolve(root).and_then(|operation| operation.get("security"));
    let requirements = own.or_else(|| root.get("security")).and_then(Value::as_array);
    let mut alternatives = Vec::new();
    for requirement in requirements.into_iter().flatten().filter_map(Value::as_object) {
        if requirement.is_empty() {
            return Vec::new();
        }
        alternatives.push(requirement.keys().filter_map(|name| scheme(root, name)).collect());
    }
    alternatives
}

/// A security scheme of the document.
fn scheme(root: &Value, name: &str) -> Option<Scheme> {
    let pointer = Pointer::from_segments(["components", "securitySchemes", name]);
    let scheme: &Map<String, Value> = pointer.resolve(root)?.as_object()?;
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Scheme { kind: text("type"), location: text("in"), name: text("name"), pointer })
}
