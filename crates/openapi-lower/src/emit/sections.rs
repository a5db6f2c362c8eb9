//! The client's methods in sections: one documented `impl` block per tag of the document.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item};

use crate::{
    collect::Collect,
    ir::ClientModel,
    markdown::{for_rustdoc, inline},
};

/// The methods of operations, grouped by the first tag of each.
pub(super) struct Sections<'a> {
    sections: Vec<Section<'a>>,
    /// The positions of sections by their tags.
    positions: HashMap<Option<&'a str>, usize>,
}

struct Section<'a> {
    /// The name of the tag; `None` for operations without one.
    tag: Option<&'a str>,
    description: Option<&'a str>,
    methods: Vec<ImplItem>,
}

impl<'a> Sections<'a> {
    /// Creates a section for each tag that the document declares, in its order.
    pub(super) fn new(model: &'a ClientModel) -> Self {
        let declared = model.tags.iter();
        let section = |(name, description): &'a (String, Option<String>)| Section {
            tag: Some(name),
            description: description.as_deref(),
            methods: Vec::new(),
        };
        let sections = declared.map(section).collect_vec();
        let mut positions = HashMap::new();
        for (position, section) in sections.iter().enumerate() {
            positions.entry(section.tag).or_insert(position);
        }
        Self { sections, positions }
    }

    /// Adds the method of an operation with these tags.
    pub(super) fn add(&mut self, tags: &'a [String], method: ImplItem) {
        let tag = tags.first().map(String::as_str);
        let position = *self.positions.entry(tag).or_insert(self.sections.len());
        if position == self.sections.len() {
            self.sections.push(Section { tag, description: None, methods: Vec::new() });
        }
        self.sections[position].methods.push(method);
    }

    /// The `impl` blocks of the client, those of operations without a tag last.
    pub(super) fn into_items(mut self, client: &syn::Path) -> syn::Result<Vec<Item>> {
        if let Some(untagged) = self.sections.iter().position(|section| section.tag.is_none()) {
            self.sections[untagged..].rotate_left(1);
        }
        let mut items = Vec::new();
        for Section { tag, description, methods } in self.sections {
            if !methods.is_empty() {
                let doc = heading(tag, description);
                let block: TokenStream = quote!(#[doc = #doc] impl #client {});
                let mut block: syn::ItemImpl = syn::parse2(block)?;
                block.items = methods;
                items.push(Item::Impl(block));
            }
        }
        Ok(items)
    }
}

/// The documentation of an `impl` block.
fn heading(tag: Option<&str>, description: Option<&str>) -> String {
    let title = tag.map_or_else(|| "Operations".to_owned(), inline);
    match description.map(for_rustdoc) {
        Some(description) if !description.is_empty() => format!("# {title}\n\n{description}"),
        _ => format!("# {title}"),
    }
}
