//! Unions as enums, for the runtime's macros.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs::TypeDocs, ident::ident, schema_type::schema_type};
use crate::{
    ir::{TagSource, TaggedUnion, UntaggedUnion},
    markdown::code,
    progenitor::signature::Core,
};

/// The form in which `Debug` shows an unrecognized value: redacted where a member may hold a
/// secret.
fn unrecognized_debug(rust: &str, holders: &HashSet<&str>) -> Ident {
    ident(if holders.contains(rust) { "secret" } else { "plain" })
}

/// Emits a union whose members are told apart by a tag.
pub(super) fn tagged(
    union: &TaggedUnion,
    docs: &TypeDocs<'_>,
    holders: &HashSet<&str>,
) -> TokenStream {
    let name = ident(&union.rust);
    let doc = docs.describe(union.description.as_deref(), &union.rust);
    let (tag, debug) = (&union.tag, unrecognized_debug(&union.rust, holders));
    let mut tags_of: HashMap<&str, usize> = HashMap::new();
    for variant in &union.variants {
        *tags_of.entry(&variant.target).or_default() += 1;
    }
    let variants = union.variants.iter().map(|variant| {
        let source = ident(match variant.tag_source {
            TagSource::Constant => "constant",
            TagSource::Nested => "nested",
            TagSource::Injected => "injected",
        });
        let (value, variant, target) =
            (&variant.value, ident(&variant.rust_name), ident(&variant.target));
        let doc = format!("An object whose {} is {}.", code(tag), code(value));
        quote!(#[doc = #doc] #source #value = #variant(types::#target),)
    });
    // A type with several tags has no `From`: the tag would be ambiguous.
    let unambiguous = union.variants.iter().filter(|variant| tags_of[&*variant.target] == 1);
    let conversions = unambiguous.map(|variant| {
        let (variant, target) = (ident(&variant.rust_name), ident(&variant.target));
        quote!(runtime::from_member!(#name: #variant(types::#target));)
    });
    quote! {
        runtime::tagged_union! {
            #[doc = #doc]
            #name #debug by #tag {
                #(#variants)*
            }
        }
        #(#conversions)*
    }
}

/// Emits a union whose members are told apart by their shapes; `Err` names a member without a type.
pub(super) fn untagged(
    union: &UntaggedUnion,
    docs: &TypeDocs<'_>,
    core: &Core,
    holders: &HashSet<&str>,
) -> Result<TokenStream, String> {
    let name = ident(&union.rust);
    let doc = docs.describe(union.description.as_deref(), &union.rust);
    let debug = unrecognized_debug(&union.rust, holders);
    let mut variants = Vec::new();
    for (variant, schema) in &union.members {
        let variant = ident(variant);
        let member = schema_type(schema, core).map_err(|why| format!("`{}`: {why}", union.rust))?;
        variants.push((variant, member));
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (_, member) in &variants {
        *counts.entry(member.to_string()).or_default() += 1;
    }
    let conversions = variants.iter().filter(|(_, member)| {
        let member = member.to_string();
        member.starts_with("types ::") && counts.get(&member) == Some(&1)
    });
    let conversions = conversions
        .map(|(variant, member)| quote!(runtime::from_member!(#name: #variant(#member));));
    let conversions: Vec<_> = conversions.collect();
    let variants = variants.iter().map(|(variant, member)| quote!(#variant(#member),));
    Ok(quote! {
        runtime::untagged_union! {
            #[doc = #doc]
            #name #debug {
                #(#variants)*
            }
        }
        #(#conversions)*
    })
}
