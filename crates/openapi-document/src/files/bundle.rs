//! One document of several files.
//!
//! What a reference to another file leads to becomes a component, named by the last segment of the
//! reference or else by the file. Path items, and what `components` has no section for in all
//! versions, take the place of the reference.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    mem,
};

use serde_json::{Map, Value};

use super::{
    context::Context,
    folder::{Folder, MAX_VALUES, count},
    sources::Part,
};
use crate::{
    anchors, base_uri,
    limits::MAX_DEPTH,
    pointer::Pointer,
    reference::is_mapping_name,
    refusal::Refusal,
    walk::{Kind, Position},
};

/// The limit on a chain of references; a longer one is taken for a cycle.
const MAX_CHAIN: usize = 32;

/// The maximum number of components and path items that are from other files.
const MAX_PARTS: usize = 20_000;

/// The sections of `components` whose components may be in other files.
const SECTIONS: [(&str, Kind); 5] = [
    ("schemas", Kind::Schema),
    ("parameters", Kind::Parameter),
    ("headers", Kind::Header),
    ("requestBodies", Kind::RequestBody),
    ("responses", Kind::Response),
];

/// A value in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Target {
    file: usize,
    pointer: Pointer,
}

/// A document that was bundled.
pub(super) struct Bundle {
    pub(super) root: Value,
    pub(super) parts: Vec<Part>,
    /// References that can't be followed, with the file that they are in.
    pub(super) refusals: Vec<(usize, Refusal)>,
}

/// Bundles the first file of a folder with those that it refers to, which are read.
pub(super) fn bundle(folder: &mut Folder) -> Bundle {
    let mut root = mem::take(&mut folder.files[0].value);
    // A reference to the document's own URI is none to another file.
    base_uri::resolve(&mut root);
    if !may_refer_to_files(&root) {
        return Bundle { root, parts: Vec::new(), refusals: Vec::new() };
    }
    folder.files[0].value = root.clone();
    let mut bundler = Bundler {
        folder,
        names: HashMap::new(),
        taken: HashSet::new(),
        pending: VecDeque::new(),
        parts: Vec::new(),
        refusals: Vec::new(),
        values: 0,
        inlined: Vec::new(),
    };
    bundler.name_components(&root);
    let document = Target { file: 0, pointer: Pointer::root() };
    let context = Context::Walked(Kind::Root);
    let mut root = bundler.part(context, &root, &document, Pointer::root());
    while let Some((section, name, target)) = bundler.pending.pop_front() {
        let Some(value) = bundler.value(&target).cloned() else { continue };
        let context = Context::Walked(kind_of(section));
        let at = Pointer::from_segments(["components", section, &name]);
        let value = bundler.part(context, &value, &target, at);
        let Value::Object(map) = &mut root else { break };
        let components = map.entry("components").or_insert_with(|| Map::new().into());
        let Value::Object(components) = components else { break };
        let section = components.entry(section).or_insert_with(|| Map::new().into());
        if let Value::Object(section) = section {
            section.insert(name, value);
        }
    }
    Bundle { root, parts: bundler.parts, refusals: bundler.refusals }
}

fn kind_of(section: &str) -> Kind {
    let found = SECTIONS.iter().find(|(name, _)| *name == section);
    found.map_or(Kind::Schema, |(_, kind)| *kind)
}

