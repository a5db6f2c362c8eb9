//! Builders of requests, one per operation.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use super::{
    auth::requirements,
    bodies, docs, expansions,
    ident::ident,
    impls, pages,
    prelude::shorten,
    responses,
    schema_type::{is_uuid, schema_type},
    setter,
};
use crate::{
    collect::Collect,
    ir::{Alternative, Operation, OperationServer, Parameter, ParameterEncoding, Successor},
    lower::names::value_name,
    progenitor::signature::{Core, item_of},
    text_map::TextMap,
};

/// The emitted code of one operation.
pub(super) struct Emitted {
    /// The builder and its implementations.
    pub(super) items: Vec<syn::Item>,
    /// The method of the client that returns the builder.
    pub(super) method: syn::ImplItem,
}

/// Emits an operation. `attributes` are those of its builder and of its method.
pub(super) fn emit(
    operation: &Operation,
    core: &Core,
    tables: &mut SharedTables,
    attributes: &TokenStream,
    needed: fn(TokenStream, &Core) -> TokenStream,
) -> Result<Emitted, String> {
    let arguments = core.function(&operation.core_function)?;
    let mut fields = Vec::new();
    for parameter in &operation.parameters {
        fields.push(BuilderField::new(parameter, core)?);
    }
    let body = bodies::emit(operation.body.as_ref(), core)?;
    let success = responses::success(operation, core)?;
    let mut alternatives = Vec::new();
    for one in &operation.alternatives {
        alternatives.push((one, responses::alternative(operation, one, core)?));
    }
    let errors = responses::errors(operation, core)?;

    let builder = ident(&operation.builder);
    let response = responses::in_markdown(&success.ty);
    let response = if response == "`()`" { "" } else { &response };
    let method_doc = docs::method(operation, response);
    let doc = docs::builder(operation, response);
    let has_secrets = fields.iter().any(|field| field.parameter.secret);
    let derives = match has_secrets {
        false => quote!(#[derive(Clone, Debug)]),
        true => quote!(#[derive(Clone)]),
    };
    let names = fields.iter().map(|field| &field.name).collect_vec();
    let types = fields.iter().map(BuilderField::stored).collect_vec();
    let setters = fields.iter().map(BuilderField::setter);
    let required = fields.iter().map(BuilderField::check);
    let core_fields: TextMap<String, &BuilderField<'_>> = fields
        .iter()
        .filter(|field| {
            let encoding = field.parameter.encoding;
            matches!(encoding, ParameterEncoding::Query | ParameterEncoding::Header)
        })
        .map(|field| (value_name(&field.parameter.name), field))
        .collect_map();
    let passed = arguments.iter().map(|argument| {
        let field = core_fields.get(&argument.name);
        let local = field.map_or_else(|| ident(&argument.name), |field| field.name.clone());
        argument.pass(&local)
    });
    let function = ident(&operation.function);
    let core_function = ident(&operation.core_function);
    let writes = fields.iter().map(BuilderField::write);
    let path_values = fields.iter().filter_map(|field| {
        let ParameterEncoding::Path(expansion) = field.parameter.encoding else { return None };
        let (local, name) = (&field.name, &field.parameter.name);
        let expansion = expansions::expansion(expansion);
        Some(quote!(runtime::path_parameter(#name, #expansion, &#local)))
    });
    let body_field = body.fields.iter().map(|field| &field.name).collect_vec();
    let body_type = body.fields.iter().map(|field| &field.ty);
    let body_new = body.fields.iter().map(|field| &field.unset);
    let (body_setters, body_checks, attach) = (&body.setters, &body.checks, &body.attach);
    let security = tables.security(requirements(&operation.security));
    let errors_table = tables.errors(errors.decoders);
    let constant = constant(operation, &success.accept, &security, &errors_table);
    let (send, into_future) = send_methods(operation, &success, &errors.documented);
    let send_alternatives =
        alternatives.iter().map(|(one, success)| send_alternative(one, success));
    let definition = &success.definition;
    let definitions = alternatives.iter().map(|(_, success)| &success.definition);
    let paged = match &operation.paging {
        Some(paging) => Some(pages::emit(operation, paging, &success, core)?),
        None => None,
    };
    let deprecated = operation.deprecated.then(|| deprecated(operation.successor.as_ref()));
    let method = quote! {
        #method_doc
        #attributes
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
        let (name, text) = (&field.name, field.name.to_string());
        let value = match field.parameter.secret {
            true => quote!(runtime::redacted(self.#name.is_some())),
            false => quote!(&self.#name),
        };
        quote!(.field(#text, #value))
    });
    let debug = has_secrets.then(|| {
        let text = &operation.builder;
        let body_texts = body_field.iter().map(ToString::to_string);
        let body = quote! {
            f.debug_struct(#text)
                .field("client", &self.client)
                #(#shown)*
                #(.field(#body_texts, &self.#body_field))*
                .finish()
        };
        impls::debug(&builder, &body)
    });
    let writes = quote!(#(#writes)* #attach);
    let built = quote! {
        runtime::Call::build(
            &client,
            Self::OPERATION,
            core_of(&client).#core_function(#(#passed),*),
            &[#(#path_values),*],
        )
    };
    let built = if writes.is_empty() {
        built
    } else {
        quote! {
            let mut call = #built?;
            #writes
            Ok(call)
        }
    };
    let builder = quote! {
        #doc
        #attributes
        #derives
        #[must_use = "a request does nothing until it is sent"]
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
                #built
            }

            #send
            #(#send_alternatives)*
        }

        #into_future
        #debug
        #paged
        #definition
        #(#definitions)*
    };
    // Builders have none of these names.
    let builder = shorten(needed(builder, core), &HashSet::new());
    let builder: syn::File = syn::parse2(builder).map_err(|error| error.to_string())?;
    let method = syn::parse2(method).map_err(|error| error.to_string())?;
    Ok(Emitted { items: builder.items, method })
}

/// Emits the constant with the operation's facts.
fn constant(operation: &Operation, accept: &str, security: &Ident, errors: &Ident) -> TokenStream {
    let (id, method, path) = (&operation.id, &operation.method, &operation.path);
    let server = match &operation.server {
        OperationServer::Base => quote!(runtime::OperationServer::Base),
        OperationServer::Path(path) => quote!(runtime::OperationServer::Path(#path)),
        OperationServer::Named { name, url } => {
            quote!(runtime::OperationServer::Named { name: #name, url: #url })
        }
    };
    quote! {
        const OPERATION: &'static runtime::Operation = &runtime::Operation {
            id: #id,
            method: #method,
            path: #path,
            accept: #accept,
            security: #security,
            server: #server,
            errors: #errors,
        };
    }
}

/// Emits `send` and the other methods that send the request.
fn send_methods(
    operation: &Operation,
    success: &responses::Success,
    documented: &[(String, String)],
) -> (TokenStream, TokenStream) {
    let doc = docs::send(operation, documented);
    let builder = ident(&operation.builder);
    let (ty, sent) = (&success.ty, success.send(&quote!(self.call())));
    let future = success.future();
    let send = quote! {
        #doc
        pub fn send(self) -> #future {
            #sent
        }

        /// Sends the request and returns the response whatever its status is: with status and
        /// headers, and the body as a stream.
        ///
        /// # Errors
        ///
        /// If a required parameter is missing, the request can't be sent, or no response is
        /// received. A status of 400 and above isn't an error.
        pub fn send_raw(
            self,
        ) -> runtime::BoxFuture<Result<runtime::Response<runtime::ByteStream>, runtime::Error>> {
            runtime::send_raw(self.call())
        }
    };
    let into_future = quote! {
        impl ::std::future::IntoFuture for #builder {
            type Output = Result<runtime::Response<#ty>, runtime::Error>;
            type IntoFuture = #future;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
    (send, into_future)
}

/// Emits the method that sends the request for another representation.
fn send_alternative(alternative: &Alternative, success: &responses::Success) -> TokenStream {
    let name = ident(&alternative.rust_name);
    let (future, accept) = (success.future(), &success.accept);
    let sent = success.send(&quote!(runtime::accepting(self.call(), #accept)));
    let doc = docs::send_alternative(&alternative.media_type);
    quote! {
        #doc
        pub fn #name(self) -> #future {
            #sent
        }
    }
}

/// The tables of all operations, each of which many operations share.
#[derive(Default)]
pub(super) struct SharedTables {
    /// The names of the tables of decoders, by their entries.
    errors: TextMap<String, Ident>,
    /// The names of the tables of requirements, by their entries.
    security: TextMap<String, Ident>,
    definitions: Vec<TokenStream>,
}

impl SharedTables {
    /// The name of the table of these decoders.
    fn errors(&mut self, decoders: Vec<TokenStream>) -> Ident {
        let ty = quote!(&[ErrorDecoder]);
        intern("ERRORS", &ty, decoders, &mut self.errors, &mut self.definitions)
    }

    /// The name of the table of these requirements.
    fn security(&mut self, requirements: Vec<TokenStream>) -> Ident {
        let ty = quote!(runtime::Requirements);
        intern("SECURITY", &ty, requirements, &mut self.security, &mut self.definitions)
    }

    pub(super) fn into_definitions(self) -> Vec<TokenStream> {
        self.definitions
    }
}

/// Defines the table of these entries unless it is known; returns its name.
fn intern(
    prefix: &str,
    ty: &TokenStream,
    entries: Vec<TokenStream>,
    known: &mut TextMap<String, Ident>,
    definitions: &mut Vec<TokenStream>,
) -> Ident {
    let entries = quote!(#(#entries),*);
    let text = entries.to_string();
    if let Some(name) = known.get(&text) {
        return name.clone();
    }
    let name = ident(&format!("{prefix}_{}", known.len() + 1));
    definitions.push(quote!(const #name: #ty = &[#entries];));
    known.insert(text, name.clone());
    name
}

/// The field of a parameter in a builder.
struct BuilderField<'a> {
    parameter: &'a Parameter,
    name: Ident,
    /// The type of the value.
    ty: Type,
    /// Whether it is a UUID or a list of these, which setters take as text, too: what isn't one
    /// becomes an error when the request is sent.
    uuid: bool,
}

impl<'a> BuilderField<'a> {
    fn new(parameter: &'a Parameter, core: &Core) -> Result<Self, String> {
        let ty = schema_type(&parameter.schema, core)?;
        let ty: Type = syn::parse2(ty).map_err(|error| error.to_string())?;
        let scalar = item_of(&ty).unwrap_or(&ty);
        let uuid = is_uuid(&quote!(#scalar));
        Ok(Self { parameter, name: ident(&parameter.rust_name), ty, uuid })
    }

    /// The type of the field without its `Option`.
    fn stored(&self) -> TokenStream {
        let ty = &self.ty;
        if self.uuid { quote!(Result<#ty, String>) } else { quote!(#ty) }
    }

    fn setter(&self) -> TokenStream {
        let doc = docs::parameter(self.parameter);
        let name = &self.name;
        let ty = &self.ty;
        let uuid = quote!(impl TryInto<runtime::uuid::Uuid, Error: ::std::fmt::Display>);
        let (argument, value) = match item_of(ty) {
            Some(_) if self.uuid => {
                (quote!(values: impl IntoIterator<Item = #uuid>), quote!(runtime::to_uuids(values)))
            }
            None if self.uuid => (quote!(value: #uuid), quote!(runtime::to_uuid(value))),
            Some(item) => (
                quote!(values: impl IntoIterator<Item = impl Into<#item>>),
                quote!(values.into_iter().map(Into::into).collect()),
            ),
            None => (quote!(value: impl Into<#ty>), quote!(value.into())),
        };
        setter::emit(&doc, name, &argument, &quote!(self.#name = Some(#value);))
    }

    /// Statements that check the value before the request is built.
    fn check(&self) -> TokenStream {
        let (name, text) = (&self.name, &self.parameter.rust_name);
        let function = match (self.parameter.required, self.uuid) {
            (true, true) => Some("required_valid"),
            (true, false) => Some("required"),
            (false, true) => Some("valid"),
            (false, false) => None,
        };
        let checked = function.map(|function| {
            let function = ident(function);
            quote!(let #name = Self::OPERATION.#function(#text, #name)?;)
        });
        let legal = (self.parameter.encoding == ParameterEncoding::Header).then(|| {
            let legal = quote!(Self::OPERATION.header_value(#text, &value.to_string())?;);
            match self.parameter.required {
                true => quote!({ let value = &#name; #legal }),
                false => quote!(if let Some(value) = &#name { #legal }),
            }
        });
        quote!(#checked #legal)
    }

    /// Statements that write a parameter which the core doesn't.
    fn write(&self) -> Option<TokenStream> {
        let (local, name) = (&self.name, &self.parameter.name);
        let expansion = expansions::expansion;
        let write = match self.parameter.encoding {
            ParameterEncoding::Path(_) | ParameterEncoding::Query | ParameterEncoding::Header => {
                return None;
            }
            ParameterEncoding::QueryExpansion(one) => {
                let one = expansion(one);
                quote!(call.query(#name, #one, value)?;)
            }
            ParameterEncoding::QueryString(one) => {
                let expansion = expansions::expansion(one);
                quote!(call.query_string(#name, #expansion, value)?;)
            }
            ParameterEncoding::HeaderExpansion(one) => {
                let one = expansion(one);
                quote!(call.header(#name, #one, value)?;)
            }
            ParameterEncoding::Cookie(one) => {
                let one = expansion(one);
                quote!(call.cookie(#name, #one, value)?;)
            }
        };
        Some(if self.parameter.required {
            quote!({ let value = &#local; #write })
        } else {
            quote!(if let Some(value) = &#local { #write })
        })
    }
}

/// The attribute of a deprecated method, which names its successor.
fn deprecated(successor: Option<&Successor>) -> TokenStream {
    let note = match successor {
        Some(successor) => format!("use `{}`", successor.function),
        None => "deprecated by the API".to_owned(),
    };
    quote!(#[deprecated(note = #note)])
}
