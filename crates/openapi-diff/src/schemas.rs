//! The schemas of a document, normalized and cached.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
};

use openapi_document::{
    Pointer,
    json_type::declared,
    walk::{self, Kind},
};
use serde_json::{Map, Value};

use crate::{
    keywords::Keywords,
    resolver::Resolver,
    schema_merge::merge,
    schema_node::{
        AdditionalProperties, ObjectSchema, SchemaKind, SchemaNode, UnionMember, UnionSchema,
    },
    schema_view::{Aspect, SchemaView},
    union_members,
};

/// The maximum depth of schemas that are combined into one node. Those that are nested more deeply
/// are compared one by one.
const DEPTH: usize = 64;

/// The maximum number of declarations of all nodes that combine others: properties, each as often
/// as schemas declare it, and enum values. Further schemas are not combined, but compared one by
/// one: each of many could repeat a large base, or combine a few others in another order.
const MAX_DECLARATIONS: usize = 100_000;

/// The schemas of a document.
pub(crate) struct Schemas<'a> {
    pub(crate) resolver: Resolver<'a>,
    nodes: RefCell<HashMap<SchemaView, Rc<SchemaNode>>>,
    /// The views that are being read, to detect recursion.
    in_progress: RefCell<HashSet<SchemaView>>,
    /// The number of declarations of all nodes that combine others.
    declarations: Cell<usize>,
    /// The schemas that others refer to from an `allOf` or beside other keywords.
    combined: OnceCell<HashSet<Pointer>>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self {
            resolver: Resolver::new(root),
            nodes: RefCell::default(),
            in_progress: RefCell::default(),
            declarations: Cell::default(),
            combined: OnceCell::new(),
        }
    }

    /// The root of the document.
    pub(crate) fn root(&self) -> &'a Value {
        self.resolver.root
    }

    /// The value at a pointer.
    pub(crate) fn value(&self, pointer: &Pointer) -> Option<&'a Value> {
        self.resolver.value(pointer)
    }

    /// The pointer of the first of these keywords that the object at `pointer` has; `pointer` if it
    /// has none.
    pub(crate) fn keyword_pointer(&self, pointer: &Pointer, keywords: &[&str]) -> Pointer {
        let object = self.value(pointer).and_then(Value::as_object);
        let has = |keyword: &&&str| object.is_some_and(|object| object.contains_key(**keyword));
        keywords.iter().find(has).map_or_else(|| pointer.clone(), |keyword| pointer.join(keyword))
    }

    /// Whether others apply beside a schema: by `allOf`, or beside a reference to it.
    pub(crate) fn is_combined(&self, schema: &Pointer) -> bool {
        let combined = self.combined.get_or_init(|| combined_schemas(self.root()));
        schema.segments().iter().any(|segment| segment == "allOf") || combined.contains(schema)
    }

    /// Whether the document has a component schema.
    pub(crate) fn has_component(&self, name: &str) -> bool {
        self.value(&Pointer::from_segments(["components", "schemas", name])).is_some()
    }

    /// The normalized schema of a view.
    pub(crate) fn node(&self, view: &SchemaView) -> Rc<SchemaNode> {
        if let Some(node) = self.nodes.borrow().get(view) {
            return node.clone();
        }
        if !self.in_progress.borrow_mut().insert(view.clone()) {
            return Rc::new(unresolved(view, "the schema itself"));
        }
        let node = self.read(view);
        self.in_progress.borrow_mut().remove(view);
        self.nodes.borrow_mut().insert(view.clone(), node.clone());
        node
    }

    /// Reads the schema of a view that isn't cached.
    fn read(&self, view: &SchemaView) -> Rc<SchemaNode> {
        if let Aspect::MergedWith(others) = &view.aspect {
            let pointers = others.iter().chain([&view.pointer]);
            let views = pointers.map(|pointer| SchemaView::new(pointer.clone())).collect();
            return Rc::new(self.combine(view, views));
        }
        let map = match self.value(&view.pointer) {
            Some(Value::Object(map)) => map,
            Some(Value::Bool(false)) => return Rc::new(SchemaNode::new(view, SchemaKind::Never)),
            Some(_) => return Rc::new(SchemaNode::new(view, SchemaKind::Any)),
            // The schema of a body or parameter is optional.
            None if view.pointer.segments().last().is_some_and(|last| last == "schema") => {
                return Rc::new(SchemaNode::new(view, SchemaKind::Any));
            }
            None => return Rc::new(unresolved(view, &view.pointer.to_string())),
        };
        let own = SchemaView { pointer: view.pointer.clone(), aspect: Aspect::WithoutRefs };
        if view.aspect == Aspect::Whole
            && let Some(reference) = map.get("$ref").and_then(Value::as_str)
        {
            let resolved = self.resolver.resolve_schema(&view.pointer);
            if resolved != view.pointer {
                return self.node(&SchemaView::new(resolved));
            }
            return match Pointer::parse(reference) {
                Some(target) if target.resolve(self.root()).is_some() => {
                    Rc::new(self.combine(view, vec![SchemaView::new(target), own]))
                }
                _ => {
                    let target = Rc::new(unresolved(view, reference));
                    Rc::new(merge(view, &[target, self.node(&own)]))
                }
            };
        }
        if let Some(subschemas) = map.get("allOf").and_then(Value::as_array)
            && view.aspect == Aspect::Whole
        {
            let all_of = view.pointer.join("allOf");
            let subschema = |index| SchemaView::new(all_of.join(index));
            let views = (0..subschemas.len()).map(subschema).chain([own]).collect();
            return Rc::new(self.combine(view, views));
        }
        Rc::new(self.read_own(view, map))
    }

    /// Whether the schema that is being read is nested too deeply to be combined with others.
    fn is_deep(&self) -> bool {
        self.in_progress.borrow().len() >= DEPTH
    }

    /// Combines schemas that apply at once, of which the last one is the schema object itself.
    fn combine(&self, view: &SchemaView, views: Vec<SchemaView>) -> SchemaNode {
        let apart = |views| SchemaNode::new(view, SchemaKind::AllOf(views));
        if self.is_deep() {
            return apart(views);
        }
        let nodes: Vec<_> = views.iter().map(|view| self.node(view)).collect();
        let declarations =
            self.declarations.get() + nodes.iter().map(|node| node.declarations()).sum::<usize>();
        if declarations > MAX_DECLARATIONS {
            return apart(views);
        }
        self.declarations.set(declarations);
        merge(view, &nodes)
    }

    /// Reads the keywords of the schema object itself.
    fn read_own(&self, view: &SchemaView, map: &Map<String, Value>) -> SchemaNode {
        let pointer = &view.pointer;
        let mut node = SchemaNode::new(view, SchemaKind::Any);
        if !matches!(view.aspect, Aspect::Type(_) | Aspect::UnionOnly) {
            node.keywords = Keywords::new(map, pointer);
        }
        let types = declared(map);
        let is_whole = matches!(view.aspect, Aspect::Whole | Aspect::WithoutRefs);
        if is_whole {
            node.nullable = map.get("nullable") == Some(&Value::Bool(true));
            node.nullable |= types.len() > 1 && types.contains(&"null");
        }
        let types: Vec<&str> =
            types.iter().copied().filter(|ty| types.len() == 1 || *ty != "null").collect();
        let union = ["oneOf", "anyOf"].into_iter().find(|keyword| map.contains_key(*keyword));
        if let Some(keyword) = union
            && view.aspect != Aspect::WithoutUnion
            && !matches!(view.aspect, Aspect::Type(_))
        {
            let structural = [
                "properties",
                "required",
                "additionalProperties",
                "unevaluatedProperties",
                "items",
                "prefixItems",
                "enum",
                "const",
            ];
            let has_siblings = structural.iter().any(|keyword| map.contains_key(*keyword))
                || types.iter().any(|ty| *ty != "object")
                || map.contains_key("oneOf") && map.contains_key("anyOf");
            if has_siblings && is_whole {
                let view = |aspect| SchemaView { pointer: pointer.clone(), aspect };
                node.kind =
                    SchemaKind::AllOf(vec![view(Aspect::WithoutUnion), view(Aspect::UnionOnly)]);
                return node;
            }
            return self.read_union(node, map, keyword);
        }
        let values = match (map.get("const"), map.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(values)) => Some(values.clone()),
            (None, None) => None,
        };
        if let Some(mut values) = values {
            let count = values.len();
            values.retain(|value| !value.is_null());
            node.nullable |= values.len() < count && is_whole;
            node.kind = if values.is_empty() { SchemaKind::Null } else { SchemaKind::Enum(values) };
            return node;
        }
        node.kind = match (&view.aspect, types.as_slice()) {
            (Aspect::Type(ty), _) => read_type(ty, map, pointer),
            (_, [ty]) => read_type(ty, map, pointer),
            (_, [])
                if map.contains_key("properties")
                    || map.contains_key("additionalProperties")
                    || map.contains_key("required") =>
            {
                read_type("object", map, pointer)
            }
            (_, []) if map.contains_key("items") || map.contains_key("prefixItems") => {
                read_type("array", map, pointer)
            }
            (_, []) => SchemaKind::Any,
            (_, types) => {
                let mut types = types.to_vec();
                types.sort_unstable();
                let member = |ty: &&str| {
                    let ty = (*ty).to_owned();
                    let aspect = Aspect::Type(ty.clone());
                    let view = SchemaView { pointer: pointer.clone(), aspect };
                    UnionMember {
                        key: ty,
                        is_duplicate: false,
                        location: pointer.join("type"),
                        view,
                    }
                };
                let members = types.iter().map(member).collect();
                let list = pointer.join("type");
                SchemaKind::AnyOf(UnionSchema { members, discriminator: None, list })
            }
        };
        node
    }

    /// Reads a `oneOf` or `anyOf` into the node of its schema.
    fn read_union(
        &self,
        mut node: SchemaNode,
        map: &Map<String, Value>,
        keyword: &str,
    ) -> SchemaNode {
        let pointer = node.view.pointer.join(keyword);
        let count = map[keyword].as_array().map_or(0, Vec::len);
        let mut members: Vec<Pointer> = (0..count).map(|index| pointer.join(index)).collect();
        members.retain(|member| !self.is_null(member));
        node.nullable |= members.len() < count;
        match members.as_slice() {
            [] => node.kind = if count > 0 { SchemaKind::Null } else { SchemaKind::Any },
            [member] if !map.contains_key("discriminator") && !self.is_deep() => {
                let member = self.node(&SchemaView::new(member.clone()));
                let nullable = node.nullable || member.nullable;
                node = merge(&node.view.clone(), &[member, Rc::new(node)]);
                node.nullable = nullable;
            }
            members => {
                node.kind = SchemaKind::AnyOf(union_members::read(
                    &self.resolver,
                    &node.view.pointer,
                    members,
                    keyword,
                ))
            }
        }
        node
    }

    /// Whether a union member allows null only. Doesn't read its node, which may be in progress.
    fn is_null(&self, pointer: &Pointer) -> bool {
        let resolved = self.resolver.resolve_schema(pointer);
        let Some(Value::Object(map)) = self.value(&resolved) else { return false };
        declared(map) == ["null"]
            || map.get("const") == Some(&Value::Null)
            || map
                .get("enum")
                .and_then(Value::as_array)
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
    }
}

