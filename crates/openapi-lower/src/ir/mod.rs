//! The intermediate model: everything the generated code needs beside the lowered document.
//!
//! OpenAPI 3.0 and progenitor can't express all that an OpenAPI 3.1 document declares (open enums,
//! tagged unions, null beside absent, styles of parameters). The lowering records it here before it
//! rewrites the document; `emit` reads it.

mod body;
mod operation;
mod paging;
mod parameter;
mod received;
mod response;
mod server;
mod stream;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::reference;

use crate::{collect::Collect, text_map::TextMap};

pub use self::{
    body::{Body, BodyContent, BodyRepresentation, FormBody, Part, PartContent},
    operation::{Auth, Operation, OperationServer, SecurityScheme, Successor},
    paging::{MoreFlag, NextPage, PageParameter, Paging},
    parameter::{Expansion, Parameter, ParameterEncoding, ParameterStyle},
    received::{Received, ReceivedKind, ReceivedUnion},
    response::{Alternative, Content, ContentKind, Response, Status},
    server::{ServerTemplate, ServerVariable},
    stream::{ItemStream, StreamFormat},
    types::{
        Constant, Direction, Enum, EnumType, EnumVariant, Field, Newtype, Object, SiblingTag,
        TagSource, TagType, TaggedUnion, TypeName, UntaggedUnion, Variant,
    },
};
pub(crate) use self::{
    operation::representation_key,
    response::successes,
    types::{TypeIndex, variant_key},
};

/// The model of one generated client.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ClientModel {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The URL of the first server with the defaults of its variables filled in; may be relative.
    pub server: Option<String>,
    /// The URL of the first server with its variables, if it has any.
    pub server_template: Option<ServerTemplate>,
    /// The authentication of requests by the document's top-level `security`.
    pub auth: Auth,
    /// All operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The webhooks and callbacks, which the API sends and the user of the client receives.
    pub received: Vec<ReceivedUnion>,
    /// The tags of the document with their descriptions, in the order of the document.
    pub tags: Vec<(String, Option<String>)>,
    /// The enums among the types.
    pub enums: Vec<Enum>,
    /// The objects with declared properties among the types.
    pub objects: Vec<Object>,
    /// The unions without a tag among the types.
    pub untagged_unions: Vec<UntaggedUnion>,
    /// The unions with a tag among the types.
    pub tagged_unions: Vec<TaggedUnion>,
    /// The lists and maps that contain themselves.
    pub newtypes: Vec<Newtype>,
    /// The names of all types, those of component schemas first.
    pub types: Vec<TypeName>,
}

impl ClientModel {
    /// The names of all types and variants by their published keys: the input of the next
    /// [`lower`](crate::lower()), which keeps them.
    pub fn published_names(&self) -> BTreeMap<String, String> {
        let index = TypeIndex::new(&self.types);
        let mut names = BTreeMap::new();
        for one in &self.types {
            names.insert(one.key.clone(), one.rust.clone());
        }
        let mut add = |rust: &String, identity: &str, name: &String| {
            if let Some(key) = index.key(rust) {
                names.insert(variant_key(key, identity), name.clone());
            }
        };
        for one in self.enums.iter().filter(|one| one.used) {
            for variant in &one.variants {
                add(&one.rust, &variant.identity(), &variant.rust_name);
            }
        }
        for union in &self.tagged_unions {
            for variant in &union.variants {
                add(&union.rust, &variant.value, &variant.rust_name);
            }
        }
        for union in &self.untagged_unions {
            for (identity, (name, _)) in union.identities.iter().zip(&union.members) {
                add(&union.rust, identity, name);
            }
        }
        for operation in &self.operations {
            for (key, name) in operation.published_representations() {
                names.insert(key, name);
            }
        }
        for union in &self.received {
            let key = union.kind.published_key();
            for variant in &union.variants {
                names.insert(variant_key(key, &variant.name), variant.rust_name.clone());
            }
        }
        names
    }

    /// Whether the document only describes what is received: then there is no client.
    pub fn is_receiver_only(&self) -> bool {
        self.operations.is_empty() && !self.received.is_empty()
    }

    /// Marks these properties (`Schema.property`) as secret.
    pub(crate) fn mark_secret(&mut self, secrets: &BTreeSet<String>) {
        for secret in secrets {
            let Some((schema, property)) = secret.rsplit_once('.') else { continue };
            let is_named = |name: &&TypeName| name.component.as_deref() == Some(schema);
            let Some(name) = self.types.iter().find(is_named) else { continue };
            let objects = self.objects.iter_mut().filter(|object| object.rust == name.rust);
            for field in objects.flat_map(|object| &mut object.fields) {
                field.secret |= field.name == property;
            }
        }
    }

    /// The Rust names of the types that each type but the enums contains directly.
    pub(crate) fn contained_types(&self) -> TextMap<&str, Vec<String>> {
        let mut contained = TextMap::new();
        for object in &self.objects {
            let mut targets = Vec::new();
            for field in &object.fields {
                targets.extend(reference::targets(&field.schema));
            }
            if let Some((_, schema)) = &object.extra {
                targets.extend(reference::targets(schema));
            }
            if let Some(sibling) = &object.sibling_tag {
                targets.push(sibling.union.clone());
            }
            contained.insert(object.rust.as_str(), targets);
        }
        for union in &self.untagged_unions {
            let mut targets = Vec::new();
            for (_, schema) in &union.members {
                targets.extend(reference::targets(schema));
            }
            contained.insert(&union.rust, targets);
        }
        for union in &self.tagged_unions {
            let targets = union.variants.iter().map(|variant| variant.target.clone());
            contained.insert(&union.rust, targets.collect_vec());
        }
        for newtype in &self.newtypes {
            contained.insert(&newtype.rust, reference::targets(&newtype.schema));
        }
        contained
    }

    /// The names of all emitted types but the enums.
    pub(crate) fn structures(&self) -> Vec<&String> {
        let mut names: Vec<&String> = self.objects.iter().map(|object| &object.rust).collect_vec();
        for union in &self.untagged_unions {
            names.push(&union.rust);
        }
        for union in &self.tagged_unions {
            names.push(&union.rust);
        }
        for newtype in &self.newtypes {
            names.push(&newtype.rust);
        }
        names
    }
}
