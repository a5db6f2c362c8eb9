//! One owned builder per operation.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use super::{auth::auth, bodies, docs, ident::ident, pages, responses, schema_type::schema_type};
use crate::{
    ir::{ObjectStyle, Operation, Parameter, ParameterEncoding},
    lower::names::value_name,
    progenitor::signature::{Argument, Core, item_of},
};

/// The code of one operation.
pub(super) struct Emitted {
    /// Its builder, and what belongs to that.
    pub(super) items: Vec<syn::Item>,
    /// The function of the client that starts it.
    pub(super) starter: syn::ImplItem,
}

pub(super) fn emit(
    operation: &Operation,
    core: &Core,
    tables: &mut Tables,
) -> Result<Emitted, String> {
    let arguments = core.function(&operation.function)?;
    let argument = |name: &str| arguments.iter().find(|argument| argument.name == name);
    let fields = operation
        .parameters
        .iter()
        .map(|parameter| {
            let core_name = value_name(&parameter.name);
            Field::of(parameter, argument(&core_name), core_name, core)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let core_body = argument("body").map(Argument::stored).map(|ty| quote!(#ty));
    let body = bodies::emit(operation.body.as_ref(), core_body, core)?;
    let success = responses::success(operation, core)?;
    let errors = responses::errors(operation, core)?;

    let builder = ident(&operation.builder);
    let doc = docs::operation(operation);
    let has_secrets = fields.iter().any(|field| field.parameter.secret);
    let derives = match (body.cloneable, has_secrets) {
        (true, false) => quote!(#[derive(Clone, Debug)]),
        (true, true) => quote!(#[derive(Clone)]),
        (false, false) => quote!(#[derive(Debug)]),
        (false, true) => quote!(),
    };
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.stored).collect();
    let setters = fields.iter().map(Field::setter);
    let required = fields.iter().map(Field::check);
    let passed = arguments.iter().map(|argument| {
        let mut of_core = fields.iter().filter(|field| field.is_of_core());
        let field = of_core.find(|field| field.core_name == argument.name);
        let local = field.map_or_else(|| ident(&argument.name), |field| field.name.clone());
        argument.pass(&local)
    });
    let function = ident(&operation.function);
    let placed = fields.iter().map(Field::place);
    let path_values = fields
        .iter()
        .filter(|field| field.parameter.encoding == ParameterEncoding::Path)
        .map(|field| {
            let (local, name) = (&field.name, &field.parameter.name);
            quote!((#name, #local.to_string()))
        });
    let (body_field, body_type, body_new) = match &body.field {
        Some((name @ "form", ty)) => {
            (Some(ident(name)), Some(quote!(#ty)), Some(quote!(#ty::default())))
        }
        Some((name, ty)) => (Some(ident(name)), Some(quote!(Option<#ty>)), Some(quote!(None))),
        None => (None, None, None),
    };
    let body_field = body_field.into_iter().collect::<Vec<_>>();
    let body_type = body_type.into_iter();
    let body_new = body_new.into_iter();
    let (body_setters, body_checks, attach) = (&body.setters, &body.checks, &body.attach);
    let constant = constant(operation, &success.accept, &tables.name(errors.cases));
    let (send, sending) = sender(operation, &success, &errors.documented);
    let definition = &success.definition;
    let paged = match &operation.paging {
        Some(paging) if body.cloneable => Some(pages::emit(operation, paging, core)?),
        _ => None,
    };
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated = "deprecated by the API"]));
    let starter = quote! {
        #[doc = #doc]
        #deprecated
        pub fn #function(&self) -> #builder {
            #builder {
                client: self.runtime().clone(),
                #(#names: None,)*
                #(#body_field: #body_new,)*
            }
        }
    };
    let shown = fields.iter().map(|field| {
        let how = ident(if field.parameter.secret { "secret_option" } else { "plain" });
        let name = &field.name;
        quote!(#how #name;)
    });
    let debug = has_secrets.then(|| {
        quote!(runtime::redacted_debug! { #builder { plain client; #(#shown)* #(plain #body_field;)* } })
    });
    let placed = quote!(#(#placed)* #attach);
    let built = quote! {
        runtime::Call::build(
            &client,
            Self::OPERATION,
            (&core.inner, core.#function(#(#passed),*)),
            &[#(#path_values),*],
        )
    };
    let built = if placed.is_empty() {
        built
    } else {
        quote! {
            let mut call = #built?;
            #placed
            Ok(call)
        }
    };
    let builder = quote! {
        #[doc = #doc]
        #derives
        #[must_use = "an operation does nothing until it is sent"]
        pub struct #builder {
            client: runtime::Client,
            #(#names: Option<#types>,)*
            #(#body_field: #body_type,)*
        }

        impl #builder {
            #constant

            #(#setters)*
            #(#body_setters)*

            fn call(self) -> Result<runtime::Call, runtime::Error> {
                let Self { client, #(#names,)* #(#body_field,)* } = self;
                #(#required)*
                #body_checks
                let core = core_of(&client);
                #built
            }

            #send
        }

        #sending
        #debug
        #paged
        #definition
    };
    let builder: syn::File = syn::parse2(builder).map_err(|error| error.to_string())?;
    let starter = syn::parse2(starter).map_err(|error| error.to_string())?;
    Ok(Emitted { items: builder.items, starter })
}

fn constant(operation: &Operation, accept: &str, errors: &Ident) -> TokenStream {
    let (id, method, path) = (&operation.id, &operation.method, &operation.path);
    let auth = auth(&operation.auth);
    quote! {
        const OPERATION: &'static runtime::Operation = &runtime::Operation {
            id: #id,
            method: #method,
            path: #path,
            accept: #accept,
            auth: #auth,
            errors: #errors,
        };
    }
}

fn sender(
    operation: &Operation,
    success: &responses::Success,
    documented: &[(String, String)],
) -> (TokenStream, TokenStream) {
    let doc = docs::send(operation, documented);
    let builder = ident(&operation.builder);
    let (ty, cases) = (&success.ty, &success.cases);
    let body = if success.streamed {
        quote!(self.call()?.stream().await)
    } else {
        quote! {
            const SUCCESS: &[ResponseDecoder<#ty>] = &[#(#cases),*];
            self.call()?.send(SUCCESS).await
        }
    };
    let send = quote! {
        #[doc = #doc]
        pub async fn send(self) -> Result<runtime::Response<#ty>, runtime::Error> {
            #body
        }
    };
    let sending = quote!(runtime::send_methods!(#builder => #ty););
    (send, sending)
}

/// The error tables of all operations; most operations share one with others.
#[derive(Default)]
pub(super) struct Tables {
    names: HashMap<String, Ident>,
    definitions: Vec<TokenStream>,
}

impl Tables {
    /// The name of the constant with these cases.
    fn name(&mut self, cases: Vec<TokenStream>) -> Ident {
        let cases = quote!(#(#cases),*);
        let definitions = &mut self.definitions;
        let name = self.names.entry(cases.to_string()).or_insert_with(|| {
            let name = ident(&format!("ERRORS_{}", definitions.len() + 1));
            definitions.push(quote!(const #name: &[ErrorDecoder] = &[#cases];));
            name
        });
        name.clone()
    }

    pub(super) fn definitions(&self) -> &[TokenStream] {
        &self.definitions
    }
}

/// A parameter in a builder.
struct Field<'a> {
    parameter: &'a Parameter,
    /// The name that the core's function has for it.
    core_name: String,
    name: Ident,
    stored: Type,
}

impl<'a> Field<'a> {
    fn of(
        parameter: &'a Parameter,
        argument: Option<&Argument>,
        core_name: String,
        core: &Core,
    ) -> Result<Self, String> {
        let stored = match (parameter.encoding, argument) {
            (
                ParameterEncoding::Path | ParameterEncoding::Query | ParameterEncoding::Header,
                Some(argument),
            ) => argument.stored(),
            (
                ParameterEncoding::Path | ParameterEncoding::Query | ParameterEncoding::Header,
                None,
            ) => {
                return Err(format!("the core doesn't take `{}`", parameter.name));
            }
            _ => {
                let ty = schema_type(&parameter.schema, core)?;
                syn::parse2(ty).map_err(|error| error.to_string())?
            }
        };
        Ok(Self { parameter, core_name, name: ident(&parameter.rust_name), stored })
    }

    /// Whether the core writes it.
    fn is_of_core(&self) -> bool {
        matches!(
            self.parameter.encoding,
            ParameterEncoding::Path | ParameterEncoding::Query | ParameterEncoding::Header
        )
    }

    fn setter(&self) -> TokenStream {
        let doc = docs::parameter(self.parameter);
        let name = &self.name;
        let stored = &self.stored;
        match item_of(stored) {
            Some(item) => quote! {
                #[doc = #doc]
                pub fn #name(mut self, values: impl IntoIterator<Item = impl Into<#item>>) -> Self {
                    self.#name = Some(values.into_iter().map(Into::into).collect());
                    self
                }
            },
            None => quote! {
                #[doc = #doc]
                pub fn #name(mut self, value: impl Into<#stored>) -> Self {
                    self.#name = Some(value.into());
                    self
                }
            },
        }
    }

    /// Statements that refuse what can't be sent.
    fn check(&self) -> TokenStream {
        let name = &self.name;
        let text = &self.parameter.rust_name;
        let is_header = self.parameter.encoding == ParameterEncoding::Header;
        let legal = quote!(Self::OPERATION.header_value(#text, &value.to_string())?;);
        match (self.parameter.required, is_header) {
            (true, false) => quote!(let #name = Self::OPERATION.required(#text, #name)?;),
            (true, true) => quote! {
                let #name = Self::OPERATION.required(#text, #name)?;
                let value = &#name;
                #legal
            },
            (false, true) => quote!(if let Some(value) = &#name { #legal }),
            (false, false) => TokenStream::new(),
        }
    }

    /// Statements that write what the core doesn't.
    fn place(&self) -> Option<TokenStream> {
        let (local, name) = (&self.name, &self.parameter.name);
        let write = match self.parameter.encoding {
            ParameterEncoding::Path | ParameterEncoding::Query | ParameterEncoding::Header => {
                return None;
            }
            ParameterEncoding::Delimited(separator) => {
                quote!(call.query_delimited(#name, #separator, value);)
            }
            ParameterEncoding::Repeated if item_of(&self.stored).is_some() => {
                quote!(call.query_repeated(#name, value);)
            }
            ParameterEncoding::Repeated => {
                quote!(call.query_repeated(#name, std::slice::from_ref(value));)
            }
            ParameterEncoding::Object(members) => {
                let style = match members {
                    ObjectStyle::FormExploded => quote!(runtime::ObjectStyle::FormExploded),
                    ObjectStyle::Form => quote!(runtime::ObjectStyle::Form),
                    ObjectStyle::DeepObject => quote!(runtime::ObjectStyle::DeepObject),
                };
                quote!(call.query_object(#name, #style, value)?;)
            }
            ParameterEncoding::Json => quote!(call.query_json(#name, value)?;),
            ParameterEncoding::Cookie => quote!(call.cookie(#name, value)?;),
        };
        Some(if self.parameter.required {
            quote!({ let value = &#local; #write })
        } else {
            quote!(if let Some(value) = &#local { #write })
        })
    }
}
