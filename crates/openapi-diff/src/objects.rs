//! Objects: their properties, which are required, and those without a name.

use openapi_document::Pointer;

use crate::{
    describe::described,
    finding::{Finding, both},
    node::{AdditionalProperties, Object},
    place::Place,
    rules::{self as r, Rule},
    schemas::Schemas,
    sides::Sides,
};

/// Compares two objects: what changed, and the schemas of the properties that both have.
pub(crate) fn compare(
    sides: &Sides,
    (old, new): (&Object, &Object),
    places: (&Pointer, &Pointer),
) -> (Vec<Finding>, Vec<(Place, Place)>) {
    let (mut findings, mut below) = (Vec::new(), Vec::new());
    let mut note =
        |(request, response): (&'static Rule, &'static Rule), old, new, message, was, is| {
            findings.push(Finding {
                request: Some(request),
                response: Some(response),
                old,
                new,
                message,
                was,
                is,
            });
        };
    let types = |schemas: &Schemas, places: &[Pointer]| {
        described(&schemas.node(&Place::of_all(places)), schemas)
    };
    let last = |places: &[Pointer]| places.last().cloned().unwrap_or_default();
    for (name, said) in &old.properties {
        if new.properties.contains_key(name) {
            continue;
        }
        let rules = (r::REQUEST_PROPERTY_REMOVED, r::RESPONSE_PROPERTY_REMOVED);
        let message = format!("{} is gone", sides.old_subject(&last(said)));
        let was = Some(types(&sides.old, said));
        note(rules, Some(last(said)), Some(places.1.clone()), message, was, None);
    }
    for (name, said) in &new.properties {
        let at = &last(said);
        let required = new.required.get(name);
        let Some(before) = old.properties.get(name) else {
            let (request, adverb) = match required {
                Some(_) => (r::REQUEST_PROPERTY_REQUIRED_ADDED, " and required"),
                None => (r::REQUEST_PROPERTY_ADDED, ""),
            };
            let rules = (request, r::RESPONSE_PROPERTY_ADDED);
            let message = format!("{} is new{adverb}", sides.subject(at));
            note(
                rules,
                Some(places.0.clone()),
                Some(at.clone()),
                message,
                None,
                Some(types(&sides.new, said)),
            );
            continue;
        };
        let pair = (Place::of_all(before), Place::of_all(said));
        let filled_in = sides.old.node(&pair.0).facets.get("default").is_some();
        below.push(pair);
        let ends = (Some(last(before)), Some(at.clone()));
        match (old.required.get(name), required) {
            (Some(_), None) => note(
                (r::REQUEST_PROPERTY_OPTIONAL, r::RESPONSE_PROPERTY_OPTIONAL),
                ends.0,
                ends.1,
                format!("{} isn't required any more", sides.subject(at)),
                Some("required".to_owned()),
                Some("optional".to_owned()),
            ),
            (None, Some(_)) => {
                let response = match filled_in {
                    true => r::RESPONSE_DEFAULTED_PROPERTY_REQUIRED,
                    false => r::RESPONSE_PROPERTY_REQUIRED,
                };
                note(
                    (r::REQUEST_PROPERTY_REQUIRED, response),
                    ends.0,
                    ends.1,
                    format!("{} is required", sides.subject(at)),
                    Some("optional".to_owned()),
                    Some("required".to_owned()),
                );
            }
            _ => {}
        }
    }
    if let (AdditionalProperties::Schema(old), AdditionalProperties::Schema(new)) =
        (&old.extra, &new.extra)
    {
        below.push((Place::at(old.clone()), Place::at(new.clone())));
    } else if let Some(rules) = extra(old, new) {
        let message = format!("properties of {} without a name", sides.subject(places.1));
        let texts = (words(&old.extra).to_owned(), words(&new.extra).to_owned());
        let place = |extra: &AdditionalProperties, otherwise: &Pointer| match extra {
            AdditionalProperties::Unspecified => otherwise.clone(),
            AdditionalProperties::Forbidden(at)
            | AdditionalProperties::Any(at)
            | AdditionalProperties::Schema(at) => at.clone(),
        };
        note(
            rules,
            Some(place(&old.extra, places.0)),
            Some(place(&new.extra, places.1)),
            message,
            Some(texts.0),
            Some(texts.1),
        );
    }
    (findings, below)
}

/// What it means that properties without a name may, or may not, be there.
fn extra(old: &Object, new: &Object) -> Option<(&'static Rule, &'static Rule)> {
    // An object without any property that is named is a map, whether it says so or not.
    let maps = old.properties.is_empty() && new.properties.is_empty();
    let has_field = |extra: &AdditionalProperties| match extra {
        AdditionalProperties::Any(_) | AdditionalProperties::Schema(_) => true,
        AdditionalProperties::Unspecified => maps,
        AdditionalProperties::Forbidden(_) => false,
    };
    let (old, new) = (&old.extra, &new.extra);
    let like = |extra: &AdditionalProperties| matches!(extra, AdditionalProperties::Schema(_));
    match (has_field(old), has_field(new)) {
        (false, true) => Some(both(r::ADDITIONAL_PROPERTIES_ADDED)),
        (true, false) => Some((
            r::REQUEST_ADDITIONAL_PROPERTIES_REMOVED,
            r::RESPONSE_ADDITIONAL_PROPERTIES_REMOVED,
        )),
        // Any value against values of a type.
        (true, true) if like(old) != like(new) => Some(both(r::TYPE_CHANGED)),
        (true, true) => None,
        (false, false) => match (old, new) {
            (AdditionalProperties::Unspecified, AdditionalProperties::Unspecified)
            | (AdditionalProperties::Forbidden(_), AdditionalProperties::Forbidden(_)) => None,
            _ => Some(both(r::ADDITIONAL_PROPERTIES_CHANGED)),
        },
    }
}

fn words(extra: &AdditionalProperties) -> &'static str {
    match extra {
        AdditionalProperties::Unspecified => "not mentioned",
        AdditionalProperties::Forbidden(_) => "forbidden",
        AdditionalProperties::Any(_) => "any value",
        AdditionalProperties::Schema(_) => "values of a type",
    }
}
