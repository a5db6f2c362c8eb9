//! Parameters, from what was sent to values: style and explode (OpenAPI 3.1, "Style Values").

use std::collections::BTreeMap;

use openapi_document::{
    Document, Operation,
    operation::{Location, Parameter},
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::{shape::Shape, validator::Violation};

/// What a request carries parameters in.
#[derive(Debug)]
pub(crate) struct Carried<'a> {
    /// Values of the path, decoded.
    pub(crate) path: &'a [(String, String)],
    /// The query as it was sent.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a hyper::HeaderMap,
}

/// The decoded parameters: by location and name.
pub type Values = BTreeMap<(Location, String), Value>;

/// Reads all parameters of an operation; what can't be read or isn't known is a violation.
pub(crate) fn read(
    document: &Document,
    operation: &Operation,
    carried: &Carried<'_>,
    known: &[String],
) -> (Values, Vec<Violation>) {
    let mut values = Values::new();
    let mut violations = Vec::new();
    let mut pairs = Pairs::new(carried.query);
    let cookies = cookies(carried.headers);
    for parameter in &operation.parameters {
        let name = &parameter.name;
        let value = match parameter.location {
            Location::Path => {
                let sent = carried.path.iter().find(|(sent, _)| sent == name);
                sent.map(|(_, text)| Decoder::new(document, parameter).path(text))
            }
            Location::Query => Decoder::new(document, parameter).query(&mut pairs),
            Location::Header => {
                let lines = carried.headers.get_all(name.as_str()).into_iter();
                let lines: Vec<_> = lines
                    .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
                    .collect();
                let reserved = ["accept", "content-type", "authorization"];
                if reserved.contains(&name.to_ascii_lowercase().as_str()) || lines.is_empty() {
                    None
                } else {
                    Some(Decoder::new(document, parameter).simple(&lines.join(","), ","))
                }
            }
            Location::Cookie => {
                let sent = cookies.iter().find(|(sent, _)| sent == name);
                // Clients write what a cookie can't hold percent-encoded, as in any other place.
                sent.map(|(_, text)| {
                    let text = percent_decode_str(text).decode_utf8_lossy();
                    Decoder::new(document, parameter).simple(&text, ",")
                })
            }
        };
        match value {
            Some(value) => drop(values.insert((parameter.location, name.clone()), value)),
            None if parameter.required => {
                violations.push(Violation::new(place(parameter), "required", "it is missing"));
            }
            None => {}
        }
    }
    for name in pairs.left(known) {
        let message = "the document knows no such query parameter";
        violations.push(Violation::new(format!("query parameter `{name}`"), "unknown", message));
    }
    (values, violations)
}

/// How messages call a parameter.
pub(crate) fn place(parameter: &Parameter) -> String {
    format!("{} parameter `{}`", parameter.location.name(), parameter.name)
}

/// The pairs of a query, each to be taken once.
struct Pairs(Vec<(String, String, bool)>);

impl Pairs {
    fn new(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), value.to_owned(), false)
        });
        Self(pairs.collect())
    }

    /// Takes the raw values under a name.
    fn take(&mut self, name: &str) -> Vec<String> {
        self.take_where(|sent| sent == name).into_iter().map(|(_, value)| value).collect()
    }

    fn take_where(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        for (name, value, used) in &mut self.0 {
            if !*used && wanted(name) {
                *used = true;
                taken.push((name.clone(), value.clone()));
            }
        }
        taken
    }

    fn left(&self, known: &[String]) -> Vec<&str> {
        let left = self.0.iter().filter(|(name, _, used)| !used && !known.contains(name));
        left.map(|(name, ..)| name.as_str()).collect()
    }
}

/// Reads the values of one parameter.
struct Decoder<'a> {
    document: &'a Document,
    parameter: &'a Parameter,
    shape: Shape,
}

impl<'a> Decoder<'a> {
    fn new(document: &'a Document, parameter: &'a Parameter) -> Self {
        Self { document, parameter, shape: Shape::of(document, &parameter.schema) }
    }

