//! The parts of `multipart/form-data` bodies, one per property of the form (OpenAPI 3.1, section
//! 4.8.15.1).

use std::collections::HashSet;

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Value, json};

use super::parameters::join_descriptions;
use crate::{
    collect::Collect,
    ir::{BodyContent, Expansion, ParameterStyle, Part, PartContent},
    json,
    lower::{
        diagnostics::Diagnostics,
        names::{TakenNames, unique, value_name},
        schema::{self, not_null, resolve},
        tokens::is_media_type,
    },
};

/// Keywords that describe the type of a part without `type`.
const SHAPING: [&str; 6] = ["$ref", "allOf", "anyOf", "enum", "oneOf", "properties"];

/// Extracts the parts of the form at `at`, a Media Type Object.
pub(super) fn extract(
    root: &Value,
    media_type: &Value,
    taken: &mut TakenNames,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<BodyContent> {
    let form = media_type.get("schema").map(|schema| resolve(root, schema));
    let Some(properties) = form.and_then(|form| form.get("properties")).and_then(Value::as_object)
    else {
        diagnostics.refuse(
            at,
            "multipart/form-data without properties",
            "the schema must declare a property for each part",
        );
        return None;
    };
    let encodings = media_type.get("encoding");
    for (name, _) in json::members(encodings) {
        if !properties.contains_key(name) {
            let message = format!("ignored: the form has no property `{name}`");
            diagnostics.warn(&at.join("encoding").join(name), message);
        }
    }
    let required: HashSet<&str> = form.into_iter().flat_map(schema::required).collect_set();
    let mut parts = Vec::new();
    for (name, property) in properties {
        let encoding = PartEncoding {
            value: encodings.and_then(|encodings| encodings.get(name)),
            at: at.join("encoding").join(name),
        };
        let Some(layout) = encoding.layout(Shape::new(root, property), diagnostics) else {
            continue;
        };
        let Layout { content, media_type, repeated } = layout;
        parts.push(Part {
            name: name.clone(),
            rust_name: unique(&value_name(name), taken),
            description: join_descriptions(
                property.get("description").and_then(Value::as_str),
                None,
            ),
            required: required.contains(name.as_str()),
            repeated,
            content,
            media_type,
        });
    }
    Some(BodyContent::Multipart(parts))
}

/// The encoding of a property.
struct Layout {
    content: PartContent,
    media_type: Option<String>,
    repeated: bool,
}

impl Layout {
    fn new(shape: Shape, content: PartContent, media_type: Option<&str>) -> Self {
        Self { content, media_type: media_type.map(str::to_owned), repeated: shape.is_list }
    }
}

/// An Encoding Object (OpenAPI 3.1, section 4.8.15).
struct PartEncoding<'a> {
    value: Option<&'a Value>,
    at: Pointer,
}

