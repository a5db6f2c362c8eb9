//! Expansion of parameters by their style (RFC 6570, section 3.2; OpenAPI 3.1, section 4.8.12.3).
//!
//! A style determines the structure, the location how texts are encoded in it. Undefined values are
//! omitted: null members of an object, and lists and objects without defined members (RFC 6570,
//! section 2.3).
//!
//! OpenAPI defines no text for values that are nested in lists and objects. In a query and in a
//! form they are written in brackets: `name[member]`, `name[]` for each item of a list of texts,
//! and `name[0]`, `name[1]` for the items of any other list.

use serde::Serialize;

use crate::{encode::percent_encoded, parameter_value::ParameterValue, text};

/// The style of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`, in paths and headers.
    Simple,
    /// `.a,b`, in paths.
    Label,
    /// `;name=a,b`, in paths.
    Matrix,
    /// `name=a,b`, in queries, cookies and forms.
    Form,
    /// `name=a%20b`, in queries and forms.
    SpaceDelimited,
    /// `name=a%7Cb`, in queries and forms.
    PipeDelimited,
    /// `name[member]=a`, in queries and forms.
    DeepObject,
    /// JSON as a single text.
    Json,
}

/// A style with the parameter's `explode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// `style`.
    pub style: Style,
    /// `explode`: whether each item of a list and each member of an object is written by itself.
    pub explode: bool,
}

impl Expansion {
    /// The default in paths and headers.
    pub const SIMPLE: Self = Self::new(Style::Simple, false);
    /// The default in queries, cookies and forms.
    pub const FORM: Self = Self::new(Style::Form, true);
    /// JSON.
    pub const JSON: Self = Self::new(Style::Json, false);

    /// Creates an expansion.
    pub const fn new(style: Style, explode: bool) -> Self {
        Self { style, explode }
    }

    /// Reads a value; for the style [`Style::Json`] as the text of its JSON.
    ///
    /// # Errors
    ///
    /// If it is null, which a number that isn't finite is serialized as: callers omit parameters
    /// by not setting them.
    fn value<T: Serialize + ?Sized>(self, value: &T) -> Result<ParameterValue, String> {
        match self.style {
            Style::Json => {
                let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
                Ok(ParameterValue::Text(json))
            }
            _ => match ParameterValue::new(value)? {
                ParameterValue::Null => Err(text::NO_TEXT.to_owned()),
                value => Ok(value),
            },
        }
    }
}

/// The encoding of texts in a location.
type Encode = fn(&str) -> String;

/// Percent-encodes all but unreserved characters.
fn percent(text: &str) -> String {
    percent_encoded(text).to_string()
}

/// Expands the value of a path parameter; empty if it is undefined.
pub(crate) fn in_path<T: Serialize + ?Sized>(
    name: &str,
    expansion: Expansion,
    value: &T,
) -> Result<String, String> {
    let Expansion { style, explode } = expansion;
    let value = expansion.value(value)?;
    let (is_list, is_object) = match value {
        ParameterValue::List(_) => (true, false),
        ParameterValue::Object(_) => (false, true),
        _ => (false, false),
    };
    let texts = texts(value, explode, percent)?;
    if texts.is_empty() {
        return Ok(String::new());
    }
    let name = percent(name);
    // An empty text has no `=` (RFC 6570, section 3.2.7).
    let named = |text: &str| match text.is_empty() {
        true => format!(";{name}"),
        false => format!(";{name}={text}"),
    };
    Ok(match style {
        Style::Matrix if explode && is_list => texts.iter().map(|text| named(text)).collect(),
        Style::Matrix if explode && is_object => {
            let pairs = texts.iter().map(|pair| pair.strip_suffix('=').unwrap_or(pair));
            pairs.map(|pair| format!(";{pair}")).collect()
        }
        Style::Matrix => named(&texts.join(",")),
        Style::Label if explode => texts.iter().map(|text| format!(".{text}")).collect(),
        Style::Label => format!(".{}", texts.join(",")),
        _ => texts.join(","),
    })
}

/// Expands the value of a header parameter; `None` if it is undefined.
///
/// A single text is sent as it is. In lists and objects, the characters that delimit texts are
/// percent-encoded, and `%` with them; others aren't, since most servers don't decode headers.
pub(crate) fn in_header<T: Serialize + ?Sized>(
    expansion: Expansion,
    value: &T,
) -> Result<Option<String>, String> {
    let value = expansion.value(value)?;
    if let ParameterValue::Text(text) = value {
        return Ok(Some(if expansion.style == Style::Json { ascii_json(&text) } else { text }));
    }
    let item: Encode = |text| text.replace('%', "%25").replace(',', "%2C");
    let member: Encode = |text| text.replace('%', "%25").replace(',', "%2C").replace('=', "%3D");
    let has_pairs = expansion.explode && matches!(value, ParameterValue::Object(_));
    let texts = texts(value, expansion.explode, if has_pairs { member } else { item })?;
    Ok((!texts.is_empty()).then(|| texts.join(",")))
}