    fn query(&self, pairs: &mut Pairs) -> Option<Value> {
        let name = &self.parameter.name;
        if self.parameter.json {
            return pairs.take(name).first().map(|raw| json(&decoded(raw)));
        }
        match self.parameter.style.as_str() {
            "deepObject" => {
                let members = pairs.take_where(|sent| {
                    sent.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('['))
                });
                let members = members.into_iter().map(|(sent, raw)| {
                    let member = sent[name.len() + 1..].trim_end_matches(']').to_owned();
                    (member, decoded(&raw))
                });
                let members: Vec<_> = members.collect();
                (!members.is_empty()).then(|| self.object(members))
            }
            style if self.shape.is("object") && style == "form" && self.parameter.explode => {
                let members = pairs.take_where(|sent| {
                    self.shape.properties.iter().any(|(property, _)| property == sent)
                });
                let members: Vec<_> =
                    members.into_iter().map(|(member, raw)| (member, decoded(&raw))).collect();
                (!members.is_empty()).then(|| self.object(members))
            }
            style => {
                let raw = pairs.take(name);
                let first = raw.first()?;
                let separator = match style {
                    "spaceDelimited" => " ",
                    "pipeDelimited" => "|",
                    _ => ",",
                };
                if self.shape.is("array") && self.parameter.explode && style == "form" {
                    return Some(self.array(raw.iter().map(|raw| decoded(raw))));
                }
                if self.shape.is("array") || self.shape.is("object") {
                    // Only a separator that isn't escaped separates; a space always is.
                    let separated = match separator {
                        "," => first.split(',').map(decoded).collect(),
                        other => split(&decoded(first), other),
                    };
                    return Some(self.separated(separated));
                }
                if raw.len() > 1 {
                    // Sent twice: a list, which the schema will refuse.
                    return Some(raw.iter().map(|raw| Value::from(decoded(raw))).collect());
                }
                Some(self.shape.scalar(&decoded(first)))
            }
        }
    }

    fn path(&self, text: &str) -> Value {
        match self.parameter.style.as_str() {
            "label" => {
                let text = text.strip_prefix('.').unwrap_or(text);
                self.simple(text, if self.parameter.explode { "." } else { "," })
            }
            "matrix" => {
                let text = text.strip_prefix(';').unwrap_or(text);
                if self.parameter.explode && self.shape.is("array") {
                    let values = text.split(';').filter_map(|pair| pair.split_once('='));
                    return self.array(values.map(|(_, value)| value.to_owned()));
                }
                if self.parameter.explode && self.shape.is("object") {
                    return self.simple(text, ";");
                }
                self.simple(text.split_once('=').map_or(text, |(_, value)| value), ",")
            }
            _ => self.simple(text, ","),
        }
    }

    /// A value in one text.
    fn simple(&self, text: &str, separator: &str) -> Value {
        if self.parameter.json {
            return json(text);
        }
        if self.shape.is("array") || self.shape.is("object") {
            return self.separated(split(text, separator));
        }
        self.shape.scalar(text)
    }

    /// Items, or names and values in turn (joined by `=` if exploded).
    fn separated(&self, texts: Vec<String>) -> Value {
        if self.shape.is("array") {
            return self.array(texts.into_iter());
        }
        let members = match self.parameter.explode {
            true => texts
                .iter()
                .filter_map(|text| text.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            false => texts
                .chunks(2)
                .filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())))
                .collect(),
        };
        self.object(members)
    }

    fn array(&self, texts: impl Iterator<Item = String>) -> Value {
        let items = self.shape.items.as_deref().map(|items| Shape::of(self.document, items));
        texts
            .map(|text| match &items {
                Some(shape) => shape.scalar(&text),
                None => Value::from(text),
            })
            .collect()
    }

    fn object(&self, members: Vec<(String, String)>) -> Value {
        let member = |(name, text): (String, String)| {
            let value = match self.shape.member(&name) {
                Some(schema) => Shape::of(self.document, schema).scalar(&text),
                None => Value::from(text),
            };
            (name, value)
        };
        Value::Object(members.into_iter().map(member).collect::<Map<_, _>>())
    }
}

/// Decodes a part of a query (WHATWG URL, "application/x-www-form-urlencoded parsing").
pub(crate) fn decoded(raw: &str) -> String {
    let spaced = raw.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// What isn't JSON is kept as text, which the schema will refuse.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn split(text: &str, separator: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split(separator).map(str::to_owned).collect() }
}

fn cookies(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    let lines = headers.get_all("cookie").into_iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
