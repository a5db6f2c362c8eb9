//! Validation of values against the document's schemas (JSON Schema 2020-12, formats asserted).
//!
//! Two things that OpenAPI adds to JSON Schema are validated as well: the ranges of its integer
//! formats, and the values of discriminators.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{
    Draft, Keyword, Registry, ValidationError, ValidationOptions, Validator as SchemaValidator,
    error::ValidationErrorKind, paths::Location,
};
use openapi_document::{Document, Pointer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::{directions::Direction, error::MockError};

/// The URI under which the validator knows the document.
const BASE_URI: &str = "urn:document";

/// A violation of the document by a request or a generated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The validated part of the request: `request`, `body`, `query parameter` with its name, …
    pub location: String,
    /// The JSON pointer to the value in that part; empty for the whole of it.
    pub pointer: String,
    /// The keyword of the schema that is violated, or a word for a rule outside of schemas:
    /// `path`, `method`, `security`, `required`, `unknown`, `content-type`, …
    pub keyword: String,
    /// The description of the violation.
    pub message: String,
    /// The JSON pointer to the violated keyword in the document; empty for a rule outside of
    /// schemas.
    pub schema: String,
}

impl Violation {
    /// Creates a violation of a rule outside of schemas, such as a missing parameter.
    pub(crate) fn new(
        location: impl Into<String>,
        keyword: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            location: location.into(),
            pointer: String::new(),
            keyword: keyword.to_owned(),
            message: message.into(),
            schema: String::new(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { location, pointer, keyword, message, .. } = self;
        let at = if pointer.is_empty() { "" } else { " at " };
        write!(f, "{location}{at}{pointer}: {message} ({keyword})")
    }
}

/// The validity of a value by a schema, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Validity {
    /// The value is valid.
    Valid,
    /// The only violations are values that fit several members of a `oneOf`.
    Ambiguous {
        /// Whether the value itself is one of them.
        here: bool,
    },
    /// The value is invalid.
    Invalid,
}

/// The validator of a document's schemas.
///
/// Each schema is compiled when it is first used.
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
    /// Creates the validator of a document.
    ///
    /// # Errors
    ///
    /// If the references of the document can't be indexed, such as with two schemas of one `$id`.
    pub fn new(document: &Document) -> Result<Self, MockError> {
        Self::of_root(document.root().clone())
    }

    /// Creates the validator of the values of one direction; `None` if it is that of all values.
    pub(crate) fn of_direction(
        document: &Document,
        direction: Direction,
    ) -> Result<Option<Self>, MockError> {
        direction.relaxed(document.root()).map(Self::of_root).transpose()
    }

    fn of_root(mut root: Value) -> Result<Self, MockError> {
        add_integer_ranges(&mut root);
        let resource = Draft::Draft202012.create_resource(root);
        let registry = Registry::new()
            .add(BASE_URI, resource)
            .and_then(|registry| registry.prepare())
            .map_err(|error| MockError::new(error.to_string()))?;
        Ok(Self { registry, validators: Mutex::default() })
    }

    /// Returns the violations of the schema at a JSON pointer by `value`; none if it is valid.
    ///
    /// `location` becomes [`Violation::location`].
    ///
    /// # Errors
    ///
    /// If the schema is absent or invalid.
    pub fn violations(
        &self,
        schema: &str,
        value: &Value,
        location: &str,
    ) -> Result<Vec<Violation>, MockError> {
        let validator = self.compiled(schema)?;
        let mut violations = Vec::new();
        for error in validator.iter_errors(value) {
            collect_violations(&error, location, &mut violations);
        }
        Ok(violations)
    }

    /// Whether `value` is valid against the schema at a JSON pointer.
    ///
    /// # Errors
    ///
    /// If the schema is absent or invalid.
    pub fn accepts(&self, schema: &str, value: &Value) -> Result<bool, MockError> {
        Ok(self.compiled(schema)?.is_valid(value))
    }

    /// Returns the validity of `value` by the schema at a JSON pointer.
    pub(crate) fn validity(&self, schema: &str, value: &Value) -> Result<Validity, MockError> {
        let validator = self.compiled(schema)?;
        if validator.is_valid(value) {
            return Ok(Validity::Valid);
        }
        Ok(validator
            .iter_errors(value)
            .map(|error| error_validity(&error))
            .max()
            .unwrap_or(Validity::Invalid))
    }

    /// Returns the compiled schema at a JSON pointer.
    fn compiled(&self, schema: &str) -> Result<Arc<SchemaValidator>, MockError> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(schema) {
            return Ok(validator.clone());
        }
        let reference = json!({ "$ref": format!("{BASE_URI}#{}", uri_fragment(schema)) });
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

