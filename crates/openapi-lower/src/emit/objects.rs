//! Objects as structs: fields with their serde attributes, constructors and setters.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs::TypeDocs,
    fields::{self, DefaultValue, StructField},
    ident::ident,
    literals,
    schema_type::schema_type,
    serde_impls,
};
use crate::{
    ir::{ClientModel, Direction, Object, SiblingTag},
    lower::names::{TakenNames, type_name, unique, value_name},
    progenitor::signature::Core,
};

/// The emitted objects and the modules that they share.
#[derive(Default)]
pub(super) struct Objects {
    /// The types of constants by their values in JSON.
    constants: BTreeMap<String, (Ident, TokenStream)>,
    /// The functions of default values.
    defaults: Vec<TokenStream>,
    /// The names of these functions.
    functions: TakenNames,
    items: Vec<TokenStream>,
}

impl Objects {
    /// Emits all objects; `Err` names a property without a type.
    pub(super) fn emit(
        model: &ClientModel,
        docs: &TypeDocs<'_>,
        core: &Core,
    ) -> Result<Self, String> {
        let mut objects = Self::default();
        let mut taken = TakenNames::default();
        for constant in model.objects.iter().flat_map(|object| &object.constants) {
            objects.constants.entry(constant.value.to_string()).or_insert_with_key(|text| {
                let name = ident(&unique(&type_name(text), &mut taken));
                (name, literals::tag(&constant.value))
            });
        }
        for object in &model.objects {
            objects.add(object, docs, core).map_err(|why| format!("`{}`: {why}", object.rust))?;
        }
        Ok(objects)
    }

    /// The shared modules and the structs.
    pub(super) fn into_tokens(self) -> TokenStream {
        let Self { constants, defaults, items, .. } = self;
        let (names, values): (Vec<_>, Vec<_>) = constants.into_values().unzip();
        let constants = (!names.is_empty()).then(|| {
            quote! {
                mod constants {
                    use super::runtime;

                    #(
                        pub struct #names;

                        impl runtime::ConstantValue for #names {
                            const VALUE: runtime::TagValue = #values;
                        }
                    )*
                }
            }
        });
        let defaults = (!defaults.is_empty()).then(|| {
            quote! {
                mod defaults {
                    use super::runtime;

                    #(#defaults)*
                }
            }
        });
        quote! {
            #constants
            #defaults
            #(#items)*
        }
    }

    /// Emits one object.
    fn add(&mut self, object: &Object, docs: &TypeDocs<'_>, core: &Core) -> Result<(), String> {
        let name = ident(&object.rust);
        let doc = docs.describe(object.description.as_deref(), &object.rust);
        let mut parts = StructParts::default();
        for constant in &object.constants {
            // No other field has this name, since a constant property is not a field.
            let field = ident(&value_name(&constant.name));
            let (marker, _) = &self.constants[&constant.value.to_string()];
            parts.add_constant(&constant.name, field, marker);
        }
        for field in &object.fields {
            let mut field = StructField::new(field, core)?;
            if let Some(default) = field.default_value() {
                field.default = Some(self.add_default(object, &field, default));
            }
            parts.add(&field);
        }
        let open_object = match &object.extra {
            Some((extra, schema)) => {
                let extra = ident(extra);
                let any = quote!(runtime::serde_json::Value);
                let (value, read) = match schema {
                    Value::Object(map) if !map.is_empty() => (
                        schema_type(schema, core)?,
                        quote!(runtime::deserialize_any_type(deserializer)),
                    ),
                    _ => (any, quote!(runtime::deserialize_any_value(deserializer))),
                };
                parts.add_extra(&extra, &value);
                Some(open_object(object, &name, &extra, &value, &read))
            }
            None => None,
        };
        // An object with additional properties has no tag.
        let with_remote = open_object
            .or_else(|| object.sibling_tag.as_ref().map(|tag| sibling_tagged(tag, &name)));
        let remote = with_remote.is_some().then(|| quote!(, remote = "Self"));
        let has_secrets = object.fields.iter().any(|field| field.secret);
        let constructors = parts.constructors(&name, object.direction);
        let is_default = object.direction.is_sent() && parts.arguments.is_empty();
        let StructParts { fields, shown, .. } = parts;
        let default_derive = is_default.then(|| quote!(Default,));
        let debug_derive = (!has_secrets).then(|| quote!(Debug,));
        let debug = has_secrets.then(|| {
            let text = &object.rust;
            quote! {
                impl ::std::fmt::Debug for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.debug_struct(#text)#(#shown)*.finish()
                    }
                }
            }
        });
        self.items.push(quote! {
            #[doc = #doc]
            #[derive(Clone, #debug_derive #default_derive PartialEq, runtime::serde::Deserialize, runtime::serde::Serialize)]
            #[serde(crate = "runtime::serde" #remote)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
            }

            #constructors
            #debug
            #with_remote
        });
        Ok(())
    }

    /// Emits the functions of the default of an absent property.
    fn add_default(
        &mut self,
        object: &Object,
        field: &StructField<'_>,
        value: TokenStream,
    ) -> DefaultValue {
        let name = value_name(&format!("{}_{}", object.rust, field.field.rust_name));
        let create = ident(&unique(&name, &mut self.functions));
        let deserialize = ident(&unique(&format!("{name}_or_null"), &mut self.functions));
        let ty = &field.ty;
        self.defaults.push(quote! {
            pub fn #create() -> #ty {
                #value
            }

            pub fn #deserialize<'de, D: runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<#ty, D::Error> {
                runtime::deserialize_or_else(deserializer, #create)
            }
        });
        DefaultValue { create, deserialize }
    }
}

