//! Requests to paths that aren't in the document.

use std::{borrow::Cow, fmt};

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    call::Call,
    client::Client,
    credentials::Security,
    decoder::ResponseDecoder,
    encode,
    error::Error,
    operation::CallTarget,
    options::CallOptions,
    response::Response,
    send::{Sending, send_raw},
    server::OperationServer,
    status::Status,
    stream::ByteStream,
};

/// A request to any path of the API, created by [`Client::request`].
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    method: Method,
    template: String,
    /// The values of the placeholders, percent-encoded.
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: CallOptions,
    body: Option<serde_json::Result<Vec<u8>>>,
}

impl Client {
    /// Creates a request to a path that isn't in the document, with the base URL, credential,
    /// retries and errors that operations have.
    ///
    /// `path` is a template that begins with a slash, `/things/{id}`. [`Request::path`] sets its
    /// values; they are encoded, so that a value can't change the rest of the path.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request {
            client: self.clone(),
            method,
            template: path.into(),
            path: Vec::new(),
            query: Vec::new(),
            headers: CallOptions::new(),
            body: None,
        }
    }
}

impl Request {
    /// Sets the value of `{name}` in the path template.
    pub fn path(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let value = encode::percent_encoded(&value.to_string()).to_string();
        self.path.push((name.into(), value));
        self
    }

    /// Adds a query parameter. A name may be added several times.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a header, by the rules of [`CallOptions::header`].
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.headers = self.headers.header(name, value);
        self
    }

    /// Sets the body to a value, encoded as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.body = Some(serde_json::to_vec(body));
        self
    }

    /// Sends the request and decodes the body of a success (2xx) from JSON. An empty body is
    /// decoded as `null`, so that `T` may be `()` or an `Option`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`](crate::ErrorKind::Request), before anything is sent, if the path is
    /// invalid, a path parameter is missing or the body can't be encoded;
    /// [`ErrorKind::Api`](crate::ErrorKind::Api) if the status isn't 2xx, where [`Error::api`]
    /// has the response, with an untyped body; and those of the transport.
    pub async fn send<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, Error> {
        let successes =
            const { &[ResponseDecoder::new(Status::Class(2), |raw| raw.json_or_null::<T>())] };
        Sending::new(self.call(), successes).await
    }

    /// Sends the request and returns the response whatever its status is: with status and headers,
    /// and the body as a stream.
    ///
    /// # Errors
    ///
    /// If the request can't be sent or no response is received. A status of 400 and above isn't an
    /// error.
    pub async fn send_raw(self) -> Result<Response<ByteStream>, Error> {
        send_raw(self.call()).await
    }

    fn call(self) -> Result<Call, Error> {
        let Self { client, method, template, path, query, headers, body } = self;
        let target = CallTarget {
            id: Cow::Owned(format!("{method} {template}")),
            path: Cow::Owned(template),
            accept: "application/json, */*;q=0.5",
            security: Security::Default(client.auth()),
            server: OperationServer::Base,
            errors: None,
            mask: client.mask().clone(),
        };
        check_template(&method, &target.path, &path).map_err(|reason| target.not_sent(reason))?;
        let request = reqwest::Request::new(method, client.base_url().clone());
        let mut call = Call::new(&client.with_options(headers), target, request, &path)?;
        for (name, value) in query {
            encode::append_pair(call.request.url_mut(), &name, &value);
        }
        if let Some(body) = body {
            let body = body.map_err(|error| {
                call.target.not_sent("the body can't be encoded as JSON").with_source(error)
            })?;
            call.raw_body("application/json", body);
        }
        Ok(call)
    }
}

/// Checks that the template is a path, and that each of its parameters is set once.
fn check_template(
    method: &Method,
    template: &str,
    values: &[(String, String)],
) -> Result<(), String> {
    if *method == Method::CONNECT {
        return Err("the method CONNECT isn't supported".to_owned());
    }
    if !template.starts_with('/') {
        return Err("the path must begin with a slash".to_owned());
    }
    // Characters that end a path, and those that the URL standard reads as a slash or drops.
    let stray = |c: char| matches!(c, '?' | '#' | '\\') || c.is_ascii_control();
    if let Some(stray) = template.chars().find(|c| stray(*c)) {
        return Err(format!("the path contains the character {stray:?}"));
    }
    let names = placeholders(template)?;
    for (index, (name, _)) in values.iter().enumerate() {
        if !names.contains(&name.as_str()) {
            return Err(format!("the path has no placeholder `{{{name}}}`"));
        }
        if values[..index].iter().any(|(other, _)| other == name) {
            return Err(format!("path parameter `{name}` is set twice"));
        }
    }
    let is_set = |name: &&&str| values.iter().any(|(set, _)| set == **name);
    match names.iter().find(|name| !is_set(name)) {
        None => Ok(()),
        Some(name) => Err(format!("missing path parameter `{name}`")),
    }
}

/// The names of the placeholders in a path template, each of which stands in one segment.
fn placeholders(template: &str) -> Result<Vec<&str>, String> {
    let malformed = || "the path has a malformed placeholder: write `{name}`".to_owned();
    let mut names = Vec::new();
    for segment in template.split('/') {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(malformed)?;
            if name.is_empty() || name.contains('{') || before.contains('}') {
                return Err(malformed());
            }
            names.push(name);
            rest = after;
        }
        if rest.contains('}') {
            return Err(malformed());
        }
    }
    Ok(names)
}

impl fmt::Debug for Request {
    /// Omits values: any of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.template)
            .finish_non_exhaustive()
    }
}