struct Bundler<'f> {
    folder: &'f mut Folder,
    /// The names of the components that values of other files become.
    names: HashMap<(&'static str, Target), String>,
    taken: HashSet<(&'static str, String)>,
    /// Components to be added.
    pending: VecDeque<(&'static str, String, Target)>,
    parts: Vec<Part>,
    refusals: Vec<(usize, Refusal)>,
    /// The number of values of the bundled document.
    values: usize,
    /// The targets that are being put in the place of references, the outermost first.
    inlined: Vec<Target>,
}

/// The file that a part is from, and its pointers there and in the bundled document.
struct Origin<'a> {
    source: &'a Target,
    document: Pointer,
}

impl Bundler<'_> {
    /// Names the components of the document, first those whose content is in another file.
    fn name_components(&mut self, root: &Value) {
        for (section, _) in SECTIONS {
            let components = root.get("components").and_then(|all| all.get(section));
            for (name, component) in components.and_then(Value::as_object).into_iter().flatten() {
                self.taken.insert((section, name.clone()));
                let Some(reference) = only_reference(component) else { continue };
                if let Ok(target) = self.target(0, reference)
                    && target.file != 0
                {
                    self.names.entry((section, target)).or_insert_with(|| name.clone());
                }
            }
        }
    }

    /// Bundles a part of a file, at this pointer of the document.
    fn part(&mut self, context: Context, value: &Value, source: &Target, at: Pointer) -> Value {
        self.parts.push(Part {
            document: at.clone(),
            file: source.file,
            pointer: source.pointer.clone(),
        });
        let origin = Origin { source, document: at };
        self.bundled(context, value, &origin, &Position::ROOT)
    }

    fn bundled(
        &mut self,
        context: Context,
        value: &Value,
        origin: &Origin<'_>,
        at: &Position<'_>,
    ) -> Value {
        self.values += 1;
        match value {
            Value::Object(map) if context != Context::Data => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                    return self.referring(context, map, reference, origin, at);
                }
                self.members(context, map, origin, at)
            }
            Value::Array(items) if context != Context::Data => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    self.bundled(context.item(), item, origin, &at.index(index))
                });
                items.collect()
            }
            value => {
                self.values += count(value);
                value.clone()
            }
        }
    }

    /// Bundles the members of an object.
    fn members(
        &mut self,
        context: Context,
        map: &Map<String, Value>,
        origin: &Origin<'_>,
        at: &Position<'_>,
    ) -> Value {
        let mut bundled = Map::new();
        for (key, value) in map {
            let value = match (context, key.as_str()) {
                (Context::Walked(Kind::Schema), "discriminator") => {
                    self.discriminator(value, origin, &at.key(key))
                }
                _ => self.bundled(context.member(key), value, origin, &at.key(key)),
            };
            bundled.insert(key.clone(), value);
        }
        Value::Object(bundled)
    }

    /// Bundles an object with a reference.
    fn referring(
        &mut self,
        context: Context,
        map: &Map<String, Value>,
        reference: &str,
        origin: &Origin<'_>,
        at: &Position<'_>,
    ) -> Value {
        if origin.source.file == 0 && reference.starts_with('#') {
            return self.members(context, map, origin, at);
        }
        let target = match self.target(origin.source.file, reference) {
            Ok(_) if self.values > MAX_VALUES => {
                Err(format!("the document has more than {MAX_VALUES} values"))
            }
            target => target,
        };
        let target = match target {
            Ok(target) => target,
            Err(reason) => {
                self.refuse(reference, reason, &at.key("$ref"), origin);
                return Value::Object(map.clone());
            }
        };
        let document = at.pointer_from(&origin.document);
        let reference_to = match (target.file, context.section()) {
            (0, _) => target.pointer.to_string(),
            (_, Some(section)) => {
                let own = Pointer::from_segments(["components", section]);
                let name = self.component(section, &target);
                let component = own.join(name);
                // The component that the document declares with this reference.
                if component == document {
                    return self.inline(context, map, &target, origin, at);
                }
                component.to_string()
            }
            (_, None) => return self.inline(context, map, &target, origin, at),
        };
        let mut bundled = self.members(context, map, origin, at);
        bundled["$ref"] = reference_to.into();
        bundled
    }

    /// The target of a reference in its place, with the siblings of the reference.
    fn inline(
        &mut self,
        context: Context,
        map: &Map<String, Value>,
        target: &Target,
        origin: &Origin<'_>,
        at: &Position<'_>,
    ) -> Value {
        let document = at.pointer_from(&origin.document);
        let problem = if self.inlined.contains(target) {
            Some("a cycle of references".to_owned())
        } else if document.segments().len() > MAX_DEPTH {
            Some(format!("nested deeper than {MAX_DEPTH} levels"))
        } else if self.parts.len() > MAX_PARTS {
            Some(format!("the document has more than {MAX_PARTS} parts of other files"))
        } else {
            None
        };
        let reference = map.get("$ref").and_then(Value::as_str).unwrap_or_default();
        if let Some(reason) = problem {
            self.refuse(reference, reason, &at.key("$ref"), origin);
            return Value::Object(map.clone());
        }
        let Some(value) = self.value(target).cloned() else { return Value::Object(map.clone()) };
        self.inlined.push(target.clone());
        let mut bundled = self.part(context, &value, target, document);
        self.inlined.pop();
        if let Value::Object(bundled) = &mut bundled {
            for (key, value) in map.iter().filter(|(key, _)| *key != "$ref") {
                if !bundled.contains_key(key) {
                    let value = self.bundled(context.member(key), value, origin, &at.key(key));
                    bundled.insert(key.clone(), value);
                }
            }
        }
        bundled
    }

    /// Bundles a Discriminator Object, whose targets are references or names of components.
    fn discriminator(&mut self, value: &Value, origin: &Origin<'_>, at: &Position<'_>) -> Value {
        let mut bundled = value.clone();
        if let Some(Value::Object(mapping)) = bundled.get_mut("mapping") {
            let at = at.key("mapping");
            for (tag, target) in mapping.iter_mut() {
                self.map_to(target, origin, &at.key(tag));
            }
        }
        if let Some(target) = bundled.get_mut("defaultMapping") {
            self.map_to(target, origin, &at.key("defaultMapping"));
        }
        bundled
    }

    fn map_to(&mut self, target: &mut Value, origin: &Origin<'_>, at: &Position<'_>) {
        let Some(text) = target.as_str() else { return };
        let file = origin.source.file;
        let reference = match is_mapping_name(text) {
            false => text.to_owned(),
            true => {
                let component = Pointer::from_segments(["components", "schemas", text]);
                match component.resolve(&self.folder.files[file].value) {
                    Some(_) => component.to_string(),
                    None if [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end)) => {
                        text.to_owned()
                    }
                    // A component of the document.
                    None => return,
                }
            }
        };
        if file == 0 && (reference.starts_with('#')) {
            return;
        }
        match self.target(file, &reference) {
            Ok(found) if found.file == 0 => *target = found.pointer.to_string().into(),
            Ok(found) => {
                let name = self.component("schemas", &found);
                *target =
                    Pointer::from_segments(["components", "schemas", &name]).to_string().into();
            }
            Err(reason) => self.refuse(&reference, reason, at, origin),
        }
    }

    /// The name of the component that a value of another file becomes.
    fn component(&mut self, section: &'static str, target: &Target) -> String {
        let key = (section, target.clone());
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let path = &self.folder.files[target.file].path;
        let stem = path.file_stem().map_or("".into(), |stem| stem.to_string_lossy());
        let name = match target.pointer.segments() {
            [] => stem.to_string(),
            [.., owner, index] if index.parse::<usize>().is_ok() => format!("{owner}_{index}"),
            [.., last] => last.clone(),
        };
        let qualified = format!("{stem}_{name}");
        let numbered = (2..).map(|number| format!("{qualified}_{number}"));
        let mut candidates = [name, qualified.clone()].into_iter().chain(numbered);
        let is_free = |name: &String| !self.taken.contains(&(section, name.clone()));
        let name = candidates.find(is_free).unwrap_or(qualified);
        self.taken.insert((section, name.clone()));
        self.names.insert(key, name.clone());
        self.pending.push_back((section, name.clone(), target.clone()));
        name
    }

    fn value(&self, target: &Target) -> Option<&Value> {
        target.pointer.resolve(&self.folder.files[target.file].value)
    }

    /// The final target of a reference in a file.
    ///
    /// A component of the document whose own reference can't be followed is one: that reference is
    /// refused where it is.
    fn target(&mut self, file: usize, reference: &str) -> Result<Target, String> {
        let mut reference = reference.to_owned();
        let mut file = file;
        let mut component = None;
        for _ in 0..MAX_CHAIN {
            let (target, next) = match self.step(file, &reference) {
                Ok(step) => step,
                Err(reason) => return component.ok_or(reason),
            };
            let Some(next) = next else { return Ok(target) };
            (file, reference) = (target.file, next);
            if file == 0 && self.value(&target).is_some() {
                component = Some(target);
            }
        }
        component.ok_or_else(|| "a cycle of references".to_owned())
    }

    /// The target of a reference, and the reference to continue with if it leads to one.
    fn step(&mut self, file: usize, reference: &str) -> Result<(Target, Option<String>), String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() { file } else { self.folder.file(file, path)? };
        let root = &self.folder.files[file].value;
        let pointer = match Pointer::parse(&format!("#{fragment}")) {
            Some(pointer) => pointer,
            None => anchors::find(root, fragment)
                .ok_or("no schema of the file has this `$anchor`, or several have it")?,
        };
        let next = follow(root, &pointer)?;
        Ok((Target { file, pointer }, next))
    }

    fn refuse(&mut self, target: &str, reason: String, at: &Position<'_>, origin: &Origin<'_>) {
        let pointer = at.pointer_from(&origin.source.pointer);
        let refusal = Refusal::new(pointer, format!("reference to {target}"), reason);
        self.refusals.push((origin.source.file, refusal));
    }
}