/// The parts of a struct that are made of its properties.
#[derive(Default)]
struct StructParts {
    fields: Vec<TokenStream>,
    setters: Vec<TokenStream>,
    /// The arguments of `new` by their names: their order doesn't depend on that of the properties
    /// in the document, which may change.
    arguments: BTreeMap<String, TokenStream>,
    /// The initializers in `new`.
    values: Vec<TokenStream>,
    /// The calls that show the fields in `Debug`.
    shown: Vec<TokenStream>,
}

impl StructParts {
    fn add_constant(&mut self, property: &str, field: Ident, marker: &Ident) {
        let rename = fields::rename_attribute(property, &field.to_string());
        let rename = rename.map(|rename| quote!(, #rename));
        // Where the object is a member of a union, the union has taken the tag out already.
        self.fields.push(quote! {
            #[serde(default #rename)]
            #field: runtime::Constant<constants::#marker>,
        });
        self.values.push(quote!(#field: ::std::default::Default::default(),));
        self.show(&field, quote!(&self.#field));
    }

    fn add(&mut self, field: &StructField<'_>) {
        self.fields.push(field.declaration());
        self.setters.push(field.setters());
        let argument = field.argument();
        self.arguments.extend(argument.map(|argument| (field.name.to_string(), argument)));
        self.values.push(field.initializer());
        self.show(&field.name, field.debug());
    }

    fn add_extra(&mut self, extra: &Ident, value: &TokenStream) {
        self.fields.push(quote! {
            /// Additional properties.
            #[serde(flatten, skip_deserializing)]
            pub #extra: ::std::collections::HashMap<::std::string::String, #value>,
        });
        self.values.push(quote!(#extra: ::std::collections::HashMap::new(),));
        // An additional property may be a secret like the declared ones.
        self.show(extra, quote!(&runtime::Redacted));
    }

    /// `new` and the setters; none for a type that is only received, which may get further required
    /// properties.
    fn constructors(&self, name: &Ident, direction: Direction) -> Option<TokenStream> {
        if !direction.is_sent() {
            return None;
        }
        let Self { setters, arguments, values, .. } = self;
        let doc = match arguments.is_empty() {
            true => "Creates an instance without any property.",
            false => "Creates an instance with the required properties; all others are absent.",
        };
        let arguments = arguments.values();
        Some(quote! {
            impl #name {
                #[doc = #doc]
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#values)* }
                }

                #(#setters)*
            }
        })
    }

    fn show(&mut self, field: &Ident, value: TokenStream) {
        let text = field.to_string();
        self.shown.push(quote!(.field(#text, #value)));
    }
}

/// The implementations of an object in which one property tells the type of another, by the
/// functions that serde derives with `remote = "Self"`.
fn sibling_tagged(sibling: &SiblingTag, name: &Ident) -> TokenStream {
    let SiblingTag { tag, property, .. } = sibling;
    let field = ident(&sibling.field);
    let union = ident(&sibling.union);
    let values = sibling.variants.iter().map(|(value, _)| value);
    let variants = sibling.variants.iter().map(|(_, variant)| ident(variant));
    let serialize = serde_impls::serialize(name, &quote!(Self::serialize(self, serializer)));
    let deserialize = serde_impls::deserialize(name, "deserialize_sibling_tagged");
    quote! {
        impl<'de> runtime::SiblingTagged<'de> for #name {
            type Member = types::#union;

            const TAG: &'static str = #tag;
            const PROPERTY: &'static str = #property;

            fn deserialize_declared<D: runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn decode_union(
                tag: &str,
                value: &runtime::serde_json::Value,
            ) -> ::std::option::Option<types::#union> {
                match tag {
                    #(#values => runtime::decode_variant(value, types::#union::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn set_union(&mut self, union: types::#union) {
                self.#field = union;
            }
        }

        #serialize
        #deserialize
    }
}

/// The implementations of an object with additional properties, by the functions that serde derives
/// with `remote = "Self"`.
fn open_object(
    object: &Object,
    name: &Ident,
    extra: &Ident,
    value: &TokenStream,
    read: &TokenStream,
) -> TokenStream {
    let constants = object.constants.iter().map(|constant| &constant.name);
    let declared = constants.chain(object.fields.iter().map(|field| &field.name));
    let serialize = serde_impls::serialize(name, &quote!(Self::serialize(self, serializer)));
    let deserialize = serde_impls::deserialize(name, "deserialize_open_object");
    quote! {
        impl<'de> runtime::OpenObject<'de> for #name {
            type Value = #value;

            const DECLARED: &'static [&'static str] = &[#(#declared),*];

            fn deserialize_declared<D: runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn deserialize_additional<D: runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self::Value, D::Error> {
                #read
            }

            fn set_additional(
                &mut self,
                properties: ::std::collections::HashMap<::std::string::String, Self::Value>,
            ) {
                self.#extra = properties;
            }
        }

        #serialize
        #deserialize
    }
}
