//! Comparison of two schemas without their subschemas.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    comparison::{Comparison, Purpose},
    component::component_name,
    constraints::{ConstraintChange, compare_constraint, is_constraint},
    describe::{describe_change, describe_schemas},
    keywords::PROSE,
    objects, rules as r,
    scalars::{compare_formats, compare_values, fit},
    schema_diff::{SchemaDiff, Subschemas, display_value, in_both},
    schema_node::{SchemaKind, SchemaNode},
    schema_view::SchemaView,
    schemas::Schemas,
    union_changes,
    value_sets::{Notation, inclusion},
};

/// Compares two schemas.
pub(crate) fn compare(comparison: &Comparison, old: &SchemaNode, new: &SchemaNode) -> SchemaDiff {
    let mut diff = SchemaDiff::default();
    compare_names(comparison, old, new, &mut diff);
    compare_keywords(comparison, old, new, &mut diff);
    if compare_kinds(comparison, old, new, &mut diff) {
        compare_nullability(comparison, old, new, &mut diff);
    } else {
        compare_types(comparison, old, new, &mut diff);
    }
    diff
}

/// Records that the types of two schemas differ: by the sets of their values.
fn compare_types(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
    diff: &mut SchemaDiff,
) {
    let sides = ((old, &comparison.old), (new, &comparison.new));
    let (old_type, new_type) = describe_schemas(sides.0, sides.1);
    // The definition identifies the change: a component is reported once, whatever the siblings
    // of its references are.
    let key = format!("{}: type", comparison.describe_new(&new.definition));
    let message = describe_change(&key, (Some(&old_type), Some(&new_type)), true);
    let mut rules = in_both(r::TYPE_CHANGED);
    diff.children.clear();
    let mut text_rule = r::TYPE_CHANGED;
    if comparison.purpose == Purpose::Versions {
        // The pairs of components that an inclusion depends on are compared by themselves.
        if let Some(assumed) = inclusion(sides.0, sides.1, Notation::Json) {
            rules.0 = r::REQUEST_TYPE_WIDENED;
            diff.children.extend(assumed.into_iter().map(Subschemas::from));
        }
        if let Some(assumed) = inclusion(sides.0, sides.1, Notation::Text) {
            text_rule = r::REQUEST_TYPE_WIDENED;
            diff.children.extend(assumed.into_iter().map(Subschemas::from));
        }
        if let Some(assumed) = inclusion(sides.1, sides.0, Notation::Json) {
            rules.1 = r::RESPONSE_TYPE_NARROWED;
            let pairs = assumed.into_iter().map(|(new, old)| Subschemas::from((old, new)));
            diff.children.extend(pairs);
        }
    }
    let values = (Some(old_type), Some(new_type));
    diff.record_keyed(rules, (&old.definition, &new.definition), key, message, values);
    diff.set_text_rule(text_rule);
}

