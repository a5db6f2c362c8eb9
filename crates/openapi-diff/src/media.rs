//! Media types: the one that the client sends or reads, and what becomes of the others.

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Map, Value};

use crate::{notes::Texts, operation::Parameter, rules::Rule};

/// The media types of a body.
pub(crate) struct Media<'a>(Vec<&'a str>);

/// What a media type means for the Rust type of a body, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Json,
    Multipart,
    Urlencoded,
    Text,
    Bytes,
}

impl Class {
    fn of(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            json if is_json(json) => Self::Json,
            "multipart/form-data" => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Urlencoded,
            text if text.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// The rules that a change of media types goes by.
pub(crate) struct Rules {
    /// The Rust type changes.
    pub(crate) kind: &'static Rule,
    /// The Rust type stays.
    pub(crate) media_type: &'static Rule,
    /// Those that the client doesn't use.
    pub(crate) others: &'static Rule,
}

impl<'a> Media<'a> {
    /// Those of a request body or an answer.
    pub(crate) fn of(value: &'a Map<String, Value>) -> Self {
        let content = value.get("content").and_then(Value::as_object);
        Self(content.into_iter().flat_map(Map::keys).map(String::as_str).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a body has a type of its own.
    pub(crate) fn is_typed(&self) -> bool {
        self.used().is_some_and(|media_type| Class::of(media_type) <= Class::Text)
    }

    /// The one that the client sends or reads. Of several that are alike it is the plain one, then
    /// the first by name: the order of keys means nothing.
    fn used(&self) -> Option<&'a str> {
        let rank = |media_type: &&str| {
            let essence = essence(media_type);
            (Class::of(media_type), essence != "application/json", essence)
        };
        self.0.iter().copied().min_by_key(rank)
    }

    /// The one that the client sends or reads, for the eye.
    pub(crate) fn name(&self) -> Option<String> {
        self.used().map(str::to_owned)
    }

    fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.iter().map(|media_type| essence(media_type)).collect();
        all.sort_unstable();
        all
    }
}

/// Compares the media types of two bodies.
pub(crate) fn compare(old: &Media, new: &Media, rules: &Rules) -> Option<(&'static Rule, Texts)> {
    let (was, is) = (old.used().map(essence), new.used().map(essence));
    let rule = match (&was, &is) {
        (Some(was), Some(is)) if Class::of(was) != Class::of(is) => rules.kind,
        // What deployed programs use is still among them.
        (Some(was), _) if !new.all().contains(was) => rules.media_type,
        _ if old.all() != new.all() => rules.others,
        _ => return None,
    };
    Some((rule, (Some(old.all().join(", ")), Some(new.all().join(", ")))))
}

/// The schemas of two bodies, where one has one; the other is anything.
pub(crate) fn schemas(
    (old_at, old): (&Pointer, &Map<String, Value>),
    (new_at, new): (&Pointer, &Map<String, Value>),
) -> Option<(Pointer, Pointer)> {
    let (was, is) = (Media::of(old).used()?, Media::of(new).used()?);
    if Class::of(was) != Class::of(is) {
        return None;
    }
    let place = |at: &Pointer, media_type| at.join("content").join(media_type).join("schema");
    let has = |value: &Map<String, Value>, media_type| {
        let media = value.get("content").and_then(|content| content.get(media_type));
        media.is_some_and(|media| media.get("schema").is_some())
    };
    let either = has(old, was) || has(new, is);
    either.then(|| (place(old_at, was), place(new_at, is)))
}

/// The schema of a parameter, which may stand in its content.
pub(crate) fn of_parameter(parameter: &Parameter) -> Pointer {
    let content = parameter.value.get("content").and_then(Value::as_object);
    match content.and_then(|content| content.keys().next()) {
        Some(media_type) => parameter.at.join("content").join(media_type).join("schema"),
        None => parameter.at.join("schema"),
    }
}
