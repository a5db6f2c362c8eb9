//! Extracts the model of each operation, and reduces the operation to what progenitor supports.
//!
//! The reduced operations have one `default` response of bytes: the runtime decodes responses by
//! the statuses and media types in the [`ClientModel`].

mod bodies;
mod forms;
mod parameters;
mod parts;
mod received;
mod responses;
mod servers;
mod styles;
mod value_kinds;

use openapi_document::{Pointer, server};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    hints::DOCUMENT_ID,
    methods,
    names::{TakenNames, type_name, unique, value_name},
    operations,
    path_key::PathKey,
    published::PublishedNames,
    received::is_received,
    reserved::{BUILDER_NAMES, BUILDER_TYPES, CORE_METHODS},
    secrets::Secrets,
    security,
};
use crate::{
    collect::Collect,
    ir::{Auth, ClientModel, Operation, SecurityScheme, representation_key},
    json,
    order::sort,
    progenitor::operations::core_operation,
    text_map::TextMap,
};

/// Extracts the models of all operations, the server URL and the authentication.
pub(super) fn extract(
    root: &mut Value,
    model: &mut ClientModel,
    published: PublishedNames<'_>,
    diagnostics: &mut Diagnostics,
) {
    model.version =
        root.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
    model.title =
        root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default().to_owned();
    // No client needs the rest, which may be invalid.
    root["info"] = json!({ "title": model.title, "version": root["info"]["version"] });
    model.server = root.pointer("/servers/0").and_then(server::url);
    model.server_template = root.pointer("/servers/0").and_then(servers::template);
    model.tags = declared_tags(root);
    // Requirements that each operation replaces concern none.
    let mut unused = Diagnostics::default();
    let used = if is_security_inherited(root) { &mut *diagnostics } else { &mut unused };
    let at = Pointer::from_segments(["security"]);
    let security = security::requirements(root, root.get("security"), &at, used);
    model.auth = single_auth(&security).cloned().unwrap_or_default();
    let Some(Value::Object(mut paths)) = root.get_mut("paths").map(Value::take) else {
        return;
    };
    let (received, mut paths): (Map<String, Value>, Map<String, Value>) =
        std::mem::take(&mut paths).into_iter().partition(|(path, _)| is_received(path));
    model.received = received::extract(root, &received);
    let secrets = Secrets::new(root);
    let mut builders = TakenNames::default();
    let mut functions = TakenNames::from_iter(CORE_METHODS);
    for (path, item) in &mut paths {
        for (method, operation) in json::members_mut(Some(item)) {
            let at = Pointer::from_segments(["paths", path, method]);
            let context = Context {
                root,
                secrets: &secrets,
                security: &security,
                published,
                server: model.server.as_deref(),
            };
            let mut extracted =
                extract_operation(context, path, method, operation, at, diagnostics);
            extracted.builder = builder_name(operation, &mut builders);
            extracted.core_function = unique(&extracted.function, &mut functions);
            *operation = core_operation(operation, &extracted);
            model.operations.push(extracted);
        }
    }
    // Beside the builders, whose names come first.
    for operation in &mut model.operations {
        let builder = operation.builder.clone();
        operation.success_type = unique(&format!("{builder}Success"), &mut builders);
        for alternative in &mut operation.alternatives {
            let method = type_name(&alternative.rust_name);
            alternative.success_type = unique(&format!("{builder}{method}Success"), &mut builders);
        }
    }
    if root.get("security").is_none() || !unused.refusals.is_empty() {
        model.auth = common_auth(&model.operations);
    }
    root["paths"] = Value::Object(paths);
    for dropped in ["security", "servers", "tags", "externalDocs"] {
        if let Value::Object(map) = root {
            map.shift_remove(dropped);
        }
    }
    if let Some(Value::Object(components)) = root.get_mut("components") {
        json::retain(components, &mut |key, _| key == "schemas");
    }
}

/// Whether an operation has the security requirements of the document.
fn is_security_inherited(root: &Value) -> bool {
    operations::all(root).iter().any(|(_, operation)| operation.get("security").is_none())
}

