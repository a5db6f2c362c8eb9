//! The documentation of operations and their setters.

use std::fmt::Write;

use crate::{
    ir::{ClientModel, Field, Operation, Parameter, ParameterEncoding},
    markdown::for_rustdoc,
};

/// Documentation of a type: what the document says, and which schema it is made of.
pub(super) fn schema(description: Option<&str>, rust: &str, model: &ClientModel) -> String {
    let origin = model.types.iter().find(|name| name.rust == rust);
    let origin = match origin.map(|name| (name.component.as_ref(), &name.pointer)) {
        Some((Some(document), _)) => format!("Schema `{document}`."),
        Some((None, pointer)) => format!("Inline schema at `{pointer}`."),
        None => String::new(),
    };
    setter(description, &origin)
}

/// Documentation of a field.
pub(super) fn field(field: &Field) -> String {
    match (&field.description, field.name == field.rust_name) {
        (Some(description), _) => for_rustdoc(description),
        (None, false) => format!("`{}`", field.name),
        (None, true) => String::new(),
    }
}

/// Documentation of the function that starts an operation and of its builder.
pub(super) fn operation(operation: &Operation) -> String {
    let mut text = String::new();
    for prose in [&operation.summary, &operation.description].into_iter().flatten() {
        let prose = for_rustdoc(prose);
        if !text.contains(prose.as_str()) {
            text.push_str(&prose);
            text.push_str("\n\n");
        }
    }
    let _ = write!(text, "`{} {}`", operation.method, operation.path);
    let safe = |url: &&String| url.starts_with("http") && !url.contains(['<', '>', ' ', '\n']);
    if let Some(page) = operation.docs_url.as_ref().filter(safe) {
        let _ = write!(text, " (<{page}>)");
    }
    if operation.deprecated {
        text.push_str("\n\nDeprecated by the API.");
    }
    text
}

/// Documentation of `send`: what must be set, and which statuses are errors with which body.
pub(super) fn send(operation: &Operation, errors: &[(String, String)]) -> String {
    let mut text = String::from("Sends the request.\n\n# Errors\n\nBefore anything is sent, if ");
    let mut required: Vec<_> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| format!("`{}`", parameter.rust_name))
        .collect();
    if operation.body.as_ref().is_some_and(|body| body.required) {
        required.push("the body".to_owned());
    }
    if required.is_empty() {
        text.push_str("the request can't be built");
    } else {
        let _ = write!(text, "{} isn't set or the request can't be built", required.join(" or "));
    }
    text.push_str("; afterwards for any answer but a success.");
    if !errors.is_empty() {
        text.push_str(" The API documents:\n");
        for (status, body) in errors {
            let _ = write!(text, "\n- {status}: {body}");
        }
    }
    text
}

/// Documentation of a parameter's setter.
pub(super) fn parameter(parameter: &Parameter) -> String {
    let place = match parameter.encoding {
        ParameterEncoding::Path => "Path",
        ParameterEncoding::Header => "Header",
        ParameterEncoding::Cookie => "Cookie",
        _ => "Query",
    };
    let required = if parameter.required { ", required" } else { "" };
    setter(
        parameter.description.as_deref(),
        &format!("{place} parameter `{}`{required}.", parameter.name),
    )
}

/// A description, or nothing but the fact.
pub(super) fn setter(description: Option<&str>, fact: &str) -> String {
    match description {
        Some(description) => format!("{}\n\n{fact}", for_rustdoc(description)),
        None => fact.to_owned(),
    }
}
