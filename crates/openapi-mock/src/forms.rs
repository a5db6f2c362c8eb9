//! Decoding of forms by their Encoding Objects (OpenAPI 3.1, "Encoding Object").

use std::collections::BTreeSet;

use openapi_document::{
    Document, Node, Pointer,
    media_type::is_json,
    operation::{Location, MediaTypeObject, Parameter},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::{
    brackets::BracketTree,
    parameter_decoder::{ParameterDecoder, separator, split},
    query_pairs::{QueryPair, QueryPairs, form_decode},
    shape::SchemaShape,
};

/// The media type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Decodes the fields of a urlencoded body into an object.
pub(crate) fn decode_form(document: &Document, content: &MediaTypeObject, text: &str) -> Value {
    decode_pairs(document, content, QueryPairs::parse(text))
}

/// Decodes the pairs of a form into an object.
pub(crate) fn decode_pairs(
    document: &Document,
    content: &MediaTypeObject,
    mut pairs: QueryPairs,
) -> Value {
    let shape = content.schema.as_deref().map(|schema| SchemaShape::new(document, schema));
    let shape = shape.unwrap_or_default();
    let mut object = Map::new();
    for (name, schema) in &shape.properties {
        let shape = SchemaShape::new(document, schema);
        if let Some(value) = decode_field(document, content, name, shape, &mut pairs) {
            object.insert(name.clone(), value);
        }
    }
    let mut others = BracketTree::default();
    for (name, raw) in pairs.take_where(|_| true) {
        others.insert(&[&name], form_decode(&raw));
    }
    object.extend(others.into_properties(document, &shape));
    Value::Object(object)
}

/// Decodes a field of a urlencoded body as a query parameter of its encoding (OpenAPI 3.1,
/// "Encoding Object"). An object without a declared style is JSON.
fn decode_field(
    document: &Document,
    content: &MediaTypeObject,
    name: &str,
    shape: SchemaShape,
    pairs: &mut QueryPairs,
) -> Option<Value> {
    let encoding = format!("{}/encoding/{}", content.pointer, Pointer::escape(name));
    let encoding = document.node_at(&encoding);
    let style = encoding.as_ref().and_then(|encoding| encoding.text("style"));
    let explode = encoding.as_ref().and_then(|encoding| encoding.flag("explode"));
    let json = encoding.as_ref().is_some_and(declares_json);
    if shape.has_type("object") && !json && style.is_none() && explode.is_none() {
        let texts: Vec<_> = pairs.take(name).iter().map(|text| form_decode(text)).collect();
        return match texts.as_slice() {
            [] => None,
            [text] => Some(shape.structured(text).unwrap_or_else(|_| text.as_str().into())),
            _ => Some(texts.into()),
        };
    }
    let style = style.unwrap_or("form");
    let parameter = Parameter {
        name: name.to_owned(),
        location: Location::Query,
        required: false,
        style: style.to_owned(),
        explode: explode.unwrap_or(style == "form"),
        schema: String::new(),
        content: None,
        json,
    };
    ParameterDecoder { document, parameter: &parameter, shape }.query(pairs)
}

/// Decodes the text of a multipart part whose Encoding Object has a style that puts an array or
/// object into one text; `None` if it has none.
pub(crate) fn decode_part(
    document: &Document,
    encoding: &Node<'_>,
    schema: &str,
    text: &str,
) -> Option<Value> {
    let style = encoding.text("style").unwrap_or("form");
    let explode = encoding.flag("explode");
    let is_declared = encoding.get("style").is_some() || explode.is_some();
    let shape = SchemaShape::new(document, schema);
    let is_structured = shape.has_type("array") || shape.has_type("object");
    if !is_declared || explode.unwrap_or(style == "form") || !is_structured {
        return None;
    }
    let parameter = Parameter {
        name: String::new(),
        location: Location::Query,
        required: false,
        style: style.to_owned(),
        explode: false,
        schema: String::new(),
        content: None,
        json: false,
    };
    let decoder = ParameterDecoder { document, parameter: &parameter, shape };
    Some(decoder.array_or_object(split(text, separator(style)), str::to_owned))
}

/// Decodes objects whose members are multipart parts of their own, by an Encoding Object with a
/// style: returns them by property, and the names of the parts that they take.
pub(crate) fn decode_members(
    document: &Document,
    content: &MediaTypeObject,
    shape: &SchemaShape,
    parts: &[(&str, &str)],
) -> (Map<String, Value>, BTreeSet<String>) {
    let (mut objects, mut used) = (Map::new(), BTreeSet::new());
    for (name, schema) in &shape.properties {
        let encoding = format!("{}/encoding/{}", content.pointer, Pointer::escape(name));
        let Some(encoding) = document.node_at(&encoding) else { continue };
        let (style, explode) = (encoding.text("style"), encoding.flag("explode"));
        let property = SchemaShape::new(document, schema);
        let has_members = style == Some("deepObject") || explode.unwrap_or(style == Some("form"));
        if !has_members || !property.has_type("object") {
            continue;
        }
        let pairs = parts.iter().filter(|(part, _)| shape.property(part).is_none());
        let pairs = pairs.map(|(part, text)| QueryPair {
            name: (*part).to_owned(),
            value: utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            raw: String::new(),
            used: false,
        });
        let mut pairs = QueryPairs(pairs.collect());
        if let Some(value) = decode_field(document, content, name, property, &mut pairs) {
            objects.insert(name.clone(), value);
        }
        used.extend(pairs.0.into_iter().filter(|pair| pair.used).map(|pair| pair.name));
    }
    (objects, used)
}

/// Whether an Encoding Object declares the media type JSON.
fn declares_json(encoding: &Node<'_>) -> bool {
    let declared = encoding.text("contentType");
    declared.is_some_and(is_json)
}
