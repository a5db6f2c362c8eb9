//! Imports of the core.

/// Adds imports of `runtime`, which re-exports the crates, and of `schemas`, which has the types
/// that replace the core's, to each module of the core.
pub(crate) fn with_imports(core: Vec<syn::Item>) -> Vec<syn::Item> {
    let mut core = in_each_module(core);
    // For paths that don't begin with `::`.
    core.insert(
        1,
        syn::parse_quote!(
            use super::runtime::{progenitor_client, reqwest};
        ),
    );
    core
}

/// Adds the imports to these items and to all inner modules.
fn in_each_module(mut items: Vec<syn::Item>) -> Vec<syn::Item> {
    for item in &mut items {
        if let syn::Item::Mod(module) = item
            && let Some((_, content)) = &mut module.content
        {
            *content = in_each_module(content.split_off(0));
        }
    }
    items.insert(
        0,
        syn::parse_quote!(
            use super::{runtime, schemas};
        ),
    );
    items
}
