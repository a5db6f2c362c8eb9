//! Sequential media types: the schema of an item takes the place of that of the whole content.
//!
//! In OpenAPI 3.2 it is `itemSchema`. In 3.1 it is `schema`, or that of the items if `schema` is an
//! array.

use std::{collections::BTreeSet, iter};

use openapi_document::{
    MAX_DEPTH, Pointer,
    media_type::{Sequence, is_json},
    reference,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

use super::{diagnostics::Diagnostics, schema::component};
use crate::{ir::StreamFormat, json};

/// The extension of a media type with the kind of items of server-sent events.
const ITEMS: &str = "x-event-items";

/// The properties of the object that describes a server-sent event (OpenAPI 3.2, section 4.14.4).
const EVENT: [&str; 4] = ["event", "data", "id", "retry"];

/// Puts the schemas of items in the place of `schema`.
pub(super) fn normalize(root: &mut Value, diagnostics: &mut Diagnostics) {
    let (mut found, mut events) = (Vec::new(), Vec::new());
    walk::nodes(root, &mut |kind, value, position| {
        if kind == Kind::MediaType && value.is_object() {
            found.push(position.pointer());
        }
    });
    for at in found {
        // A component has a name, not a media type.
        if matches!(at.segments(), [components, kind, _] if components == "components" && kind == "mediaTypes")
        {
            continue;
        }
        let Some(media_type) = referenced(root, &at) else { continue };
        let sequence = at.segments().last().and_then(|name| Sequence::from_media_type(name));
        let mut changed = media_type.clone();
        changed.shift_remove(ITEMS);
        let own = changed.shift_remove("itemSchema");
        if own.is_some() && sequence.is_none() {
            let message = "ignored: the media type isn't a sequential one that is known";
            diagnostics.warn(&at.join("itemSchema"), message);
        }
        let mut is_event = false;
        if let Some(sequence) = sequence {
            let schema = own.or_else(|| items_of(root, media_type));
            if sequence == Sequence::ServerSentEvents {
                let format = event_format(root, schema.as_ref());
                is_event = format == "event";
                changed.insert(ITEMS.to_owned(), json!(format));
            }
            match schema {
                Some(schema) => changed.insert("schema".to_owned(), schema),
                None => changed.shift_remove("schema"),
            };
        }
        if let Some(place) = root.pointer_mut(&at.to_plain()) {
            *place = Value::Object(changed);
        }
        if is_event {
            events.push(at.join("schema"));
        }
    }
    decode_contents(root, events, diagnostics);
}

/// The Media Type Object at a place, or the one that it refers to (OpenAPI 3.2).
fn referenced<'a>(root: &'a Value, at: &Pointer) -> Option<&'a Map<String, Value>> {
    let mut media_type = at.resolve(root)?;
    for _ in 0..MAX_DEPTH {
        let target = media_type.get("$ref").and_then(Value::as_str).and_then(Pointer::parse);
        match target.and_then(|target| target.resolve(root)) {
            Some(target) => media_type = target,
            None => break,
        }
    }
    media_type.as_object()
}

/// The format of a stream of this media type.
pub(super) fn format(media_type: &str, value: &Value) -> Option<StreamFormat> {
    Some(match Sequence::from_media_type(media_type)? {
        Sequence::ServerSentEvents => match value.get(ITEMS).and_then(Value::as_str) {
            Some("text") => StreamFormat::EventText,
            Some("event") => StreamFormat::Event,
            Some("text event") => StreamFormat::TextEvent,
            _ => StreamFormat::EventData,
        },
        Sequence::JsonTextSequence => StreamFormat::JsonSequence,
        _ => StreamFormat::JsonLines,
    })
}

/// Whether a format is one of server-sent events.
pub(super) fn is_events(format: StreamFormat) -> bool {
    !matches!(format, StreamFormat::JsonLines | StreamFormat::JsonSequence)
}

/// The schema of the items by `schema`.
fn items_of(root: &Value, media_type: &Map<String, Value>) -> Option<Value> {
    let schema = media_type.get("schema")?;
    let resolved = resolve(root, schema);
    let is_list = match resolved.get("type") {
        Some(Value::Array(types)) => {
            types.iter().any(|one| one == "array")
                && types.iter().all(|one| one == "array" || one == "null")
        }
        one => one.is_some_and(|one| one == "array"),
    };
    Some(resolved.get("items").filter(|_| is_list).unwrap_or(schema).clone())
}

