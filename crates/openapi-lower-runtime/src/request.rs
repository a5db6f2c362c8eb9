//! Requests to paths that the document doesn't know yet.

use std::{borrow::Cow, fmt};

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    call::Call, client::Client, decoder::ResponseDecoder, encode, error::Error,
    operation::CallTarget, options::CallOptions, response::Response, status::Status,
    stream::ByteStream,
};

/// A request that its caller makes up: see [`Client::request`].
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    method: Method,
    template: String,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: CallOptions,
    body: Option<serde_json::Result<Vec<u8>>>,
}

impl Client {
    /// A request to a path of the API that the document doesn't know: with the same base URL,
    /// credential, retries and errors as its operations.
    ///
    /// `path` is a template that begins with a slash, `/things/{id}`; [`Request::path`] gives its
    /// values, which can't lead out of their place.
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
    /// The value of `{name}` in the path.
    pub fn path(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.path.push((name.into(), value.to_string()));
        self
    }

    /// A pair of the query; pairs of one name add up.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// A header, by the rules of [`CallOptions::header`].
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.headers = self.headers.header(name, value);
        self
    }

    /// A body in JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.body = Some(serde_json::to_vec(body));
        self
    }

    /// Sends the request and reads the body of a success (2xx) as JSON. An answer without a body
    /// is read as null, so that `T` may be `()` or an `Option`.
    ///
    /// # Errors
    ///
    /// As for operations; [`Error::api`] has what the API says, in no type of its own.
    pub async fn send<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, Error> {
        let call = self.call()?;
        call.send(
            const { &[ResponseDecoder::new(Status::Class(2), |raw| raw.json_or_nothing::<T>())] },
        )
        .await
    }

    /// Sends the request and gives the answer as it comes: its status, whatever it is, its headers,
    /// and its body unread.
    ///
    /// # Errors
    ///
    /// If there is no answer. A status of 400 and above is none.
    pub async fn send_raw(self) -> Result<Response<ByteStream>, Error> {
        self.call()?.send_raw().await
    }

    fn call(self) -> Result<Call, Error> {
        let Self { client, method, template, path, query, headers, body } = self;
        let target = CallTarget {
            id: Cow::Owned(format!("{method} {template}")),
            path: Cow::Owned(template),
            accept: "application/json, */*;q=0.5",
            auth: client.auth(),
            errors: None,
        };
        check(&method, &target.path, &path).map_err(|reason| target.not_sent(reason))?;
        let request = reqwest::Request::new(method, client.base_url().clone());
        let mut call = Call::new(&client.with_options(headers), target, request, &path)?;
        for (name, value) in query {
            encode::append_pair(call.request.url_mut(), &name, &value);
        }
        if let Some(body) = body {
            let body = body.map_err(|error| {
                call.target.not_sent("the body can't be written as JSON").with_source(error)
            })?;
            call.raw_body("application/json", body);
        }
        Ok(call)
    }
}

/// Whether the template is a path whose parts are all set, and nothing else.
fn check(method: &Method, template: &str, values: &[(String, String)]) -> Result<(), String> {
    if *method == Method::CONNECT {
        return Err("CONNECT is no method of an API".to_owned());
    }
    if !template.starts_with('/') {
        return Err("the path doesn't begin with a slash".to_owned());
    }
    // What ends a path, and what the URL standard reads as a slash or leaves out.
    let stray = |c: char| matches!(c, '?' | '#' | '\\') || c.is_ascii_control();
    if let Some(stray) = template.chars().find(|c| stray(*c)) {
        return Err(format!("the path has the character {stray:?}"));
    }
    let mut rest = template.to_owned();
    for (index, (name, _)) in values.iter().enumerate() {
        let placeholder = format!("{{{name}}}");
        if !template.contains(&placeholder) {
            return Err(format!("there is no `{placeholder}` in the path"));
        }
        if values[..index].iter().any(|(other, _)| other == name) {
            return Err(format!("path parameter `{name}` is set twice"));
        }
        rest = rest.replace(&placeholder, "");
    }
    match rest.split_once('{') {
        None => Ok(()),
        Some((_, rest)) => {
            let name = rest.split('}').next().unwrap_or_default();
            Err(format!("path parameter `{name}` wasn't set"))
        }
    }
}

impl fmt::Debug for Request {
    /// Without values: any of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.template)
            .finish_non_exhaustive()
    }
}
