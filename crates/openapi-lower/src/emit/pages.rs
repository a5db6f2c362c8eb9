//! Implementations of `Paged`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{ident::ident, schema_type::schema_type};
use crate::{
    ir::{Field, Operation, Paging},
    progenitor::signature::Core,
};

/// Emits the implementation of `Paged` for an operation that lists something page by page.
pub(super) fn emit(
    operation: &Operation,
    paging: &Paging,
    core: &Core,
) -> Result<TokenStream, String> {
    let builder = ident(&operation.builder);
    let (response, page) = (ident(&paging.response_type), ident(&paging.page));
    let first = Literal::i64_unsuffixed(paging.first);
    let items = ident(&paging.items.rust_name);
    let item = schema_type(paging.items.schema.get("items").unwrap_or(&Value::Null), core)?;
    let integer = |field: &Field| {
        let (name, ty) = (ident(&field.rust_name), schema_type(&field.schema, core)?);
        // An optional field is an `Option` already.
        Ok::<_, String>(quote! {
            Option::<#ty>::from(page.#name).and_then(|number| i64::try_from(number).ok())
        })
    };
    let total = integer(&paging.total)?;
    let number = paging.number.as_ref().map(integer).transpose()?.into_iter();
    let size = paging.size.as_ref().map(integer).transpose()?.into_iter();
    Ok(quote! {
        impl runtime::Paged for #builder {
            type Page = types::#response;
            type Item = #item;

            const FIRST_PAGE: i64 = #first;

            fn operation() -> &'static runtime::Operation {
                Self::OPERATION
            }

            fn page_number(&self) -> Option<i64> {
                self.#page.and_then(|number| i64::try_from(number).ok())
            }

            fn with_page_number(mut self, number: i64) -> Option<Self> {
                self.#page = Some(number.try_into().ok()?);
                Some(self)
            }

            fn fetch(
                self,
            ) -> runtime::BoxFuture<Result<runtime::Response<Self::Page>, runtime::Error>> {
                Box::pin(self.send())
            }

            fn items(page: &Self::Page) -> &[Self::Item] {
                Option::<&Vec<Self::Item>>::from(&page.#items).map_or(&[], |items| items)
            }

            fn into_items(page: Self::Page) -> Vec<Self::Item> {
                Option::<Vec<Self::Item>>::from(page.#items).unwrap_or_default()
            }

            fn page_info(page: &Self::Page) -> runtime::PageInfo {
                runtime::PageInfo {
                    total: #total,
                    #(number: #number,)*
                    #(size: #size,)*
                    ..Default::default()
                }
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
