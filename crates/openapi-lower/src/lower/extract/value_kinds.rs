//! Kinds of values that are sent outside of a JSON body: texts, lists and objects.

use openapi_document::{MAX_DEPTH, Pointer, reference};
use serde_json::{Map, Value, json};

use crate::{json, lower::enums::enum_type, text_map::TextMap};

/// A parameter's value: its schema, and the forms that it may have.
#[derive(Clone, Debug)]
pub(super) struct ValueKind {
    /// The schema, which determines the type of the setter.
    pub(super) schema: Value,
    pub(super) forms: Forms,
    /// Whether the core can write a scalar by `Display`: it isn't a union.
    pub(super) is_plain: bool,
}

/// The forms of a value; several for a union.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms {
    pub(super) scalar: bool,
    pub(super) list: bool,
    pub(super) object: bool,
    /// Whether a list has items that are lists or objects.
    pub(super) nested_items: bool,
    /// Whether an object has members that are lists of scalars.
    pub(super) list_members: bool,
    /// Whether an object has members that are objects, or lists with nested items.
    pub(super) nested_members: bool,
}

impl Forms {
    const NONE: Self = Self {
        scalar: false,
        list: false,
        object: false,
        nested_items: false,
        list_members: false,
        nested_members: false,
    };
    const SCALAR: Self = Self { scalar: true, ..Self::NONE };
    const LIST: Self = Self { list: true, ..Self::NONE };
    const OBJECT: Self = Self { object: true, ..Self::NONE };

    /// Whether each value is a scalar.
    pub(super) fn is_scalar(self) -> bool {
        self == Self::SCALAR
    }

    /// Whether each value is a list of scalars.
    pub(super) fn is_list(self) -> bool {
        self == Self::LIST
    }

    /// Whether each value is an object.
    pub(super) fn is_object(self) -> bool {
        self.object && !self.scalar && !self.list
    }

    fn or(self, other: Self) -> Self {
        Self {
            scalar: self.scalar || other.scalar,
            list: self.list || other.list,
            object: self.object || other.object,
            nested_items: self.nested_items || other.nested_items,
            list_members: self.list_members || other.list_members,
            nested_members: self.nested_members || other.nested_members,
        }
    }
}

impl ValueKind {
    /// Classifies a value. Removes keywords that don't apply to parameters: null is omitted
    /// instead, and the server fills in defaults. `None` if the value has no form that can be sent
    /// as text.
    pub(super) fn new(root: &Value, schema: &Value) -> Option<Self> {
        let mut bare: Map<String, Value> = schema.as_object()?.clone();
        for key in ["nullable", "default", "description", "deprecated", "readOnly", "writeOnly"] {
            bare.shift_remove(key);
        }
        let mut schemas = Schemas { root, scalars: TextMap::new(), forms: TextMap::new() };
        let bare = match bare.get("type").and_then(Value::as_str) {
            Some("array") => {
                let items = bare.get("items").cloned().unwrap_or_else(|| json!({}));
                match schemas.scalar(&items, 0) {
                    Some(items) => json!({ "type": "array", "items": items }),
                    None => Value::Object(bare),
                }
            }
            _ => Value::Object(bare),
        };
        if let Some(scalar) = schemas.scalar(&bare, 0) {
            let is_plain = !schemas.is_union(&scalar);
            return Some(Self { schema: scalar, forms: Forms::SCALAR, is_plain });
        }
        let forms = schemas.forms(&bare, 0)?;
        Some(Self { schema: bare, forms, is_plain: forms.is_list() })
    }

    /// The kind of a value that is sent as JSON, which can represent any value.
    pub(super) fn json(schema: Value) -> Self {
        Self { schema, forms: Forms::SCALAR, is_plain: false }
    }
}

/// The schemas that a parameter refers to. Each component is read once; it has no result while it
/// is being read.
struct Schemas<'a> {
    root: &'a Value,
    scalars: TextMap<String, Option<Value>>,
    forms: TextMap<String, Option<Forms>>,
}

