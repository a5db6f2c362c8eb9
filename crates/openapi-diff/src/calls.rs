//! What an operation takes and answers: parameters, bodies, statuses.

use std::collections::BTreeSet;

use openapi_document::Pointer;
use serde_json::{Map, Value};

use crate::{
    direction::Direction,
    finding::shown,
    media::{self, Media},
    notes::{Notes, Texts},
    operation::{Operation, Parameter, Response},
    rules::{self as r, Rule},
    schemas::Schemas,
    styles::style,
};

/// The same operation in two documents.
pub(crate) struct Pair<'p, 'v> {
    pub(crate) old: &'p Operation<'v>,
    pub(crate) new: &'p Operation<'v>,
    pub(crate) found: &'p mut Notes,
}

impl<'p, 'v> Pair<'p, 'v> {
    /// Notes a change of something that both operations have, below them.
    pub(crate) fn note(
        &mut self,
        rule: &'static Rule,
        below: &str,
        message: impl Into<String>,
        texts: Texts,
    ) {
        let places = (Some(self.old.said(below)), Some(self.new.said(below)));
        self.note_at(rule, places, message, texts);
    }

    fn note_at(
        &mut self,
        rule: &'static Rule,
        places: (Option<Pointer>, Option<Pointer>),
        message: impl Into<String>,
        texts: Texts,
    ) {
        self.found.note(rule, &self.new.id, places, message, texts);
    }

    /// Notes prose that isn't the same, once for all of it.
    pub(crate) fn prose(
        &mut self,
        rule: &'static Rule,
        what: &str,
        (old, new): (&Map<String, Value>, &Map<String, Value>),
        (old_at, new_at): (&Pointer, &Pointer),
        keywords: &[&str],
    ) {
        let said = |map: &Map<String, Value>, keyword: &str| {
            let value = map.get(keyword).filter(|value| !says_nothing(value))?;
            Some(value.as_str().map_or_else(|| value.clone(), |text| Value::from(text.trim())))
        };
        let Some(keyword) =
            keywords.iter().find(|keyword| said(old, keyword) != said(new, keyword))
        else {
            return;
        };
        let text = |map| said(map, keyword).as_ref().map(shown);
        let texts = (text(old), text(new));
        let places = (Some(old_at.join(keyword)), Some(new_at.join(keyword)));
        self.note_at(rule, places, format!("{what}: {keyword}"), texts);
    }

    /// The names of path parameters that belong together: the same ones, then the others in order.
    pub(crate) fn path_names(&self) -> Vec<(&'p str, &'p str)> {
        let (old, new) = (self.old.path_names(), self.new.path_names());
        let same = old.iter().filter(|name| new.contains(name)).map(|name| (*name, *name));
        let gone = old.iter().filter(|name| !new.contains(name));
        let come = new.iter().filter(|name| !old.contains(name));
        same.chain(gone.zip(come).map(|(was, is)| (*was, *is))).collect()
    }

    /// The parameters that belong together: by name and place, in paths by position, or, where a
    /// name moved, by name alone.
    fn paired(&self) -> Vec<(&'p Parameter<'v>, &'p Parameter<'v>)> {
        let (old, new) = (self.old, self.new);
        let names = self.path_names();
        let renamed = |name: &str| names.iter().find(|(was, _)| *was == name).map(|(_, is)| *is);
        let mut pairs = Vec::new();
        for one in &old.parameters {
            let name = match one.place.as_str() {
                "path" => renamed(&one.name).unwrap_or(&one.name),
                _ => &one.name,
            };
            let at = |place: &str| {
                new.parameters.iter().find(|other| other.name == name && other.place == place)
            };
            let elsewhere = || {
                let here = |other: &&Parameter| {
                    other.name == name
                        && !old
                            .parameters
                            .iter()
                            .any(|one| one.name == name && one.place == other.place)
                };
                new.parameters.iter().find(here)
            };
            if let Some(other) = at(&one.place).or_else(elsewhere) {
                pairs.push((one, other));
            }
        }
        pairs
    }

