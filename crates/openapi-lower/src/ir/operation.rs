//! Operations: their parameters and authentication.

use openapi_document::{Pointer, media_type::essence};
use serde_json::Value;

use super::{
    body::{Body, BodyRepresentation},
    paging::Paging,
    parameter::Parameter,
    response::{Alternative, Response, successes},
};
use crate::{collect::Collect, media_names::media_name};

/// An operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The pointer to the operation in the document.
    pub pointer: Pointer,
    /// `operationId`, or one derived from method and path.
    pub id: String,
    /// The name of the client's method, in snake_case.
    pub function: String,
    /// The name of the core's function: that of the method, unless the core has one itself.
    pub core_function: String,
    /// The name of the builder type, in UpperCamelCase.
    pub builder: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The query that the key in `paths` has, which is sent with each request; mostly empty.
    pub query: String,
    /// `tags`.
    pub tags: Vec<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `externalDocs.url`.
    pub docs_url: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The operation to call instead of a deprecated one, if it is known.
    pub successor: Option<Successor>,
    /// The alternative security requirements, each with the schemes that are sent together. Without
    /// any, no credential is sent; an empty one means that it is optional.
    pub security: Vec<Vec<SecurityScheme>>,
    /// The server.
    pub server: OperationServer,
    /// Path, query, header and cookie parameters.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses, in the order of the document.
    pub responses: Vec<Response>,
    /// The name of the enum of the successes, if their types differ.
    pub success_type: String,
    /// The representations of successes beside those that `send` asks for.
    pub alternatives: Vec<Alternative>,
    /// The paging, if the operation lists something page by page.
    pub paging: Option<Paging>,
}

impl Operation {
    /// The representations of the body; none without a body.
    pub(crate) fn representations(&self) -> &[BodyRepresentation] {
        self.body.as_ref().map_or(&[], |body| &body.representations)
    }

    /// The schemas of parameters and bodies.
    pub(crate) fn sent_schemas(&self) -> Vec<&Value> {
        let mut schemas: Vec<&Value> = self.parameters.iter().map(|one| &one.schema).collect_vec();
        for representation in self.representations() {
            schemas.extend(representation.content.schemas());
        }
        schemas
    }

    /// The schemas of parameters, bodies and responses.
    pub(crate) fn schemas(&self) -> Vec<&Value> {
        let mut schemas = self.sent_schemas();
        for response in &self.responses {
            schemas.extend(response.contents.iter().filter_map(|one| one.kind.schema()));
        }
        if let Some(paging) = &self.paging {
            schemas.push(&paging.item);
        }
        schemas
    }

    /// The names of the media types of `send` and of the setter `body`, by their published keys:
    /// another media type that is added must not take their place. JSON is preferred anyway.
    pub(crate) fn published_representations(&self) -> Vec<(String, String)> {
        let mut published = Vec::new();
        let mut add = |kind: &str, media_type: &str| {
            if essence(media_type) != "application/json" {
                published.push((representation_key(&self.id, kind), media_name(media_type)));
            }
        };
        let sent = successes(&self.responses).into_iter().find_map(|one| one.contents.first());
        if let Some(content) = sent {
            add("send", &content.media_type);
        }
        for representation in self.representations() {
            if representation.rust_name == "body" {
                add("body", &representation.media_type);
            }
        }
        published
    }
}

/// The published key of the media type of `send` or `body` of an operation.
pub(crate) fn representation_key(id: &str, kind: &str) -> String {
    format!("{id}#{kind}")
}

/// The server of an operation (OpenAPI 3.1, section 4.8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OperationServer {
    /// That of the document.
    #[default]
    Base,
    /// Another path, without a slash at its end, at the host of the document's server.
    Path(String),
    /// Another host.
    Named {
        /// The host, with the port if there is one.
        name: String,
        /// The URL.
        url: String,
    },
}

/// The operation to call instead of a deprecated one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Successor {
    /// The name of the client's method.
    pub function: String,
    /// The name of the builder type.
    pub builder: String,
}

/// A security scheme of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name in `components/securitySchemes`.
    pub name: String,
    /// The authentication of requests.
    pub auth: Auth,
    /// The OAuth scopes or roles that the requirement lists.
    pub scopes: Vec<String>,
}

/// The authentication of requests (OpenAPI 3.1, section 4.8.27).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// Without a credential.
    #[default]
    None,
    /// With the key in a header of this name (`apiKey`).
    Header(String),
    /// With the key in a query parameter of this name (`apiKey`).
    Query(String),
    /// With the key in a cookie of this name (`apiKey`).
    Cookie(String),
    /// With a bearer token (RFC 6750): `http` with `bearer`, `oauth2`, `openIdConnect`.
    Bearer,
    /// With user name and password, joined by a colon (RFC 7617).
    Basic,
}
