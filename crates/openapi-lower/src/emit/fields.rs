//! Fields of structs: their declarations, setters, and arguments of `new`.

use openapi_document::reference;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::{
    docs,
    ident::ident,
    literals,
    schema_type::{self, schema_type},
    setter,
    structs::Structs,
};
use crate::{ir::Field, progenitor::signature::Core};

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

/// The conversion of an argument into the value of its field.
enum Conversion {
    /// By `into`.
    Into,
    /// By `into`, in a `Box`.
    Boxed,
    /// Of each item of a list, whose type this is, by `into`.
    Items(TokenStream),
    /// Of a list of structs, whose type this is. Nothing emitted converts into a struct, and so the
    /// type of the items is known in `with_items([])`.
    Structs(TokenStream),
}

/// The variable that the value of a property is read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    /// As its type is deserialized.
    Plain,
    /// As its type is deserialized, in place of the default of that. Whether the property was read
    /// is checked for all at once: that is less code than an `Option` for each.
    Defaulted,
    /// A struct.
    Object,
    /// A list.
    List,
    /// A list of structs.
    ObjectList,
    /// A date-time, or a type that has some: the runtime reads them faster than chrono, and more
    /// leniently.
    DateTimes,
}

/// The Rust side of a field.
pub(super) struct StructField<'a> {
    pub(super) field: &'a Field,
    pub(super) name: Ident,
    /// The type without the `Option`s of its presence.
    pub(super) ty: TokenStream,
    /// The function that returns the default of an absent property.
    pub(super) default: Option<Ident>,
    presence: Presence,
    conversion: Conversion,
    /// Whether the value is any JSON, null included.
    any: bool,
    variable: Variable,
}

impl<'a> StructField<'a> {
    /// Finds the type of a field; `Err` if there is none.
    pub(super) fn new(
        field: &'a Field,
        core: &Core,
        structs: &Structs<'_>,
    ) -> Result<Self, String> {
        let ty =
            schema_type(&field.schema, core).map_err(|why| format!("`{}`: {why}", field.name))?;
        let any = ty.to_string() == quote!(runtime::serde_json::Value).to_string();
        let presence = match (field.required, field.nullable && !any) {
            (true, false) => Presence::Always,
            (true, true) => Presence::Nullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        };
        let is_plain = matches!(presence, Presence::Always | Presence::Optional);
        let conversion = match items(&field.schema) {
            _ if field.boxed => Conversion::Boxed,
            Some(items) if is_plain => {
                let target = reference::target(items);
                let is_struct = target.is_some_and(|name| structs.all.contains(name.as_str()));
                let ty = schema_type(items, core)?;
                if is_struct { Conversion::Structs(ty) } else { Conversion::Items(ty) }
            }
            _ => Conversion::Into,
        };
        let has_default = presence == Presence::Nullable || schema_type::has_default(&ty);
        let variable = if schema_type::has_date_times(&ty) {
            Variable::DateTimes
        } else if field.required && has_default {
            Variable::Defaulted
        } else if is_plain && !field.boxed {
            Variable::new(&field.schema, structs)
        } else {
            Variable::Plain
        };
        let name = ident(&field.rust_name);
        Ok(Self { field, name, ty, default: None, presence, conversion, any, variable })
    }