    pub(crate) fn parameters(&mut self) {
        let pairs = self.paired();
        let required =
            |parameter: &Parameter| parameter.value.get("required") == Some(&Value::Bool(true));
        for one in &self.old.parameters {
            if !pairs.iter().any(|(old, _)| std::ptr::eq(*old, one)) {
                let places = (Some(one.at.clone()), Some(self.new.at.clone()));
                let message = format!("{} parameter `{}` is gone", one.place, one.name);
                self.note_at(r::PARAMETER_REMOVED, places, message, (Some(one.name.clone()), None));
            }
        }
        for other in &self.new.parameters {
            if !pairs.iter().any(|(_, new)| std::ptr::eq(*new, other)) {
                let (rule, adverb) = match required(other) {
                    true => (r::REQUIRED_PARAMETER_ADDED, " and required"),
                    false => (r::PARAMETER_ADDED, ""),
                };
                let places = (Some(self.old.at.clone()), Some(other.at.clone()));
                let message = format!("{} parameter `{}` is new{adverb}", other.place, other.name);
                self.note_at(rule, places, message, (None, Some(other.name.clone())));
            }
        }
        for (one, other) in pairs {
            let name = format!("parameter `{}`", other.name);
            let places = || (Some(one.at.clone()), Some(other.at.clone()));
            if one.place != other.place {
                let texts = (Some(one.place.clone()), Some(other.place.clone()));
                self.note_at(r::PARAMETER_MOVED, places(), format!("{name} is elsewhere"), texts);
            }
            let words = |parameter: &Parameter| {
                Some(if required(parameter) { "required" } else { "optional" }.to_owned())
            };
            match (required(one), required(other)) {
                (false, true) => {
                    let texts = (words(one), words(other));
                    let message = format!("{name} is required");
                    self.note_at(r::PARAMETER_REQUIRED, places(), message, texts);
                }
                (true, false) => {
                    let texts = (words(one), words(other));
                    let message = format!("{name} isn't required any more");
                    self.note_at(r::PARAMETER_OPTIONAL, places(), message, texts);
                }
                _ => {}
            }
            let deprecated = |parameter: &Parameter| {
                parameter.value.get("deprecated") == Some(&Value::Bool(true))
            };
            match (deprecated(one), deprecated(other)) {
                (false, true) => {
                    let message = format!("{name} is deprecated");
                    self.note_at(r::PARAMETER_DEPRECATED, places(), message, (None, None));
                }
                (true, false) => {
                    let message = format!("{name} isn't deprecated any more");
                    self.note_at(r::PARAMETER_UNDEPRECATED, places(), message, (None, None));
                }
                _ => {}
            }
            self.prose(
                r::PARAMETER_PROSE_CHANGED,
                &name,
                (one.value, other.value),
                (&one.at, &other.at),
                &["description", "example", "examples"],
            );
        }
    }

    /// Notes parameters that are written another way, where that has an effect.
    fn styles(&mut self, pairs: &[(&Parameter, &Parameter)], old: &Schemas, new: &Schemas) {
        for (one, other) in pairs {
            let (was, is) = (style(one, old), style(other, new));
            if was != is {
                let places = (Some(one.at.clone()), Some(other.at.clone()));
                let message = format!("parameter `{}` is written another way", other.name);
                self.note_at(r::PARAMETER_STYLE_CHANGED, places, message, (was, is));
            }
        }
    }

