//! The modules of a crate, and which of them name items of which others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{Attribute, Item, ItemMod, UseTree, VisRestricted, visit::Visit};

/// The path of a module below the root of its crate.
type Module = Vec<String>;

/// Modules, and the others that each of them names.
pub struct Graph(BTreeMap<Module, BTreeSet<Module>>);

impl Graph {
    /// Reads the crate with this root file.
    pub fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let folder = root.parent().expect("a file is in a folder");
        collect(Vec::new(), items(root), folder, &mut files);
        let graph = files.iter().map(|(module, items)| {
            let mut names = Names { modules: &files, module, named: BTreeSet::new() };
            for item in items {
                names.visit_item(item);
            }
            names.named.remove(module);
            (module.clone(), names.named)
        });
        Self(graph.collect())
    }

    /// How many modules there are.
    pub fn modules(&self) -> usize {
        self.0.len()
    }

    /// The shortest circle through each group of modules that reach each other.
    pub fn circles(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for start in self.0.keys() {
            let Some(circle) = self.circle(start).filter(|_| !seen.contains(start)) else {
                continue;
            };
            let names = circle.iter().map(|module| shown(module)).collect::<Vec<_>>();
            circles.push(names.join(" → "));
            seen.extend(circle);
        }
        circles
    }

    /// The shortest way from a module back to itself.
    fn circle<'a>(&'a self, start: &'a Module) -> Option<Vec<&'a Module>> {
        let mut from: BTreeMap<&Module, &Module> = BTreeMap::new();
        let mut pending = vec![start];
        while !pending.is_empty() {
            let mut next = Vec::new();
            for module in pending {
                for target in &self.0[module] {
                    if target == start {
                        let mut circle = vec![start, module];
                        while let Some(before) = from.get(circle[circle.len() - 1]) {
                            circle.push(before);
                        }
                        circle.dedup();
                        if circle.len() == 1 || circle[circle.len() - 1] != start {
                            circle.push(start);
                        }
                        circle.reverse();
                        return Some(circle);
                    }
                    if !from.contains_key(target) {
                        from.insert(target, module);
                        next.push(target);
                    }
                }
            }
            pending = next;
        }
        None
    }
}

fn shown(module: &Module) -> String {
    ["crate"].into_iter().chain(module.iter().map(String::as_str)).collect::<Vec<_>>().join("::")
}

fn items(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}")).items
}

/// Finds a module's items, and the modules in it; `folder` is where their files are.
fn collect(
    module: Module,
    items: Vec<Item>,
    folder: &Path,
    files: &mut BTreeMap<Module, Vec<Item>>,
) {
    for item in &items {
        let Item::Mod(ItemMod { attrs, ident, content, .. }) = item else { continue };
        if is_test(attrs) {
            continue;
        }
        let (name, inner) = (ident.to_string(), [&*module, &[ident.to_string()]].concat());
        let folder_of = folder.join(&name);
        let file = folder.join(format!("{name}.rs"));
        let found = match content {
            Some((_, items)) => items.clone(),
            None if file.exists() => self::items(&file),
            None => self::items(&folder_of.join("mod.rs")),
        };
        collect(inner, found, &folder_of, files);
    }
    files.insert(module, items);
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The modules that a module names.
struct Names<'a> {
    modules: &'a BTreeMap<Module, Vec<Item>>,
    module: &'a Module,
    named: BTreeSet<Module>,
}

impl Names<'_> {
    /// The module that a path leads to: that of its last segment, or of the item that it names.
    fn name(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        let mut target = match first.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            name if self.modules.contains_key(&[&**self.module, &[name.to_owned()]].concat()) => {
                self.module.clone()
            }
            _ => return,
        };
        for segment in path {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => drop(target.pop()),
                name => {
                    target.push(name.to_owned());
                    if !self.modules.contains_key(&target) {
                        target.pop();
                        break;
                    }
                }
            }
        }
        self.named.insert(target);
    }

    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.name(&with(&name.ident)),
            UseTree::Rename(rename) => self.name(&with(&rename.ident)),
            UseTree::Glob(_) => self.name(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {
        // A module of its own.
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {
        // Says who may see an item, and names none.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments: Vec<_> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(&segments);
        }
        syn::visit::visit_path(self, path);
    }
}
