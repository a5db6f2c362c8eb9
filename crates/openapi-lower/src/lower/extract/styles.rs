//! The encoding of a parameter by its location, style and kind of value (OpenAPI 3.1, section
//! 4.8.12.3).

use openapi_document::Pointer;
use serde_json::Value;

use super::value_kinds::{Forms, ValueKind};
use crate::{
    ir::{Expansion, ParameterEncoding, ParameterStyle},
    lower::diagnostics::Diagnostics,
};

/// The style of a Parameter Object.
pub(super) struct DeclaredStyle<'a> {
    location: &'a str,
    name: &'a str,
    explode: Option<bool>,
    /// Whether the parameter has `content`, of JSON.
    is_json: bool,
}

impl<'a> DeclaredStyle<'a> {
    /// Reads the style of a parameter.
    pub(super) fn new(parameter: &'a Value, is_json: bool) -> Self {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        let location = text("in").unwrap_or_default();
        let is_form = matches!(location, "query" | "cookie");
        Self {
            location,
            name: text("style").unwrap_or(if is_form { "form" } else { "simple" }),
            explode: parameter.get("explode").and_then(Value::as_bool),
            is_json,
        }
    }

    /// The encoding of a value; `None` if it is refused.
    pub(super) fn encoding(
        &self,
        kind: &ValueKind,
        at: &Pointer,
        diagnostics: &mut Diagnostics,
    ) -> Option<ParameterEncoding> {
        if self.is_json {
            return self.located(Expansion::JSON, None);
        }
        let style = ParameterStyle::parse(self.name).filter(|style| self.allows(*style));
        let Some(style) = style else {
            diagnostics.refuse(at, self.construct(kind.forms), self.allowed_styles());
            return None;
        };
        // `explode` is true by default for the style `form` (OpenAPI 3.1, section 4.8.12.2).
        let mut explode = self.explode.unwrap_or(style == ParameterStyle::Form);
        let forms = kind.forms;
        let is_delimited =
            matches!(style, ParameterStyle::SpaceDelimited | ParameterStyle::PipeDelimited);
        if explode && is_delimited && !forms.is_scalar() {
            let message = format!(
                "`explode` of the style {} is not defined: it is written as by the style form",
                self.name
            );
            diagnostics.warn(at, message);
        }
        let is_nested = forms.nested_items || forms.nested_members;
        let repeats_names = explode && matches!(self.location, "query" | "cookie");
        if style == ParameterStyle::DeepObject {
            explode = true;
        } else if is_nested && (self.location != "query" || forms.nested_items && !explode) {
            let reason = "a value that is nested in a list or an object has no text in this \
                          style; use `content` with the media type `application/json`";
            diagnostics.refuse(at, self.construct(forms), reason);
            return None;
        } else if is_nested && repeats_names {
            let message = "OpenAPI defines no text for nested values: they are written in \
                           brackets, as by the style deepObject";
            diagnostics.warn(at, message);
        } else if (is_nested || forms.list_members) && !repeats_names {
            let message = "OpenAPI defines no text for values that are nested in an object of this \
                           style: a call that sets one fails";
            diagnostics.warn(at, message);
        }
        self.located(Expansion::new(style, explode), Some(kind))
    }

    /// The parameter in refusals.
    fn construct(&self, forms: Forms) -> String {
        let Self { location, name, .. } = self;
        format!("{} as a {location} parameter of style {name}", describe(forms))
    }

    /// The encoding in the location of the parameter: by the core if it can write it.
    fn located(&self, expansion: Expansion, kind: Option<&ValueKind>) -> Option<ParameterEncoding> {
        let forms = kind.map(|kind| kind.forms).unwrap_or_default();
        let is_form = expansion.style == ParameterStyle::Form;
        let is_plain = kind.is_some_and(|kind| kind.is_plain);
        Some(match self.location {
            "path" => ParameterEncoding::Path(expansion),
            "query" if forms.is_scalar() && is_form => ParameterEncoding::Query,
            "query" if forms.is_list() && expansion == Expansion::FORM => ParameterEncoding::Query,
            "query" => ParameterEncoding::QueryExpansion(expansion),
            "querystring" => ParameterEncoding::QueryString(expansion),
            "header" if forms.is_scalar() && is_plain && !kind.is_some_and(is_date_time) => {
                ParameterEncoding::Header
            }
            "header" => ParameterEncoding::HeaderExpansion(expansion),
            "cookie" => ParameterEncoding::Cookie(expansion),
            _ => return None,
        })
    }

    /// Whether a style exists in the location.
    fn allows(&self, style: ParameterStyle) -> bool {
        match self.location {
            "path" => style.is_for_paths(),
            "query" => style.is_for_queries(),
            "header" | "querystring" => style == ParameterStyle::Simple,
            _ => style == ParameterStyle::Form,
        }
    }

    fn allowed_styles(&self) -> &'static str {
        match self.location {
            "path" => "the styles of a path are simple, label and matrix",
            "query" => {
                "the styles of a query are form, spaceDelimited, pipeDelimited and deepObject"
            }
            "header" => "the style of a header is simple",
            _ => "the style of a cookie is form",
        }
    }
}

/// Whether a value is a date-time, which the core would not write in RFC 3339.
fn is_date_time(kind: &ValueKind) -> bool {
    kind.schema.get("format").is_some_and(|format| format == "date-time")
}

/// The kind of a value in messages.
fn describe(forms: Forms) -> &'static str {
    match forms {
        Forms { nested_items: true, .. } | Forms { nested_members: true, .. } => "a nested value",
        Forms { scalar: false, list: true, object: false, .. } => "an array",
        Forms { scalar: false, list: false, object: true, .. } => "an object",
        Forms { list: false, object: false, .. } => "a scalar",
        _ => "a union",
    }
}
