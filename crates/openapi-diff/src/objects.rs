//! Comparison of objects: their properties, `required`, and additional properties.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    comparison::{Comparison, Purpose},
    describe::describe_schema,
    rules::{self as r, Rule},
    schema_diff::{SchemaDiff, in_both},
    schema_node::{AdditionalProperties, ObjectSchema, SchemaNode},
    schema_view::SchemaView,
    schemas::Schemas,
    value_sets::{Notation, inclusion},
};

/// Compares two objects at `pointers`. The schemas of common properties become children.
pub(crate) fn compare(
    comparison: &Comparison,
    (old, new): (&ObjectSchema, &ObjectSchema),
    pointers: (&Pointer, &Pointer),
    diff: &mut SchemaDiff,
) {
    let describe = |schemas: &Schemas, property: &[Pointer]| {
        describe_schema(&schemas.node(&SchemaView::from_pointers(property)), schemas)
    };
    // Readers of documentation see the keywords as they are.
    let is_version = comparison.purpose == Purpose::Versions;
    let last = |property: &[Pointer]| property.last().cloned().unwrap_or_default();
    for (name, property) in &old.properties {
        if new.properties.contains_key(name) {
            continue;
        }
        let is_allowed = match &new.additional {
            _ if !is_version => true,
            AdditionalProperties::Forbidden(_) => false,
            // What was the property is an additional one now.
            AdditionalProperties::Schema(additional) => {
                let (old, new) =
                    (SchemaView::from_pointers(property), SchemaView::new(additional.clone()));
                is_subset((&comparison.old, old), (&comparison.new, new))
            }
            _ => true,
        };
        let request = match is_allowed {
            false => r::REQUEST_PROPERTY_FORBIDDEN,
            true => r::REQUEST_PROPERTY_REMOVED,
        };
        // What is required without a description has any value.
        let is_optional =
            is_version && !old.required.contains_key(name) && !new.required.contains_key(name);
        let is_retyped = match &new.additional {
            AdditionalProperties::Schema(additional) if is_version => {
                let (old, new) =
                    (SchemaView::from_pointers(property), SchemaView::new(additional.clone()));
                !is_subset((&comparison.new, new), (&comparison.old, old))
            }
            _ => false,
        };
        let response = match (is_optional, is_retyped) {
            (true, false) => r::RESPONSE_OPTIONAL_PROPERTY_REMOVED,
            (true, true) => r::RESPONSE_PROPERTY_RETYPED,
            (false, _) => r::RESPONSE_PROPERTY_REMOVED,
        };
        let rules = (request, response);
        let pointer = last(property);
        let message = format!("{} removed", comparison.describe_old(&pointer));
        let old_value = Some(describe(&comparison.old, property));
        diff.record(rules, (&pointer, pointers.1), message, (old_value, None));
        diff.locate(pointer, properties(new, pointers.1));
    }
    for (name, property) in &new.properties {
        let new_pointer = &last(property);
        let description = comparison.describe_new(new_pointer);
        // Requests may omit what is `readOnly`, even if it is required.
        let is_read_only =
            comparison.new.node(&SchemaView::from_pointers(property)).keywords.is_true("readOnly");
        let is_required = new.required.contains_key(name);
        let Some(old_property) = old.properties.get(name) else {
            let request = match is_required && !is_read_only {
                true => r::REQUEST_PROPERTY_REQUIRED_ADDED,
                false => r::REQUEST_PROPERTY_ADDED,
            };
            let suffix = if is_required { " (required)" } else { "" };
            // Deployed programs decode it as an additional property.
            let is_decoded = match &old.additional {
                AdditionalProperties::Schema(additional) if is_version => {
                    let (old, new) =
                        (SchemaView::new(additional.clone()), SchemaView::from_pointers(property));
                    is_subset((&comparison.new, new), (&comparison.old, old))
                }
                _ => true,
            };
            let response = match is_decoded {
                true => r::RESPONSE_PROPERTY_ADDED,
                false => r::RESPONSE_PROPERTY_RETYPED,
            };
            let rules = (request, response);
            let message = format!("{description} added{suffix}");
            let new_value = Some(describe(&comparison.new, property));
            diff.record(rules, (pointers.0, new_pointer), message, (None, new_value));
            diff.locate(properties(old, pointers.0), new_pointer.clone());
            continue;
        };
        let views = (SchemaView::from_pointers(old_property), SchemaView::from_pointers(property));
        let (old_node, new_node) = (comparison.old.node(&views.0), comparison.new.node(&views.1));
        let had_default = old_node.keywords.get("default").is_some();
        let was_required = old.required.contains_key(name);
        // Whether every request, and every response, has the property.
        let is_sent =
            |node: &SchemaNode, required: bool| required && !node.keywords.is_true("readOnly");
        let is_received =
            |node: &SchemaNode, required: bool| required && !node.keywords.is_true("writeOnly");
        let sent = (is_sent(&old_node, was_required), is_sent(&new_node, is_required));
        let received = (is_received(&old_node, was_required), is_received(&new_node, is_required));
        diff.children.push(views.into());
        let required_lists = (
            required(&comparison.old, old, name, pointers.0),
            required(&comparison.new, new, name, pointers.1),
        );
        let pointers = (&last(old_property), new_pointer);
        let (required, optional) = (Some("required".to_owned()), Some("optional".to_owned()));
        match (old.required.contains_key(name), is_required) {
            (true, false) => {
                let rules = (r::REQUEST_PROPERTY_OPTIONAL, r::RESPONSE_PROPERTY_OPTIONAL);
                let message = format!("{description} is now optional");
                diff.record(rules, pointers, message, (required, optional));
                diff.locate(required_lists.0, required_lists.1);
            }
            (false, true) => {
                let response = match had_default {
                    true => r::RESPONSE_DEFAULTED_PROPERTY_REQUIRED,
                    false => r::RESPONSE_PROPERTY_REQUIRED,
                };
                let request = match is_read_only {
                    true => r::REQUEST_READ_ONLY_PROPERTY_REQUIRED,
                    false => r::REQUEST_PROPERTY_REQUIRED,
                };
                let rules = (request, response);
                let message = format!("{description} is now required");
                diff.record(rules, pointers, message, (optional, required));
                diff.locate(required_lists.0, required_lists.1);
            }
            // The property is required before and after: `readOnly` or `writeOnly` changed.
            _ if is_version && (sent == (false, true) || received == (true, false)) => {
                let request = match sent {
                    (false, true) => r::REQUEST_PROPERTY_REQUIRED,
                    _ => r::ACCESS_CHANGED,
                };
                let response = match received {
                    (true, false) => r::RESPONSE_PROPERTY_OPTIONAL,
                    _ => r::ACCESS_CHANGED,
                };
                let message = match sent {
                    (false, true) => format!("{description} is now required in requests"),
                    _ => format!("{description} is now absent from responses"),
                };
                diff.record((request, response), pointers, message, (None, None));
                diff.locate(required_lists.0, required_lists.1);
            }
            _ => {}
        }
    }
    compare_undescribed(comparison, (old, new), pointers, diff);
    if let (AdditionalProperties::Schema(old), AdditionalProperties::Schema(new)) =
        (&old.additional, &new.additional)
    {
        let views = (SchemaView::new(old.clone()), SchemaView::new(new.clone()));
        diff.children.push(views.into());
    } else if let Some(rules) = additional_properties_rules(old, new, is_version) {
        let (old, new) = (&old.additional, &new.additional);
        let (old_value, new_value) = (display_additional(old), display_additional(new));
        let description = comparison.describe_new(pointers.1);
        let message =
            format!("{description}: additional properties changed from {old_value} to {new_value}");
        let pointers = (pointer(old, pointers.0), pointer(new, pointers.1));
        let values = (Some(old_value.to_owned()), Some(new_value.to_owned()));
        diff.record(rules, pointers, message, values);
    }
}

