//! The signatures of the core's functions, parsed from its code.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, GenericArgument, ImplItem, Item, Pat, PathArguments, Type};

use crate::{collect::Collect, text_map::TextMap};

/// The functions and types of the core.
pub(crate) struct Core {
    /// The arguments of the functions; `None` if they aren't known.
    functions: Option<TextMap<String, Vec<Argument>>>,
    types: HashSet<String>,
}

/// An argument of one of the core's functions.
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) optional: bool,
    pub(crate) mode: PassingMode,
}

/// The mode of passing an argument.
pub(crate) enum PassingMode {
    /// `&str`, stored as `String`.
    Str,
    /// `&T`, stored as `T`.
    Reference,
    /// `T`.
    Value,
}

impl Core {
    /// Reads the functions and types from the core's code; `types` are those that replace its
    /// own.
    pub(crate) fn read(file: &syn::File, types: HashSet<String>) -> Self {
        let mut functions = TextMap::new();
        for item in &file.items {
            match item {
                Item::Impl(block) if block.trait_.is_none() => {
                    for item in &block.items {
                        if let ImplItem::Fn(function) = item {
                            let arguments =
                                function.sig.inputs.iter().filter_map(argument).collect_vec();
                            functions.insert(function.sig.ident.to_string(), arguments);
                        }
                    }
                }
                _ => {}
            }
        }
        Self { functions: Some(functions), types }
    }

    /// A core of which only the types are known: for code whose public items matter.
    #[cfg(feature = "surface")]
    pub(crate) fn without_functions(types: HashSet<String>) -> Self {
        Self { functions: None, types }
    }

    /// Whether the functions are known.
    #[cfg(feature = "surface")]
    pub(crate) fn has_functions(&self) -> bool {
        self.functions.is_some()
    }

    /// The arguments of a function; `Err` if the core doesn't have it.
    pub(crate) fn function(&self, name: &str) -> Result<&[Argument], String> {
        let Some(functions) = &self.functions else { return Ok(&[]) };
        let arguments = functions.get(name).map(Vec::as_slice);
        arguments.ok_or_else(|| format!("the core has no function `{name}`"))
    }

    /// Whether the core has or uses a type with this name.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }
}

/// Parses an argument; `None` for `self`.
fn argument(input: &FnArg) -> Option<Argument> {
    let FnArg::Typed(input) = input else { return None };
    let Pat::Ident(name) = &*input.pat else { return None };
    let (optional, ty) = match option_of(&input.ty) {
        Some(inner) => (true, inner),
        None => (false, &*input.ty),
    };
    let mode = match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => PassingMode::Str,
            _ => PassingMode::Reference,
        },
        _ => PassingMode::Value,
    };
    Some(Argument { name: name.ident.to_string(), optional, mode })
}

/// `T` of `Option<T>`.
fn option_of(ty: &Type) -> Option<&Type> {
    generic_of(ty, "Option")
}

/// `T` of `Vec<T>`.
pub(crate) fn item_of(ty: &Type) -> Option<&Type> {
    generic_of(ty, "Vec")
}

/// The type argument of a generic type with this name.
fn generic_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(generics) => match generics.args.first()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

impl Argument {
    /// The expression that passes the local variable of this argument.
    pub(crate) fn pass(&self, local: &proc_macro2::Ident) -> TokenStream {
        match (&self.mode, self.optional) {
            (PassingMode::Str | PassingMode::Reference, false) => quote!(&#local),
            (PassingMode::Str, true) => quote!(#local.as_deref()),
            (PassingMode::Reference, true) => quote!(#local.as_ref()),
            (PassingMode::Value, _) => quote!(#local.clone()),
        }
    }
}
