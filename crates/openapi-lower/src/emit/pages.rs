//! Implementations of `Paged`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    ident::ident,
    responses::Success,
    schema_type::{is_uuid, schema_type},
};
use crate::{
    ir::{Field, MoreFlag, NextPage, Operation, PageParameter, Paging},
    progenitor::signature::Core,
};

/// Emits the implementation of `Paged` for an operation that lists something page by page.
pub(super) fn emit(
    operation: &Operation,
    paging: &Paging,
    success: &Success,
    core: &Core,
) -> Result<TokenStream, String> {
    let builder = ident(&operation.builder);
    let page = &success.ty;
    let item = schema_type(&paging.item, core)?;
    let page_value = quote!(Some(page));
    let items = borrowed(page_value.clone(), &paging.items, core)?;
    let into_items = owned(page_value, &paging.items, core)?;
    let next = next_page(&paging.next, success, core)?;
    let more = paging.more.as_ref().map(|more| flag(more, core)).transpose()?;
    let (next_items, info) = (next.items, next.info);
    let info = quote!(#info #more);
    let info = match info.is_empty() {
        true => quote!(runtime::PageInfo::default()),
        false => quote!(runtime::PageInfo { #info ..Default::default() }),
    };
    Ok(quote! {
        impl runtime::Paged for #builder {
            type Page = #page;
            type Item = #item;

            #next_items

            fn operation() -> &'static runtime::Operation {
                Self::OPERATION
            }

            fn fetch(
                self,
            ) -> runtime::BoxFuture<Result<runtime::Response<Self::Page>, runtime::Error>> {
                Box::pin(self.send())
            }

            fn items(page: &Self::Page) -> &[Self::Item] {
                #items.map_or(&[], |items| items)
            }

            fn into_items(page: Self::Page) -> Vec<Self::Item> {
                #into_items.unwrap_or_default()
            }

            fn page_info(page: &Self::Page) -> runtime::PageInfo {
                #info
            }
        }

        impl #builder {
            /// Returns a stream of the pages, from the page that was set, or else the first.
            ///
            /// Each item is a response as `send` returns it. Nothing is sent before the stream is
            /// polled.
            pub fn pages(self) -> runtime::Pages<Self> {
                runtime::Pages::new(self)
            }

            /// Returns a stream of the items of all pages, from the page that was set, or else the
            /// first.
            ///
            /// Nothing is sent before the stream is polled, and a page is requested only after the
            /// items of the previous one were returned.
            pub fn stream(self) -> runtime::Items<Self> {
                runtime::Items::new(self)
            }
        }
    })
}

/// The parts of an implementation that depend on how the next page is requested.
struct Next {
    /// Items of the implementation.
    items: TokenStream,
    /// Fields of `PageInfo`.
    info: TokenStream,
}

