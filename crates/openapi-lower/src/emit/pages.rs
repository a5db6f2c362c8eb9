//! Implementations of `Paged`, for the runtime's macro.

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
        Ok::<_, String>(quote!(#name: #ty))
    };
    let total = integer(&paging.total)?;
    let number = paging.number.as_ref().map(integer).transpose()?;
    let size = paging.size.as_ref().map(integer).transpose()?;
    Ok(quote! {
        runtime::paged! {
            #builder by #page from #first => types::#response [#items: #item]
            total [#total] number [#number] size [#size]
        }
    })
}
