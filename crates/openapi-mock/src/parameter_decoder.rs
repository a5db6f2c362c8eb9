//! Decoding of one parameter by style and explode (OpenAPI 3.1, "Style Values").

use std::collections::BTreeMap;

use openapi_document::{Document, operation::Parameter};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::{
    brackets::{self, BracketTree},
    query_pairs::{QueryPairs, form_decode},
    shape::SchemaShape,
};

/// The decoder of one parameter.
pub(crate) struct ParameterDecoder<'a> {
    pub(crate) document: &'a Document,
    pub(crate) parameter: &'a Parameter,
    pub(crate) shape: SchemaShape,
}

impl<'a> ParameterDecoder<'a> {
    pub(crate) fn new(document: &'a Document, parameter: &'a Parameter) -> Self {
        Self { document, parameter, shape: SchemaShape::new(document, &parameter.schema) }
    }

    /// Whether a shape is that of an array of arrays or objects.
    fn is_nested(&self, shape: &SchemaShape) -> bool {
        let items = shape.item_shape(self.document);
        shape.has_type("array") && (items.has_type("array") || items.has_type("object"))
    }

    /// Whether an array, an object or JSON is sent as a single value.
    pub(crate) fn has_single_value(&self) -> bool {
        let is_structured = self.shape.has_type("array") || self.shape.has_type("object");
        let is_exploded = self.parameter.explode
            && (self.parameter.style == "form" || self.shape.has_type("array"));
        self.parameter.json || is_structured && !is_exploded && self.parameter.style != "deepObject"
    }

    /// Decodes a query parameter; `None` if it is absent.
    pub(crate) fn query(&self, pairs: &mut QueryPairs) -> Option<Value> {
        let name = &self.parameter.name;
        if self.parameter.json {
            return pairs.take(name).first().map(|raw| parse_json(&form_decode(raw)));
        }
        match self.parameter.style.as_str() {
            // A member of the union that is no object.
            "deepObject" if self.shape.has_scalar() && pairs.count(name) == 1 => {
                pairs.take(name).first().map(|raw| self.shape.scalar(&form_decode(raw)))
            }
            "deepObject" => {
                let mut tree = BracketTree::default();
                let taken = pairs.take_where(|sent| bracket_path(name, sent).is_some());
                for (sent, raw) in &taken {
                    tree.insert(&bracket_path(name, sent)?, form_decode(raw));
                }
                (!taken.is_empty()).then(|| tree.into_value(self.document, &self.shape))
            }
            style if self.shape.has_type("object") && style == "form" && self.parameter.explode => {
                let declared: BTreeMap<&str, bool> = self
                    .shape
                    .properties
                    .iter()
                    .map(|(property, schema)| {
                        let shape = SchemaShape::new(self.document, schema);
                        (property.as_str(), shape.has_type("object") || self.is_nested(&shape))
                    })
                    .collect();
                let path = |sent: &str| -> Option<Vec<String>> {
                    let name = sent.split('[').next().unwrap_or_default();
                    let (property, path) = match declared.contains_key(sent) {
                        true => (sent, Vec::new()),
                        false => (name, bracket_path(name, sent)?),
                    };
                    let is_allowed =
                        declared.get(property).is_some_and(|nested| *nested || path.is_empty());
                    let path = [property].into_iter().chain(path).map(str::to_owned);
                    is_allowed.then(|| path.collect())
                };
                let taken = pairs.take_where(|sent| path(sent).is_some());
                let mut tree = BracketTree::default();
                for (sent, raw) in &taken {
                    let path = path(sent)?;
                    let path: Vec<_> = path.iter().map(String::as_str).collect();
                    tree.insert(&path, form_decode(raw));
                }
                let object = || tree.into_properties(self.document, &self.shape);
                (!taken.is_empty()).then(|| Value::Object(object()))
            }
            // Lists of lists and of objects, in brackets as with `deepObject`.
            "form" if self.parameter.explode && self.is_nested(&self.shape) => {
                let mut tree = BracketTree::default();
                let taken =
                    pairs.take_where(|sent| sent == name || bracket_path(name, sent).is_some());
                for (sent, raw) in &taken {
                    tree.insert(&bracket_path(name, sent).unwrap_or_default(), form_decode(raw));
                }
                (!taken.is_empty()).then(|| tree.into_value(self.document, &self.shape))
            }
            style => {
                let raw = pairs.take(name);
                let first = raw.first()?;
                let separator = separator(style);
                let is_repeated = style == "form" || raw.len() > 1;
                if self.shape.has_type("array") && self.parameter.explode && is_repeated {
                    return Some(self.array(raw.iter().map(|raw| form_decode(raw))));
                }
                if self.shape.has_type("array") || self.shape.has_type("object") {
                    // An escaped comma is part of a value; a space is always escaped.
                    let texts = match separator {
                        "," => first.split(',').map(form_decode).collect(),
                        other => split(&form_decode(first), other),
                    };
                    return Some(self.array_or_object(texts, str::to_owned));
                }
                if raw.len() > 1 {
                    // A scalar sent more than once becomes an array, which violates the schema.
                    return Some(raw.iter().map(|raw| Value::from(form_decode(raw))).collect());
                }
                Some(self.shape.scalar(&form_decode(first)))
            }
        }
    }