fn next_page(next: &NextPage, success: &Success, core: &Core) -> Result<Next, String> {
    Ok(match next {
        NextPage::Number { parameter, first, total, number, size } => Next {
            items: counted(parameter, *first, None, core)?,
            info: integers(
                &[
                    ("total", total.as_deref()),
                    ("number", number.as_deref()),
                    ("size", size.as_deref()),
                ],
                core,
            )?,
        },
        NextPage::Offset { parameter, first, total } => Next {
            items: counted(parameter, *first, Some(quote!(Offsets)), core)?,
            info: integers(&[("total", total.as_deref())], core)?,
        },
        NextPage::Token { parameter, token } => {
            let token = text(quote!(Some(page)), token, core)?;
            Next { items: by_token(parameter, core)?, info: quote!(next: #token,) }
        }
        NextPage::LastItem { parameter, token } => {
            let token = text(quote!(<Self as runtime::Paged>::items(page).last()), token, core)?;
            Next { items: by_token(parameter, core)?, info: quote!(next: #token,) }
        }
        NextPage::Link(link) => {
            let link = text(quote!(Some(page)), link, core)?;
            Next { items: by_link(quote!(Links), success), info: quote!(next: #link,) }
        }
        NextPage::LinkHeader => {
            Next { items: by_link(quote!(LinkHeader), success), info: TokenStream::new() }
        }
    })
}

/// Emits the items of a list whose pages have numbers or offsets.
fn counted(
    parameter: &PageParameter,
    first: i64,
    continuation: Option<TokenStream>,
    core: &Core,
) -> Result<TokenStream, String> {
    let first = Literal::i64_unsuffixed(first);
    let continuation = continuation.map(continuation_constant);
    let get = get(parameter, core)?;
    let set = set(parameter, &quote!(number.try_into().ok()?), core)?;
    Ok(quote! {
        const FIRST_PAGE: i64 = #first;
        #continuation

        fn page_number(&self) -> Option<i64> {
            #get.and_then(|number| i64::try_from(number).ok())
        }

        fn with_page_number(mut self, number: i64) -> Option<Self> {
            #set
            Some(self)
        }
    })
}

/// Emits the items of a list whose pages have a token.
fn by_token(parameter: &PageParameter, core: &Core) -> Result<TokenStream, String> {
    let continuation = continuation_constant(quote!(Tokens));
    let set = set(parameter, &quote!(token.parse().ok()?), core)?;
    Ok(quote! {
        #continuation

        fn with_token(mut self, token: &str) -> Option<Self> {
            #set
            Some(self)
        }
    })
}

/// Emits the items of a list whose pages have a link.
fn by_link(continuation: TokenStream, success: &Success) -> TokenStream {
    let continuation = continuation_constant(continuation);
    let sent = success.send(&quote!(Ok(call)));
    quote! {
        #continuation

        fn into_call(self) -> Result<runtime::Call, runtime::Error> {
            self.call()
        }

        fn fetch_call(
            call: runtime::Call,
        ) -> runtime::BoxFuture<Result<runtime::Response<Self::Page>, runtime::Error>> {
            Box::pin({ #sent })
        }
    }
}

fn continuation_constant(variant: TokenStream) -> TokenStream {
    quote!(const CONTINUATION: runtime::Continuation = runtime::Continuation::#variant;)
}

/// The expression of the value of an integer parameter, an `Option`.
fn get(parameter: &PageParameter, core: &Core) -> Result<TokenStream, String> {
    Ok(match parameter {
        PageParameter::Parameter(parameter) => {
            let name = ident(&parameter.rust_name);
            let flatten = is_nullable(&parameter.schema).then(|| quote!(.flatten()));
            quote!(self.#name #flatten)
        }
        PageParameter::Body { setter, field } => {
            let setter = ident(setter);
            let value = borrowed(quote!(self.#setter.as_ref()), std::slice::from_ref(field), core)?;
            quote!(#value.copied())
        }
    })
}

/// The statement that sets a parameter.
fn set(parameter: &PageParameter, value: &TokenStream, core: &Core) -> Result<TokenStream, String> {
    Ok(match parameter {
        PageParameter::Parameter(parameter) => {
            let name = ident(&parameter.rust_name);
            let value = match is_nullable(&parameter.schema) {
                true => quote!(Some(#value)),
                false if is_uuid(&schema_type(&parameter.schema, core)?) => quote!(Ok(#value)),
                false => value.clone(),
            };
            quote!(self.#name = Some(#value);)
        }
        PageParameter::Body { setter, field } => {
            let (setter, name) = (ident(setter), ident(&field.rust_name));
            let ty = schema_type(&field.schema, core)?;
            let stored = match is_doubly_optional(field) {
                true => quote!(Some(Some(value))),
                // An optional field is an `Option`, unless it has a default.
                false => quote!(value.into()),
            };
            quote! {
                let value: #ty = #value;
                self.#setter.as_mut()?.#name = #stored;
            }
        }
    })
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Whether a field may be absent or null, which differ: it is an `Option<Option<_>>`.
fn is_doubly_optional(field: &Field) -> bool {
    !field.required && field.nullable
}

/// The fields of `PageInfo` with integers of a page.
fn integers(fields: &[(&str, Option<&[Field]>)], core: &Core) -> Result<TokenStream, String> {
    let mut emitted = TokenStream::new();
    for (name, path) in fields {
        let Some(path) = path else { continue };
        let (name, value) = (ident(name), borrowed(quote!(Some(page)), path, core)?);
        emitted.extend(quote!(#name: #value.and_then(|number| i64::try_from(*number).ok()),));
    }
    Ok(emitted)
}

/// The field of `PageInfo` with the flag of a page.
fn flag(more: &MoreFlag, core: &Core) -> Result<TokenStream, String> {
    let (value, expected) = (borrowed(quote!(Some(page)), &more.path, core)?, more.value);
    Ok(quote!(more: #value.map(|flag| *flag == #expected),))
}

/// The expression of a scalar as text, an `Option`.
fn text(value: TokenStream, path: &[Field], core: &Core) -> Result<TokenStream, String> {
    let value = borrowed(value, path, core)?;
    Ok(quote!(#value.map(|value| value.to_string())))
}

/// The expression of a reference to a field at a path, an `Option`. `value` is an `Option`, too.
fn borrowed(value: TokenStream, path: &[Field], core: &Core) -> Result<TokenStream, String> {
    path.iter().try_fold(value, |value, field| {
        let (name, ty) = (ident(&field.rust_name), schema_type(&field.schema, core)?);
        // An optional field is an `Option`, unless it has a default.
        Ok(match is_doubly_optional(field) {
            true => quote!(#value.and_then(|one| one.#name.as_ref()).and_then(Option::as_ref)),
            false => quote!(#value.and_then(|one| Option::<&#ty>::from(&one.#name))),
        })
    })
}

/// The expression of a field at a path by value, an `Option`.
fn owned(value: TokenStream, path: &[Field], core: &Core) -> Result<TokenStream, String> {
    path.iter().try_fold(value, |value, field| {
        let (name, ty) = (ident(&field.rust_name), schema_type(&field.schema, core)?);
        Ok(match is_doubly_optional(field) {
            true => quote!(#value.and_then(|one| one.#name).flatten()),
            false => quote!(#value.and_then(|one| Option::<#ty>::from(one.#name))),
        })
    })
}
