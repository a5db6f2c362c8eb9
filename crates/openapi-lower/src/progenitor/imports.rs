//! Imports by which the core finds what it names.

/// Lets the core find the crates, by way of the runtime, and the types that replace its own: it
/// names them `runtime::…` and `schemas::…` wherever it stands.
pub(crate) fn with_imports(core: Vec<syn::Item>) -> Vec<syn::Item> {
    let mut core = in_each_module(core);
    // Paths that don't begin with `::`.
    core.insert(
        1,
        syn::parse_quote!(
            use super::runtime::{progenitor_client, reqwest};
        ),
    );
    core
}

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
