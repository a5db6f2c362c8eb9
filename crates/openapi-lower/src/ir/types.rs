//! Types: enums, objects, unions and newtypes, and their names.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{collect::Collect, text_map::TextMap};

/// An open enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Enum {
    /// The Rust name of the type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The type of the values.
    pub value_type: EnumType,
    /// Whether a field, parameter or body has this type. An enum that only lists the values of a
    /// tag is not emitted.
    pub used: bool,
    /// The variants, one per value.
    pub variants: Vec<EnumVariant>,
}

/// The type of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnumType {
    /// Strings.
    Text,
    /// Integers in the range of `i64`.
    Integer,
    /// Numbers.
    Number,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnumVariant {
    /// The name of the variant.
    pub rust_name: String,
    /// The value in JSON.
    pub value: Value,
    /// The title and the description of the value.
    pub description: Option<String>,
}

impl EnumVariant {
    /// The identity by which the variant's name is published: its value as text.
    pub(crate) fn identity(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }
}

/// An object with declared properties.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The Rust name of the type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// Whether requests, responses or both have values of the type.
    pub direction: Direction,
    /// The properties, without the constant ones.
    pub fields: Vec<Field>,
    /// The properties with a single allowed value, such as the tag of a union's member.
    pub constants: Vec<Constant>,
    /// The name of the field for additional properties and their schema (or `true`), if the
    /// document declares `additionalProperties`.
    pub extra: Option<(String, Value)>,
    /// The property that tells the type of another one.
    pub sibling_tag: Option<SiblingTag>,
}

/// A property that tells which member of a union another property of the object has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiblingTag {
    /// The name of the property in JSON.
    pub tag: String,
    /// The name of the property with the union in JSON.
    pub property: String,
    /// The Rust name of its field.
    pub field: String,
    /// The Rust name of the union.
    pub union: String,
    /// The values of the tag, each with the variant that it tells.
    pub variants: Vec<(String, String)>,
}

/// The direction of a type's values: in requests, in responses or in both, directly or in another
/// type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Direction {
    /// In requests only.
    Request,
    /// In responses only.
    Response,
    /// In both.
    Both,
}

impl Direction {
    /// Whether requests have values of the type.
    pub fn is_sent(self) -> bool {
        self != Self::Response
    }

    /// Whether responses have values of the type.
    pub fn is_received(self) -> bool {
        self != Self::Request
    }
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The name in JSON.
    pub name: String,
    /// The Rust name of the field.
    pub rust_name: String,
    /// The name of the setter.
    pub setter: String,
    /// The name of the setter that writes an explicit null, for an optional nullable property.
    pub null_setter: String,
    /// `description`, with the constraints of the schema.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// Whether every value of the type has the property: it is listed in `required`, and neither
    /// `readOnly` in a type of requests nor `writeOnly` in one of responses.
    pub required: bool,
    /// Whether every request has the property, so that `new` takes it: it is listed in `required`,
    /// and not `readOnly`.
    pub argument: bool,
    /// Whether null is a valid value.
    pub nullable: bool,
    /// The lowered schema without null.
    pub schema: Value,
    /// The value that is read where the property is absent.
    pub default: Option<Value>,
    /// Whether the field is boxed, because the object would contain itself otherwise.
    pub boxed: bool,
    /// Whether `Debug` redacts the value.
    pub secret: bool,
}

/// A property with a single allowed value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constant {
    /// The name in JSON.
    pub name: String,
    /// The value: text, an integer or a boolean.
    pub value: Value,
}

/// A list or a map that contains itself, which needs a type of its own.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Newtype {
    /// The Rust name of the type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The lowered schema of the list or map.
    pub schema: Value,
}

/// A union without a tag: its members are told apart by their shapes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UntaggedUnion {
    /// The Rust name of the type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The name of each variant and the lowered schema of its value.
    pub members: Vec<(String, Value)>,
    /// The identity of each member, by which its variant's name is published: the key of its type
    /// or its JSON type.
    pub identities: Vec<String>,
}

/// A union whose members are told apart by the value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaggedUnion {
    /// The Rust name of the type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The name of the tag in JSON.
    pub tag: String,
    /// The JSON type of the tag.
    pub tag_type: TagType,
    /// The members, one per value of the tag.
    pub variants: Vec<Variant>,
}

/// The JSON type of a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TagType {
    /// A string.
    #[default]
    Text,
    /// An integer in the range of `i64`.
    Integer,
    /// A boolean.
    Boolean,
}

impl TagType {
    /// The value in JSON of a tag that is `text` as a text; `None` for a text of another type.
    pub(crate) fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(text.into()),
            Self::Integer => text.parse::<i64>().ok().map(Value::from),
            Self::Boolean => text.parse::<bool>().ok().map(Value::from),
        }
    }
}

/// A member of a tagged union.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variant {
    /// The value of the tag as text: `circle`, `-1`, `true`.
    pub value: String,
    /// The name of the variant.
    pub rust_name: String,
    /// The Rust name of the member's type.
    pub target: String,
    /// The part of the generated code that writes the tag.
    pub tag_source: TagSource,
}

/// The part of the generated code that writes the tag of a union's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagSource {
    /// The member, which has the tag as a [`Constant`].
    Constant,
    /// The member, which is a union with the same tag.
    Nested,
    /// The union, since the member declares no value for the tag, another one or several.
    Injected,
}

/// The name of a type and the schema it is generated from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeName {
    /// The Rust name.
    pub rust: String,
    /// The name of the component schema; `None` for an inline schema.
    pub component: Option<String>,
    /// The pointer to the schema in the document.
    pub pointer: Pointer,
    /// The key by which the name is published: the name of the component schema; for an inline
    /// schema, the enclosing component or operation and the path from there.
    pub key: String,
}

/// The names of types by their Rust names.
pub(crate) struct TypeIndex<'a>(TextMap<&'a str, &'a TypeName>);

impl<'a> TypeIndex<'a> {
    pub(crate) fn new(types: &'a [TypeName]) -> Self {
        Self(types.iter().map(|name| (name.rust.as_str(), name)).collect_map())
    }

    pub(crate) fn get(&self, rust: &str) -> Option<&'a TypeName> {
        self.0.get(rust).copied()
    }

    /// The key by which the name of a type is published.
    pub(crate) fn key(&self, rust: &str) -> Option<&'a str> {
        self.get(rust).map(|name| name.key.as_str())
    }

    /// The pointer to the schema of a type in the document; for one that isn't listed, that in the
    /// lowered document.
    pub(crate) fn pointer(&self, rust: &str) -> Pointer {
        let lowered = || Pointer::from_segments(["components", "schemas", rust]);
        self.get(rust).map_or_else(lowered, |name| name.pointer.clone())
    }
}

/// The key by which a variant's name is published.
pub(crate) fn variant_key(key: &str, identity: &str) -> String {
    format!("{key}::{identity}")
}
