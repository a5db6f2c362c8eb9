//! Open enums: a variant for each documented value, and one for all others.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs::{self, TypeDocs},
    ident::ident,
    impls, literals,
};
use crate::{
    collect::Collect,
    ir::{Enum, EnumType, EnumVariant},
    markdown::{code, for_rustdoc},
};

/// The documentation of the variant for all other values.
const UNRECOGNIZED: &str = "A value that the document didn't list when this crate was built. It is \
                            encoded as it was received.";

/// Emits an enum.
pub(super) fn emit(one: &Enum, docs: &TypeDocs<'_>) -> TokenStream {
    let doc = docs.describe(one.description.as_deref(), &one.rust);
    let name = ident(&one.rust);
    let names = one.variants.iter().map(|variant| ident(&variant.rust_name)).collect_vec();
    let docs = one.variants.iter().map(|variant| docs::attribute(&document(variant)));
    let unrecognized_doc = docs::attribute(UNRECOGNIZED);
    let values = one.variants.iter().map(|variant| literal(&variant.value, one.value_type));
    let values = values.collect_vec();
    let code = ValueCode::new(one.value_type);
    let ValueCode { derives, unrecognized, accessor, returned, borrowed, display, .. } = &code;
    let from_string = (one.value_type == EnumType::Text).then(|| {
        impls::from(&name, &quote!(::std::string::String), &quote!(Self::from(value.as_str())))
    });
    let from_str = code.from_str.as_ref().map(|(error, parsed)| {
        quote! {
            impl ::std::str::FromStr for #name {
                type Err = #error;

                fn from_str(value: &str) -> ::std::result::Result<Self, #error> {
                    #parsed
                }
            }
        }
    });
    let parsed = quote! {
        match value {
            #(#values => Self::#names,)*
            _ => Self::Unrecognized(runtime::unrecognized(value)),
        }
    };
    let from_value = impls::from(&name, returned, &parsed);
    let display = impls::display(&name, display);
    let serialize = impls::serialize(&name, &code.serialize);
    let deserialize = impls::deserialize(&name, code.deserialize);
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #names,)*
            #unrecognized_doc
            Unrecognized(#unrecognized),
        }

        impl #name {
            /// Returns the value as it is encoded in JSON.
            pub fn #accessor(&self) -> #returned {
                match self {
                    #(Self::#names => #values,)*
                    Self::Unrecognized(value) => #borrowed,
                }
            }
        }

        #from_value
        #from_string
        #from_str
        #display
        #serialize
        #deserialize
    }
}

/// The code that depends on the type of the values.
struct ValueCode {
    derives: TokenStream,
    /// The type of an unrecognized value.
    unrecognized: TokenStream,
    /// The method that returns the value, its type, and the expression of an unrecognized value.
    accessor: Ident,
    returned: TokenStream,
    borrowed: TokenStream,
    display: TokenStream,
    /// The error and the body of `FromStr`.
    from_str: Option<(TokenStream, TokenStream)>,
    serialize: TokenStream,
    /// The function of the runtime.
    deserialize: &'static str,
}

impl ValueCode {
    fn new(value_type: EnumType) -> Self {
        match value_type {
            EnumType::Text => Self {
                derives: quote!(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord),
                unrecognized: quote!(::std::string::String),
                accessor: ident("as_str"),
                returned: quote!(&str),
                borrowed: quote!(value),
                display: quote!(f.pad(self.as_str())),
                from_str: Some((
                    quote!(runtime::Infallible),
                    quote!(::std::result::Result::Ok(Self::from(value))),
                )),
                serialize: quote!(serializer.serialize_str(self.as_str())),
                deserialize: "deserialize_text",
            },
            EnumType::Integer => Self {
                derives: quote!(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord),
                unrecognized: quote!(i64),
                accessor: ident("as_i64"),
                returned: quote!(i64),
                borrowed: quote!(*value),
                display: quote!(::std::fmt::Display::fmt(&self.as_i64(), f)),
                from_str: Some((
                    quote!(runtime::ParseIntError),
                    quote!(value.parse::<i64>().map(Self::from)),
                )),
                serialize: quote!(serializer.serialize_i64(self.as_i64())),
                deserialize: "deserialize_integer",
            },
            EnumType::Number => Self {
                derives: quote!(Clone, Copy, Debug, PartialEq, PartialOrd),
                unrecognized: quote!(f64),
                accessor: ident("as_f64"),
                returned: quote!(f64),
                borrowed: quote!(*value),
                display: quote!(::std::fmt::Display::fmt(&self.as_f64(), f)),
                from_str: None,
                serialize: quote!(runtime::serialize_number(self.as_f64(), serializer)),
                deserialize: "deserialize_number",
            },
        }
    }
}

/// The documentation of a variant: the description of the value, and the value.
fn document(variant: &EnumVariant) -> String {
    let value = format!("The value {}.", code(&variant.identity()));
    match &variant.description {
        Some(description) => format!("{}\n\n{value}", for_rustdoc(description)),
        None => value,
    }
}

/// The literal of a value, which is a pattern too.
fn literal(value: &Value, value_type: EnumType) -> TokenStream {
    match value_type {
        EnumType::Text => {
            let text = value.as_str().unwrap_or_default();
            quote!(#text)
        }
        EnumType::Integer => literals::integer(value.as_i64().unwrap_or_default()),
        EnumType::Number => literals::number(value.as_f64().unwrap_or_default()),
    }
}
