//! The encodings of properties in `application/x-www-form-urlencoded` bodies (OpenAPI 3.1, sections
//! 4.8.14.4 and 4.8.15).

use openapi_document::{Pointer, media_type::is_json};
use serde_json::{Value, json};

use super::value_kinds::ValueKind;
use crate::{
    ir::{Expansion, FormBody, ParameterStyle},
    json,
    lower::{
        diagnostics::Diagnostics,
        schema::{not_null, resolve},
    },
};

/// Extracts the form at `at`, a Media Type Object. `None` if an encoding is refused.
pub(super) fn extract(
    root: &Value,
    media_type: &Value,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<FormBody> {
    let schema = media_type.get("schema").cloned().unwrap_or_else(|| json!({}));
    let schema = not_null(schema);
    let declared = json::members(media_type.get("encoding"));
    let mut encodings = Vec::new();
    let mut is_refused = false;
    for (name, encoding) in declared {
        let at = at.join("encoding").join(name);
        let property = match property(root, &schema, name) {
            Property::Declared(property) => property,
            Property::Any => &Value::Bool(true),
            Property::Unknown => {
                let message = format!("ignored: the form has no property `{name}`");
                diagnostics.warn(&at, message);
                continue;
            }
        };
        match (PropertyEncoding { root, property, encoding, at }).expansion(diagnostics) {
            Ok(Some(expansion)) => encodings.push((name.clone(), expansion)),
            Ok(None) => {}
            Err(Refused) => is_refused = true,
        }
    }
    (!is_refused).then_some(FormBody { schema, encodings })
}

/// A property of a form.
enum Property<'a> {
    Declared(&'a Value),
    /// One that isn't declared, of a form that allows others.
    Any,
    Unknown,
}

/// Finds a property of a form.
fn property<'a>(root: &'a Value, form: &'a Value, name: &str) -> Property<'a> {
    let form = resolve(root, form);
    let declared = form.get("properties").and_then(Value::as_object);
    match declared.and_then(|properties| properties.get(name)) {
        Some(property) => Property::Declared(property),
        // The members of a union aren't searched.
        None if declared.is_none()
            || form.get("additionalProperties").is_some_and(Value::is_object) =>
        {
            Property::Any
        }
        None => Property::Unknown,
    }
}

/// A refusal that is among the diagnostics.
struct Refused;

/// An Encoding Object of a property.
struct PropertyEncoding<'a> {
    root: &'a Value,
    property: &'a Value,
    encoding: &'a Value,
    at: Pointer,
}

impl PropertyEncoding<'_> {
    /// The expansion of the property; `None` for the default of its value.
    fn expansion(&self, diagnostics: &mut Diagnostics) -> Result<Option<Expansion>, Refused> {
        let is_set = |key: &str| self.encoding.get(key).is_some();
        if let Some(headers) = self.encoding.get("headers").and_then(Value::as_object)
            && !headers.is_empty()
        {
            let message = "ignored: only the parts of a multipart form have headers";
            diagnostics.warn(&self.at.join("headers"), message);
        }
        let kind = ValueKind::new(self.root, self.property);
        // Where one of these is set, `contentType` is ignored.
        if ["style", "explode", "allowReserved"].into_iter().any(is_set) {
            return self.styled(kind.as_ref(), diagnostics).map(Some);
        }
        let Some(declared) = self.encoding.get("contentType").and_then(Value::as_str) else {
            return Ok(None);
        };
        let mut types = declared.split(',').map(str::trim);
        if types.clone().any(|one| is_json(one) || one == "*/*") {
            let is_text = kind.is_some_and(|kind| kind.forms.is_scalar());
            let is_any = types.any(|one| one == "*/*" || one.starts_with("text/"));
            return Ok((!(is_text && is_any)).then_some(Expansion::JSON));
        }
        match kind {
            // A text of any media type is a text.
            Some(kind) if kind.forms.is_scalar() || kind.forms.is_list() => Ok(None),
            _ => {
                let construct = format!("an object or array as `{declared}`");
                let reason = "it can be sent as JSON or by a style only; change `contentType`";
                diagnostics.refuse(&self.at.join("contentType"), construct, reason);
                Err(Refused)
            }
        }
    }

    /// The expansion by a style, as in a query.
    fn styled(
        &self,
        kind: Option<&ValueKind>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Expansion, Refused> {
        let name = self.encoding.get("style").and_then(Value::as_str).unwrap_or("form");
        let style = ParameterStyle::parse(name).filter(|style| style.is_for_queries());
        let Some(style) = style else {
            let reason =
                "the styles of a form are form, spaceDelimited, pipeDelimited and deepObject";
            diagnostics.refuse(&self.at, format!("a property of style {name}"), reason);
            return Err(Refused);
        };
        let explode = self.encoding.get("explode").and_then(Value::as_bool);
        let explode = explode.unwrap_or(style == ParameterStyle::Form);
        let is_nested = kind.is_none_or(|kind| kind.forms.nested_items);
        if is_nested && !explode && style != ParameterStyle::DeepObject {
            let construct = format!("a nested value of style {name}");
            let reason = "a value that is nested in a list has no text in this style; declare the \
                          style deepObject, or the content type `application/json`";
            diagnostics.refuse(&self.at, construct, reason);
            return Err(Refused);
        }
        Ok(Expansion::new(style, explode || style == ParameterStyle::DeepObject))
    }
}