impl PartEncoding<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.value?.get(key)?.as_str()
    }

    /// Determines how a property of this shape is sent. `None` if that is refused.
    fn layout(&self, shape: Shape, diagnostics: &mut Diagnostics) -> Option<Layout> {
        self.check_headers(diagnostics)?;
        let is_set = |key: &str| self.value.is_some_and(|value| value.get(key).is_some());
        // Where one of these is set, `contentType` is ignored.
        if ["style", "explode", "allowReserved"].into_iter().any(is_set) {
            return self.styled(shape, diagnostics);
        }
        let Some(declared) = self.text("contentType") else {
            let content = match shape.kind {
                Kind::Bytes => PartContent::File,
                Kind::Scalar | Kind::Base64 | Kind::Other => PartContent::Value(shape.item.clone()),
            };
            let is_base64 = shape.kind == Kind::Base64;
            let media_type = is_base64.then_some("application/octet-stream");
            return Some(Layout::new(shape, content, media_type));
        };
        let types = declared.split(',').map(str::trim).collect_vec();
        let at = self.at.join("contentType");
        if !types.iter().all(|one| is_media_type(one)) {
            let reason = "expected a media type such as `text/plain`, or several with commas";
            diagnostics.refuse(&at, format!("media type `{declared}`"), reason);
            return None;
        }
        let find = |fits: fn(&str) -> bool| types.iter().copied().find(|one| fits(one));
        let text = find(|one| essence(one).starts_with("text/"));
        let json = find(is_json).or_else(|| find(|one| one == "*/*"));
        let item = shape.item.clone();
        let (content, media_type) = match (shape.kind, text, json) {
            (Kind::Bytes, ..) => (PartContent::File, declared),
            (Kind::Scalar | Kind::Base64, Some(text), _) => (PartContent::Value(item), text),
            (Kind::Other, Some(text), None) => (PartContent::Value(item), text),
            (_, _, Some(json)) => (PartContent::Json(item), json),
            // A string of another media type is the content of a file.
            (Kind::Scalar | Kind::Base64, ..) if is_plain_string(&item) => {
                (PartContent::File, declared)
            }
            (Kind::Scalar | Kind::Base64, ..) => (PartContent::Value(item), declared),
            (Kind::Other, ..) => {
                let construct = format!("an object or array as `{declared}`");
                let reason = "it can be sent as JSON or text only; change `contentType`";
                diagnostics.refuse(&at, construct, reason);
                return None;
            }
        };
        Some(Layout::new(shape, content, Some(media_type)))
    }

    /// A property that is written as in a query (OpenAPI 3.1, section 4.8.15.1.2): in one part, or
    /// in one for each item or member.
    fn styled(&self, shape: Shape, diagnostics: &mut Diagnostics) -> Option<Layout> {
        let name = self.text("style").unwrap_or("form");
        let style = ParameterStyle::parse(name).filter(|style| style.is_for_queries());
        let explode = self.value.and_then(|value| value.get("explode")?.as_bool());
        let explode = explode.unwrap_or(name == "form");
        let separator = match style {
            _ if explode => None,
            Some(ParameterStyle::Form) => Some(','),
            Some(ParameterStyle::SpaceDelimited) => Some(' '),
            Some(ParameterStyle::PipeDelimited) => Some('|'),
            _ => None,
        };
        let is_deep = style == Some(ParameterStyle::DeepObject);
        if shape.kind == Kind::Bytes {
            diagnostics.warn(&self.at, "`style` is ignored: bytes have no text");
            return Some(Layout::new(shape, PartContent::File, None));
        }
        let content = match (shape.kind, shape.is_list, style) {
            (Kind::Scalar | Kind::Base64, false, Some(_)) => PartContent::Value(shape.item.clone()),
            (Kind::Scalar | Kind::Base64, true, Some(_)) if !is_deep => match separator {
                Some(separator) => PartContent::Delimited(separator, shape.item.clone()),
                None => PartContent::Value(shape.item.clone()),
            },
            (_, is_list, Some(style)) if is_deep || explode || !is_list => {
                let expansion = Expansion::new(style, explode || is_deep);
                let content = PartContent::Styled(expansion, shape.whole);
                return Some(Layout { content, media_type: None, repeated: false });
            }
            _ => {
                let construct = format!("a part of style {name}");
                let reason = "lists of nested values have no text in this style; the others are form, spaceDelimited, pipeDelimited and deepObject";
                diagnostics.refuse(&self.at, construct, reason);
                return None;
            }
        };
        Some(Layout::new(shape, content, None))
    }

    /// Refuses required headers of a part, and warns about others, which aren't sent.
    fn check_headers(&self, diagnostics: &mut Diagnostics) -> Option<()> {
        let headers = self.value.and_then(|value| value.get("headers"));
        let mut outcome = Some(());
        for (name, header) in json::members(headers) {
            // The part has these anyway.
            if ["content-type", "content-disposition"].contains(&&*name.to_ascii_lowercase()) {
                continue;
            }
            let at = self.at.join("headers").join(name);
            if header.get("required") == Some(&json!(true)) {
                let reason = "headers of single parts are not supported";
                diagnostics.refuse(&at, format!("header `{name}` of a part"), reason);
                outcome = None;
            } else {
                diagnostics.warn(&at, "not sent: headers of single parts are not supported");
            }
        }
        outcome
    }
}

