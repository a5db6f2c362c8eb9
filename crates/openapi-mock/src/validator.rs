//! Whether a value is what a schema of the document says (JSON Schema 2020-12, formats asserted).
//!
//! The schemas are the document's own. Two things that OpenAPI adds to JSON Schema are added to
//! the judge as well: the ranges of its integer formats, and that a discriminator names a variant.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{
    Draft, Keyword, Registry, ValidationError, ValidationOptions, Validator as SchemaValidator,
    error::ValidationErrorKind, paths::Location,
};
use openapi_document::Document;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::error::MockError;

/// What the document is called when the validator refers to it.
const BASE: &str = "urn:document";

/// One way in which a value isn't what its schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What was judged: `query parameter` with its name, `body`, …
    pub place: String,
    /// The JSON pointer into it.
    pub pointer: String,
    /// The keyword that it breaks.
    pub keyword: String,
    /// Why, in words.
    pub message: String,
}

impl Violation {
    /// A violation of what isn't a schema: a missing parameter, a wrong content type.
    pub(crate) fn new(place: impl Into<String>, keyword: &str, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            pointer: String::new(),
            keyword: keyword.to_owned(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, pointer, keyword, message } = self;
        let at = if pointer.is_empty() { "" } else { " at " };
        write!(f, "{place}{at}{pointer}: {message} ({keyword})")
    }
}

/// The validators of a document's schemas, each made when it is first needed.
pub struct Validator {
    registry: Registry<'static>,
    validators: Mutex<HashMap<String, Arc<SchemaValidator>>>,
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator(..)")
    }
}

impl Validator {
    /// A judge by this document.
    ///
    /// # Errors
    ///
    /// If the document can't be referred into, as with two schemas of one `$id`.
    pub fn new(document: &Document) -> Result<Self, MockError> {
        let mut root = document.root().clone();
        integer_ranges(&mut root);
        let resource = Draft::Draft202012.create_resource(root);
        let registry = Registry::new()
            .add(BASE, resource)
            .and_then(|registry| registry.prepare())
            .map_err(|error| MockError::new(error.to_string()))?;
        Ok(Self { registry, validators: Mutex::default() })
    }

    /// How `value` breaks the schema at a JSON pointer; nothing if it doesn't.
    ///
    /// # Errors
    ///
    /// If the schema itself isn't one.
    pub fn violations(
        &self,
        schema: &str,
        value: &Value,
        place: &str,
    ) -> Result<Vec<Violation>, MockError> {
        let validator = self.validator(schema)?;
        let mut found = Vec::new();
        for error in validator.iter_errors(value) {
            explain(&error, place, &mut found);
        }
        Ok(found)
    }

    /// Whether `value` is what the schema says.
    ///
    /// # Errors
    ///
    /// If the schema itself isn't one.
    pub fn accepts(&self, schema: &str, value: &Value) -> Result<bool, MockError> {
        Ok(self.validator(schema)?.is_valid(value))
    }

    fn validator(&self, schema: &str) -> Result<Arc<SchemaValidator>, MockError> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(schema) {
            return Ok(validator.clone());
        }
        let reference = json!({ "$ref": format!("{BASE}#{}", fragment(schema)) });
        let validator = self
            .options()
            .build(&reference)
            .map_err(|error| MockError::new(format!("the schema at #{schema}: {error}")))?;
        let validator = Arc::new(validator);
        validators.insert(schema.to_owned(), validator.clone());
        Ok(validator)
    }

    fn options(&self) -> ValidationOptions<'_> {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .with_format("byte", is_base64)
            .with_keyword("discriminator", discriminator)
    }
}

/// A JSON pointer as the fragment of a URI (RFC 6901, section 6).
fn fragment(pointer: &str) -> String {
    const ESCAPED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'_');
    utf8_percent_encode(pointer, ESCAPED).to_string()
}

/// The range of an integer format (OpenAPI format registry).
pub(crate) fn integer_range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// Puts the ranges of integer formats where the schema has no tighter ones.
fn integer_ranges(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(integer_ranges),
        Value::Object(map) => {
            let range = map.get("format").and_then(Value::as_str).and_then(integer_range);
            if let (Some((least, most)), true) = (range, mentions_integer(map.get("type"))) {
                let tighter = |bound: Option<&Value>| bound.is_some_and(Value::is_number);
                if !tighter(map.get("minimum")) {
                    map.insert("minimum".to_owned(), number(least));
                }
                if !tighter(map.get("maximum")) {
                    map.insert("maximum".to_owned(), number(most));
                }
            }
            map.values_mut().for_each(integer_ranges);
        }
        _ => {}
    }
}

