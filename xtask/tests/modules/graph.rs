//! The dependencies between the modules of a crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{Attribute, Item, ItemMod, UseTree, VisRestricted, visit::Visit};

/// The path of a module below the root of its crate.
type Module = Vec<String>;

/// The dependencies of each module.
pub struct Graph(BTreeMap<Module, BTreeSet<Module>>);

impl Graph {
    /// Parses a crate from its root file.
    pub fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let folder = root.parent().expect("a file is in a folder");
        collect(Vec::new(), items(root), folder, &mut files);
        let graph = files.iter().map(|(module, items)| {
            let mut dependencies =
                Dependencies { modules: &files, module, targets: BTreeSet::new() };
            for item in items {
                dependencies.visit_item(item);
            }
            dependencies.targets.remove(module);
            (module.clone(), dependencies.targets)
        });
        Self(graph.collect())
    }

    /// The number of modules.
    pub fn modules(&self) -> usize {
        self.0.len()
    }

    /// The shortest cycle of each strongly connected group of modules.
    pub fn cycles(&self) -> Vec<String> {
        let mut visited = BTreeSet::new();
        let mut cycles = Vec::new();
        for start in self.0.keys() {
            let Some(cycle) = self.cycle(start).filter(|_| !visited.contains(start)) else {
                continue;
            };
            let names = cycle.iter().map(|module| display_path(module)).collect::<Vec<_>>();
            cycles.push(names.join(" → "));
            visited.extend(cycle);
        }
        cycles
    }

    /// The shortest cycle through a module.
    fn cycle<'a>(&'a self, start: &'a Module) -> Option<Vec<&'a Module>> {
        let mut from: BTreeMap<&Module, &Module> = BTreeMap::new();
        let mut pending = vec![start];
        while !pending.is_empty() {
            let mut next = Vec::new();
            for module in pending {
                for target in &self.0[module] {
                    if target == start {
                        let mut cycle = vec![start, module];
                        while let Some(before) = from.get(cycle[cycle.len() - 1]) {
                            cycle.push(before);
                        }
                        cycle.dedup();
                        if cycle.len() == 1 || cycle[cycle.len() - 1] != start {
                            cycle.push(start);
                        }
                        cycle.reverse();
                        return Some(cycle);
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

fn display_path(module: &Module) -> String {
    ["crate"].into_iter().chain(module.iter().map(String::as_str)).collect::<Vec<_>>().join("::")
}

fn items(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}")).items
}

/// Collects the items of a module and of the modules inside it, whose files are in `folder`.
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
        let inner_folder = folder.join(&name);
        let file = folder.join(format!("{name}.rs"));
        let inner_items = match content {
            Some((_, items)) => items.clone(),
            None if file.exists() => self::items(&file),
            None => self::items(&inner_folder.join("mod.rs")),
        };
        collect(inner, inner_items, &inner_folder, files);
    }
    files.insert(module, items);
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// Visits the paths in a module and records the modules that they refer to.
struct Dependencies<'a> {
    modules: &'a BTreeMap<Module, Vec<Item>>,
    module: &'a Module,
    targets: BTreeSet<Module>,
}

impl Dependencies<'_> {
    /// Records the module that a path refers to, or that contains the item it refers to.
    fn add_path(&mut self, path: &[String]) {
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
        self.targets.insert(target);
    }

    /// Records the modules that a `use` tree refers to.
    fn add_use_tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_use_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.add_path(&with(&name.ident)),
            UseTree::Rename(rename) => self.add_path(&with(&rename.ident)),
            UseTree::Glob(_) => self.add_path(prefix),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_use_tree(prefix, tree))
            }
        }
    }
}

impl<'ast> Visit<'ast> for Dependencies<'_> {
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {
        // Inner modules are collected separately.
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.add_use_tree(&[], &item.tree);
        }
    }

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {
        // The path of a visibility is no dependency.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments: Vec<_> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.add_path(&segments);
        }
        syn::visit::visit_path(self, path);
    }
}