/// The authentication that most operations declare, for a document that declares none as a whole.
fn common_auth(operations: &[Operation]) -> Auth {
    let mut counts: TextMap<String, (usize, &Auth)> = TextMap::new();
    for auth in operations.iter().filter_map(|operation| single_auth(&operation.security)) {
        counts.or_insert(format!("{auth:?}"), (0, auth)).0 += 1;
    }
    let mut counts = counts.into_iter().collect_vec();
    // Of several, the first one by name: the order in the document means nothing.
    sort(&mut counts, &|(name, _)| (0, name.clone()));
    let common = counts.iter().rev().max_by_key(|(_, (count, _))| *count);
    common.map_or(Auth::None, |(_, (_, auth))| (*auth).clone())
}

/// The authentication by the first requirement that a single credential satisfies.
fn single_auth(security: &[Vec<SecurityScheme>]) -> Option<&Auth> {
    security.iter().find_map(|one| match one.as_slice() {
        [scheme] => Some(&scheme.auth),
        _ => None,
    })
}

/// The parts of a document that its operations share.
#[derive(Clone, Copy)]
struct Context<'a> {
    /// The document, without its paths.
    root: &'a Value,
    secrets: &'a Secrets,
    /// The security requirements of operations that declare none.
    security: &'a [Vec<SecurityScheme>],
    published: PublishedNames<'a>,
    /// The URL of the document's server.
    server: Option<&'a str>,
}

/// Extracts the model of one operation.
fn extract_operation(
    context: Context<'_>,
    path: &str,
    method: &str,
    operation: &Value,
    at: Pointer,
    diagnostics: &mut Diagnostics,
) -> Operation {
    let root = context.root;
    let text = |key: &str| {
        operation
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let rust_id = text("operationId").unwrap_or_default();
    let security = match operation.get("security") {
        Some(security) => {
            security::requirements(root, Some(security), &at.join("security"), diagnostics)
        }
        None => context.security.to_vec(),
    };
    let key = PathKey::parse(path);
    let parameters = parameters::extract((root, context.secrets), key, operation, &at, diagnostics);
    let id = text(DOCUMENT_ID).unwrap_or_else(|| rust_id.clone());
    let published = |kind: &str| context.published.get(&representation_key(&id, kind));
    let setters = parameters.iter().map(|parameter| parameter.rust_name.clone());
    let mut names: TakenNames =
        BUILDER_NAMES.map(str::to_owned).into_iter().chain(setters).collect();
    let body = operation.get("requestBody").and_then(|body| {
        let at = at.join("requestBody");
        bodies::extract(root, body, &mut names, published("body"), &at, diagnostics)
    });
    let at_responses = at.join("responses");
    let responses =
        responses::extract(method, operation, published("send"), &at_responses, diagnostics);
    Operation {
        id: id.clone(),
        function: value_name(&rust_id),
        core_function: String::new(),
        builder: String::new(),
        method: operation.as_object().map_or_else(String::new, |one| methods::sent(method, one)),
        path: key.path.to_owned(),
        query: key.query.to_owned(),
        tags: tags(operation),
        summary: text("summary"),
        description: text("description"),
        docs_url: operation.pointer("/externalDocs/url").and_then(Value::as_str).map(str::to_owned),
        deprecated: operation.get("deprecated") == Some(&json!(true)),
        successor: None,
        security,
        server: servers::extract(context.server, operation.get("servers"), &at, diagnostics),
        body,
        parameters,
        success_type: String::new(),
        alternatives: responses::alternatives(&responses, &mut names),
        responses,
        paging: None,
        pointer: at,
    }
}

/// The names and descriptions of the document's `tags`.
fn declared_tags(root: &Value) -> Vec<(String, Option<String>)> {
    let text = |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
    let tags = json::items(root.get("tags")).iter();
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")))).collect_vec()
}

/// The names in an operation's `tags`.
fn tags(operation: &Value) -> Vec<String> {
    let tags = json::items(operation.get("tags")).iter();
    tags.filter_map(Value::as_str).map(str::to_owned).collect_vec()
}

/// The name of an operation's builder type.
fn builder_name(operation: &Value, taken: &mut TakenNames) -> String {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let name = type_name(id);
    let name = if BUILDER_TYPES.contains(&name.as_str()) { name + "Operation" } else { name };
    unique(&name, taken)
}