    /// Decodes a path parameter of style `simple`, `label` or `matrix`.
    pub(crate) fn path(&self, text: &str) -> Value {
        match self.parameter.style.as_str() {
            "label" => {
                let text = text.strip_prefix('.').unwrap_or(text);
                self.simple(text, if self.parameter.explode { "." } else { "," }, percent_decode)
            }
            "matrix" => {
                let text = text.strip_prefix(';').unwrap_or(text);
                if self.parameter.explode && self.shape.has_type("array") {
                    let values = text.split(';').filter_map(|pair| pair.split_once('='));
                    return self.array(values.map(|(_, value)| percent_decode(value)));
                }
                if self.parameter.explode && self.shape.has_type("object") {
                    return self.simple(text, ";", percent_decode);
                }
                let value = text.split_once('=').map_or(text, |(_, value)| value);
                self.simple(value, ",", percent_decode)
            }
            _ => self.simple(text, ",", percent_decode),
        }
    }

    /// Decodes a cookie parameter; `None` if it is absent.
    ///
    /// OpenAPI doesn't say how an exploded value is sent as a cookie. Read are a cookie for each
    /// item or property (as the style `cookie` of OpenAPI 3.2), one cookie in the form of a query,
    /// and one with commas. What a cookie can't hold is percent-encoded, as in other locations.
    pub(crate) fn cookie(&self, cookies: &[(String, String)]) -> Option<Value> {
        let name = &self.parameter.name;
        let is_array = self.shape.has_type("array");
        let is_exploded = self.parameter.explode && !self.parameter.json;
        let own: Vec<_> =
            cookies.iter().filter(|(sent, _)| sent == name).map(|(_, text)| text).collect();
        if own.is_empty() && is_exploded && self.shape.has_type("object") {
            let is_property = |sent: &str| self.shape.properties.iter().any(|(own, _)| own == sent);
            let sent = cookies.iter().filter(|(sent, _)| is_property(sent));
            let sent: Vec<_> =
                sent.map(|(sent, text)| (sent.clone(), percent_decode(text))).collect();
            return (!sent.is_empty()).then(|| self.object(sent));
        }
        let first = own.first()?;
        if is_exploded && is_array && own.len() > 1 {
            return Some(self.array(own.into_iter().map(|text| percent_decode(text))));
        }
        let is_object = self.shape.has_type("object") && !is_array;
        if is_exploded && is_array && first.contains('&') {
            return self.query(&mut QueryPairs::parse(&format!("{name}={first}")));
        }
        if is_exploded && is_object && first.contains('=') {
            return self.query(&mut QueryPairs::parse(first));
        }
        let whole = Parameter { explode: false, ..self.parameter.clone() };
        let decoder = ParameterDecoder::new(self.document, &whole);
        Some(decoder.simple(first, ",", percent_decode))
    }

    /// Decodes a value of style `simple`, with this separator for arrays and objects. `decode`
    /// decodes what is between separators.
    pub(crate) fn simple(&self, text: &str, separator: &str, decode: fn(&str) -> String) -> Value {
        if self.parameter.json {
            return parse_json(&decode(text));
        }
        if self.shape.has_type("array") || self.shape.has_type("object") {
            return self.array_or_object(split(text, separator), decode);
        }
        self.shape.scalar(&decode(text))
    }

    /// Decodes separated texts: the items of an array; for an object alternating names and values,
    /// or `name=value` if exploded.
    pub(crate) fn array_or_object(&self, texts: Vec<String>, decode: fn(&str) -> String) -> Value {
        if self.shape.has_type("array") {
            return self.array(texts.iter().map(|text| decode(text)));
        }
        let properties = match self.parameter.explode {
            true => texts
                .iter()
                .filter_map(|text| text.split_once('='))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
            false => texts
                .chunks(2)
                .filter_map(|pair| Some((decode(pair.first()?), decode(pair.get(1)?))))
                .collect(),
        };
        self.object(properties)
    }

    fn array(&self, texts: impl Iterator<Item = String>) -> Value {
        let items = self.shape.item_shape(self.document);
        texts.map(|text| items.scalar(&text)).collect()
    }

    /// Decodes properties from names and values; the items of an array repeat its name.
    fn object(&self, properties: Vec<(String, String)>) -> Value {
        let mut tree = BracketTree::default();
        for (name, text) in properties {
            tree.insert(&[&name], text);
        }
        Value::Object(tree.into_properties(self.document, &self.shape))
    }
}

/// The separator of the items of an array or the properties of an object in one text.
pub(crate) fn separator(style: &str) -> &'static str {
    match style {
        "spaceDelimited" => " ",
        "pipeDelimited" => "|",
        _ => ",",
    }
}

/// Decodes percent-encoding.
pub(crate) fn percent_decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Removes the spaces around an item of a header field.
pub(crate) fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// Returns the texts in the brackets behind the name of a parameter.
fn bracket_path<'a>(name: &str, sent: &'a str) -> Option<Vec<&'a str>> {
    brackets::parse(sent.strip_prefix(name)?)
}

/// Parses JSON. Text that isn't JSON becomes a string, which violates the schema.
pub(crate) fn parse_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Splits a text; an empty one has no parts.
pub(crate) fn split(text: &str, separator: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split(separator).map(str::to_owned).collect() }
}