/// Whether all values of one schema are certainly values of another.
fn is_subset(
    (sub, sub_view): (&Schemas, SchemaView),
    (sup, sup_view): (&Schemas, SchemaView),
) -> bool {
    let (sub_node, sup_node) = (sub.node(&sub_view), sup.node(&sup_view));
    inclusion((&sub_node, sub), (&sup_node, sup), Notation::Json).is_some()
}

/// Compares the required names that `properties` doesn't describe: any value is theirs.
fn compare_undescribed(
    comparison: &Comparison,
    (old, new): (&ObjectSchema, &ObjectSchema),
    pointers: (&Pointer, &Pointer),
    diff: &mut SchemaDiff,
) {
    let is_undescribed =
        |name: &String| !old.properties.contains_key(name) && !new.properties.contains_key(name);
    let owner = comparison.describe_new(pointers.1);
    let mut record = |name: &str, rules, (was, is): (&str, &str)| {
        let message = format!("{owner}: `{name}`, which isn't described, is now {is}");
        diff.record(rules, pointers, message, (Some(was.to_owned()), Some(is.to_owned())));
        let (old, new) = (
            required(&comparison.old, old, name, pointers.0),
            required(&comparison.new, new, name, pointers.1),
        );
        diff.locate(old, new);
    };
    let only_in = |one: &'_ ObjectSchema, other: &ObjectSchema| -> Vec<String> {
        let names = one.required.keys().filter(|name| is_undescribed(name));
        names.filter(|name| !other.required.contains_key(*name)).cloned().collect()
    };
    for name in only_in(new, old) {
        let rules = (r::REQUEST_PROPERTY_REQUIRED, r::RESPONSE_PROPERTY_REQUIRED);
        record(&name, rules, ("optional", "required"));
    }
    for name in only_in(old, new) {
        let rules = (r::REQUEST_PROPERTY_OPTIONAL, r::RESPONSE_PROPERTY_OPTIONAL);
        record(&name, rules, ("required", "optional"));
    }
}

