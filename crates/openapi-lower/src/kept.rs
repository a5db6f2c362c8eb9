//! What the document says and OpenAPI 3.0 or progenitor can't: the input of `emit`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapi_document::Pointer;
use serde_json::Value;

/// Everything beside the lowered document that the generated code is made from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Kept {
    /// `info.title`.
    pub title: String,
    /// The URL of the first server, its variables replaced by their defaults; it may be relative.
    pub server: Option<String>,
    /// How requests prove who sends them, by the document's top-level `security`.
    pub auth: Auth,
    /// All operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The string enums among the types.
    pub enums: Vec<StringEnum>,
    /// The objects with declared properties among the types.
    pub objects: Vec<Object>,
    /// The unions among the types that no tag tells apart.
    pub choices: Vec<Choice>,
    /// The unions among the types whose members a tag tells apart.
    pub unions: Vec<Union>,
    /// The types, those of named schemas first.
    pub types: Vec<TypeName>,
}

impl Kept {
    /// The names of all types and variants, by the keys by which they are published: what
    /// [`lower`](crate::lower()) takes, so that they stay.
    pub fn published(&self) -> BTreeMap<String, String> {
        let keys = TypeName::keys(&self.types);
        let mut names: BTreeMap<String, String> =
            self.types.iter().map(|one| (one.key.clone(), one.rust.clone())).collect();
        let enums = self.enums.iter().filter(|one| one.used);
        let enums = enums.flat_map(|one| {
            one.variants.iter().map(|(name, value)| (&one.rust, value.as_str(), name))
        });
        let unions = self.unions.iter().flat_map(|one| {
            one.variants.iter().map(|variant| (&one.rust, &*variant.value, &variant.rust_name))
        });
        let choices = self.choices.iter().flat_map(|one| {
            let names = one.members.iter().map(|(name, _)| name);
            one.identities.iter().zip(names).map(|(id, name)| (&one.rust, id.as_str(), name))
        });
        for (rust, identity, name) in enums.chain(unions).chain(choices) {
            if let Some(key) = keys.get(rust.as_str()) {
                names.insert(variant_key(key, identity), name.clone());
            }
        }
        names
    }

    /// Takes these properties (`Schema.property`) for secrets.
    pub(crate) fn hide(&mut self, secrets: &BTreeSet<String>) {
        for secret in secrets {
            let Some((schema, property)) = secret.rsplit_once('.') else { continue };
            let is_named = |name: &&TypeName| name.document.as_deref() == Some(schema);
            let Some(name) = self.types.iter().find(is_named) else { continue };
            let objects = self.objects.iter_mut().filter(|object| object.rust == name.rust);
            for field in objects.flat_map(|object| &mut object.fields) {
                field.secret |= field.name == property;
            }
        }
    }

    /// The names of the types that are emitted, enums aside.
    pub(crate) fn structures(&self) -> impl Iterator<Item = &String> {
        let objects = self.objects.iter().map(|object| &object.rust);
        let choices = self.choices.iter().map(|choice| &choice.rust);
        objects.chain(choices).chain(self.unions.iter().map(|union| &union.rust))
    }
}

/// A string enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StringEnum {
    /// The name of its type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// Whether anything has this type: one that only says which value a constant has isn't needed.
    pub used: bool,
    /// The name of each variant, and its value on the wire.
    pub variants: Vec<(String, String)>,
}

/// An object with declared properties.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The name of its type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// Its properties, but for the constants.
    pub fields: Vec<Field>,
    /// Properties that have the same value in every such object: the tags of variants.
    pub constants: Vec<Constant>,
    /// The field for further properties and their schema (or `true`), if the document speaks of
    /// them.
    pub extra: Option<(String, Value)>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// The name of the field.
    pub rust_name: String,
    /// The name of its setter.
    pub setter: String,
    /// The name of the setter that makes it null, where that isn't the same as leaving it out.
    pub null_setter: String,
    /// `description`, constraints included.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// The lowered schema, null left out of it.
    pub schema: Value,
    /// What is filled in on reading where it is left out.
    pub default: Option<Value>,
    /// Whether the object would contain itself otherwise.
    pub boxed: bool,
    /// Whether `Debug` must not show it.
    pub secret: bool,
}