/// Expands a query parameter into pairs of names and values, percent-encoded.
pub(crate) fn in_query<T: Serialize + ?Sized>(
    name: &str,
    expansion: Expansion,
    value: &T,
) -> Result<Vec<(String, String)>, String> {
    pairs(name, expansion, expansion.value(value)?, percent)
}

/// Expands a property of a multipart form into names and values of parts, which aren't encoded.
pub(crate) fn in_multipart<T: Serialize + ?Sized>(
    name: &str,
    expansion: Expansion,
    value: &T,
) -> Result<Vec<(String, String)>, String> {
    pairs(name, expansion, expansion.value(value)?, str::to_owned)
}

/// Expands a value of a style for queries into pairs of names and values.
pub(crate) fn pairs(
    name: &str,
    Expansion { style, explode }: Expansion,
    value: ParameterValue,
    encode: Encode,
) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    match value {
        ParameterValue::Null => {}
        ParameterValue::Text(text) => pairs.push((encode(name), encode(&text))),
        value if style == Style::DeepObject => {
            add_bracketed(name, value, encode, &mut pairs)?;
        }
        ParameterValue::List(items) if explode => {
            add_repeated(name, items, encode, &mut pairs)?;
        }
        ParameterValue::Object(members) if explode => {
            for (name, value) in members {
                match value {
                    ParameterValue::List(items) => {
                        add_repeated(&name, items, encode, &mut pairs)?;
                    }
                    value => add_bracketed(&name, value, encode, &mut pairs)?,
                }
            }
        }
        value => {
            // A comma in a text is encoded; spaces and `|` must be so in any place.
            let separator = match style {
                Style::SpaceDelimited => encode(" "),
                Style::PipeDelimited => encode("|"),
                _ => ",".to_owned(),
            };
            let texts = texts(value, false, encode)?;
            if !texts.is_empty() {
                pairs.push((encode(name), texts.join(&separator)));
            }
        }
    }
    Ok(pairs)
}

/// Adds a pair of this name for each item of a list; nested items are written in brackets.
fn add_repeated(
    name: &str,
    items: Vec<ParameterValue>,
    encode: Encode,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), String> {
    if items.iter().any(ParameterValue::is_nested) {
        return add_bracketed(name, ParameterValue::List(items), encode, pairs);
    }
    for item in items {
        pairs.push((encode(name), encode(&item.into_text()?)));
    }
    Ok(())
}

/// Adds the pairs of a value in brackets.
fn add_bracketed(
    name: &str,
    value: ParameterValue,
    encode: Encode,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), String> {
    match value {
        ParameterValue::Null => {}
        ParameterValue::Text(text) => pairs.push((encode(name), encode(&text))),
        ParameterValue::Object(members) => {
            for (member, value) in members {
                add_bracketed(&format!("{name}[{member}]"), value, encode, pairs)?;
            }
        }
        ParameterValue::List(items) if items.iter().any(ParameterValue::is_nested) => {
            for (index, item) in items.into_iter().enumerate() {
                add_bracketed(&format!("{name}[{index}]"), item, encode, pairs)?;
            }
        }
        ParameterValue::List(items) => {
            let name = encode(&format!("{name}[]"));
            for item in items {
                pairs.push((name.clone(), encode(&item.into_text()?)));
            }
        }
    }
    Ok(())
}

/// The encoded texts of a value: those of a list's items; of an object, the names and values of its
/// members, as pairs `name=value` if it is exploded.
fn texts(value: ParameterValue, explode: bool, encode: Encode) -> Result<Vec<String>, String> {
    match value {
        ParameterValue::Null => Ok(Vec::new()),
        ParameterValue::Text(text) => Ok(vec![encode(&text)]),
        ParameterValue::List(items) => {
            items.into_iter().map(|item| Ok(encode(&item.into_text()?))).collect()
        }
        ParameterValue::Object(members) => {
            let mut texts = Vec::new();
            for (name, value) in members {
                if value == ParameterValue::Null {
                    continue;
                }
                let (name, text) = (encode(&name), encode(&value.into_text()?));
                match explode {
                    true => texts.push(format!("{name}={text}")),
                    false => texts.extend([name, text]),
                }
            }
            Ok(texts)
        }
    }
}

/// JSON with all characters but those of ASCII escaped: headers can't carry others.
fn ascii_json(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            // In JSON, only strings have such characters.
            for unit in c.encode_utf16(&mut [0; 2]) {
                ascii += &format!("\\u{unit:04x}");
            }
        }
    }
    ascii
}