    pub(crate) fn body(&mut self) {
        let required = |body: &Map<String, Value>| body.get("required") == Some(&Value::Bool(true));
        let words =
            |required: bool| Some(if required { "required" } else { "optional" }.to_owned());
        match (&self.old.body, &self.new.body) {
            (None, None) => {}
            (None, Some((at, body))) => {
                let (rule, message) = match required(body) {
                    true => (r::REQUIRED_BODY_ADDED, "there is a body, and it is required"),
                    false => (r::BODY_ADDED, "there is a body, which may be left out"),
                };
                let places = (Some(self.old.at.clone()), Some(at.clone()));
                self.note_at(rule, places, message, (None, Media::of(body).name()));
            }
            (Some((at, body)), None) => {
                let places = (Some(at.clone()), Some(self.new.at.clone()));
                let texts = (Media::of(body).name(), None);
                self.note_at(r::BODY_REMOVED, places, "the body is gone", texts);
            }
            (Some((old_at, old)), Some((new_at, new))) => {
                let places = (Some(old_at.clone()), Some(new_at.clone()));
                let texts = (words(required(old)), words(required(new)));
                match (required(old), required(new)) {
                    (false, true) => {
                        self.note_at(r::BODY_REQUIRED, places, "the body is required", texts);
                    }
                    (true, false) => {
                        let message = "the body isn't required any more";
                        self.note_at(r::BODY_OPTIONAL, places, message, texts);
                    }
                    _ => {}
                }
                let rules = media::Rules {
                    kind: r::BODY_KIND_CHANGED,
                    media_type: r::BODY_MEDIA_TYPE_CHANGED,
                    others: r::BODY_MEDIA_TYPES_CHANGED,
                };
                self.media("the body", (old, new), (old_at, new_at), &rules);
                let keywords = ["description"];
                let (maps, ends) = ((*old, *new), (old_at, new_at));
                self.prose(r::BODY_PROSE_CHANGED, "the body", maps, ends, &keywords);
            }
        }
    }

    fn media(
        &mut self,
        what: &str,
        (old, new): (&Map<String, Value>, &Map<String, Value>),
        (old_at, new_at): (&Pointer, &Pointer),
        rules: &media::Rules,
    ) {
        if let Some((rule, texts)) = media::compare(&Media::of(old), &Media::of(new), rules) {
            let places = (Some(old_at.join("content")), Some(new_at.join("content")));
            self.note_at(rule, places, format!("{what} has other media types"), texts);
        }
    }