/// A property with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constant {
    /// Its name on the wire.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A union whose members only their shapes tell apart.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// The name of its type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The name of each variant, and the lowered schema of its value.
    pub members: Vec<(String, Value)>,
    /// What identifies each member: the key of its type, or what kind of value it is.
    pub identities: Vec<String>,
}

/// A union whose members a tag tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Union {
    /// The name of its type.
    pub rust: String,
    /// `description`.
    pub description: Option<String>,
    /// The property that is the tag, as it is on the wire.
    pub tag: String,
    /// Its members, one per value of the tag.
    pub variants: Vec<Variant>,
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variant {
    /// The value of the tag.
    pub value: String,
    /// The name of the variant.
    pub rust_name: String,
    /// The name of its type.
    pub target: String,
    /// Who writes the tag.
    pub tag: Tag,
}

/// Who writes the tag of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tag {
    /// The member: it is a constant of its type.
    Own,
    /// The member: it is a union by the same tag.
    Nested,
    /// The union: its type has another value for it, several, or none.
    Given,
}

/// The name of a type, and the schema it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeName {
    /// The Rust name.
    pub rust: String,
    /// The name of the component schema; `None` for an inline schema.
    pub document: Option<String>,
    /// Where the schema stands in the document.
    pub pointer: Pointer,
    /// The key by which its name is published: the name of the component schema; of an inline
    /// schema that of the component or operation it stands in, and the way from there.
    pub key: String,
}

impl TypeName {
    /// The keys of types by their Rust names.
    pub(crate) fn keys(types: &[Self]) -> HashMap<&str, &str> {
        types.iter().map(|name| (name.rust.as_str(), name.key.as_str())).collect()
    }

    /// Where the schema of a type stands in the document.
    pub(crate) fn place_of(types: &[Self], rust: &str) -> Pointer {
        let named = types.iter().find(|name| name.rust == rust);
        let lowered = || Pointer::of(["components", "schemas", rust]);
        named.map_or_else(lowered, |name| name.pointer.clone())
    }
}

/// How the credential travels (OpenAPI 3.1, section 4.8.27).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// It doesn't: the operation is open.
    #[default]
    None,
    /// In a header of this name (`apiKey`).
    Header(String),
    /// In a query parameter of this name (`apiKey`).
    Query(String),
    /// As a bearer token (RFC 6750): `http` with `bearer`, `oauth2`, `openIdConnect`.
    Bearer,
    /// As user name and password, joined by a colon (RFC 7617).
    Basic,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// Where it stands in the document.
    pub pointer: Pointer,
    /// `operationId`, or the one derived from method and path.
    pub id: String,
    /// The Rust function that starts it, in snake_case.
    pub function: String,
    /// The Rust type that builds it, in UpperCamelCase.
    pub builder: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// The URL of its page: `externalDocs.url`.
    pub page: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// How its requests prove who sends them.
    pub auth: Auth,
    /// Path, query and header parameters.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses, in the order of the document.
    pub responses: Vec<Response>,
    /// How its answers follow one another, if each is a page of a list.
    pub paging: Option<Paging>,
}

/// A list that is read page by page.
///
/// What is recognised, by facts of the document alone: a GET with an integer query parameter `page`
/// and another for the size of a page (`pageSize`, `perPage` or `limit`, in any case and with any
/// separators: `page_size` too), whose one success is a JSON object with an array `items` and an
/// integer `total`. The answer may say `page` and the size as well. Other ways to read on (cursors,
/// offsets, links) say in each API something else, and aren't recognised.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Paging {
    /// The Rust name of the parameter with the number of the page.
    pub page: String,
    /// The number of the first page: the parameter's default, or 1.
    pub first: i64,
    /// The name of the answer's type.
    pub answer: String,
    /// The field with the items of the page.
    pub items: Field,
    /// The field that says how many items there are on all pages.
    pub total: Field,
    /// The field that repeats the number of the page.
    pub number: Option<Field>,
    /// The field that says how many items a page has, the last one aside.
    pub size: Option<Field>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The Rust name.
    pub rust_name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether a request without it is an error.
    pub required: bool,
    /// `description`, with the constraints of its schema.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// Its lowered schema.
    pub schema: Value,
    /// What the server takes where it isn't sent.
    pub default: Option<Value>,
    /// Whether `Debug` must not show it.
    pub secret: bool,
}

