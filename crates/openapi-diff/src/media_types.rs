//! Comparison of the media types of request and response bodies.

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Map, Value};

use crate::{operation::Parameter, operation_changes::Values, rules::Rule};

/// The media types of a body.
pub(crate) struct MediaTypes<'a>(Vec<&'a str>);

/// The kind of a body, which determines its Rust type. The client prefers earlier kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BodyKind {
    Json,
    Multipart,
    Urlencoded,
    Text,
    Bytes,
}

impl BodyKind {
    fn from_media_type(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            json if is_json(json) => Self::Json,
            "multipart/form-data" => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Urlencoded,
            text if text.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// The rules for changes of media types.
pub(crate) struct MediaTypeRules {
    /// For another kind of body.
    pub(crate) kind: &'static Rule,
    /// For another media type of the same kind.
    pub(crate) media_type: &'static Rule,
    /// For media types that the client doesn't use.
    pub(crate) unused: &'static Rule,
}

impl<'a> MediaTypes<'a> {
    /// The media types of a request body or response: the keys of `content`.
    pub(crate) fn new(body: &'a Map<String, Value>) -> Self {
        let content = body.get("content").and_then(Value::as_object);
        Self(content.into_iter().flat_map(Map::keys).map(String::as_str).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the Rust type of the body is other than bytes.
    pub(crate) fn is_typed(&self) -> bool {
        self.preferred()
            .is_some_and(|media_type| BodyKind::from_media_type(media_type) <= BodyKind::Text)
    }

    /// The media type that the client sends or requests.
    ///
    /// Of several JSON types it is `application/json`, else the first in alphabetical order: the
    /// order of keys has no meaning.
    fn preferred(&self) -> Option<&'a str> {
        let rank = |media_type: &&'a str| {
            let essence = essence(media_type);
            let is_other = essence != "application/json";
            (BodyKind::from_media_type(media_type), is_other, essence, *media_type)
        };
        self.0.iter().copied().min_by_key(rank)
    }

    /// The media type that the client sends or requests, for display.
    pub(crate) fn display(&self) -> Option<String> {
        self.preferred().map(str::to_owned)
    }

    /// All media types without parameters, sorted.
    pub(crate) fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.iter().map(|media_type| essence(media_type)).collect();
        all.sort_unstable();
        all
    }
}

/// Compares the media types of two bodies.
pub(crate) fn compare(
    old: &MediaTypes,
    new: &MediaTypes,
    rules: &MediaTypeRules,
) -> Option<(&'static Rule, Values)> {
    let (old_preferred, new_preferred) = (old.preferred(), new.preferred());
    let rule = match (old_preferred.map(essence), new_preferred.map(essence)) {
        (Some(old), Some(new))
            if BodyKind::from_media_type(&old) != BodyKind::from_media_type(&new) =>
        {
            rules.kind
        }
        (Some(old), _) if !new.all().contains(&old) => rules.media_type,
        _ if old.all() != new.all() => rules.unused,
        _ => return None,
    };
    Some((rule, (Some(old.all().join(", ")), Some(new.all().join(", ")))))
}

/// The schemas of two bodies of the same kind, if at least one has a schema.
pub(crate) fn body_schemas(
    (old_pointer, old): (&Pointer, &Map<String, Value>),
    (new_pointer, new): (&Pointer, &Map<String, Value>),
) -> Option<(Pointer, Pointer)> {
    let old_type = MediaTypes::new(old).preferred()?;
    let new_type = MediaTypes::new(new).preferred()?;
    if BodyKind::from_media_type(old_type) != BodyKind::from_media_type(new_type) {
        return None;
    }
    schemas_of((old_pointer, old, old_type), (new_pointer, new, new_type))
}

/// The schemas of a media type of each body, if at least one has a schema.
fn schemas_of(
    (old_pointer, old, old_type): (&Pointer, &Map<String, Value>, &str),
    (new_pointer, new, new_type): (&Pointer, &Map<String, Value>, &str),
) -> Option<(Pointer, Pointer)> {
    let has_schema = |body: &Map<String, Value>, media_type| {
        let media = body.get("content").and_then(|content| content.get(media_type));
        media.is_some_and(|media| media.get("schema").is_some())
    };
    let has_any = has_schema(old, old_type) || has_schema(new, new_type);
    has_any.then(|| (schema_at(old_pointer, old_type), schema_at(new_pointer, new_type)))
}

/// The pointer of the schema of a media type.
fn schema_at(body: &Pointer, media_type: &str) -> Pointer {
    body.join("content").join(media_type).join("schema")
}

/// The schemas of the media types that both bodies have and the client doesn't use.
pub(crate) fn unused_schemas<'a>(
    (old_pointer, old): (&'a Pointer, &'a Map<String, Value>),
    (new_pointer, new): (&'a Pointer, &'a Map<String, Value>),
) -> impl Iterator<Item = (Pointer, Pointer)> + 'a {
    let (old_types, new_types) = (MediaTypes::new(old), MediaTypes::new(new));
    let used = [old_types.preferred(), new_types.preferred()];
    old_types.0.into_iter().filter_map(move |name| {
        let alike = || new_types.0.iter().find(|other| essence(other) == essence(name));
        let other = new_types.0.iter().find(|other| **other == name).or_else(alike)?;
        if used.contains(&Some(name)) && used.contains(&Some(other)) {
            return None;
        }
        schemas_of((old_pointer, old, name), (new_pointer, new, other))
    })
}

/// The media types of two bodies that are forms of the same kind.
pub(crate) fn form_media_types(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Option<(String, String)> {
    let (old, new) = (MediaTypes::new(old).preferred()?, MediaTypes::new(new).preferred()?);
    let kind = BodyKind::from_media_type(old);
    let is_form = matches!(kind, BodyKind::Multipart | BodyKind::Urlencoded);
    let is_one = kind == BodyKind::from_media_type(new);
    (is_form && is_one).then(|| (old.to_owned(), new.to_owned()))
}

/// The schema of the media type that the client sends or requests.
pub(crate) fn schema(pointer: &Pointer, body: &Map<String, Value>) -> Option<Pointer> {
    Some(schema_at(pointer, MediaTypes::new(body).preferred()?))
}

/// The schema of a parameter: in `schema`, or in its `content`.
pub(crate) fn parameter_schema(parameter: &Parameter) -> Pointer {
    let content = parameter.value.get("content").and_then(Value::as_object);
    match content.and_then(|content| content.keys().next()) {
        Some(media_type) => schema_at(&parameter.pointer, media_type),
        None => parameter.pointer.join("schema"),
    }
}