/// Compares the names of Rust types, if both schemas have one.
fn compare_names(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
    diff: &mut SchemaDiff,
) {
    let components = (component_name(&old.definition), component_name(&new.definition));
    let types =
        (comparison.names.old.get(&old.definition), comparison.names.new.get(&new.definition));
    // Without Rust names, as of documents that can't be lowered, component names are compared.
    let is_lowered = !comparison.names.old.is_empty();
    let has_type = |node: &SchemaNode| {
        matches!(node.kind, SchemaKind::Object(_) | SchemaKind::Enum(_) | SchemaKind::AnyOf(_))
    };
    let (old_type, new_type) = match (types, components) {
        ((Some(old_type), Some(new_type)), _) => (old_type.clone(), new_type.clone()),
        (_, (Some(old_name), Some(new_name))) if !is_lowered && has_type(old) && has_type(new) => {
            (old_name.to_owned(), new_name.to_owned())
        }
        _ => return,
    };
    let is_renamed = match components {
        (Some(old_name), Some(new_name)) => {
            old_name != new_name
                && !comparison.new.has_component(old_name)
                && !comparison.old.has_component(new_name)
        }
        _ => false,
    };
    let (rule, message) = match (old_type == new_type, is_renamed, components) {
        (true, true, (Some(old_name), Some(new_name))) => {
            let renamed = format!("schema `{old_name}` renamed to `{new_name}`");
            (r::SCHEMA_MOVED, format!("{renamed}; Rust type `types::{new_type}` unchanged"))
        }
        (true, ..) => return,
        (false, true, (Some(old_name), Some(new_name))) => {
            (r::SCHEMA_RENAMED, format!("schema `{old_name}` renamed to `{new_name}`"))
        }
        (false, ..) => {
            let name = comparison.describe_new(&new.definition);
            let message = format!(
                "{name}: Rust type renamed from `types::{old_type}` to `types::{new_type}`"
            );
            (r::TYPE_RENAMED, message)
        }
    };
    let path = |name: String| Some(format!("types::{name}"));
    let values = (path(old_type), path(new_type));
    diff.record(in_both(rule), (&old.definition, &new.definition), message, values);
}

/// Compares the keywords that aren't structure.
fn compare_keywords(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
    diff: &mut SchemaDiff,
) {
    for (old, new) in old.keywords.subschemas(&new.keywords) {
        add_subschemas(old, new, &mut diff.children);
    }
    let mut has_prose_change = false;
    for keyword in old.keywords.differing(&new.keywords) {
        let (old_value, new_value) = (old.keywords.get(keyword), new.keywords.get(keyword));
        let pointer = |node: &SchemaNode| {
            node.keywords.pointer(keyword).cloned().unwrap_or_else(|| node.view.pointer.clone())
        };
        let pointers = (&pointer(old), &pointer(new));
        // The side that has the keyword names the schema: on the other side it may be a component,
        // whose name doesn't show where it is used.
        let name = match (old_value, new_value) {
            (Some(_), None) => comparison.describe_old(pointers.0),
            _ => comparison.describe_new(pointers.1),
        };
        let values = (old_value.map(display_value), new_value.map(display_value));
        let presence = (values.0.as_deref(), values.1.as_deref());
        if PROSE.contains(&keyword) {
            // One change for all prose of a schema.
            if !std::mem::replace(&mut has_prose_change, true) {
                let key = format!("{name}: {keyword}");
                let message = describe_change(&key, presence, false);
                diff.record_keyed(in_both(r::PROSE_CHANGED), pointers, key, message, values);
                let (old, new) = comparison.keyword_pointers(pointers, spellings(&keyword));
                diff.locate(old, new);
            }
            continue;
        }
        let key = format!("{name}: `{keyword}`");
        let is_short = |value: Option<&Value>| {
            value.is_some_and(|value| value.is_number() || value.is_boolean())
        };
        let are_short = is_short(old_value) && is_short(new_value);
        let changed = || describe_change(&key, presence, are_short);
        let (rules, message) = match keyword {
            "deprecated" if new.keywords.is_true(keyword) => {
                (in_both(r::PROPERTY_DEPRECATED), format!("{name} is now deprecated"))
            }
            "deprecated" => {
                (in_both(r::PROPERTY_UNDEPRECATED), format!("{name} is no longer deprecated"))
            }
            "default" => {
                let response = match (old_value, new_value) {
                    (None, Some(_)) if is_filled_with_default(new) => r::RESPONSE_DEFAULT_ADDED,
                    (Some(_), None) if is_filled_with_default(old) => r::RESPONSE_DEFAULT_REMOVED,
                    _ => r::DEFAULT_CHANGED,
                };
                ((r::DEFAULT_CHANGED, response), changed())
            }
            "readOnly" | "writeOnly" => (in_both(r::ACCESS_CHANGED), changed()),
            constraint if is_constraint(constraint) => {
                let rule = match compare_constraint(constraint, old_value, new_value, |old, new| {
                    comparison.patterns.compare(old, new)
                }) {
                    ConstraintChange::Tightened => r::REQUEST_TIGHTENED,
                    ConstraintChange::Loosened => r::REQUEST_LOOSENED,
                    ConstraintChange::Unknown => r::REQUEST_PATTERN_CHANGED,
                };
                ((rule, r::RESPONSE_CONSTRAINT_CHANGED), changed())
            }
            _ => (in_both(r::KEYWORD_CHANGED), changed()),
        };
        diff.record_keyed(rules, pointers, key, message, values);
        let (old, new) = comparison.keyword_pointers(pointers, spellings(&keyword));
        diff.locate(old, new);
    }
}

