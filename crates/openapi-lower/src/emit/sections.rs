//! The client's methods in sections: one documented `impl` block per tag of the document.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item};

use super::docs;
use crate::{
    ir::ClientModel,
    markdown::{for_rustdoc, inline},
    text_map::TextMap,
};

/// The methods of operations, grouped by the first tag of each.
pub(super) struct Sections<'a> {
    /// By the names of tags.
    tagged: TextMap<&'a str, Section<'a>>,
    /// The methods of operations without a tag.
    untagged: Vec<ImplItem>,
}

#[derive(Default)]
struct Section<'a> {
    /// The description of the tag.
    description: Option<&'a str>,
    methods: Vec<ImplItem>,
}

impl<'a> Sections<'a> {
    /// Creates a section for each tag that the document declares, in its order.
    pub(super) fn new(model: &'a ClientModel) -> Self {
        let mut tagged = TextMap::new();
        for (tag, description) in &model.tags {
            let section = Section { description: description.as_deref(), methods: Vec::new() };
            tagged.or_insert(tag.as_str(), section);
        }
        Self { tagged, untagged: Vec::new() }
    }

    /// Adds the method of an operation with these tags.
    pub(super) fn add(&mut self, tags: &'a [String], method: ImplItem) {
        let methods = match tags.first() {
            Some(tag) => &mut self.tagged.or_default(tag).methods,
            None => &mut self.untagged,
        };
        methods.push(method);
    }

    /// The `impl` blocks of the client, those of operations without a tag last.
    pub(super) fn into_items(self, client: &syn::Path) -> syn::Result<Vec<Item>> {
        let mut sections = Vec::new();
        for (tag, Section { description, methods }) in self.tagged {
            sections.push((heading(&inline(tag), description), methods));
        }
        sections.push((heading("Operations", None), self.untagged));
        let mut items = Vec::new();
        for (doc, methods) in sections {
            if !methods.is_empty() {
                let block: TokenStream = quote!(#doc impl #client {});
                let mut block: syn::ItemImpl = syn::parse2(block)?;
                block.items = methods;
                items.push(Item::Impl(block));
            }
        }
        Ok(items)
    }
}

/// The documentation of an `impl` block.
fn heading(title: &str, description: Option<&str>) -> TokenStream {
    let text = match description.map(for_rustdoc) {
        Some(description) if !description.is_empty() => format!("# {title}\n\n{description}"),
        _ => format!("# {title}"),
    };
    docs::attribute(&text)
}
