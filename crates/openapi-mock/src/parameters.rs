//! Decoding of parameters by style and explode (OpenAPI 3.1, "Style Values").

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use openapi_document::{
    Document, Node, Operation, Pointer,
    media_type::is_json,
    operation::{Location, MediaTypeObject, Parameter},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::{
    brackets::{self, BracketTree},
    shape::SchemaShape,
    validator::Violation,
};

/// The parts of a request that carry parameters.
#[derive(Debug)]
pub(crate) struct RawParameters<'a> {
    /// The values of the path template, percent-encoded.
    pub(crate) path: &'a [(String, String)],
    /// The query as received.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a hyper::HeaderMap,
}

/// Decoded parameters, by location and name.
pub type ParameterValues = BTreeMap<(Location, String), Value>;

/// Decodes all parameters of an operation.
///
/// Missing required parameters and undeclared query parameters are violations, except the names in
/// `query_keys`, which carry API keys.
pub(crate) fn decode(
    document: &Document,
    operation: &Operation,
    raw: &RawParameters<'_>,
    query_keys: &[String],
) -> (ParameterValues, Vec<Violation>) {
    let mut values = ParameterValues::new();
    let mut violations = Vec::new();
    let mut query = QueryPairs::parse(raw.query);
    let cookies = parse_cookies(raw.headers);
    for parameter in &operation.parameters {
        let name = &parameter.name;
        let value = match parameter.location {
            Location::Path => {
                let sent = raw.path.iter().find(|(sent, _)| sent == name);
                sent.map(|(_, text)| ParameterDecoder::new(document, parameter).path(text))
            }
            Location::Query => {
                let decoder = ParameterDecoder::new(document, parameter);
                if decoder.has_single_value() && query.count(name) > 1 {
                    let message = "sent more than once";
                    violations.push(Violation::new(describe(parameter), "number", message));
                }
                decoder.query(&mut query)
            }
            Location::Querystring => {
                let sent = query.take_all(query_keys);
                (!sent.is_empty()).then(|| decode_querystring(document, parameter, sent))
            }
            Location::Header => {
                let lines = raw.headers.get_all(name.as_str()).into_iter();
                let lines: Vec<_> = lines
                    .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
                    .collect();
                // Declarations of these are ignored (OpenAPI 3.1, "Parameter Object").
                let ignored = ["accept", "content-type", "authorization"];
                if ignored.contains(&name.to_ascii_lowercase().as_str()) || lines.is_empty() {
                    None
                } else {
                    let decoder = ParameterDecoder::new(document, parameter);
                    Some(decoder.simple(&lines.join(","), ",", trimmed))
                }
            }
            Location::Cookie => ParameterDecoder::new(document, parameter).cookie(&cookies),
        };
        match value {
            Some(value) => drop(values.insert((parameter.location, name.clone()), value)),
            None if parameter.required => {
                violations.push(Violation::new(describe(parameter), "required", "missing"));
            }
            None => {}
        }
    }
    for name in query.unused(query_keys) {
        let message = "the operation declares no such query parameter";
        violations.push(Violation::new(format!("query parameter `{name}`"), "unknown", message));
    }
    (values, violations)
}

/// Decodes a whole query by the media type of its parameter: as a form, or as JSON or text that is
/// percent-encoded (OpenAPI 3.2, "Parameter Object").
fn decode_querystring(document: &Document, parameter: &Parameter, sent: QueryPairs) -> Value {
    match &parameter.content {
        Some(content) if content.media_type == FORM => decode_pairs(document, content, sent),
        _ => {
            let text = percent_decode(&sent.raw());
            if parameter.json { parse_json(&text) } else { text.into() }
        }
    }
}

/// Decodes the fields of a urlencoded body into an object.
pub(crate) fn decode_form(document: &Document, content: &MediaTypeObject, text: &str) -> Value {
    decode_pairs(document, content, QueryPairs::parse(text))
}

/// Decodes the pairs of a form into an object.
fn decode_pairs(document: &Document, content: &MediaTypeObject, mut pairs: QueryPairs) -> Value {
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

/// The separator of the items of an array or the properties of an object in one text.
fn separator(style: &str) -> &'static str {
    match style {
        "spaceDelimited" => " ",
        "pipeDelimited" => "|",
        _ => ",",
    }
}

/// Whether an Encoding Object declares the media type JSON.
fn declares_json(encoding: &Node<'_>) -> bool {
    let declared = encoding.text("contentType");
    declared.is_some_and(is_json)
}