/// The schemas that others refer to from an `allOf` or beside other keywords.
fn combined_schemas(root: &Value) -> HashSet<Pointer> {
    let mut combined = HashSet::new();
    walk::nodes(root, &mut |kind, value, _| {
        let (Kind::Schema, Value::Object(map)) = (kind, value) else { return };
        let target = |value: &Value| Pointer::parse(value.get("$ref")?.as_str()?);
        let members = map.get("allOf").and_then(Value::as_array);
        combined.extend(members.into_iter().flatten().filter_map(target));
        if map.contains_key("required") {
            combined.extend(target(value));
        }
    });
    combined
}

/// Reads the keywords of one JSON type.
fn read_type(ty: &str, map: &Map<String, Value>, pointer: &Pointer) -> SchemaKind {
    match ty {
        "null" => SchemaKind::Null,
        "array" => {
            let prefix = pointer.join("prefixItems");
            let count = map.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
            SchemaKind::Array {
                items: is_restrictive(map.get("items"))
                    .then(|| SchemaView::new(pointer.join("items"))),
                prefix: (0..count).map(|index| SchemaView::new(prefix.join(index))).collect(),
            }
        }
        "object" => {
            let properties = pointer.join("properties");
            let names = map.get("properties").and_then(Value::as_object);
            let required = map.get("required").and_then(Value::as_array);
            SchemaKind::Object(ObjectSchema {
                properties: names
                    .into_iter()
                    .flat_map(Map::keys)
                    .map(|name| (name.clone(), vec![properties.join(name)]))
                    .collect(),
                required: required
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(|name| (name.to_owned(), pointer.join("required")))
                    .collect(),
                additional: additional_properties(map, pointer),
            })
        }
        scalar => SchemaKind::Scalar {
            ty: scalar.to_owned(),
            format: map.get("format").and_then(Value::as_str).map(str::to_owned),
        },
    }
}

/// Whether a schema is present and forbids some values.
fn is_restrictive(schema: Option<&Value>) -> bool {
    match schema {
        Some(Value::Object(map)) => !map.is_empty(),
        Some(Value::Bool(allowed)) => !allowed,
        _ => false,
    }
}

/// Reads `additionalProperties` or `unevaluatedProperties`.
fn additional_properties(map: &Map<String, Value>, pointer: &Pointer) -> AdditionalProperties {
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
        let pointer = || pointer.join(keyword);
        match map.get(keyword) {
            Some(Value::Bool(false)) => return AdditionalProperties::Forbidden(pointer()),
            Some(Value::Object(schema)) if !schema.is_empty() => {
                return AdditionalProperties::Schema(pointer());
            }
            Some(_) => return AdditionalProperties::Any(pointer()),
            None => {}
        }
    }
    AdditionalProperties::Unspecified
}

/// A node for a schema that can't be read; `target` describes the reference.
fn unresolved(view: &SchemaView, target: &str) -> SchemaNode {
    SchemaNode::new(view, SchemaKind::Unresolved(target.to_owned()))
}
