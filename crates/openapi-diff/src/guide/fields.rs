//! Fields of two types, one in place of the other.

use openapi_lower::surface::{Member, Surface};

use super::phrases::short;

/// The maximum number of fields that a phrase lists.
const MAX_LISTED: usize = 8;

/// Describes what a program that reads or writes the fields of one type has to change for another
/// type in its place. `element` is what has the type.
pub(super) fn describe(
    element: &str,
    (old, old_type): (&Surface, &str),
    (new, new_type): (&Surface, &str),
) -> Vec<String> {
    let (Some(old_item), Some(new_item)) = (old.types.get(old_type), new.types.get(new_type))
    else {
        return Vec::new();
    };
    if !old_item.kind.starts_with("struct") || !new_item.kind.starts_with("struct") {
        return Vec::new();
    }
    let mut phrases = Vec::new();
    let names = |names: Vec<&String>| {
        let listed: Vec<_> =
            names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
        let more = names.len().saturating_sub(MAX_LISTED);
        match more {
            0 => listed.join(", "),
            more => format!("{} and {more} more", listed.join(", ")),
        }
    };
    let gone: Vec<&String> =
        old_item.members.keys().filter(|name| !new_item.members.contains_key(*name)).collect();
    let added: Vec<&String> =
        new_item.members.keys().filter(|name| !old_item.members.contains_key(*name)).collect();
    if !gone.is_empty() {
        phrases.push(format!("{element} without {}", names(gone)));
    }
    if !added.is_empty() {
        phrases.push(format!("{element} with {}", names(added)));
    }
    let arguments = |surface: &Surface, ty: &str| {
        let new = surface.types.get(ty).and_then(|item| item.functions.get("new"));
        new.map(|function| {
            let names = function.arguments.iter().map(|(name, _)| name.as_str());
            format!("new({})", names.collect::<Vec<_>>().join(", "))
        })
    };
    if let (Some(before), Some(after)) = (arguments(old, old_type), arguments(new, new_type))
        && before != after
    {
        phrases.push(format!(
            "`{}::{after}` instead of `{}::{before}`",
            short(new_type),
            short(old_type)
        ));
    }
    let types: Vec<String> = old_item
        .members
        .iter()
        .filter_map(|(name, member): (&String, &Member)| {
            let other = new_item.members.get(name)?;
            // Types in place of each other have other names.
            let is_same = member.ty == other.ty || member.ty.contains("types::");
            (!is_same).then(|| format!("`{name}` is `{}` instead of `{}`", other.ty, member.ty))
        })
        .take(MAX_LISTED)
        .collect();
    phrases.extend(types);
    phrases
}