    /// The answers that belong together: by status, and the only success whatever its status.
    fn answers(&self) -> Vec<(&'p Response<'v>, &'p Response<'v>)> {
        let (old, new) = (&self.old.responses, &self.new.responses);
        let mut pairs: Vec<_> = old
            .iter()
            .filter_map(|one| Some((one, new.iter().find(|other| other.status == one.status)?)))
            .collect();
        let left = |responses: &'p [Response<'v>], taken: &dyn Fn(&Response) -> bool| {
            let left = responses.iter().filter(|one| one.status.starts_with('2') && !taken(one));
            left.collect::<Vec<_>>()
        };
        let gone = left(old, &|one| pairs.iter().any(|(old, _)| old.status == one.status));
        let come = left(new, &|one| pairs.iter().any(|(_, new)| new.status == one.status));
        if let ([one], [other]) = (gone.as_slice(), come.as_slice()) {
            pairs.push((one, other));
        }
        pairs
    }

    pub(crate) fn responses(&mut self) {
        let pairs = self.answers();
        for one in &self.old.responses {
            if !pairs.iter().any(|(old, _)| old.status == one.status) {
                let media = Media::of(one.value);
                let rule = match (one.is_success(), media.is_typed()) {
                    (true, _) => r::SUCCESS_REMOVED,
                    (false, true) => r::ERROR_BODY_REMOVED,
                    (false, false) => r::ERROR_STATUS_REMOVED,
                };
                let places = (Some(one.at.clone()), Some(self.new.at.join("responses")));
                let message = format!("answer {} is gone", one.status);
                self.note_at(rule, places, message, (media.name(), None));
            }
        }
        for other in &self.new.responses {
            if !pairs.iter().any(|(_, new)| new.status == other.status) {
                let media = Media::of(other.value);
                let rule = match (other.is_success(), media.is_typed()) {
                    (true, _) => r::SUCCESS_ADDED,
                    (false, true) => r::ERROR_BODY_ADDED,
                    (false, false) => r::ERROR_STATUS_ADDED,
                };
                let places = (Some(self.old.at.join("responses")), Some(other.at.clone()));
                let message = format!("answer {} is new", other.status);
                self.note_at(rule, places, message, (None, media.name()));
            }
        }
        for (one, other) in pairs {
            self.response(one, other);
        }
    }

    fn response(&mut self, one: &Response, other: &Response) {
        let places = || (Some(one.at.clone()), Some(other.at.clone()));
        if one.status != other.status {
            let texts = (Some(one.status.clone()), Some(other.status.clone()));
            let message = "the success has another status";
            self.note_at(r::SUCCESS_STATUS_CHANGED, places(), message, texts);
        }
        let what = format!("answer {}", other.status);
        let (was, is) = (Media::of(one.value), Media::of(other.value));
        let success = other.is_success();
        match (was.is_empty(), is.is_empty()) {
            (true, false) => {
                let rule = if success { r::SUCCESS_BODY_ADDED } else { r::ERROR_BODY_ADDED };
                self.note_at(rule, places(), format!("{what} has a body"), (None, is.name()));
            }
            (false, true) => {
                let rule = if success { r::SUCCESS_BODY_REMOVED } else { r::ERROR_BODY_REMOVED };
                let message = format!("{what} has no body any more");
                self.note_at(rule, places(), message, (was.name(), None));
            }
            _ => {
                let rules = media::Rules {
                    kind: r::RESPONSE_KIND_CHANGED,
                    media_type: r::RESPONSE_MEDIA_TYPE_CHANGED,
                    others: r::RESPONSE_MEDIA_TYPES_CHANGED,
                };
                let ends = (&one.at, &other.at);
                self.media(&what, (one.value, other.value), ends, &rules);
            }
        }
        let headers = |response: &Response| -> BTreeSet<String> {
            let headers = response.value.get("headers").and_then(Value::as_object);
            headers.into_iter().flat_map(Map::keys).map(|name| name.to_lowercase()).collect()
        };
        let (was, is) = (headers(one), headers(other));
        if was != is {
            let text =
                |names: BTreeSet<String>| Some(names.into_iter().collect::<Vec<_>>().join(", "));
            let message = format!("{what} has other headers");
            self.note_at(r::RESPONSE_HEADERS_CHANGED, places(), message, (text(was), text(is)));
        }
        let (maps, ends) = ((one.value, other.value), (&one.at, &other.at));
        self.prose(r::RESPONSE_PROSE_CHANGED, &what, maps, ends, &["description"]);
    }

    /// The schemas that belong together, and how they are used.
    pub(crate) fn schemas(
        &mut self,
        old: &Schemas,
        new: &Schemas,
    ) -> Vec<(Direction, (Pointer, Pointer))> {
        let parameters = self.paired();
        self.styles(&parameters, old, new);
        let mut schemas: Vec<_> = parameters
            .iter()
            .map(|(one, other)| {
                (Direction::Request, (media::of_parameter(one), media::of_parameter(other)))
            })
            .collect();
        let mut contents = |direction, (old_at, old), (new_at, new)| {
            if let Some(ends) = media::schemas((old_at, old), (new_at, new)) {
                schemas.push((direction, ends));
            }
        };
        if let (Some((old_at, old)), Some((new_at, new))) = (&self.old.body, &self.new.body) {
            contents(Direction::Request, (old_at, *old), (new_at, *new));
        }
        for (one, other) in self.answers() {
            contents(Direction::Response, (&one.at, one.value), (&other.at, other.value));
        }
        schemas
    }
}

impl Response<'_> {
    /// A 2xx, or a redirect: its target is what is asked for.
    fn is_success(&self) -> bool {
        self.status.starts_with('2') || self.status.starts_with('3')
    }
}

/// Prose that might as well not be there.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Null => true,
        _ => false,
    }
}
