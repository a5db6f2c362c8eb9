//! Conversions of the types of members into untagged unions.

use std::collections::HashSet;

use openapi_document::reference;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::impls;
use crate::text_map::TextMap;

/// A member of an untagged union.
pub(super) struct Member<'a> {
    /// The name of the variant.
    pub(super) variant: &'a Ident,
    pub(super) ty: &'a TokenStream,
    pub(super) schema: &'a Value,
}

/// The conversions of all named types and scalars that one member has. `text_enums` are the names
/// of the enums of strings.
///
/// Text converts into the only member that is text: a string, or an enum, which is open.
pub(super) fn into_union(
    union: &Ident,
    members: &[Member<'_>],
    text_enums: &HashSet<&str>,
) -> TokenStream {
    let mut counts: TextMap<String, usize> = TextMap::new();
    for member in members {
        *counts.or_default(member.ty.to_string()) += 1;
    }
    let mut conversions = TokenStream::new();
    for Member { variant, ty, schema } in members {
        let name = ty.to_string();
        let is_convertible = name.starts_with("types ::") || is_scalar(schema);
        if is_convertible && counts.get(&name) == Some(&1) {
            conversions.extend(impls::from(union, ty, &quote!(Self::#variant(value))));
        }
    }
    let string = quote!(::std::string::String);
    let is_string = |member: &&Member<'_>| member.ty.to_string() == string.to_string();
    let is_text_enum = |member: &&Member<'_>| {
        let target = reference::target(member.schema);
        target.is_some_and(|name| text_enums.contains(name.as_str()))
    };
    let mut texts = members.iter().filter(|one| is_string(one) || is_text_enum(one));
    if let (Some(member), None) = (texts.next(), texts.next()) {
        let variant = member.variant;
        let value = quote!(Self::#variant(value.into()));
        conversions.extend(impls::from(union, &quote!(&str), &value));
        if !is_string(&member) {
            conversions.extend(impls::from(union, &string, &value));
        }
    }
    conversions
}

/// Whether an inline schema is a string, a number or a boolean.
fn is_scalar(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
    !is_nullable && matches!(kind, Some("string" | "integer" | "number" | "boolean"))
}
