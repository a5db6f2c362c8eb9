//! A call that is ready to be sent: its request is built, its form is not.

use std::{
    fmt::{Display, Write},
    mem,
};

use bytes::Bytes;
use reqwest::{
    Body, Request, RequestBuilder,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderValue},
};
use serde::Serialize;

use crate::{
    capture::{Capture, CoreError, capture},
    client::Client,
    encode,
    error::Error,
    multipart::Form,
    object_style::{self, ObjectStyle},
    operation::{CallTarget, Operation},
    upload::{self, ByteCounter},
};

/// A request of an operation, and the client that sends it.
#[derive(Debug)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) target: CallTarget,
    pub(crate) request: Request,
    pub(crate) form: Option<Form>,
}

impl Call {
    /// Builds a request: by a function of the core, which leaves it in the slot beside it, but for
    /// the path, which is written here from its template.
    ///
    /// The core writes a path too, but lets `\` pass, which the URL standard reads as `/`.
    pub fn build<T, E>(
        client: &Client,
        operation: &'static Operation,
        (slot, function): (&Capture, impl Future<Output = Result<T, CoreError<E>>>),
        path: &[(&'static str, String)],
    ) -> Result<Self, Error> {
        let request = capture(slot, function).map_err(|reason| {
            operation.not_sent(format!("the request can't be built: {reason}"))
        })?;
        Self::new(client, operation.into(), request, path)
    }

    /// A call of this request, whose path and headers are completed.
    pub(crate) fn new<N: AsRef<str>>(
        client: &Client,
        target: CallTarget,
        mut request: Request,
        path: &[(N, String)],
    ) -> Result<Self, Error> {
        let base = client.base_url().path();
        encode::set_path(request.url_mut(), base, &target.path, path)
            .map_err(|reason| target.not_sent(reason))?;
        let accept = HeaderValue::from_str(target.accept)
            .unwrap_or_else(|_| HeaderValue::from_static("*/*"));
        request.headers_mut().insert(ACCEPT, accept);
        client.settings().headers.add_to(&mut request, &target)?;
        Ok(Self { client: client.clone(), target, request, form: None })
    }

    /// Writes a query parameter whose values are joined into one.
    pub fn query_delimited<T: Display>(&mut self, name: &str, separator: char, values: &[T]) {
        encode::append_joined(self.request.url_mut(), name, separator, values);
    }

    /// Writes a query parameter as a pair for each value.
    pub fn query_repeated<T: Display>(&mut self, name: &str, values: &[T]) {
        for value in values {
            encode::append_pair(self.request.url_mut(), name, &value.to_string());
        }
    }

    /// Writes the members of an object into the query.
    pub fn query_object<T: Serialize>(
        &mut self,
        name: &str,
        style: ObjectStyle,
        object: &T,
    ) -> Result<(), Error> {
        object_style::append(self.request.url_mut(), name, style, object)
            .map_err(|reason| self.target.not_sent(format!("`{name}`: {reason}")))
    }

    /// Writes a query parameter as JSON.
    pub fn query_json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(|error| {
            self.target.not_sent(format!("`{name}` can't be written as JSON")).with_source(error)
        })?;
        encode::append_pair(self.request.url_mut(), name, &text);
        Ok(())
    }

    /// Adds a cookie (RFC 6265, section 4.2.1); what it can't hold as it is, is percent-encoded.
    pub fn cookie<T: Display>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let mut cookies = match self.request.headers().get(COOKIE).map(HeaderValue::to_str) {
            Some(Ok(cookies)) => format!("{cookies}; "),
            _ => String::new(),
        };
        let _ = write!(cookies, "{name}={}", encode::encoded(&value.to_string()));
        let cookies = HeaderValue::from_str(&cookies).map_err(|_| {
            self.target.not_sent(format!("`{name}` is no name that a cookie can have"))
        })?;
        self.request.headers_mut().insert(COOKIE, cookies);
        Ok(())
    }

    /// Writes the members of an object as an urlencoded body.
    pub fn form_body<T: Serialize>(&mut self, object: &T) -> Result<(), Error> {
        let pairs = object_style::object_of(object).and_then(object_style::pairs);
        let pairs = pairs.map_err(|reason| self.target.not_sent(format!("the body: {reason}")))?;
        self.raw_body("application/x-www-form-urlencoded", encode::form(&pairs));
        Ok(())
    }

    /// Writes a JSON body that the core doesn't know of.
    pub fn json_body<T: Serialize>(&mut self, media_type: &str, body: &T) -> Result<(), Error> {
        let text = serde_json::to_vec(body).map_err(|error| {
            self.target.not_sent("the body can't be written as JSON").with_source(error)
        })?;
        self.raw_body(media_type, text);
        Ok(())
    }

    /// Puts in a body as it is.
    pub fn raw_body(&mut self, media_type: &str, body: impl Into<reqwest::Body>) {
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            self.request.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        *self.request.body_mut() = Some(body.into());
    }

    /// Puts in a form; its files are opened when the request is sent.
    pub fn multipart_body(&mut self, form: Form) {
        self.form = Some(form);
    }

    /// With the credential, which is for the API's own host.
    pub(crate) fn authorized(mut self) -> Result<Self, Error> {
        if let Some(secret) = self.client.secret() {
            let id = &self.target.id;
            self.request = secret
                .apply(self.target.auth, self.client.http(), self.request)
                .map_err(|error| error.with_operation(id.clone()))?;
        }
        Ok(self)
    }

    /// The same call once more, if its body can be read again.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let form = match &self.form {
            Some(form) => Some(form.try_clone()?),
            None => None,
        };
        let (client, target) = (self.client.clone(), self.target.clone());
        Some(Self { client, target, request: self.request.try_clone()?, form })
    }

    /// The request, and, if its body is sent piece by piece, what counts how much was.
    pub(crate) async fn into_request(self) -> Result<(Request, Option<ByteCounter>), Error> {
        let Self { client, target, mut request, form } = self;
        let sent = ByteCounter::default();
        if let Some(form) = form {
            let form = form.build(&sent).await.map_err(|reason| target.not_sent(reason))?;
            let builder = RequestBuilder::from_parts(client.http().clone(), request);
            let request = builder.multipart(form).build();
            let request = request
                .map_err(|error| Error::from_reqwest(error, None).with_operation(target.id))?;
            return Ok((request, Some(sent)));
        }
        match request.body_mut() {
            Some(body) if body.as_bytes().is_none() => {
                let streamed = mem::replace(body, Body::from(Bytes::new()));
                *body = sent.counting(upload::body(streamed), None, None);
                Ok((request, Some(sent)))
            }
            _ => Ok((request, None)),
        }
    }
}
