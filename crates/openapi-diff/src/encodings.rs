//! Comparison of `encoding`: how the parts of forms are written (OpenAPI 3.1, Encoding Object).

use std::collections::BTreeSet;

use openapi_document::{Pointer, json_type::declared, media_type::essence};
use serde_json::{Map, Value};

use crate::{
    media_types::form_media_types, operation_pair::OperationPair, resolver::Resolver, rules as r,
    schemas::Schemas,
};

/// A form of one document.
struct Form<'a> {
    resolver: &'a Resolver<'a>,
    /// The media type object, and its pointer.
    media_type: &'a Map<String, Value>,
    pointer: Pointer,
}

/// Compares how both operations write the parts of their forms.
pub(crate) fn compare(pair: &mut OperationPair, old: &Schemas, new: &Schemas) {
    let (Some((old_body, old_value)), Some((new_body, new_value))) =
        (&pair.old.body, &pair.new.body)
    else {
        return;
    };
    let place = |body: &Pointer, name: &str| body.join("content").join(name);
    let forms = form_media_types(old_value, new_value)
        .into_iter()
        .map(|(old_name, new_name)| (place(old_body, &old_name), place(new_body, &new_name)));
    for (old_place, new_place) in forms.collect::<Vec<_>>() {
        let old = Form::new(&old.resolver, old_place);
        let new = Form::new(&new.resolver, new_place);
        if let (Some(old), Some(new)) = (old, new) {
            compare_forms(pair, &old, &new);
        }
    }
}

/// Compares how the parts of two forms are written.
fn compare_forms(pair: &mut OperationPair, old: &Form<'_>, new: &Form<'_>) {
    let names: BTreeSet<&String> = old.encodings().chain(new.encodings()).collect();
    for name in names {
        // A part that only one of them has is another change.
        if old.part(name).is_none() || new.part(name).is_none() {
            continue;
        }
        let (old_types, new_types) = (old.content_types(name), new.content_types(name));
        let is_written_alike = old.layout(name) == new.layout(name);
        // Deployed programs write the first type.
        let is_accepted = old_types == new_types
            || old_types
                .first()
                .is_some_and(|written| new_types.iter().any(|one| includes(one, written)));
        if is_accepted && is_written_alike {
            continue;
        }
        let values = (Some(old.describe(name)), Some(new.describe(name)));
        let message = format!("part `{name}`: encoding changed");
        let pointers = (Some(old.place(name)), Some(new.place(name)));
        pair.record_at(r::BODY_ENCODING_CHANGED, pointers, message, values);
    }
}

impl<'a> Form<'a> {
    fn new(resolver: &'a Resolver<'a>, pointer: Pointer) -> Option<Self> {
        let media_type = resolver.value(&pointer)?.as_object()?;
        Some(Self { resolver, media_type, pointer })
    }

    /// The names of the parts with an encoding.
    fn encodings(&self) -> impl Iterator<Item = &'a String> {
        let encodings = self.media_type.get("encoding").and_then(Value::as_object);
        encodings.into_iter().flat_map(Map::keys)
    }

    fn encoding(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.media_type.get("encoding")?.get(name)?.as_object()
    }

    /// The pointer to the schema of a part.
    fn part(&self, name: &str) -> Option<Pointer> {
        let schema = self.resolver.resolve_schema(&self.pointer.join("schema"));
        let part = schema.join("properties").join(name);
        self.resolver.value(&part).is_some().then_some(part)
    }

    /// The media types that a part may have: the declared ones, or the default of its type.
    fn content_types(&self, name: &str) -> Vec<String> {
        let declared = self.encoding(name).and_then(|one| one.get("contentType")?.as_str());
        match declared {
            Some(declared) => declared.split(',').map(essence).collect(),
            None => self.part(name).and_then(|part| self.default_type(&part)).into_iter().collect(),
        }
    }

    fn default_type(&self, part: &Pointer) -> Option<String> {
        let schema = self.resolver.resolve_schema(part);
        let map = self.resolver.value(&schema)?.as_object()?;
        let types: Vec<&str> = declared(map).into_iter().filter(|ty| *ty != "null").collect();
        let is_binary = map.get("format").is_some_and(|format| format == "binary");
        Some(match types.as_slice() {
            ["string"] if is_binary => "application/octet-stream".to_owned(),
            ["string" | "integer" | "number" | "boolean"] => "text/plain".to_owned(),
            ["array"] => return self.default_type(&schema.join("items")),
            ["object"] => "application/json".to_owned(),
            _ => return None,
        })
    }

    /// The other keywords that determine how a part is written.
    fn layout(&self, name: &str) -> [Option<&'a Value>; 3] {
        let encoding = self.encoding(name);
        let is_form = encoding.and_then(|one| one.get("style")).is_none_or(|style| style == "form");
        ["style", "explode", "allowReserved"].map(|keyword| {
            let is_default = |value: &&Value| match keyword {
                "style" => **value == "form",
                "explode" => **value == is_form,
                _ => **value == false,
            };
            // In multipart forms, a style turns the media type off.
            let is_multipart =
                self.pointer.segments().last().is_some_and(|name| name.starts_with("multipart"));
            encoding?.get(keyword).filter(|value| is_multipart || !is_default(value))
        })
    }

    fn describe(&self, name: &str) -> String {
        let layout = self.layout(name).into_iter().flatten().map(Value::to_string);
        self.content_types(name).into_iter().chain(layout).collect::<Vec<_>>().join(", ")
    }

    /// The pointer to the encoding of a part; to the form if it has none.
    fn place(&self, name: &str) -> Pointer {
        match self.encoding(name) {
            Some(_) => self.pointer.join("encoding").join(name),
            None => self.pointer.clone(),
        }
    }
}

/// Whether a media type or range includes a media type.
fn includes(range: &str, media_type: &str) -> bool {
    match range.strip_suffix('*') {
        Some("*/") => true,
        Some(prefix) => media_type.starts_with(prefix),
        None => range == media_type,
    }
}
