//! The signatures of the core's functions, read from its code.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, GenericArgument, ImplItem, Item, Pat, PathArguments, Type};

/// What the emitted code needs to know of the core.
pub(crate) struct Core {
    functions: HashMap<String, Vec<Argument>>,
    types: HashSet<String>,
}

/// An argument of one of the core's functions.
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) optional: bool,
    pub(crate) passed: Passed,
}

/// How a value is passed, and what a builder stores for it.
pub(crate) enum Passed {
    /// `&str`, stored as `String`.
    Str,
    /// `&T`, stored as `T`.
    Reference(Type),
    /// `T`.
    Value(Type),
}

impl Core {
    pub(crate) fn read(file: &syn::File, enums: impl Iterator<Item = String>) -> Self {
        let mut core = Self { functions: HashMap::new(), types: enums.collect() };
        for item in &file.items {
            match item {
                Item::Impl(block) if block.trait_.is_none() => {
                    for item in &block.items {
                        if let ImplItem::Fn(function) = item {
                            let arguments =
                                function.sig.inputs.iter().filter_map(argument).collect();
                            core.functions.insert(function.sig.ident.to_string(), arguments);
                        }
                    }
                }
                Item::Mod(module) if module.ident == "types" => {
                    let items = module.content.iter().flat_map(|(_, items)| items);
                    core.types.extend(items.filter_map(|item| match item {
                        Item::Struct(item) => Some(item.ident.to_string()),
                        Item::Enum(item) => Some(item.ident.to_string()),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        core
    }

    pub(crate) fn function(&self, name: &str) -> Result<&[Argument], String> {
        let arguments = self.functions.get(name).map(Vec::as_slice);
        arguments.ok_or_else(|| format!("the core has no function `{name}`"))
    }

    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }
}

fn argument(input: &FnArg) -> Option<Argument> {
    let FnArg::Typed(input) = input else { return None };
    let Pat::Ident(name) = &*input.pat else { return None };
    let (optional, ty) = match option_of(&input.ty) {
        Some(inner) => (true, inner),
        None => (false, &*input.ty),
    };
    let passed = match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => Passed::Str,
            inner => Passed::Reference(inner.clone()),
        },
        other => Passed::Value(other.clone()),
    };
    Some(Argument { name: name.ident.to_string(), optional, passed })
}

fn option_of(ty: &Type) -> Option<&Type> {
    generic_of(ty, "Option")
}

/// `T` of `Vec<T>`.
pub(crate) fn item_of(ty: &Type) -> Option<&Type> {
    generic_of(ty, "Vec")
}

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
    /// The type that a builder stores.
    pub(crate) fn stored(&self) -> Type {
        match &self.passed {
            Passed::Str => syn::parse_quote!(String),
            Passed::Reference(ty) | Passed::Value(ty) => ty.clone(),
        }
    }

    /// The expression that passes the local variable of this argument.
    pub(crate) fn pass(&self, local: &proc_macro2::Ident) -> TokenStream {
        match (&self.passed, self.optional) {
            (Passed::Str, false) | (Passed::Reference(_), false) => quote!(&#local),
            (Passed::Str, true) => quote!(#local.as_deref()),
            (Passed::Reference(_), true) => quote!(#local.as_ref()),
            (Passed::Value(_), _) => quote!(#local.clone()),
        }
    }
}