/// The kind of the items of server-sent events.
///
/// A schema describes the whole event if it has the property `data` and no others than those of an
/// event; otherwise it describes the data.
fn event_format(root: &Value, schema: Option<&Value>) -> &'static str {
    let Some(schema) = schema else { return "text event" };
    let mut shape = EventShape::default();
    shape.collect(root, schema, 0);
    let is_event = shape.properties.iter().all(|name| EVENT.contains(&name.as_str()));
    if shape.properties.contains("data") && is_event {
        return if shape.has_json { "event" } else { "text event" };
    }
    if is_text(root, schema) { "text" } else { "data" }
}

/// The properties of a schema and of the members of its compositions.
#[derive(Default)]
struct EventShape {
    properties: BTreeSet<String>,
    /// The components that were read.
    components: BTreeSet<String>,
    /// Whether the schema of `data` is another one than text.
    has_json: bool,
}

impl EventShape {
    fn collect(&mut self, root: &Value, schema: &Value, depth: usize) {
        // Compositions of an event are flat.
        if depth > 8 {
            self.properties.insert(String::new());
            return;
        }
        if let Some(name) = reference::target(schema)
            && !self.components.insert(name)
        {
            return;
        }
        let resolved = resolve(root, schema);
        for (name, property) in json::members(resolved.get("properties")) {
            self.has_json |= name == "data" && !is_text(root, property);
            self.properties.insert(name.clone());
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let members = json::items(resolved.get(key));
            members.iter().for_each(|one| self.collect(root, one, depth + 1));
        }
    }
}

/// Whether values of a schema are text that isn't described as JSON.
fn is_text(root: &Value, schema: &Value) -> bool {
    let resolved = resolve(root, schema);
    let is_string = match resolved.get("type") {
        Some(Value::Array(types)) => types.iter().all(|one| one == "string" || one == "null"),
        Some(one) => one == "string",
        None => resolved.get("const").is_some_and(Value::is_string),
    };
    is_string && content_schema(resolved).is_none()
}

/// The schema of the JSON in a string (JSON Schema 2020-12, Validation, section 8.5).
fn content_schema(schema: &Value) -> Option<&Value> {
    let media_type = schema.get("contentMediaType")?.as_str()?;
    schema.get("contentSchema").filter(|_| is_json(media_type))
}

/// Replaces `data` of events by the JSON in it, in the schemas of items and in the components that
/// only they refer to.
fn decode_contents(root: &mut Value, events: Vec<Pointer>, diagnostics: &mut Diagnostics) {
    let (mut pending, mut visited) = (events, BTreeSet::new());
    let mut contents = Vec::new();
    while let Some(at) = pending.pop() {
        let Some(schema) = at.resolve(root) else { continue };
        if !visited.insert(at.to_plain()) {
            continue;
        }
        if let Some(target) = reference::target(schema) {
            pending.push(Pointer::from_segments(["components", "schemas", &target]));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let members = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            pending.extend((0..members).map(|index| at.join(key).join(index)));
        }
        let data = at.join("properties").join("data");
        if let Some(content) = data.resolve(root).and_then(content_schema) {
            contents.push((data.clone(), content.clone()));
        }
    }
    if contents.is_empty() {
        return;
    }
    let mut used_elsewhere = BTreeSet::new();
    walk::nodes(root, &mut |kind, schema, position| {
        if kind == Kind::Schema
            && let Some(target) = reference::target(schema)
            && !visited.contains(&position.pointer().to_plain())
        {
            used_elsewhere.insert(target);
        }
    });
    for (data, content) in contents {
        let component = match data.segments() {
            [components, _, name, ..] if components == "components" => Some(name),
            _ => None,
        };
        if component.is_some_and(|name| used_elsewhere.contains(name)) {
            let message = "`contentSchema` is ignored: the schema isn't used for events only";
            diagnostics.warn(&data, message);
        } else if let Some(place) = root.pointer_mut(&data.to_plain()) {
            *place = content;
        }
    }
}

/// Follows references to components.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let targets = iter::successors(Some(schema), |schema| component(root, schema));
    targets.take(MAX_DEPTH + 1).last().unwrap_or(schema)
}
