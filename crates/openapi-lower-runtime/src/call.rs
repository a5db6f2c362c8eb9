//! Calls: a request with the client that sends it.

use std::mem;

use bytes::Bytes;
use reqwest::{
    Body, Method, Request,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue},
};
use serde::Serialize;

use crate::{
    client::Client,
    core_request::{self, CoreError},
    credentials::{CredentialSource, Security},
    encode,
    error::{Error, ErrorKind},
    expansion::{self, Expansion},
    form,
    json_lines::JsonLines,
    key_provider::ProvidedKey,
    multipart::Form,
    operation::{CallTarget, Operation},
    server::OperationServer,
    stored_body::StoredBody,
    stream_format::StreamFormat,
    upload::{self, ByteCounter},
};

/// A request, its target, and the client that sends it.
///
/// The parts of a multipart form are added when the request is sent.
#[derive(Debug)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) target: CallTarget,
    pub(crate) request: Request,
    pub(crate) form: Option<Form>,
}

impl Call {
    /// Takes the request of an operation that progenitor's code has built. The path is written
    /// again, from the template of the operation.
    ///
    /// progenitor's code doesn't encode `\` in a path, and the URL standard reads `\` as `/`. It
    /// doesn't know each method either.
    pub fn build(
        client: &Client,
        operation: &'static Operation,
        request: Result<Request, CoreError>,
        path: &[(&'static str, Result<String, String>)],
    ) -> Result<Self, Error> {
        let mut values = Vec::with_capacity(path.len());
        for (name, value) in path {
            let invalid = |reason| operation.not_sent(format!("path parameter `{name}`: {reason}"));
            values.push((*name, value.clone().map_err(invalid)?));
        }
        let mut request = request.map_err(|error| {
            let reason = core_request::reason(error);
            operation.not_sent(format!("can't build the request: {reason}"))
        })?;
        if request.method() != operation.method {
            *request.method_mut() = Method::from_bytes(operation.method.as_bytes())
                .map_err(|_| operation.not_sent("its method isn't a token"))?;
        }
        Self::new(client, operation.into(), request, &values)
    }

    /// Creates a call from a request, and sets its path, `Accept` and the headers of the client.
    /// The values of the path are percent-encoded already.
    pub(crate) fn new<N: AsRef<str>>(
        client: &Client,
        mut target: CallTarget,
        mut request: Request,
        path: &[(N, String)],
    ) -> Result<Self, Error> {
        target.mask = client.mask().clone();
        let base = choose_server(client, &mut target, &mut request)?;
        encode::set_path(request.url_mut(), &base, &target.path, path)
            .map_err(|reason| target.not_sent(reason))?;
        encode::normalize_query(request.url_mut());
        // That of the path in the document.
        request.url_mut().set_fragment(None);
        let accept = target.accept;
        Self { client: client.clone(), target, request, form: None }.accepting(accept)
    }

    /// Adds a parameter to the query.
    pub fn query<T: Serialize>(
        &mut self,
        name: &str,
        expansion: Expansion,
        value: &T,
    ) -> Result<(), Error> {
        let pairs = expansion::in_query(name, expansion, value);
        for (name, value) in pairs.map_err(|reason| self.invalid(name, &reason))? {
            encode::append_encoded(self.request.url_mut(), &name, &value);
        }
        Ok(())
    }

    /// Adds a value without a name to the query (OpenAPI 3.2, `in: querystring`).
    pub fn query_string<T: Serialize>(
        &mut self,
        name: &str,
        expansion: Expansion,
        value: &T,
    ) -> Result<(), Error> {
        let text = expansion::in_path(name, expansion, value);
        let text = text.map_err(|reason| self.invalid(name, &reason))?;
        encode::append_text(self.request.url_mut(), &text);
        Ok(())
    }

    /// Sets a header (RFC 9110, section 5.5).
    pub fn header<T: Serialize>(
        &mut self,
        name: &str,
        expansion: Expansion,
        value: &T,
    ) -> Result<(), Error> {
        let text = expansion::in_header(expansion, value);
        let Some(text) = text.map_err(|reason| self.invalid(name, &reason))? else {
            return Ok(());
        };
        let invalid = |what| self.target.not_sent(format!("`{name}` {what}"));
        let value = HeaderValue::from_str(&text)
            .map_err(|_| invalid("has characters that a header can't carry"))?;
        let name = HeaderName::try_from(name).map_err(|_| invalid("isn't a valid header name"))?;
        self.request.headers_mut().insert(name, value);
        Ok(())
    }

    /// Adds a cookie (RFC 6265, section 4.2.1), or several if the value is an exploded list or
    /// object. Values are percent-encoded.
    pub fn cookie<T: Serialize>(
        &mut self,
        name: &str,
        expansion: Expansion,
        value: &T,
    ) -> Result<(), Error> {
        let pairs = expansion::in_query(name, expansion, value);
        let pairs = pairs.map_err(|reason| self.invalid(name, &reason))?;
        let mut cookies = match self.request.headers().get(COOKIE).map(HeaderValue::to_str) {
            Some(Ok(cookies)) => vec![cookies.to_owned()],
            _ => Vec::new(),
        };
        cookies.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
        if cookies.is_empty() {
            return Ok(());
        }
        let cookies = HeaderValue::from_str(&cookies.join("; "))
            .map_err(|_| self.target.not_sent(format!("`{name}` isn't a valid cookie name")))?;
        self.request.headers_mut().insert(COOKIE, cookies);
        Ok(())
    }

    /// Returns the error of a parameter that can't be encoded.
    fn invalid(&self, name: &str, reason: &str) -> Error {
        self.target.not_sent(format!("`{name}`: {reason}"))
    }

    /// Sets the body to an object, encoded as `application/x-www-form-urlencoded`. `encodings` are
    /// those of the properties for which the document declares one.
    pub fn form_body<T: Serialize>(
        &mut self,
        encodings: &[(&str, Expansion)],
        object: &T,
    ) -> Result<(), Error> {
        let form = form::urlencoded(encodings, object);
        let form = form.map_err(|reason| self.target.not_sent(format!("the body: {reason}")))?;
        self.raw_body("application/x-www-form-urlencoded", form);
        Ok(())
    }

    /// Sets the body to a value, encoded as JSON, with the given media type.
    pub fn json_body<T: Serialize>(&mut self, media_type: &str, body: &T) -> Result<(), Error> {
        let text = serde_json::to_vec(body).map_err(|error| {
            self.target.not_sent("the body can't be encoded as JSON").with_source(error)
        })?;
        self.raw_body(media_type, text);
        Ok(())
    }

    /// Sets the body to JSON values in a format.
    pub fn json_lines_body<T>(
        &mut self,
        media_type: &str,
        format: StreamFormat,
        items: JsonLines<T>,
    ) -> Result<(), Error> {
        let body = items.into_body(format).map_err(|reason| self.target.not_sent(reason))?;
        self.raw_body(media_type, body);
        Ok(())
    }

    /// Sets the body to that of a builder.
    pub fn stored_body(&mut self, media_type: &str, body: StoredBody) -> Result<(), Error> {
        let body = body.into_body().map_err(|reason| self.target.not_sent(reason))?;
        self.raw_body(media_type, body);
        Ok(())
    }

    /// Sets the body and its media type.
    pub fn raw_body(&mut self, media_type: &str, body: impl Into<reqwest::Body>) {
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            self.request.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        *self.request.body_mut() = Some(body.into());
    }

    /// Sets the media types that the response may have, unless the caller has set `Accept`.
    fn accepting(mut self, media_types: &str) -> Result<Self, Error> {
        let accept =
            HeaderValue::from_str(media_types).unwrap_or_else(|_| HeaderValue::from_static("*/*"));
        self.request.headers_mut().insert(ACCEPT, accept);
        self.client.settings().headers.add_to(&mut self.request, &self.target)?;
        Ok(self)
    }

    /// Sets the body to a multipart form. Its files are opened when the request is sent.
    pub fn multipart_body(&mut self, form: Form) {
        self.form = Some(form);
    }

    /// Adds the credentials to the request. The API key is returned if it is that of a provider.
    pub(crate) async fn with_credentials(mut self) -> Result<(Self, Option<ProvidedKey>), Error> {
        let (client, mut provided) = (self.client.clone(), None);
        let chosen = client.credentials().choose(self.target.security);
        for (auth, source) in chosen.map_err(|reason| self.target.not_sent(reason))? {
            let credential = match source {
                CredentialSource::Fixed(credential) => credential,
                CredentialSource::Provider(provider) => {
                    let key = provider.key().await.map_err(|error| {
                        let reason = "the provider of the API key failed";
                        let error = Error::new(ErrorKind::Request, reason).with_source(error);
                        self.target.describe(error)
                    })?;
                    &provided.insert(key).credential
                }
            };
            self.request = credential
                .apply(auth, client.connections().http(), self.request)
                .map_err(|error| self.target.describe(error))?;
        }
        Ok((self, provided))
    }

    /// Returns a copy of the call, or `None` if its body is a stream, which can be read once only.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let form = match &self.form {
            Some(form) => Some(form.try_clone()?),
            None => None,
        };
        let (client, target) = (self.client.clone(), self.target.clone());
        Some(Self { client, target, request: self.request.try_clone()?, form })
    }

