//! Marks functions as `#[inline]`, as derives do: rustc compiles those in the crates that call
//! them.
//!
//! A client has many operations of which a program calls a few. What is compiled for an operation
//! (above all reading its response) hangs on the functions of its builder, so that the client costs
//! little, and a program what it uses.

use syn::{Attribute, FnArg, GenericParam, Generics, ImplItem, Item, Signature, Type, parse_quote};

/// Marks all functions that aren't generic; those that are get compiled where they are called
/// anyway.
pub(super) fn mark(items: &mut [Item]) {
    mark_all(items, &parse_quote!(#[inline]));
}

fn mark_all(items: &mut [Item], inline: &Attribute) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    mark_all(items, inline);
                }
            }
            Item::Fn(function) if !is_generic(&function.sig) => {
                function.attrs.push(inline.clone());
            }
            Item::Impl(block) if !has_types(&block.generics) => {
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item
                        && !is_generic(&function.sig)
                    {
                        function.attrs.push(inline.clone());
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a function has types as parameters, named ones or `impl Trait`.
fn is_generic(signature: &Signature) -> bool {
    let anonymous = |argument: &FnArg| match argument {
        FnArg::Typed(argument) => matches!(*argument.ty, Type::ImplTrait(_)),
        FnArg::Receiver(_) => false,
    };
    has_types(&signature.generics) || signature.inputs.iter().any(anonymous)
}

fn has_types(generics: &Generics) -> bool {
    generics.params.iter().any(|one| matches!(one, GenericParam::Type(_)))
}