/// The pointer of `properties`, or that of the object if it has no properties.
fn properties(object: &ObjectSchema, pointer: &Pointer) -> Pointer {
    let property = object.properties.values().find_map(|pointers| pointers.last());
    property.and_then(Pointer::parent).unwrap_or_else(|| pointer.clone())
}

/// The pointer of a name in `required`, of the list that lacks it, or of the object without one.
fn required(schemas: &Schemas, object: &ObjectSchema, name: &str, pointer: &Pointer) -> Pointer {
    let Some(list) = object.required.get(name) else {
        return object.required.values().next().unwrap_or(pointer).clone();
    };
    let names = schemas.value(list).and_then(Value::as_array).into_iter().flatten();
    let index = names.into_iter().position(|other| other == name);
    index.map_or_else(|| list.clone(), |index| list.join(index))
}

/// The rules for a change of additional properties, if it has an effect.
fn additional_properties_rules(
    old: &ObjectSchema,
    new: &ObjectSchema,
    is_version: bool,
) -> Option<(&'static Rule, &'static Rule)> {
    // An object without named properties becomes a map, even if the keyword is absent.
    let are_maps = old.properties.is_empty() && new.properties.is_empty();
    let has_field = |additional: &AdditionalProperties| match additional {
        AdditionalProperties::Any(_) | AdditionalProperties::Schema(_) => true,
        AdditionalProperties::Unspecified => are_maps,
        AdditionalProperties::Forbidden(_) => false,
    };
    let (old, new) = (&old.additional, &new.additional);
    let has_schema =
        |additional: &AdditionalProperties| matches!(additional, AdditionalProperties::Schema(_));
    let is_forbidden = matches!(new, AdditionalProperties::Forbidden(_));
    match (has_field(old), has_field(new)) {
        (false, true) => Some(in_both(r::ADDITIONAL_PROPERTIES_ADDED)),
        (true, false) if !is_version => Some((
            r::REQUEST_ADDITIONAL_PROPERTIES_REMOVED,
            r::RESPONSE_ADDITIONAL_PROPERTIES_REMOVED,
        )),
        (true, true) if !is_version && has_schema(old) != has_schema(new) => {
            Some(in_both(r::TYPE_CHANGED))
        }
        (true, false) => {
            let request = match is_forbidden {
                true => r::REQUEST_ADDITIONAL_PROPERTIES_REMOVED,
                // An absent keyword allows any value.
                false => r::REQUEST_ADDITIONAL_PROPERTIES_DROPPED,
            };
            let response = match has_schema(old) && !is_forbidden {
                true => r::RESPONSE_ADDITIONAL_PROPERTIES_WIDENED,
                false => r::RESPONSE_ADDITIONAL_PROPERTIES_REMOVED,
            };
            Some((request, response))
        }
        // From any value to values of a schema, and the reverse.
        (true, true) if !has_schema(old) && has_schema(new) => {
            Some((r::TYPE_CHANGED, r::RESPONSE_TYPE_NARROWED))
        }
        (true, true) if has_schema(old) && !has_schema(new) => {
            Some((r::REQUEST_TYPE_WIDENED, r::TYPE_CHANGED))
        }
        (true, true) => None,
        (false, false) => match (old, new) {
            (AdditionalProperties::Unspecified, AdditionalProperties::Unspecified)
            | (AdditionalProperties::Forbidden(_), AdditionalProperties::Forbidden(_)) => None,
            _ => Some(in_both(r::ADDITIONAL_PROPERTIES_CHANGED)),
        },
    }
}

/// The pointer of the keyword, or that of the object if the keyword is absent.
fn pointer<'a>(additional: &'a AdditionalProperties, object: &'a Pointer) -> &'a Pointer {
    match additional {
        AdditionalProperties::Unspecified => object,
        AdditionalProperties::Forbidden(pointer)
        | AdditionalProperties::Any(pointer)
        | AdditionalProperties::Schema(pointer) => pointer,
    }
}

/// Additional properties, for display.
fn display_additional(additional: &AdditionalProperties) -> &'static str {
    match additional {
        AdditionalProperties::Unspecified => "unspecified",
        AdditionalProperties::Forbidden(_) => "forbidden",
        AdditionalProperties::Any(_) => "any value",
        AdditionalProperties::Schema(_) => "values of a schema",
    }
}
