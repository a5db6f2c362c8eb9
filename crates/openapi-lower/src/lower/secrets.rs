//! Recognizes secrets: passwords, tokens and other values that `Debug` must redact.
//!
//! A value is secret by `format: password`, by `writeOnly`, or by its name. Names are a heuristic
//! that prefers false positives: a redacted id does less harm than a password in a log.

use std::collections::HashSet;

use heck::ToSnakeCase;
use openapi_document::reference;
use serde_json::Value;

use crate::{collect::Collect, json, text_map::TextMap};

/// Words that end the name of a secret, in the singular.
const WORDS: [&str; 11] = [
    "apikey",
    "authorization",
    "cookie",
    "credential",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "token",
];

/// Words before `key` in the name of a secret, unlike `publicKey` and `primaryKey`.
const KEYS: [&str; 6] = ["access", "api", "encryption", "private", "secret", "signing"];

/// Words that may follow the name of a secret: `credentialData`, `cookieValue`, `passwordHash`.
const CONTENTS: [&str; 3] = ["data", "hash", "value"];

/// Words before `token` in the name of a position in a list, which isn't secret.
const POSITIONS: [&str; 6] = ["continuation", "cursor", "next", "page", "previous", "sync"];

/// Words before `url`, `uri` or `link` in the name of one that carries a token: whoever has it
/// needs no other credential.
const LINKS: [&str; 7] = ["invitation", "invite", "magic", "presigned", "reset", "share", "signed"];

/// The component schemas that decide whether a property or parameter is secret, each found once.
#[derive(Default)]
pub(super) struct Secrets {
    /// Those with a value of the format `password`.
    marked: HashSet<String>,
    /// Those that can contain free text.
    textual: HashSet<String>,
}

impl Secrets {
    /// Examines the component schemas of a document.
    pub(super) fn new(root: &Value) -> Self {
        let schemas = json::members(root.pointer("/components/schemas"));
        Self {
            marked: leading_to(schemas.clone(), is_marked),
            textual: leading_to(schemas, may_hold_text),
        }
    }

    /// Whether `Debug` must redact a property or parameter.
    pub(super) fn is_secret(&self, name: &str, schema: &Value) -> bool {
        is_marked(schema, &mut |target| self.marked.contains(target))
            || may_hold_text(schema, &mut |target| self.textual.contains(target))
                && (is_write_only(schema) || names_a_secret(name))
    }
}

/// Decides something about a schema; the function decides it about a component.
type Examination = fn(&Value, &mut dyn FnMut(&str) -> bool) -> bool;

/// The components of which `examine` is true, or which it asks about another such component.
fn leading_to(schemas: json::ObjectMembers<'_>, examine: Examination) -> HashSet<String> {
    let mut users: TextMap<String, Vec<&str>> = TextMap::new();
    let mut pending = Vec::new();
    for (name, schema) in schemas {
        let is_own = examine(schema, &mut |target| {
            users.or_default(target.to_owned()).push(name);
            false
        });
        pending.extend(is_own.then_some(name.as_str()));
    }
    let mut found = HashSet::new();
    while let Some(name) = pending.pop() {
        if found.insert(name.to_owned()) {
            pending.extend(users.get(name).into_iter().flatten());
        }
    }
    found
}

fn is_write_only(schema: &Value) -> bool {
    schema.get("writeOnly") == Some(&Value::Bool(true))
}

/// Whether a value has the format `password`, or is a list, map or union of such values.
fn is_marked(schema: &Value, of_component: &mut dyn FnMut(&str) -> bool) -> bool {
    if schema.get("format").is_some_and(|format| format == "password") {
        return true;
    }
    if let Some(target) = reference::target(schema) {
        return of_component(&target);
    }
    let mut contained = members(schema);
    contained.extend(["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)));
    contained.into_iter().any(|schema| is_marked(schema, of_component))
}

/// Whether a value can contain free text. Numbers, booleans and enums can't.
fn may_hold_text(schema: &Value, of_component: &mut dyn FnMut(&str) -> bool) -> bool {
    if let Some(target) = reference::target(schema) {
        return of_component(&target);
    }
    if schema.get("enum").is_some() {
        return false;
    }
    let members = members(schema);
    if !members.is_empty() {
        return members.into_iter().any(|member| may_hold_text(member, of_component));
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean" | "integer" | "number" | "null") => false,
        Some("array") => schema.get("items").is_none_or(|items| may_hold_text(items, of_component)),
        _ => true,
    }
}

/// The members of `allOf`, `anyOf` and `oneOf`.
fn members(schema: &Value) -> Vec<&Value> {
    let mut members = Vec::new();
    for list in ["allOf", "anyOf", "oneOf"] {
        members.extend(json::items(schema.get(list)));
    }
    members
}

/// Whether a name is that of a secret, in any naming convention.
fn names_a_secret(name: &str) -> bool {
    let name = name.to_snake_case();
    let words: Vec<&str> = name
        .split('_')
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect_vec();
    let mut words: &[&str] = &words;
    // `password2`, `password_2`
    while let [before @ .., ""] = words {
        words = before;
    }
    if let [before @ .., last] = words
        && !before.is_empty()
        && is_one_of(&CONTENTS, last)
    {
        words = before;
    }
    match words {
        [.., before, last] if is_one_of(&["token"], last) => !POSITIONS.contains(before),
        [.., before, last] if is_one_of(&["key"], last) => KEYS.contains(before),
        [.., before, last] if is_one_of(&["link", "uri", "url"], last) => LINKS.contains(before),
        [.., last] => is_one_of(&WORDS, last),
        [] => false,
    }
}

/// Whether `word` is one of these or its plural.
fn is_one_of(words: &[&str], word: &str) -> bool {
    words.contains(&word) || word.strip_suffix('s').is_some_and(|word| words.contains(&word))
}
