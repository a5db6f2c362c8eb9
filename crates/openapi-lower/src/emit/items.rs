//! Bodies that are series of items.

use proc_macro2::TokenStream;
use quote::quote;

use super::schema_type::schema_type;
use crate::{
    ir::{ItemStream, StreamFormat},
    progenitor::signature::Core,
};

/// The type of the items.
pub(super) fn item_type(items: &ItemStream, core: &Core) -> Result<TokenStream, String> {
    match &items.schema {
        Some(schema) => schema_type(schema, core),
        None => Ok(quote!(runtime::ServerSentEvent)),
    }
}

/// The runtime's `StreamFormat`.
pub(super) fn format(format: StreamFormat) -> TokenStream {
    match format {
        StreamFormat::EventData => quote!(runtime::StreamFormat::EventData),
        StreamFormat::EventText => quote!(runtime::StreamFormat::EventText),
        StreamFormat::Event => quote!(runtime::StreamFormat::Event),
        StreamFormat::TextEvent => quote!(runtime::StreamFormat::TextEvent),
        StreamFormat::JsonLines => quote!(runtime::StreamFormat::JsonLines),
        StreamFormat::JsonSequence => quote!(runtime::StreamFormat::JsonSequence),
    }
}
