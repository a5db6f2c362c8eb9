//! One call: from the request that the core built to an answer that was read.

use std::fmt::{Display, Write};

use bytes::BytesMut;
use reqwest::{
    Request, RequestBuilder,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderValue},
};
use serde::Serialize;

use super::{
    capture::{Capture, CoreError, capture},
    client::Client,
    encode,
    error::{Error, ErrorKind},
    failure::ApiError,
    members::{self, Members},
    multipart::Form,
    operation::Operation,
    response::{Case, Raw, Response},
    stream::ByteStream,
};

/// A request of an operation, and the client that sends it.
#[derive(Debug)]
pub struct Call {
    client: Client,
    operation: &'static Operation,
    request: Request,
    form: Option<Form>,
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
        let mut request = capture(slot, function).map_err(|reason| {
            operation.not_sent(format!("the request can't be built: {reason}"))
        })?;
        let base = client.base_url().path();
        encode::set_path(request.url_mut(), base, operation.path, path)
            .map_err(|reason| operation.not_sent(reason))?;
        let accept = HeaderValue::from_str(operation.accept)
            .unwrap_or_else(|_| HeaderValue::from_static("*/*"));
        request.headers_mut().insert(ACCEPT, accept);
        Ok(Self { client: client.clone(), operation, request, form: None })
    }

    /// Writes a query parameter whose values are joined into one.
    pub fn joined<T: Display>(&mut self, name: &str, separator: char, values: &[T]) {
        encode::append_joined(self.request.url_mut(), name, separator, values);
    }

    /// Writes a query parameter as a pair for each value.
    pub fn pairs<T: Display>(&mut self, name: &str, values: &[T]) {
        for value in values {
            encode::append_pair(self.request.url_mut(), name, &value.to_string());
        }
    }

    /// Writes the members of an object into the query.
    pub fn members<T: Serialize>(
        &mut self,
        name: &str,
        style: Members,
        object: &T,
    ) -> Result<(), Error> {
        members::append(self.request.url_mut(), name, style, object)
            .map_err(|reason| self.operation.not_sent(format!("`{name}`: {reason}")))
    }

    /// Writes a query parameter as JSON.
    pub fn json_pair<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(|error| {
            self.operation.not_sent(format!("`{name}` can't be written as JSON")).caused_by(error)
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
            self.operation.not_sent(format!("`{name}` is no name that a cookie can have"))
        })?;
        self.request.headers_mut().insert(COOKIE, cookies);
        Ok(())
    }

    /// Writes the members of an object as an urlencoded body.
    pub fn members_body<T: Serialize>(&mut self, object: &T) -> Result<(), Error> {
        let pairs = members::object_of(object).and_then(members::pairs);
        let pairs =
            pairs.map_err(|reason| self.operation.not_sent(format!("the body: {reason}")))?;
        self.raw_body("application/x-www-form-urlencoded", encode::form(&pairs));
        Ok(())
    }

    /// Writes a JSON body that the core doesn't know of.
    pub fn json_body<T: Serialize>(&mut self, media_type: &str, body: &T) -> Result<(), Error> {
        let text = serde_json::to_vec(body).map_err(|error| {
            self.operation.not_sent("the body can't be written as JSON").caused_by(error)
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

    /// Sends the request and reads the answer as one of the successes, or as an error.
    pub async fn send<T>(self, successes: &'static [Case<T>]) -> Result<Response<T>, Error> {
        let (operation, limit) = (self.operation, self.client.settings().response_limit);
        let response = self.execute(true).await?;
        let answer =
            read_body(response, limit).await.and_then(|raw| match raw.success(successes) {
                Ok(Some(value)) => Ok(Response::new(value, raw.status, raw.headers)),
                Ok(None) => Err(Error::from_api(ApiError::read(operation, raw))),
                Err(mismatch) => Err(Error::unread(ErrorKind::Decode, &mismatch.0, raw)),
            });
        answer.map_err(|error| error.of(operation).after(1))
    }

    /// Sends the request and hands on the body of a success unread.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        let (operation, limit) = (self.operation, self.client.settings().response_limit);
        let response = self.execute(false).await?;
        if response.status().is_success() {
            let (status, headers) = (response.status(), response.headers().clone());
            return Ok(Response::new(ByteStream::new(response, operation), status, headers));
        }
        let error = match read_body(response, limit).await {
            Ok(raw) => Error::from_api(ApiError::read(operation, raw)),
            Err(error) => error,
        };
        Err(error.of(operation).after(1))
    }

    /// Sends the request; `bounded`: all of it, the body included, within the client's timeout.
    async fn execute(self, bounded: bool) -> Result<reqwest::Response, Error> {
        let Self { client, operation, mut request, form } = self;
        let not_sent = |error| Error::from_reqwest(error, None).of(operation);
        if let Some(form) = form {
            let form = form.build().await.map_err(|reason| operation.not_sent(reason))?;
            let builder = RequestBuilder::from_parts(client.http().clone(), request);
            request = builder.multipart(form).build().map_err(not_sent)?;
        }
        if let Some(secret) = client.secret() {
            request = secret
                .apply(operation.auth, client.http(), request)
                .map_err(|error| error.of(operation))?;
        }
        if bounded {
            *request.timeout_mut() = Some(client.settings().timeout);
        }
        let answer = client.http().execute(request).await;
        answer.map_err(|error| Error::from_reqwest(error, None).of(operation).after(1))
    }
}

/// Lets a builder be awaited itself.
macro_rules! into_future {
    ($builder:ident => $answer:ty) => {
        impl ::std::future::IntoFuture for $builder {
            type Output = Result<runtime::Response<$answer>, runtime::Error>;
            type IntoFuture = runtime::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use into_future;

/// Reads a body up to the limit. What was read of one that breaks or is too large is kept.
pub(super) async fn read_body(mut response: reqwest::Response, limit: usize) -> Result<Raw, Error> {
    let mut raw = Raw {
        status: response.status(),
        headers: response.headers().clone(),
        url: response.url().clone(),
        body: bytes::Bytes::new(),
    };
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.is_empty() && chunk.len() <= limit => body = chunk.into(),
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                raw.body = body.freeze();
                // An error is told by its status; the beginning of its body will do.
                if !raw.status.is_success() {
                    return Ok(raw);
                }
                let reason =
                    format!("it is larger than the limit of {limit} bytes (`response_limit`)");
                return Err(Error::unread(ErrorKind::TooLarge, &reason, raw));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => {
                raw.body = body.freeze();
                return Ok(raw);
            }
            Err(error) => {
                raw.body = body.freeze();
                return Err(Error::from_reqwest(error, Some(raw)));
            }
        }
    }
}