impl<'a> Schemas<'a> {
    fn component(&self, name: &str) -> Option<&'a Value> {
        Pointer::from_segments(["components", "schemas", name]).resolve(self.root)
    }

    /// The schema of a value that is written as one text, reduced to `type`, `format` and `enum`.
    /// `None` for anything else.
    ///
    /// A reference to an enum or a union stays; a schema without `type` is a string. `depth` is the
    /// number of schemas around this one.
    fn scalar(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let Value::Object(map) = schema else { return None };
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(members) = map.get("allOf").and_then(Value::as_array) {
            return if members.len() == 1 { self.scalar(&members[0], depth + 1) } else { None };
        }
        if let Some(name) = reference::target(schema) {
            if let Some(known) = self.scalars.get(&name) {
                return known.clone();
            }
            let target = self.component(&name)?;
            if target.as_object().and_then(enum_type).is_some() {
                return Some(schema.clone());
            }
            self.scalars.insert(name.clone(), None);
            let scalar = self.scalar(target, depth + 1);
            let scalar = scalar.map(|scalar| match union_members(target) {
                Some(_) => reference::reference_to(&name),
                None => scalar,
            });
            self.scalars.insert(name, scalar.clone());
            return scalar;
        }
        let text = json!({ "type": "string" });
        if let Some(members) = union_members(schema) {
            let mut all = members.iter();
            return all.all(|member| self.scalar(member, depth + 1).is_some()).then_some(text);
        }
        match map.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number" | "boolean") => {
                let mut scalar = map.clone();
                json::retain(&mut scalar, &mut |key, _| matches!(key, "type" | "format" | "enum"));
                Some(Value::Object(scalar))
            }
            None if map.contains_key("properties") => None,
            None => Some(text),
            Some(_) => None,
        }
    }

    /// Whether a scalar is a reference to a union.
    fn is_union(&self, scalar: &Value) -> bool {
        let target = reference::target(scalar).and_then(|name| self.component(&name));
        target.is_some_and(|target| union_members(target).is_some())
    }

    /// The forms of a value.
    fn forms(&mut self, schema: &Value, depth: usize) -> Option<Forms> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.scalar(schema, depth).is_some() {
            return Some(Forms::SCALAR);
        }
        if let Some([member]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return self.forms(member, depth + 1);
        }
        if let Some(name) = reference::target(schema) {
            if let Some(known) = self.forms.get(&name) {
                return *known;
            }
            let target = self.component(&name)?;
            self.forms.insert(name.clone(), None);
            let forms = self.forms(target, depth + 1);
            self.forms.insert(name, forms);
            return forms;
        }
        if let Some(members) = union_members(schema) {
            let mut all = Forms::default();
            for member in members {
                all = all.or(self.forms(member, depth + 1)?);
            }
            return Some(all);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => {
                let items = schema.get("items").map(|items| self.forms(items, depth + 1));
                let nested_items = items.is_some_and(|items| !is_text(items));
                Some(Forms { nested_items, ..Forms::LIST })
            }
            _ => {
                let members = json::members(schema.get("properties")).map(|(_, member)| member);
                let extra = schema.get("additionalProperties").filter(|extra| extra.is_object());
                let members = members.chain(extra);
                let mut object = Forms::OBJECT;
                for member in members {
                    // The values of a recursive schema are nested.
                    let forms = self.forms(member, depth + 1);
                    let is_nested = forms.is_none_or(|forms| forms.object || forms.nested_items);
                    object.nested_members |= is_nested;
                    object.list_members |= forms.is_some_and(|forms| forms.list);
                }
                Some(object)
            }
        }
    }
}

/// Whether each value is a scalar; values of a recursive schema aren't.
fn is_text(forms: Option<Forms>) -> bool {
    forms.is_some_and(Forms::is_scalar)
}

/// The members of a union.
fn union_members(schema: &Value) -> Option<&Vec<Value>> {
    ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array())
}
