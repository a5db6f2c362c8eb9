//! Unions as enums with a variant for each member, and one for all other values.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    conversions::{self, Member},
    docs::{self, TypeDocs},
    ident::ident,
    impls, literals,
    schema_type::schema_type,
    structs::Structs,
};
use crate::{
    collect::Collect,
    ir::{TagSource, TagType, TaggedUnion, UntaggedUnion},
    markdown::code,
    progenitor::signature::Core,
    text_map::TextMap,
};

/// A variant of a union: its name, documentation and type.
pub(super) struct UnionVariant {
    pub(super) name: Ident,
    pub(super) doc: TokenStream,
    pub(super) member: TokenStream,
}

/// Emits a union whose members are told apart by a tag.
pub(super) fn tagged(
    union: &TaggedUnion,
    docs: &TypeDocs<'_>,
    structs: &Structs<'_>,
    holders: &HashSet<&str>,
) -> TokenStream {
    let name = ident(&union.rust);
    let doc = docs.describe(union.description.as_deref(), &union.rust);
    let tag = &union.tag;
    let mut tags_of: TextMap<&str, usize> = TextMap::new();
    for variant in &union.variants {
        *tags_of.or_default(&variant.target) += 1;
    }
    let variants = union.variants.iter().map(|variant| {
        let target = ident(&variant.target);
        UnionVariant {
            name: ident(&variant.rust_name),
            doc: docs::attribute(&format!(
                "An object whose {} is {}.",
                code(tag),
                code(&variant.value)
            )),
            member: quote!(types::#target),
        }
    });
    let variants = variants.collect_vec();
    let unrecognized = docs::attribute(
        "A value with a tag that the document didn't list when this crate was built. It is \
         encoded as it was received.",
    );
    let definition =
        definition(&name, &doc, &variants, &unrecognized, holders.contains(&*union.rust));
    // A type with several tags has no `From`: the tag would be ambiguous.
    let unambiguous = union.variants.iter().zip(&variants);
    let unambiguous = unambiguous.filter(|(variant, _)| tags_of[&*variant.target] == 1);
    let conversions = unambiguous.map(|(_, variant)| conversion(&name, variant));
    let decoded =
        union.variants.iter().zip(&variants).map(|(variant, UnionVariant { name, .. })| {
            let value = &variant.value;
            let object = match variant.tag_source {
                TagSource::Constant => quote!(object.skip_tag()),
                TagSource::Nested | TagSource::Injected => quote!(object),
            };
            let read = if structs.plain.contains(&*variant.target) {
                quote!(object_variant)
            } else {
                quote!(variant)
            };
            quote!(#value => #object.#read(tag, Self::#name),)
        });
    let encoded =
        union.variants.iter().zip(&variants).map(|(variant, UnionVariant { name, .. })| {
            let content = match variant.tag_source {
                TagSource::Constant | TagSource::Nested => quote!(content.serialize(serializer)),
                TagSource::Injected => {
                    let text = || Value::from(variant.value.as_str());
                    let value = union.tag_type.value(&variant.value).unwrap_or_else(text);
                    let value = literals::tag(&value);
                    quote!(runtime::serialize_with_tag(#tag, #value, content, serializer))
                }
            };
            quote!(Self::#name(content) => #content,)
        });
    let serialize = serialize(&name, encoded);
    let deserialize = impls::deserialize(&name, "deserialize_tagged_union");
    let tag_type = match union.tag_type {
        TagType::Text => None,
        TagType::Integer => Some(quote!(Integer)),
        TagType::Boolean => Some(quote!(Boolean)),
    };
    let tag_type =
        tag_type.map(|ty| quote!(const TAG_TYPE: runtime::TagType = runtime::TagType::#ty;));
    quote! {
        #definition
        #(#conversions)*

        impl runtime::TaggedUnion for #name {
            const TAG: &'static str = #tag;
            #tag_type

            fn read_variant<'de, O: runtime::TaggedObject<'de, Self>>(
                tag: &str,
                object: &mut O,
            ) -> ::std::result::Result<O::Value, O::Error> {
                match tag {
                    #(#decoded)*
                    _ => object.unrecognized(),
                }
            }

            fn unrecognized(value: runtime::serde_json::Value) -> Self {
                Self::Unrecognized(value)
            }
        }

        #serialize
        #deserialize
    }
}

/// Emits a union whose members are told apart by their shapes; `Err` names a member without a type.
pub(super) fn untagged(
    union: &UntaggedUnion,
    docs: &TypeDocs<'_>,
    core: &Core,
    holders: &HashSet<&str>,
    text_enums: &HashSet<&str>,
) -> Result<TokenStream, String> {
    let name = ident(&union.rust);
    let doc = docs.describe(union.description.as_deref(), &union.rust);
    let mut variants = Vec::new();
    for (variant, schema) in &union.members {
        let member = schema_type(schema, core).map_err(|why| format!("`{}`: {why}", union.rust))?;
        let doc = docs::attribute(&format!("The variant `{variant}`."));
        variants.push(UnionVariant { name: ident(variant), doc, member });
    }
    let unrecognized = docs::attribute(
        "A value that matched no variant of the document when this crate was built. It is \
         encoded as it was received.",
    );
    let definition =
        definition(&name, &doc, &variants, &unrecognized, holders.contains(&*union.rust));
    let members = variants.iter().zip(&union.members);
    let members = members
        .map(|(variant, (_, schema))| Member {
            variant: &variant.name,
            ty: &variant.member,
            schema,
        })
        .collect_vec();
    let conversions = conversions::into_union(&name, &members, text_enums);
    let names = variants.iter().map(|variant| &variant.name).collect_vec();
    let encoded =
        names.iter().map(|name| quote!(Self::#name(content) => content.serialize(serializer),));
    let serialize = serialize(&name, encoded);
    let deserialize = impls::deserialize(&name, "deserialize_untagged_union");
    Ok(quote! {
        #definition
        #conversions

        impl runtime::UntaggedUnion for #name {
            const DECODERS: &'static [
                fn(&runtime::serde_json::Value) -> ::std::option::Option<Self>
            ] = &[#(|value| runtime::decode_variant(value, Self::#names),)*];

            fn unrecognized(value: runtime::serde_json::Value) -> Self {
                Self::Unrecognized(value)
            }
        }

        #serialize
        #deserialize
    })
}

/// The enum of a union, and its `Debug`, which redacts unrecognized values where a member may hold
/// a secret.
pub(super) fn definition(
    name: &Ident,
    doc: &TokenStream,
    variants: &[UnionVariant],
    unrecognized: &TokenStream,
    holds_secrets: bool,
) -> TokenStream {
    let names = variants.iter().map(|variant| &variant.name).collect_vec();
    let docs = variants.iter().map(|variant| &variant.doc);
    let members = variants.iter().map(|variant| &variant.member);
    let derives =
        if holds_secrets { quote!(Clone, PartialEq) } else { quote!(Clone, Debug, PartialEq) };
    let debug = holds_secrets.then(|| {
        let texts = names.iter().map(ToString::to_string);
        let body = quote! {
            match self {
                #(Self::#names(content) => f.debug_tuple(#texts).field(content).finish(),)*
                Self::Unrecognized(_) => {
                    f.debug_tuple("Unrecognized").field(&runtime::Redacted).finish()
                }
            }
        };
        impls::debug(name, &body)
    });
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #names(#members),)*
            #unrecognized
            Unrecognized(runtime::serde_json::Value),
        }

        #debug
    }
}

/// The conversion of a variant's type into its union.
fn conversion(union: &Ident, UnionVariant { name, member, .. }: &UnionVariant) -> TokenStream {
    impls::from(union, member, &quote!(Self::#name(value)))
}

/// The implementation of `Serialize`; `arms` encode the known variants.
pub(super) fn serialize(name: &Ident, arms: impl Iterator<Item = TokenStream>) -> TokenStream {
    let body = quote! {
        match self {
            #(#arms)*
            Self::Unrecognized(value) => value.serialize(serializer),
        }
    };
    impls::serialize(name, &body)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{
        emit::{docs::TypeDocs, structs::Structs},
        ir::{ClientModel, TagSource, TagType, TaggedUnion, Variant},
    };

    /// The code of a union of two members, of which these are objects, without spaces.
    fn emitted(tag_type: TagType, values: [&str; 2], objects: &[&str]) -> String {
        let variant = |value: &str, target: &str| Variant {
            value: value.to_owned(),
            rust_name: target.to_owned(),
            target: target.to_owned(),
            tag_source: TagSource::Injected,
        };
        let union = TaggedUnion {
            rust: "Entry".to_owned(),
            description: None,
            tag: "status".to_owned(),
            tag_type,
            variants: vec![variant(values[0], "Done"), variant(values[1], "Failed")],
        };
        let model = ClientModel::default();
        let mut structs = Structs::new(&model);
        structs.plain.extend(objects);
        let code = super::tagged(&union, &TypeDocs::new(&model), &structs, &HashSet::new());
        code.to_string().replace(' ', "")
    }

    #[test]
    fn variants_that_are_objects_are_read_property_by_property() {
        let code = emitted(TagType::Text, ["done", "failed"], &["Failed"]);
        assert!(code.contains("\"done\"=>object.variant(tag,Self::Done)"), "{code}");
        assert!(code.contains("\"failed\"=>object.object_variant(tag,Self::Failed)"), "{code}");
    }

    #[test]
    fn a_tag_is_read_as_text_and_written_in_its_json_type() {
        for (tag_type, values, declared, written) in [
            (TagType::Integer, ["0", "-1"], "TagType::Integer", ["Integer(0)", "Integer(-1)"]),
            (
                TagType::Boolean,
                ["true", "false"],
                "TagType::Boolean",
                ["Boolean(true)", "Boolean(false)"],
            ),
            (TagType::Text, ["0", "true"], "", ["Text(\"0\")", "Text(\"true\")"]),
        ] {
            let code = emitted(tag_type, values, &[]);
            let constant = format!("constTAG_TYPE:runtime::TagType=runtime::{declared};");
            assert_eq!(code.contains(&constant), !declared.is_empty(), "{code}");
            for ((value, variant), written) in values.iter().zip(["Done", "Failed"]).zip(written) {
                let read = format!("\"{value}\"=>object.variant(tag,Self::{variant})");
                assert!(code.contains(&read), "{code}");
                let call =
                    format!("serialize_with_tag(\"status\",runtime::TagValue::{written},content,");
                assert!(code.contains(&call), "{code}");
            }
        }
    }
}
