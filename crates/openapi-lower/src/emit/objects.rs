//! Objects as structs: fields with their serde attributes, constructors and setters.

use std::collections::{BTreeMap, HashSet};

use openapi_document::reference;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::{
    docs::{self, TypeDocs},
    ident::ident,
    schema_type::{self, schema_type},
};
use crate::{
    ir::{ClientModel, Field, Object},
    lower::names::{type_name, unique, value_name},
    progenitor::signature::Core,
};

/// The emitted objects and the modules that they share.
#[derive(Default)]
pub(super) struct Objects {
    /// The types of constants by their values.
    constants: BTreeMap<String, proc_macro2::Ident>,
    /// The modules with default values.
    defaults: Vec<TokenStream>,
    /// The names of these modules.
    modules: HashSet<String>,
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
        let mut taken = HashSet::new();
        for constant in model.objects.iter().flat_map(|object| &object.constants) {
            let name = || ident(&unique(&type_name(&constant.value), &mut taken));
            objects.constants.entry(constant.value.clone()).or_insert_with(name);
        }
        for object in &model.objects {
            objects.add(object, docs, core).map_err(|why| format!("`{}`: {why}", object.rust))?;
        }
        Ok(objects)
    }

    /// The shared modules and the structs.
    pub(super) fn into_tokens(self) -> TokenStream {
        let Self { constants, defaults, items, .. } = self;
        let (values, names): (Vec<_>, Vec<_>) = constants.into_iter().unzip();
        quote! {
            mod constants {
                use super::runtime;

                #(runtime::constant!(#names = #values);)*
            }

            mod defaults {
                use super::runtime;

                #(#defaults)*
            }

            #(#items)*
        }
    }

    /// Emits one object.
    fn add(&mut self, object: &Object, docs: &TypeDocs<'_>, core: &Core) -> Result<(), String> {
        let name = ident(&object.rust);
        let doc = docs.describe(object.description.as_deref(), &object.rust);
        let (mut fields, mut setters) = (Vec::new(), Vec::new());
        let (mut arguments, mut values) = (Vec::new(), Vec::new());
        let (mut shown, mut derives_default) = (Vec::new(), true);
        for constant in &object.constants {
            let wire = &constant.name;
            let marker = &self.constants[&constant.value];
            // No other field has this name, since a constant property is not a field.
            let field = ident(&value_name(wire));
            let rename = rename_attribute(wire, &value_name(wire));
            let rename = if rename.is_empty() { rename } else { quote!(, #rename) };
            // Where the object is a member of a union, the union has taken the tag out already.
            let rename = quote!(#[serde(default #rename)]);
            shown.push(quote!(plain #field;));
            fields.push(quote!(#rename #field: constants::#marker,));
            values.push(quote!(#field: ::std::default::Default::default(),));
        }
        for field in &object.fields {
            let member = StructField::new(field, core)?;
            let default = self.default_value(object, field, &member);
            derives_default &= default.is_none();
            fields.push(member.declaration(field, default.as_ref()));
            setters.push(member.setter(field, default.is_some()));
            let local = ident(&field.rust_name);
            let debug = match (field.secret, member.presence) {
                (false, _) => "plain",
                (true, Presence::Optional | Presence::OptionalNullable) if default.is_none() => {
                    "secret_option"
                }
                (true, Presence::Nullable) => "secret_option",
                (true, _) => "secret",
            };
            let debug = ident(debug);
            shown.push(quote!(#debug #local;));
            values.push(match (default, member.presence) {
                (Some(module), _) => quote!(#local: defaults::#module::value(),),
                (None, Presence::Optional | Presence::OptionalNullable) => quote!(#local: None,),
                (None, Presence::Always | Presence::Nullable) => {
                    derives_default = false;
                    let (argument, value) = member.constructor_argument(&local);
                    arguments.push(quote!(#local: #argument));
                    value
                }
            });
        }
        let mut open_object = None;
        if let Some((extra, schema)) = &object.extra {
            let extra = ident(extra);
            let (kind, value) = match schema {
                Value::Object(map) if !map.is_empty() => {
                    (ident("typed"), schema_type(schema, core)?)
                }
                _ => (ident("any"), quote!(runtime::serde_json::Value)),
            };
            let constants = object.constants.iter().map(|constant| &constant.name);
            let declared = constants.chain(object.fields.iter().map(|field| &field.name));
            open_object = Some(quote! {
                runtime::open_object! { #name #extra: #kind #value { #(#declared,)* } }
            });
            fields.push(quote! {
                /// Additional properties.
                #[serde(flatten, skip_deserializing)]
                pub #extra: ::std::collections::HashMap<::std::string::String, #value>,
            });
            // An additional property may be a secret like the declared ones.
            shown.push(quote!(secret #extra;));
            values.push(quote!(#extra: ::std::collections::HashMap::new(),));
        }
        let remote = open_object.is_some().then(|| quote!(, remote = "Self"));
        let default_derive = derives_default.then(|| quote!(Default,));
        let has_secrets = object.fields.iter().any(|field| field.secret);
        let debug_derive = (!has_secrets).then(|| quote!(Debug,));
        let debug = has_secrets.then(|| quote!(runtime::redacted_debug! { #name { #(#shown)* } }));
        let constructor = match arguments.is_empty() {
            true => "Creates an instance without any property.",
            false => "Creates an instance with the required properties; all others are absent.",
        };
        let setters =
            (!setters.is_empty()).then(|| quote!(runtime::setters! { #name { #(#setters)* } }));
        self.items.push(quote! {
            #[doc = #doc]
            #[derive(Clone, #debug_derive #default_derive PartialEq, runtime::serde::Deserialize, runtime::serde::Serialize)]
            #[serde(crate = "runtime::serde" #remote)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
            }

            impl #name {
                #[doc = #constructor]
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#values)* }
                }
            }

            #setters
            #debug
            #open_object
        });
        Ok(())
    }

    /// Emits the module with the default of an absent property; returns its name.
    fn default_value(
        &mut self,
        object: &Object,
        field: &Field,
        member: &StructField,
    ) -> Option<proc_macro2::Ident> {
        let default = field.default.as_ref()?;
        if member.presence != Presence::Optional || !member.how.is_empty() {
            return None;
        }
        let is_float = field.schema.get("type").and_then(Value::as_str) == Some("number");
        let value = match default {
            Value::Bool(value) => quote!(#value),
            Value::String(text) => quote!(::std::string::String::from(#text)),
            Value::Number(number) if is_float => {
                let value = Literal::f64_unsuffixed(number.as_f64()?);
                quote!(#value)
            }
            Value::Number(number) => {
                let unsigned = number.as_u64().map(Literal::u64_unsuffixed);
                let value = unsigned.or_else(|| number.as_i64().map(Literal::i64_unsuffixed))?;
                quote!(#value)
            }
            _ => return None,
        };
        let module = value_name(&format!("{}_{}", object.rust, field.rust_name));
        let module = ident(&unique(&module, &mut self.modules));
        let ty = &member.ty;
        self.defaults.push(quote!(runtime::default_value!(#module: #ty = #value);));
        Some(module)
    }
}

/// Whether a property may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// `T`.
    Always,
    /// `Option<T>`: present, and may be null.
    Nullable,
    /// `Option<T>`: may be absent; null is read as absent.
    Optional,
    /// `Option<Option<T>>`: may be absent or null, which differ.
    OptionalNullable,
}

/// The Rust side of a field.
struct StructField {
    presence: Presence,
    /// The type without the `Option`s of `presence`.
    ty: TokenStream,
    /// The suffix of the setter's kind: none, `_list` or `_box`.
    how: &'static str,
    /// The type of a list's items.
    item: Option<TokenStream>,
    /// Whether the value is any JSON, null included.
    any: bool,
    /// Whether it is a date-time or has some, which the runtime decodes faster than chrono, and
    /// more leniently.
    date_times: bool,
}

impl StructField {
    fn new(field: &Field, core: &Core) -> Result<Self, String> {
        let ty =
            schema_type(&field.schema, core).map_err(|why| format!("`{}`: {why}", field.name))?;
        let any = ty.to_string() == quote!(runtime::serde_json::Value).to_string();
        let date_times = schema_type::has_date_times(&ty);
        let item = match items(&field.schema) {
            Some(items) => Some(schema_type(items, core)?),
            None => None,
        };
        let presence = match (field.required, field.nullable && !any) {
            (true, false) => Presence::Always,
            (true, true) => Presence::Nullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        };
        let list = item.is_some()
            && presence != Presence::OptionalNullable
            && presence != Presence::Nullable;
        let (ty, how) = match (field.boxed, list) {
            (true, _) => (ty, "_box"),
            (false, true) => (ty, "_list"),
            (false, false) => (ty, ""),
        };
        Ok(Self { presence, ty, how, item, any, date_times })
    }

    /// Emits the declaration of the field.
    fn declaration(&self, field: &Field, default: Option<&proc_macro2::Ident>) -> TokenStream {
        let name = ident(&field.rust_name);
        let inner = &self.ty;
        let inner =
            if self.how == "_box" { quote!(::std::boxed::Box<#inner>) } else { quote!(#inner) };
        let mut attributes = Vec::new();
        let rename = rename_attribute(&field.name, &field.rust_name);
        if !rename.is_empty() {
            attributes.push(rename);
        }
        let skip = quote!(skip_serializing_if = "::std::option::Option::is_none");
        let ty = match (self.presence, default) {
            (Presence::Optional, Some(module)) => {
                let (value, read) = (
                    format!("defaults::{module}::value"),
                    format!("defaults::{module}::deserialize"),
                );
                attributes.push(quote!(default = #value));
                attributes.push(quote!(deserialize_with = #read));
                inner
            }
            (Presence::Always, _) => {
                if self.date_times {
                    attributes.push(quote!(deserialize_with = "runtime::deserialize_date_times"));
                }
                inner
            }
            (Presence::Nullable, _) => {
                // Without a function, serde would read an absent property as null.
                let read = match self.date_times {
                    true => "runtime::deserialize_date_times",
                    false => "runtime::serde::Deserialize::deserialize",
                };
                attributes.push(quote!(deserialize_with = #read));
                quote!(::std::option::Option<#inner>)
            }
            (Presence::Optional, None) => {
                let read = match (self.any, self.date_times) {
                    (true, _) => Some("runtime::double_option"),
                    (_, true) => Some("runtime::deserialize_date_times"),
                    _ => None,
                };
                if let Some(read) = read {
                    attributes.push(quote!(default));
                    attributes.push(quote!(deserialize_with = #read));
                }
                attributes.push(skip);
                quote!(::std::option::Option<#inner>)
            }
            (Presence::OptionalNullable, _) => {
                let read = match self.date_times {
                    true => "runtime::deserialize_nullable_date_times",
                    false => "runtime::double_option",
                };
                attributes.push(quote!(default));
                attributes.push(quote!(deserialize_with = #read));
                attributes.push(skip);
                quote!(::std::option::Option<::std::option::Option<#inner>>)
            }
        };
        let attributes = (!attributes.is_empty()).then(|| quote!(#[serde(#(#attributes),*)]));
        let deprecated = field.deprecated.then(|| quote!(#[deprecated = "deprecated by the API"]));
        let doc = docs::field(field);
        let doc = (!doc.is_empty()).then(|| quote!(#[doc = #doc]));
        quote! {
            #doc
            #deprecated
            #attributes
            pub #name: #ty,
        }
    }

    /// A line of `runtime::setters!`.
    fn setter(&self, field: &Field, has_default: bool) -> TokenStream {
        let name = ident(&field.rust_name);
        let setter = ident(&field.setter);
        let kind = match self.presence {
            Presence::Always => "value",
            Presence::Optional if has_default => "value",
            Presence::Nullable | Presence::Optional => "some",
            Presence::OptionalNullable => "null",
        };
        let how = ident(&format!("{kind}{}", self.how));
        let ty = match (&self.item, self.how) {
            (Some(item), "_list") => item,
            _ => &self.ty,
        };
        let null = (self.presence == Presence::OptionalNullable).then(|| {
            let null = ident(&field.null_setter);
            quote!(, #null)
        });
        quote!(#how #setter #name: #ty #null;)
    }

    /// The type of `new`'s argument, and the initializer of the field that is made of it.
    fn constructor_argument(&self, local: &proc_macro2::Ident) -> (TokenStream, TokenStream) {
        let ty = &self.ty;
        match (self.presence, self.how) {
            (Presence::Nullable, "_box") => (
                quote!(impl ::std::convert::Into<::std::option::Option<#ty>>),
                quote!(#local: #local.into().map(::std::boxed::Box::new),),
            ),
            (Presence::Nullable, _) => (
                quote!(impl ::std::convert::Into<::std::option::Option<#ty>>),
                quote!(#local: #local.into(),),
            ),
            (_, "_box") => (
                quote!(impl ::std::convert::Into<#ty>),
                quote!(#local: ::std::boxed::Box::new(#local.into()),),
            ),
            (_, "_list") => {
                let item = self.item.as_ref().unwrap_or(ty);
                (
                    quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#item>>),
                    quote!(#local: #local.into_iter().map(::std::convert::Into::into).collect(),),
                )
            }
            _ => (quote!(impl ::std::convert::Into<#ty>), quote!(#local: #local.into(),)),
        }
    }
}

/// The serde attribute for a name that differs in JSON.
fn rename_attribute(wire: &str, rust: &str) -> TokenStream {
    if wire == rust { TokenStream::new() } else { quote!(rename = #wire) }
}

/// The item schema of an inline array.
fn items(schema: &Value) -> Option<&Value> {
    let is_array = |map: &&Map<String, Value>| {
        map.get("type").and_then(Value::as_str) == Some("array")
            && reference::target(schema).is_none()
    };
    schema.as_object().filter(is_array)?.get("items")
}