fn mentions_integer(types: Option<&Value>) -> bool {
    match types {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
        _ => false,
    }
}

fn number(value: i128) -> Value {
    i64::try_from(value)
        .map(Value::from)
        .or_else(|_| u64::try_from(value).map(Value::from))
        .unwrap_or_default()
}

/// Base64 as RFC 4648 has it, section 4.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(legal)
}

/// The tags that a discriminator knows: its mapping's, and the names of the schemas listed.
pub(crate) fn tags(discriminator: &Value, parent: &Map<String, Value>) -> BTreeSet<String> {
    let mapping = || discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let mapped = mapping().map(|(tag, _)| tag.clone());
    let mut tags: BTreeSet<String> = mapped.collect();
    let targets: BTreeSet<&str> = mapping().filter_map(|(_, target)| target.as_str()).collect();
    for keyword in ["oneOf", "anyOf"] {
        let members = parent.get(keyword).and_then(Value::as_array).into_iter().flatten();
        let references = members.filter_map(|member| member.get("$ref")?.as_str());
        for reference in references {
            // A schema that the mapping names has that name only.
            let name = reference.rsplit('/').next().unwrap_or(reference);
            if !targets.contains(reference) && !targets.contains(name) {
                tags.insert(name.to_owned());
            }
        }
    }
    tags
}

/// The tag must be there and name a variant (OpenAPI 3.1, "Discriminator Object").
struct Tags {
    property: String,
    known: BTreeSet<String>,
}

fn discriminator<'a>(
    parent: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let property = value.get("propertyName").and_then(Value::as_str).unwrap_or_default();
    Ok(Box::new(Tags { property: property.to_owned(), known: tags(value, parent) }))
}

impl Tags {
    fn complaint(&self, instance: &Value) -> Option<String> {
        let object = instance.as_object()?;
        let property = &self.property;
        if self.known.is_empty() || property.is_empty() {
            return None;
        }
        match object.get(property) {
            Some(Value::String(tag)) if self.known.contains(tag) => None,
            Some(tag) => Some(format!("the tag {tag} in \"{property}\" names no variant")),
            None => Some(format!("the tag \"{property}\" is missing")),
        }
    }
}

impl<'i> Keyword<'i> for Tags {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.complaint(instance).map_or(Ok(()), |why| Err(ValidationError::custom(why)))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.complaint(instance).is_none()
    }
}

/// Says an error at its innermost place: of a union, what is wrong with the member that was meant.
fn explain(error: &ValidationError<'_>, place: &str, found: &mut Vec<Violation>) {
    let branches = match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            context.as_slice()
        }
        _ => &[],
    };
    // The errors of branches have whole paths already.
    if let Some(meant) = meant(branches, error.instance_path().as_str()) {
        for inner in meant {
            explain(inner, place, found);
        }
        return;
    }
    let violation = Violation {
        place: place.to_owned(),
        pointer: error.instance_path().as_str().to_owned(),
        keyword: error.kind().keyword().to_owned(),
        message: error.to_string(),
    };
    if !found.contains(&violation) {
        found.push(violation);
    }
}

/// The branch that the value was meant to be: the one that accepts its type and constants.
fn meant<'a>(
    branches: &'a [Vec<ValidationError<'static>>],
    here: &str,
) -> Option<&'a Vec<ValidationError<'static>>> {
    let fixes = |error: &&ValidationError<'_>| {
        let child = error.instance_path().as_str().strip_prefix(here).unwrap_or_default();
        let own = child.matches('/').count() <= 1;
        match error.kind() {
            ValidationErrorKind::Constant { .. } => own,
            ValidationErrorKind::Enum { options } => {
                own && options.as_array().is_some_and(|options| options.len() == 1)
            }
            ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema => child.is_empty(),
            _ => false,
        }
    };
    let fitting = branches.iter().filter(|errors| !errors.iter().any(|error| fixes(&error)));
    fitting.min_by_key(|errors| errors.len())
}