    /// Returns the request and, if its body is sent as a stream, the counter of the bytes sent.
    pub(crate) async fn into_request(self) -> Result<(Request, Option<ByteCounter>), Error> {
        let Self { target, mut request, form, .. } = self;
        let counter = ByteCounter::default();
        if let Some(form) = form {
            let form = form.encode(&counter).await.map_err(|reason| target.not_sent(reason))?;
            let content_type = HeaderValue::from_str(&form.content_type)
                .map_err(|error| target.not_sent("invalid boundary").with_source(error))?;
            request.headers_mut().insert(CONTENT_TYPE, content_type);
            if let Some(length) = form.length {
                request.headers_mut().insert(CONTENT_LENGTH, length.into());
            }
            *request.body_mut() = Some(form.body);
            return Ok((request, Some(counter)));
        }
        match request.body_mut() {
            Some(body) if body.as_bytes().is_none() => {
                let streamed = mem::replace(body, Body::from(Bytes::new()));
                let chunks = counter.count(upload::body_chunks(streamed), None, None);
                *body = Body::wrap_stream(chunks);
                Ok((request, Some(counter)))
            }
            _ => {
                let is_empty = |body: &Body| body.as_bytes().is_some_and(<[u8]>::is_empty);
                // Some servers respond with 411 otherwise (RFC 9110, section 8.6).
                if request.body().is_none_or(is_empty) && has_content(request.method()) {
                    request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                Ok((request, None))
            }
        }
    }
}

/// Sets the media types that the response to a call may have, unless the caller has set `Accept`.
pub fn accepting(call: Result<Call, Error>, media_types: &str) -> Result<Call, Error> {
    call?.accepting(media_types)
}

/// Expands a path parameter.
pub fn path_parameter<T: Serialize + ?Sized>(
    name: &'static str,
    expansion: Expansion,
    value: &T,
) -> (&'static str, Result<String, String>) {
    (name, expansion::in_path(name, expansion, value))
}

/// Moves a request to the server of its operation, and returns the path below which its own path
/// is. A server that doesn't get the credential makes the target one without authentication.
fn choose_server(
    client: &Client,
    target: &mut CallTarget,
    request: &mut Request,
) -> Result<String, Error> {
    match target.server {
        OperationServer::Base => Ok(client.base_url().path().to_owned()),
        OperationServer::Path(path) => Ok(path.to_owned()),
        OperationServer::Named { name, url } => {
            let Some(server) = client.server(name) else {
                return Err(target.not_sent(format!(
                    "its server is {url}, which isn't that of the base URL: call \
                     `server(\"{name}\", …)` on the builder"
                )));
            };
            if !server.with_api_key {
                target.security = Security::NONE;
            }
            let query = request.url().query().map(str::to_owned);
            *request.url_mut() = server.url.clone();
            request.url_mut().set_query(query.as_deref());
            Ok(server.url.path().to_owned())
        }
    }
}

/// Whether a method defines a meaning for the content of a request (RFC 9110, section 9.3; QUERY).
fn has_content(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method) || method == "QUERY"
}
