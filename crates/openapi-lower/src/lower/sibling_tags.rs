//! Unions whose member is told by another property of the object that has them: an `event` beside
//! a `payload`.
//!
//! The rule: each member of the union has a `title` that is a value of a required string enum of
//! the same object, and no two have the same. A union with a tag of its own isn't concerned.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::Value;

use super::hints::TITLE;
use crate::{
    collect::Collect,
    ir::{ClientModel, Enum, EnumType, Field, SiblingTag, UntaggedUnion},
    text_map::TextMap,
};

/// Sets the sibling tags of the model's objects.
pub(super) fn set(root: &Value, model: &mut ClientModel) {
    let schemas = root.pointer("/components/schemas");
    let title = |schema: &Value| {
        let component = schemas?.get(reference::target(schema)?)?;
        component.get(TITLE).and_then(Value::as_str).map(str::to_owned)
    };
    let titled: TextMap<&str, Vec<(String, String)>> = model
        .untagged_unions
        .iter()
        .filter_map(|union| Some((union.rust.as_str(), titles(union, title)?)))
        .collect_map();
    if titled.is_empty() {
        return;
    }
    let enums: TextMap<&str, &Enum> =
        model.enums.iter().map(|one| (one.rust.as_str(), one)).collect_map();
    for object in model.objects.iter_mut().filter(|object| object.extra.is_none()) {
        let plain = |field: &&Field| field.required && !field.nullable && !field.boxed;
        object.sibling_tag = object.fields.iter().filter(plain).find_map(|property| {
            let union = target(property)?;
            let variants = titled.get(union.as_str())?;
            let tag = object.fields.iter().filter(plain).find(|tag| {
                let values = target(tag).and_then(|name| enums.get(name.as_str()).copied());
                values.is_some_and(|one| lists_all(one, variants))
            });
            Some(SiblingTag {
                tag: tag?.name.clone(),
                property: property.name.clone(),
                field: property.rust_name.clone(),
                union,
                variants: variants.clone(),
            })
        });
    }
}

/// The title of each member of a union with the name of its variant; `None` if one has none.
fn titles(
    union: &UntaggedUnion,
    title: impl Fn(&Value) -> Option<String>,
) -> Option<Vec<(String, String)>> {
    let titles = union.members.iter().map(|(name, schema)| Some((title(schema)?, name.clone())));
    let titles = titles.collect_some()?;
    let distinct: HashSet<&String> = titles.iter().map(|(title, _)| title).collect_set();
    (distinct.len() == titles.len()).then_some(titles)
}

/// The type of a field.
fn target(field: &Field) -> Option<String> {
    let member = field.schema.pointer("/allOf/0").unwrap_or(&field.schema);
    reference::target(member)
}

/// Whether an enum lists all titles.
fn lists_all(one: &Enum, titles: &[(String, String)]) -> bool {
    let values: HashSet<&str> =
        one.variants.iter().filter_map(|variant| variant.value.as_str()).collect_set();
    one.value_type == EnumType::Text
        && titles.iter().all(|(title, _)| values.contains(title.as_str()))
}