/// The keywords that are normalized to `keyword`.
fn spellings<'a>(keyword: &'a &'a str) -> &'a [&'a str] {
    match *keyword {
        "examples" => &["examples", "example"],
        "minimum" => &["minimum", "exclusiveMinimum"],
        "maximum" => &["maximum", "exclusiveMaximum"],
        _ => std::slice::from_ref(keyword),
    }
}

/// Compares whether null is allowed.
fn compare_nullability(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
    diff: &mut SchemaDiff,
) {
    if old.nullable == new.nullable || matches!(new.kind, SchemaKind::Any | SchemaKind::Null) {
        return;
    }
    let (rules, suffix) = match new.nullable {
        true => {
            // A reference on the old side leads to a component.
            let is_optional = match component_name(&old.view.pointer) {
                Some(_) => is_optional_property(&comparison.new, &new.view.pointer),
                None => is_optional_property(&comparison.old, &old.view.pointer),
            };
            let response = match is_optional {
                true => r::RESPONSE_OPTIONAL_NULL_ADDED,
                false => r::RESPONSE_NULL_ADDED,
            };
            ((r::REQUEST_NULL_ADDED, response), "is now nullable")
        }
        false => ((r::REQUEST_NULL_REMOVED, r::RESPONSE_NULL_REMOVED), "is no longer nullable"),
    };
    // If null is allowed beside a reference on one side, that is the place of the change: the
    // component that the other side refers to is unchanged.
    let (old_pointer, new_pointer) = (&old.view.pointer, &new.view.pointer);
    let name = match (component_name(old_pointer), component_name(new_pointer)) {
        (None, Some(_)) => comparison.describe_old(old_pointer),
        _ => comparison.describe_new(new_pointer),
    };
    let message = format!("{name} {suffix}");
    diff.record(rules, (old_pointer, new_pointer), message, types(comparison, old, new));
}

/// Whether a schema is that of a property which its object doesn't require.
fn is_optional_property(schemas: &Schemas, pointer: &Pointer) -> bool {
    let [object @ .., keyword, name] = pointer.segments() else { return false };
    let object = Pointer::from_segments(object.iter().cloned());
    // Another schema that applies at once may require it.
    if schemas.is_combined(&object) {
        return false;
    }
    let Some(object) = schemas.value(&object).filter(|_| keyword == "properties") else {
        return false;
    };
    let required = object.get("required").and_then(Value::as_array);
    !required.into_iter().flatten().any(|required| required == name)
}