/// The values that a property may have.
#[derive(Debug)]
struct Shape {
    kind: Kind,
    /// Whether the part may be repeated: the property is an array.
    is_list: bool,
    /// The schema of the property, or of the items of an array.
    item: Value,
    /// The schema of the property.
    whole: Value,
}

/// The kind of a value or of the items of an array, by which it has a default media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Bytes, or a union that bytes are a member of.
    Bytes,
    /// A string, a number, a boolean, or a union of these: text.
    Scalar,
    /// A string in Base64.
    Base64,
    /// Anything else: JSON, unless the value is a scalar.
    Other,
}

/// The number of unions that may be nested in a property; deeper ones are sent as JSON.
const MAX_UNIONS: usize = 16;

impl Shape {
    /// The shape of a property.
    fn new(root: &Value, property: &Value) -> Self {
        let shape = |kind, is_list, item: &Value| {
            let (item, whole) = (not_null(item.clone()), not_null(property.clone()));
            Self { kind, is_list, item, whole }
        };
        let resolved = resolve(root, property);
        if let Some(items) = items(resolved) {
            return shape(kind(root, items, 0), true, items);
        }
        let (mut lists, mut values) = (Vec::new(), Vec::new());
        for member in union_members(resolved).map_or(&[][..], Vec::as_slice) {
            let member = resolve(root, member);
            match items(member) {
                Some(items) => lists.push(items),
                None => values.push(member),
            }
        }
        let Some(first) = lists.first() else {
            return shape(kind(root, resolved, 0), false, property);
        };
        // A value or a list: a list of any length, if all are alike.
        let kinds = lists.iter().chain(&values).map(|one| kind(root, one, 0));
        let kinds = kinds.collect_vec();
        if kinds.contains(&Kind::Bytes) {
            return shape(Kind::Bytes, true, first);
        }
        if kinds.iter().all(|kind| *kind == Kind::Scalar) {
            let is_uniform = values.iter().chain(&lists).all(|one| one == first);
            let text = json!({ "type": "string" });
            return shape(Kind::Scalar, true, if is_uniform { first } else { &text });
        }
        shape(Kind::Other, false, property)
    }
}

/// The kind of a single value, within this number of unions.
fn kind(root: &Value, schema: &Value, unions: usize) -> Kind {
    let schema = resolve(root, schema);
    if let Some(members) = union_members(schema) {
        if unions == MAX_UNIONS {
            return Kind::Other;
        }
        let kinds = members.iter().map(|one| kind(root, one, unions + 1)).collect_vec();
        return match kinds.iter().all(|kind| matches!(kind, Kind::Scalar | Kind::Base64)) {
            _ if kinds.contains(&Kind::Bytes) => Kind::Bytes,
            true => Kind::Scalar,
            false => Kind::Other,
        };
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let is_shaped = || SHAPING.iter().any(|key| schema.get(*key).is_some());
    match (text("type"), text("format")) {
        (Some("string"), Some("binary")) => Kind::Bytes,
        (Some("string"), Some("byte")) => Kind::Base64,
        (Some("string" | "integer" | "number" | "boolean"), _) => Kind::Scalar,
        // A part without a type is bytes.
        (None, _) if !is_shaped() => Kind::Bytes,
        _ => Kind::Other,
    }
}

/// The schema of an array's items.
fn items(schema: &Value) -> Option<&Value> {
    schema.get("items").filter(|_| schema.get("type") == Some(&json!("array")))
}

/// The members of a union.
fn union_members(schema: &Value) -> Option<&Vec<Value>> {
    if schema.get("properties").is_some() {
        return None;
    }
    ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array())
}

/// Whether a schema is a string without listed values.
fn is_plain_string(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("string")) && schema.get("enum").is_none()
}