/// Where a parameter is sent, and who writes it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the path, as one segment.
    Path,
    /// In the query, by the core.
    Query,
    /// In the query as one value, the items joined by this character: what `explode: false` says
    /// and progenitor can't.
    Joined(char),
    /// In the query by the runtime, since the core has an argument of that name: a pair per value.
    Pairs,
    /// In the query, as the members of an object.
    Members(Members),
    /// In the query, as JSON (OpenAPI 3.1, section 4.8.12.2.2, `content`).
    Json,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// How an object stands in a query (OpenAPI 3.1, section 4.8.12.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Members {
    /// `a=1&b=2`: style form, exploded.
    Exploded,
    /// `name=a,1,b,2`: style form, not exploded.
    Joined,
    /// `name[a]=1&name[b]=2`: style deepObject.
    Deep,
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// Whether a request without it is an error.
    pub required: bool,
    /// The media type it is sent as.
    pub media_type: String,
    /// `description`.
    pub description: Option<String>,
    /// What it holds.
    pub content: BodyContent,
}

/// What a request body holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BodyContent {
    /// JSON of this schema, written by the core: a required `application/json` body.
    Core(Value),
    /// JSON of this schema, written by the runtime: one that may be left out.
    Json(Value),
    /// Parts of a multipart/form-data body.
    Parts(Vec<Part>),
    /// The members of an object of this schema, as application/x-www-form-urlencoded.
    Members(Value),
    /// Text.
    Text,
    /// Bytes of any other media type.
    Bytes,
}

/// A property of a multipart body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The form field.
    pub name: String,
    /// The Rust name.
    pub rust_name: String,
    /// `description`.
    pub description: Option<String>,
    /// Whether a request without it is an error.
    pub required: bool,
    /// Whether several may be sent under the one name.
    pub repeated: bool,
    /// What it holds.
    pub content: PartContent,
}

/// What a part of a multipart body holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PartContent {
    /// A file.
    File,
    /// Text: a scalar of this schema.
    Text(Value),
    /// JSON of this schema.
    Json(Value),
}

/// The response of one status, or of several.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The statuses it answers with.
    pub status: Status,
    /// `description`.
    pub description: String,
    /// What its body may hold, the preferred content first; none: it has no body.
    pub contents: Vec<Content>,
}

/// The key of a response (OpenAPI 3.1, section 4.8.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// One status.
    Code(u16),
    /// `4XX`: all statuses that begin with the digit.
    Class(u16),
    /// `default`: those that no other response names.
    Default,
}

impl Status {
    /// Reads the key of a response.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] = key.as_bytes() {
            return Some(Self::Class(u16::from(digit - b'0')));
        }
        key.parse().ok().filter(|code| (100..600).contains(code)).map(Self::Code)
    }

    /// Whether a response of this key is what the caller hoped for: 2xx or a redirect.
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..400).contains(&code),
            Self::Class(class) => class == 2 || class == 3,
            Self::Default => false,
        }
    }

    /// Whether it says where to go instead of what was asked for.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Code(301 | 302 | 303 | 307 | 308) | Self::Class(3))
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Class(class) => write!(f, "{class}xx"),
            Self::Default => f.write_str("any other"),
        }
    }
}

/// One way a response body may be written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// Its media type.
    pub media_type: String,
    /// How it is read.
    pub kind: ContentKind,
}

/// How a response body is read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ContentKind {
    /// As JSON of this schema.
    Json(Value),
    /// As text.
    Text,
    /// As bytes.
    Bytes,
}

/// The key of a variant.
pub(crate) fn variant_key(key: &str, identity: &str) -> String {
    format!("{key}::{identity}")
}