/// Compares the structures of two schemas. Returns false if they are of different types.
fn compare_kinds(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
    diff: &mut SchemaDiff,
) -> bool {
    use SchemaKind::{AllOf, Any, AnyOf, Array, Enum, Never, Null, Object, Scalar, Unresolved};
    let pointers = (&old.definition, &new.definition);
    match (&old.kind, &new.kind) {
        (Any, Any) | (Never, Never) | (Null, Null) => true,
        (Unresolved(old_target), Unresolved(new_target)) => old_target == new_target,
        (Scalar { ty, format: old_format }, Scalar { ty: new_ty, format: new_format }) => {
            let formats = (old_format.as_deref(), new_format.as_deref());
            ty == new_ty && compare_formats(comparison, ty, formats, pointers, diff)
        }
        (Enum(old_values), Enum(new_values)) => {
            compare_values(comparison, (old_values, new_values), pointers, diff)
        }
        (Scalar { ty, format }, Enum(values)) if fit(values, ty, format.as_deref()) => {
            let rules = match ty.as_str() {
                "string" => (r::REQUEST_ENUM_ADDED, r::RESPONSE_ENUM_ADDED),
                // Enums of numbers are plain numbers in Rust: their values are constraints.
                _ => (r::REQUEST_TIGHTENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} is now an enum", comparison.describe_new(pointers.1));
            diff.record(rules, pointers, message, types(comparison, old, new));
            let (old, new) = comparison.keyword_pointers(pointers, &["enum", "const"]);
            diff.locate(old, new);
            true
        }
        (Enum(values), Scalar { ty, format }) if fit(values, ty, format.as_deref()) => {
            let rules = match ty.as_str() {
                "string" => in_both(r::ENUM_REMOVED),
                _ => (r::REQUEST_LOOSENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} is no longer an enum", comparison.describe_new(pointers.1));
            diff.record(rules, pointers, message, types(comparison, old, new));
            let (old, new) = comparison.keyword_pointers(pointers, &["enum", "const"]);
            diff.locate(old, new);
            true
        }
        (
            Array { items: old_items, prefix: old_prefix },
            Array { items: new_items, prefix: new_prefix },
        ) => {
            if old_items.is_some() != new_items.is_some() || old_prefix.len() != new_prefix.len() {
                return false;
            }
            let items = old_items.iter().zip(new_items).chain(old_prefix.iter().zip(new_prefix));
            diff.children.extend(items.map(|(old, new)| (old.clone(), new.clone()).into()));
            true
        }
        (Object(old_object), Object(new_object)) => {
            objects::compare(comparison, (old_object, new_object), pointers, diff);
            true
        }
        (AnyOf(old_union), AnyOf(new_union)) => {
            union_changes::compare(comparison, (old_union, new_union), new, diff, pointers)
        }
        (AllOf(old_views), AllOf(new_views)) if old_views.len() == new_views.len() => {
            let views = old_views.iter().cloned().zip(new_views.iter().cloned());
            diff.children.extend(views.map(Subschemas::from));
            true
        }
        _ => false,
    }
}

/// The types of two schemas, for display.
fn types(
    comparison: &Comparison,
    old: &SchemaNode,
    new: &SchemaNode,
) -> (Option<String>, Option<String>) {
    let (old, new) = describe_schemas((old, &comparison.old), (new, &comparison.new));
    (Some(old), Some(new))
}

/// Adds the schemas that two values of a keyword such as `not` or `patternProperties` refer to.
fn add_subschemas(old: &Value, new: &Value, children: &mut Vec<Subschemas>) {
    let target = |value: &Value| Pointer::parse(value.get("$ref")?.as_str()?);
    if let (Some(old), Some(new)) = (target(old), target(new)) {
        children.push((SchemaView::new(old), SchemaView::new(new)).into());
        return;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, old) in old {
                if let Some(new) = new.get(key) {
                    add_subschemas(old, new, children);
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).for_each(|(old, new)| add_subschemas(old, new, children));
        }
        _ => {}
    }
}

/// Whether an absent field of this schema is filled with the default: a scalar property.
fn is_filled_with_default(node: &SchemaNode) -> bool {
    let segments = node.keywords.pointer("default").map(Pointer::segments).unwrap_or_default();
    let is_property = segments.len() > 1 && segments[segments.len() - 2] == "properties";
    let default = node.keywords.get("default");
    is_property
        && !default
            .is_some_and(|default| default.is_null() || default.is_object() || default.is_array())
        && matches!(node.kind, SchemaKind::Scalar { .. })
}