/// Returns the name of a parameter in messages, such as ``query parameter `limit` ``.
pub(crate) fn describe(parameter: &Parameter) -> String {
    format!("{} parameter `{}`", parameter.location.name(), parameter.name)
}

/// The media type of forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The pairs of a query.
struct QueryPairs(Vec<QueryPair>);

/// A pair of a query.
struct QueryPair {
    /// The decoded name.
    name: String,
    /// The value as received.
    value: String,
    /// The pair as received.
    raw: String,
    /// Whether a parameter has used it.
    used: bool,
}

impl QueryPairs {
    fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (form_decode(name), value.to_owned());
            QueryPair { name, value, raw: pair.to_owned(), used: false }
        });
        Self(pairs.collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs as received.
    fn raw(&self) -> String {
        let raw: Vec<_> = self.0.iter().map(|pair| pair.raw.as_str()).collect();
        raw.join("&")
    }

    /// Takes all pairs, without those of API keys.
    fn take_all(&mut self, query_keys: &[String]) -> Self {
        let (keys, taken) =
            mem::take(&mut self.0).into_iter().partition(|pair| query_keys.contains(&pair.name));
        self.0 = keys;
        Self(taken)
    }

    /// Returns the number of values of a name.
    fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|pair| pair.name == name).count()
    }

    /// Takes the raw values of a name.
    fn take(&mut self, name: &str) -> Vec<String> {
        self.take_where(|sent| sent == name).into_iter().map(|(_, value)| value).collect()
    }

    /// Takes the pairs whose names meet a predicate.
    fn take_where(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        for pair in &mut self.0 {
            if !pair.used && wanted(&pair.name) {
                pair.used = true;
                taken.push((pair.name.clone(), pair.value.clone()));
            }
        }
        taken
    }

    /// Returns the names that no parameter has used, without those of API keys.
    fn unused(&self, query_keys: &[String]) -> Vec<&str> {
        let unused = self.0.iter().filter(|pair| !pair.used && !query_keys.contains(&pair.name));
        unused.map(|pair| pair.name.as_str()).collect()
    }
}

/// The decoder of one parameter.
struct ParameterDecoder<'a> {
    document: &'a Document,
    parameter: &'a Parameter,
    shape: SchemaShape,
}

impl<'a> ParameterDecoder<'a> {
    fn new(document: &'a Document, parameter: &'a Parameter) -> Self {
        Self { document, parameter, shape: SchemaShape::new(document, &parameter.schema) }
    }

    /// Whether a shape is that of an array of arrays or objects.
    fn is_nested(&self, shape: &SchemaShape) -> bool {
        let items = shape.item_shape(self.document);
        shape.has_type("array") && (items.has_type("array") || items.has_type("object"))
    }

    /// Whether an array, an object or JSON is sent as a single value.
    fn has_single_value(&self) -> bool {
        let is_structured = self.shape.has_type("array") || self.shape.has_type("object");
        let is_exploded = self.parameter.explode
            && (self.parameter.style == "form" || self.shape.has_type("array"));
        self.parameter.json || is_structured && !is_exploded && self.parameter.style != "deepObject"
    }

    /// Decodes a query parameter; `None` if it is absent.
    fn query(&self, pairs: &mut QueryPairs) -> Option<Value> {
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
    fn path(&self, text: &str) -> Value {
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
    fn cookie(&self, cookies: &[(String, String)]) -> Option<Value> {
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
    fn simple(&self, text: &str, separator: &str, decode: fn(&str) -> String) -> Value {
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
    fn array_or_object(&self, texts: Vec<String>, decode: fn(&str) -> String) -> Value {
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

/// Decodes a name or value of a query (WHATWG URL, "application/x-www-form-urlencoded parsing").
pub(crate) fn form_decode(raw: &str) -> String {
    let spaced = raw.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Decodes percent-encoding.
fn percent_decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Removes the spaces around an item of a header field.
fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// Returns the texts in the brackets behind the name of a parameter.
fn bracket_path<'a>(name: &str, sent: &'a str) -> Option<Vec<&'a str>> {
    brackets::parse(sent.strip_prefix(name)?)
}

/// Parses JSON. Text that isn't JSON becomes a string, which violates the schema.
fn parse_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Splits a text; an empty one has no parts.
fn split(text: &str, separator: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split(separator).map(str::to_owned).collect() }
}

/// Parses the `Cookie` headers into names and values (RFC 6265, section 4.2.1).
pub(crate) fn parse_cookies(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    let lines = headers.get_all("cookie").into_iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