/// Encodes a JSON pointer as a URI fragment (RFC 6901, section 6).
fn uri_fragment(pointer: &str) -> String {
    const ESCAPED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'_');
    utf8_percent_encode(pointer, ESCAPED).to_string()
}

/// Returns the range of an integer format (OpenAPI format registry).
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

/// Adds the ranges of integer formats as `minimum` and `maximum` where a schema has none.
fn add_integer_ranges(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_integer_ranges),
        Value::Object(map) => {
            let range = map.get("format").and_then(Value::as_str).and_then(integer_range);
            if let (Some((minimum, maximum)), true) = (range, allows_integer(map.get("type"))) {
                let bounded = |bound: Option<&Value>| bound.is_some_and(Value::is_number);
                if !bounded(map.get("minimum")) {
                    map.insert("minimum".to_owned(), number(minimum));
                }
                if !bounded(map.get("maximum")) {
                    map.insert("maximum".to_owned(), number(maximum));
                }
            }
            map.values_mut().for_each(add_integer_ranges);
        }
        _ => {}
    }
}

/// Whether the value of a `type` keyword includes `integer`.
fn allows_integer(types: Option<&Value>) -> bool {
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

/// Whether a text is base64 (RFC 4648, section 4).
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(legal)
}

/// Returns the values that a discriminator allows: the keys of its mapping, and the names of the
/// schemas that `oneOf` and `anyOf` list.
fn discriminator_values(discriminator: &Value, parent: &Map<String, Value>) -> BTreeSet<String> {
    let mapping = || discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let mut values: BTreeSet<String> = mapping().map(|(value, _)| value.clone()).collect();
    let targets: BTreeSet<&str> = mapping().filter_map(|(_, target)| target.as_str()).collect();
    for keyword in ["oneOf", "anyOf"] {
        let variants = parent.get(keyword).and_then(Value::as_array).into_iter().flatten();
        let references = variants.filter_map(|variant| variant.get("$ref")?.as_str());
        for reference in references {
            // A schema that the mapping names has no implicit name.
            let name = reference.rsplit('/').next().unwrap_or(reference);
            if !targets.contains(reference) && !targets.contains(name) {
                values.insert(name.to_owned());
            }
        }
    }
    values
}

/// The keyword `discriminator`: the property must be present and name a variant (OpenAPI 3.1,
/// "Discriminator Object").
struct DiscriminatorKeyword {
    property: String,
    values: BTreeSet<String>,
    /// Whether other values have a variant, too: `defaultMapping` (OpenAPI 3.2).
    has_default: bool,
}

fn discriminator<'a>(
    parent: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let property = value.get("propertyName").and_then(Value::as_str).unwrap_or_default();
    Ok(Box::new(DiscriminatorKeyword {
        property: property.to_owned(),
        values: discriminator_values(value, parent),
        has_default: value.get("defaultMapping").is_some(),
    }))
}

impl DiscriminatorKeyword {
    /// Returns the message of the violation, if there is one.
    fn violation(&self, instance: &Value) -> Option<String> {
        let object = instance.as_object()?;
        let property = &self.property;
        if self.values.is_empty() || property.is_empty() || self.has_default {
            return None;
        }
        match object.get(property) {
            Some(Value::String(value)) if self.values.contains(value) => None,
            Some(value) => Some(format!("discriminator \"{property}\": {value} names no variant")),
            None => Some(format!("discriminator \"{property}\" is missing")),
        }
    }
}

