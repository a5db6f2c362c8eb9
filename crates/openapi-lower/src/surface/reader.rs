//! Reads the surface from the items of generated code.

use std::collections::BTreeSet;

use syn::{
    Attribute, Fields, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, ReceiverKind, ReturnType,
    Visibility,
};

use super::{
    items::{Function, Member, Origin, Surface, TypeItem},
    origins::Origins,
    text::text,
};

/// The traits of the runtime that only generated code names.
const INTERNAL: [&str; 6] =
    ["Object", "Received", "SiblingTagged", "TaggedReceived", "TaggedUnion", "UntaggedUnion"];

/// Reads items into a surface.
pub(super) struct Reader<'a> {
    origins: Origins<'a>,
    surface: Surface,
}

impl<'a> Reader<'a> {
    pub(super) fn new(origins: Origins<'a>) -> Self {
        Self { origins, surface: Surface::default() }
    }

    /// Reads the modules `types` and `operations`, and the items beside them.
    pub(super) fn read(mut self, file: &syn::File) -> Surface {
        let modules = file.items.iter().filter_map(|item| match item {
            Item::Mod(module) if is_public(&module.vis) => {
                Some((format!("{}::", module.ident), module.content.as_ref()?.1.as_slice()))
            }
            _ => None,
        });
        let scopes: Vec<(String, &[Item])> =
            modules.chain([(String::new(), file.items.as_slice())]).collect();
        for (scope, items) in &scopes {
            items.iter().for_each(|item| self.read_type(scope, item));
        }
        for (scope, items) in &scopes {
            for item in *items {
                if let Item::Impl(block) = item {
                    self.read_impl(scope, block);
                }
            }
        }
        self.surface
    }

    fn read_type(&mut self, scope: &str, item: &Item) {
        let (name, kind, generics, attributes) = match item {
            Item::Struct(item) if is_public(&item.vis) => {
                (&item.ident, "struct", &item.generics, &item.attrs)
            }
            Item::Enum(item) if is_public(&item.vis) => {
                (&item.ident, "enum", &item.generics, &item.attrs)
            }
            _ => return,
        };
        let path = format!("{scope}{name}");
        let member = |name: &str, ty: String, attributes: &[Attribute]| {
            let origin = self.origins.of_member(&path, name);
            let member = Member { origin, ty, deprecated: has(attributes, "deprecated") };
            (name.to_owned(), member)
        };
        let members = match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().enumerate();
                let fields = fields.filter(|(_, field)| is_public(&field.vis));
                fields
                    .map(|(index, field)| {
                        let name = field.ident.as_ref().map(ToString::to_string);
                        let name = name.unwrap_or_else(|| index.to_string());
                        member(&name, text(&field.ty), &field.attrs)
                    })
                    .collect()
            }
            Item::Enum(item) => {
                let variants = item.variants.iter();
                variants
                    .map(|variant| {
                        let ty = match &variant.fields {
                            Fields::Unit => String::new(),
                            fields => text(fields),
                        };
                        member(&variant.ident.to_string(), ty, &variant.attrs)
                    })
                    .collect()
            }
            _ => return,
        };
        let parsed = TypeItem {
            origin: self.origins.of_type(&path),
            kind: format!("{kind}{}", text(generics)),
            non_exhaustive: has(attributes, "non_exhaustive"),
            deprecated: has(attributes, "deprecated"),
            members,
            functions: Default::default(),
            traits: derived(attributes),
        };
        self.surface.types.insert(path, parsed);
    }

    fn read_impl(&mut self, scope: &str, block: &ItemImpl) {
        let ty = text(&block.self_ty);
        let is_client = ty.ends_with("Client") && block.trait_.is_none() && scope == "operations::";
        // Implementations in `operations` name the types there without a path.
        let base = ty.split('<').next().unwrap_or_default();
        let path = [format!("{scope}{base}"), base.to_owned()]
            .into_iter()
            .find(|path| self.surface.types.contains_key(path));
        match (&block.trait_, path) {
            (Some((name, _)), Some(path)) => {
                if has(&block.attrs, "doc") && text(&block.attrs[0]).contains("hidden") {
                    return;
                }
                let implemented = implemented(name, block);
                if INTERNAL.iter().any(|internal| implemented.starts_with(internal)) {
                    return;
                }
                if let Some(item) = self.surface.types.get_mut(&path) {
                    item.traits.insert(implemented);
                }
            }
            (None, Some(path)) if !(is_client && ty.contains("::")) => {
                for function in public_functions(block) {
                    let name = function.sig.ident.to_string();
                    let read = read_function(function, self.origins.of_member(&path, &name));
                    if let Some(item) = self.surface.types.get_mut(&path) {
                        item.functions.insert(name, read);
                    }
                }
            }
            (None, _) if is_client => {
                for function in public_functions(block) {
                    let name = function.sig.ident.to_string();
                    let read = read_function(function, self.origins.of_method(&name));
                    self.surface.methods.insert(name, read);
                }
            }
            _ => {}
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item has an attribute with this name.
fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The names of the derived traits.
fn derived(attributes: &[Attribute]) -> BTreeSet<String> {
    let mut traits = BTreeSet::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // An attribute that isn't a list of paths is none that the emitters write.
        let _ = attribute.parse_nested_meta(|meta| {
            traits.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    traits
}

/// An implemented trait with its arguments and associated types.
fn implemented(name: &syn::Path, block: &ItemImpl) -> String {
    let last = name.segments.last();
    let named = last.map(|segment| segment.ident.to_string()).unwrap_or_default();
    let mut arguments = match last.map(|segment| &segment.arguments) {
        Some(syn::PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter(|argument| !matches!(argument, syn::GenericArgument::Lifetime(_)))
            .map(text)
            .collect(),
        _ => Vec::new(),
    };
    arguments.extend(block.items.iter().filter_map(|item| match item {
        ImplItem::Type(ty) => Some(format!("{}={}", ty.ident, text(&ty.ty))),
        _ => None,
    }));
    match arguments.is_empty() {
        true => named,
        false => format!("{named}<{}>", arguments.join(", ")),
    }
}

fn public_functions(block: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) if is_public(&function.vis) => Some(function),
        _ => None,
    })
}

fn read_function(function: &ImplItemFn, origin: Origin) -> Function {
    let mut receiver = String::new();
    let mut arguments = Vec::new();
    for input in &function.sig.inputs {
        match input {
            FnArg::Receiver(own) => {
                receiver = match &own.kind {
                    ReceiverKind::Reference(..) => "&self".to_owned(),
                    _ => "self".to_owned(),
                };
            }
            FnArg::Typed(input) => {
                let name = match &*input.pat {
                    Pat::Ident(name) => name.ident.to_string(),
                    other => text(other),
                };
                arguments.push((name, text(&input.ty)));
            }
        }
    }
    let returns = match &function.sig.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => text(ty),
    };
    Function {
        origin,
        receiver,
        arguments,
        returns,
        is_async: function.sig.asyncness.is_some(),
        deprecated: has(&function.attrs, "deprecated"),
    }
}