    /// The expression of the default, if it is one that is filled in where the property is absent.
    pub(super) fn default_value(&self) -> Option<TokenStream> {
        let default = self.field.default.as_ref()?;
        if self.presence != Presence::Optional || !matches!(self.conversion, Conversion::Into) {
            return None;
        }
        let is_float = self.field.schema.get("type").and_then(Value::as_str) == Some("number");
        Some(match default {
            Value::Bool(value) => quote!(#value),
            Value::String(text) => quote!(::std::string::String::from(#text)),
            Value::Number(number) if is_float => literals::number(number.as_f64()?),
            Value::Number(number) => match number.as_u64() {
                Some(value) => literals::unsigned(value),
                None => literals::integer(number.as_i64()?),
            },
            _ => return None,
        })
    }

    /// The declaration of the field.
    pub(super) fn declaration(&self) -> TokenStream {
        let Self { field, name, ty: inner, .. } = self;
        let inner = match self.conversion {
            Conversion::Boxed => quote!(::std::boxed::Box<#inner>),
            Conversion::Into | Conversion::Items(_) | Conversion::Structs(_) => quote!(#inner),
        };
        let ty = match self.presence {
            Presence::Optional if self.default.is_some() => inner,
            Presence::Always => inner,
            Presence::Nullable | Presence::Optional => quote!(::std::option::Option<#inner>),
            Presence::OptionalNullable => {
                quote!(::std::option::Option<::std::option::Option<#inner>>)
            }
        };
        let deprecated = field.deprecated.then(|| quote!(#[deprecated = "deprecated by the API"]));
        let doc = docs::field(field);
        quote! {
            #doc
            #deprecated
            pub #name: #ty,
        }
    }

    /// The expression that reads the value into a variable with the name of the field.
    pub(super) fn read(&self) -> TokenStream {
        let name = &self.name;
        // Whether null is a value, and not read as if the property were absent.
        let keeps_null = match self.presence {
            Presence::Always | Presence::Nullable | Presence::OptionalNullable => true,
            Presence::Optional => self.any,
        };
        let function = ident(if keeps_null { "read" } else { "read_optional" });
        let variable = match self.variable {
            Variable::Plain => quote!(#name),
            Variable::Defaulted => quote!(runtime::Assigned(&mut #name)),
            Variable::Object => quote!(runtime::ObjectField(&mut #name)),
            Variable::List => quote!(runtime::ListField(&mut #name)),
            Variable::ObjectList => quote!(runtime::ObjectListField(&mut #name)),
            Variable::DateTimes => quote!(runtime::DateTimesField(&mut #name)),
        };
        quote!(__properties.#function(&mut #variable))
    }

    /// The declaration of that variable.
    pub(super) fn variable(&self) -> TokenStream {
        let name = &self.name;
        match self.variable {
            Variable::Defaulted => quote!(let mut #name = ::std::default::Default::default();),
            _ => quote!(let mut #name = ::std::option::Option::None;),
        }
    }

    /// Whether an object without the property is invalid, and if so, whether the variable is an
    /// `Option`.
    pub(super) fn required(&self) -> Option<bool> {
        let is_required = matches!(self.presence, Presence::Always | Presence::Nullable);
        is_required.then_some(self.variable != Variable::Defaulted)
    }

    /// The value of the field, made of the variable.
    pub(super) fn finished(&self) -> TokenStream {
        let name = &self.name;
        match &self.default {
            Some(default) => quote!(#name: #name.unwrap_or_else(defaults::#default),),
            None => quote!(#name,),
        }
    }

    /// The statement that writes the property.
    pub(super) fn write(&self) -> TokenStream {
        let (name, property) = (&self.name, &self.field.name);
        let is_always = match self.presence {
            Presence::Always | Presence::Nullable => true,
            Presence::Optional => self.default.is_some(),
            Presence::OptionalNullable => false,
        };
        let function = ident(if is_always { "write" } else { "write_some" });
        quote!(object.#function(#property, &self.#name);)
    }

    /// The setter, and that of null.
    pub(super) fn setters(&self) -> TokenStream {
        let name = &self.name;
        let argument = self.argument_type();
        let value = self.converted();
        let value = match self.presence {
            Presence::Always => value,
            Presence::Nullable | Presence::Optional => some(&value),
            Presence::OptionalNullable => some(&some(&value)),
        };
        let doc = docs::attribute(&format!("Sets `{name}`."));
        let null = (self.presence == Presence::OptionalNullable).then(|| {
            let doc = format!("Sets `{name}` to `null`. A field that isn't set is omitted.");
            let doc = docs::attribute(&doc);
            let null = some(&quote!(::std::option::Option::None));
            setter::emit(
                &quote!(#doc #[must_use]),
                &ident(&self.field.null_setter),
                &TokenStream::new(),
                &quote!(self.#name = #null;),
            )
        });
        let set = setter::emit(
            &quote!(#doc #[must_use]),
            &ident(&self.field.setter),
            &quote!(#name: #argument),
            &quote!(self.#name = #value;),
        );
        quote!(#set #null)
    }

    /// The argument of `new`; `None` if `new` doesn't take the property.
    pub(super) fn argument(&self) -> Option<TokenStream> {
        let (name, ty) = (&self.name, &self.ty);
        let argument = match self.presence {
            Presence::Always | Presence::Optional => self.argument_type(),
            Presence::Nullable | Presence::OptionalNullable => {
                quote!(impl ::std::convert::Into<::std::option::Option<#ty>>)
            }
        };
        self.field.argument.then(|| quote!(#name: #argument))
    }

    /// The initializer of the field in `new`.
    pub(super) fn initializer(&self) -> TokenStream {
        let name = &self.name;
        let nullable = || match self.conversion {
            Conversion::Boxed => quote!(#name.into().map(::std::boxed::Box::new)),
            Conversion::Into | Conversion::Items(_) | Conversion::Structs(_) => {
                quote!(#name.into())
            }
        };
        let value = match self.presence {
            _ if !self.field.argument => quote!(::std::option::Option::None),
            Presence::Always => self.converted(),
            Presence::Nullable => nullable(),
            Presence::Optional => some(&self.converted()),
            Presence::OptionalNullable => some(&nullable()),
        };
        quote!(#name: #value,)
    }

    /// The expression that `Debug` shows.
    pub(super) fn debug(&self) -> TokenStream {
        let name = &self.name;
        let is_option = self.presence != Presence::Always && self.default.is_none();
        match (self.field.secret, is_option) {
            (false, _) => quote!(&self.#name),
            (true, true) => quote!(runtime::redacted(self.#name.is_some())),
            (true, false) => quote!(&runtime::Redacted),
        }
    }

    /// The type of a setter's argument.
    fn argument_type(&self) -> TokenStream {
        let ty = &self.ty;
        match &self.conversion {
            Conversion::Into | Conversion::Boxed => quote!(impl ::std::convert::Into<#ty>),
            Conversion::Items(item) => {
                quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#item>>)
            }
            Conversion::Structs(item) => quote!(impl ::std::iter::IntoIterator<Item = #item>),
        }
    }

    /// The value of the field, made of an argument with its name.
    fn converted(&self) -> TokenStream {
        let name = &self.name;
        match self.conversion {
            Conversion::Into => quote!(#name.into()),
            Conversion::Boxed => quote!(::std::boxed::Box::new(#name.into())),
            Conversion::Items(_) => {
                quote!(#name.into_iter().map(::std::convert::Into::into).collect())
            }
            Conversion::Structs(_) => quote!(#name.into_iter().collect()),
        }
    }
}

impl Variable {
    /// The variable for a property with this schema, which doesn't allow null.
    fn new(schema: &Value, structs: &Structs<'_>) -> Self {
        let is_object = |schema: &Value| {
            reference::target(schema).is_some_and(|name| structs.plain.contains(name.as_str()))
        };
        match items(schema) {
            Some(items) if is_object(items) => Self::ObjectList,
            Some(_) => Self::List,
            None if is_object(schema) => Self::Object,
            None => Self::Plain,
        }
    }
}

fn some(value: &TokenStream) -> TokenStream {
    quote!(::std::option::Option::Some(#value))
}

/// The item schema of an inline array.
fn items(schema: &Value) -> Option<&Value> {
    let is_array = |map: &&Map<String, Value>| {
        map.get("type").and_then(Value::as_str) == Some("array")
            && reference::target(schema).is_none()
    };
    schema.as_object().filter(is_array)?.get("items")
}