impl<'i> Keyword<'i> for DiscriminatorKeyword {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.violation(instance).map_or(Ok(()), |message| Err(ValidationError::custom(message)))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.violation(instance).is_none()
    }
}

/// Adds the violations that an error stands for: of `oneOf` and `anyOf`, those of the branch that
/// the value was most likely meant for.
fn collect_violations(
    error: &ValidationError<'_>,
    location: &str,
    violations: &mut Vec<Violation>,
) {
    let branches = match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            context.as_slice()
        }
        _ => &[],
    };
    // The paths of errors in branches start at the root of the value.
    if let Some(branch) = closest_branch(branches, error.instance_path().as_str()) {
        for inner in branch {
            collect_violations(inner, location, violations);
        }
        return;
    }
    let mut violation = Violation {
        location: location.to_owned(),
        pointer: error.instance_path().as_str().to_owned(),
        keyword: error.kind().keyword().to_owned(),
        message: error.to_string(),
        schema: keyword_pointer(error),
    };
    if let Some((pointer, message)) = no_variant(branches) {
        (violation.pointer, violation.message) = (pointer, message);
    }
    if !violations.contains(&violation) {
        violations.push(violation);
    }
}

/// Returns the pointer to the value by which all branches are ruled out, and the message that lists
/// the values that they want there; `None` if there is no such value.
fn no_variant(branches: &[Vec<ValidationError<'static>>]) -> Option<(String, String)> {
    let constant = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Constant { expected_value } => Some(expected_value.to_string()),
        ValidationErrorKind::Enum { options } => match options.as_array()?.as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        },
        _ => None,
    };
    let first = branches.first()?.iter().find(|error| constant(error).is_some())?;
    let path = first.instance_path().as_str();
    let wanted: Option<Vec<_>> = branches
        .iter()
        .map(|errors| {
            let mut here = errors.iter().filter(|error| error.instance_path().as_str() == path);
            here.find_map(constant)
        })
        .collect();
    let message = format!("{} is none of {}", first.instance(), wanted?.join(", "));
    Some((path.to_owned(), message))
}

/// Returns the JSON pointer to the keyword in the document that an error is of.
fn keyword_pointer(error: &ValidationError<'_>) -> String {
    let location = error.absolute_keyword_location().map(|uri| uri.as_str().to_owned());
    let fragment = location.as_deref().and_then(|uri| uri.strip_prefix(BASE_URI));
    let pointer = fragment.and_then(Pointer::parse);
    pointer.map(|pointer| pointer.to_plain()).unwrap_or_default()
}

/// Returns the validity that an error leaves: of `oneOf` and `anyOf`, that by the best branch.
fn error_validity(error: &ValidationError<'_>) -> Validity {
    match error.kind() {
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            Validity::Ambiguous { here: error.instance_path().as_str().is_empty() }
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let branches =
                context.iter().filter_map(|errors| errors.iter().map(error_validity).max());
            branches.min().unwrap_or(Validity::Invalid)
        }
        _ => Validity::Invalid,
    }
}

/// Returns the errors of the branch that accepts the value's type and constants, and of several
/// the one with the fewest errors.
fn closest_branch<'a>(
    branches: &'a [Vec<ValidationError<'static>>],
    pointer: &str,
) -> Option<&'a Vec<ValidationError<'static>>> {
    let rules_out = |error: &&ValidationError<'_>| {
        let relative = error.instance_path().as_str().strip_prefix(pointer).unwrap_or_default();
        let own_property = relative.matches('/').count() <= 1;
        match error.kind() {
            ValidationErrorKind::Constant { .. } => own_property,
            ValidationErrorKind::Enum { options } => {
                own_property && options.as_array().is_some_and(|options| options.len() == 1)
            }
            ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema => {
                relative.is_empty()
            }
            _ => false,
        }
    };
    let possible = branches.iter().filter(|errors| !errors.iter().any(|error| rules_out(&error)));
    possible.min_by_key(|errors| errors.len())
}
