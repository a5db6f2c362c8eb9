//! Unions as enums: the runtime's macros have what they have in common.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs, ident::ident, schema_type::schema_type};
use crate::{
    ir::{ClientModel, TagSource, TaggedUnion, UntaggedUnion},
    progenitor::signature::Core,
};

/// How `Debug` shows what a union doesn't know: as it came, unless that may be a secret.
fn unknown(rust: &str, holders: &HashSet<&str>) -> Ident {
    ident(if holders.contains(rust) { "secret" } else { "plain" })
}

/// A union that a tag tells apart.
pub(super) fn tagged(
    union: &TaggedUnion,
    model: &ClientModel,
    holders: &HashSet<&str>,
) -> TokenStream {
    let name = ident(&union.rust);
    let doc = docs::schema(union.description.as_deref(), &union.rust, model);
    let (tag, unknown) = (&union.tag, unknown(&union.rust, holders));
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for variant in &union.variants {
        *uses.entry(&variant.target).or_default() += 1;
    }
    let variants = union.variants.iter().map(|variant| {
        let how = ident(match variant.tag_source {
            TagSource::Constant => "constant",
            TagSource::Nested => "nested",
            TagSource::Injected => "injected",
        });
        let (value, variant, target) =
            (&variant.value, ident(&variant.rust_name), ident(&variant.target));
        quote!(#how #value = #variant(types::#target),)
    });
    // A type that stands for two tags doesn't say which one is meant.
    let certain = union.variants.iter().filter(|variant| uses[&*variant.target] == 1);
    let conversions = certain.map(|variant| {
        let (variant, target) = (ident(&variant.rust_name), ident(&variant.target));
        quote!(runtime::from_member!(#name: #variant(types::#target));)
    });
    quote! {
        runtime::tagged_union! {
            #[doc = #doc]
            #name #unknown by #tag {
                #(#variants)*
            }
        }
        #(#conversions)*
    }
}

/// A union that only the shapes of its members tell apart; `Err` names what has no type.
pub(super) fn choice(
    choice: &UntaggedUnion,
    model: &ClientModel,
    core: &Core,
    holders: &HashSet<&str>,
) -> Result<TokenStream, String> {
    let name = ident(&choice.rust);
    let doc = docs::schema(choice.description.as_deref(), &choice.rust, model);
    let unknown = unknown(&choice.rust, holders);
    let mut variants = Vec::new();
    for (variant, schema) in &choice.members {
        let variant = ident(variant);
        let member =
            schema_type(schema, core).map_err(|why| format!("`{}`: {why}", choice.rust))?;
        variants.push((variant, member));
    }
    let conversions = variants.iter().filter(|(_, member)| {
        let same = |other: &&(_, TokenStream)| other.1.to_string() == member.to_string();
        let is_schema = member.to_string().starts_with("types ::");
        is_schema && variants.iter().filter(same).count() == 1
    });
    let conversions = conversions
        .map(|(variant, member)| quote!(runtime::from_member!(#name: #variant(#member));));
    let conversions: Vec<_> = conversions.collect();
    let variants = variants.iter().map(|(variant, member)| quote!(#variant(#member),));
    Ok(quote! {
        runtime::untagged_union! {
            #[doc = #doc]
            #name #unknown {
                #(#variants)*
            }
        }
        #(#conversions)*
    })
}