/// Whether a document may refer to other files: most don't, and stay as they are.
fn may_refer_to_files(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => !reference.starts_with('#'),
            ("mapping", Value::Object(mapping)) => {
                let is_local = |target: &str| target.starts_with('#');
                mapping.values().any(|target| match target.as_str() {
                    Some(target) => !is_local(target) && target.contains(['/', '.', '#']),
                    None => may_refer_to_files(target),
                })
            }
            ("defaultMapping", Value::String(target)) => {
                !target.starts_with('#') && target.contains(['/', '.', '#'])
            }
            (_, value) => may_refer_to_files(value),
        }),
        Value::Array(items) => items.iter().any(may_refer_to_files),
        _ => false,
    }
}

/// The reference of an object that has nothing else.
fn only_reference(value: &Value) -> Option<&str> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    map.get("$ref")?.as_str()
}

/// Follows a pointer in a file. Returns a reference to continue with if it leads to one, or through
/// one.
fn follow(root: &Value, pointer: &Pointer) -> Result<Option<String>, String> {
    let mut value = root;
    for (position, segment) in pointer.segments().iter().enumerate() {
        match Pointer::from_segments([segment.as_str()]).resolve(value) {
            Some(child) => value = child,
            None => {
                let reference = only_reference(value).ok_or("target not found in the file")?;
                let rest = Pointer::from_segments(pointer.segments()[position..].iter().cloned());
                let base = if reference.contains('#') { "" } else { "#" };
                let rest = rest.to_string();
                return Ok(Some(format!("{reference}{base}{}", rest.trim_start_matches('#'))));
            }
        }
    }
    Ok(only_reference(value).map(str::to_owned))
}
