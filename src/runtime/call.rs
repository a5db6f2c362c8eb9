//! One call: from the request that the core built to an answer that was read.

use std::fmt::{Display, Write};

use reqwest::{
    Request,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderValue},
};
use serde::Serialize;

use super::{
    attempts::{self, Reading},
    capture::{Capture, CoreError, capture},
    client::Client,
    encode,
    error::{Error, ErrorKind},
    failure::ApiError,
    members::{self, Members},
    multipart::Form,
    operation::{Operation, Subject},
    response::{Case, Response},
    stream::ByteStream,
};

/// A request of an operation, and the client that sends it.
#[derive(Debug)]
pub struct Call {
    pub(super) client: Client,
    pub(super) subject: Subject,
    pub(super) request: Request,
    pub(super) form: Option<Form>,
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
    pub(super) fn new<N: AsRef<str>>(
        client: &Client,
        subject: Subject,
        mut request: Request,
        path: &[(N, String)],
    ) -> Result<Self, Error> {
        let base = client.base_url().path();
        encode::set_path(request.url_mut(), base, &subject.path, path)
            .map_err(|reason| subject.not_sent(reason))?;
        let accept = HeaderValue::from_str(subject.accept)
            .unwrap_or_else(|_| HeaderValue::from_static("*/*"));
        request.headers_mut().insert(ACCEPT, accept);
        client.settings().headers.add_to(&mut request, &subject)?;
        Ok(Self { client: client.clone(), subject, request, form: None })
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
            .map_err(|reason| self.subject.not_sent(format!("`{name}`: {reason}")))
    }

    /// Writes a query parameter as JSON.
    pub fn json_pair<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(|error| {
            self.subject.not_sent(format!("`{name}` can't be written as JSON")).caused_by(error)
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
            self.subject.not_sent(format!("`{name}` is no name that a cookie can have"))
        })?;
        self.request.headers_mut().insert(COOKIE, cookies);
        Ok(())
    }

    /// Writes the members of an object as an urlencoded body.
    pub fn members_body<T: Serialize>(&mut self, object: &T) -> Result<(), Error> {
        let pairs = members::object_of(object).and_then(members::pairs);
        let pairs = pairs.map_err(|reason| self.subject.not_sent(format!("the body: {reason}")))?;
        self.raw_body("application/x-www-form-urlencoded", encode::form(&pairs));
        Ok(())
    }

    /// Writes a JSON body that the core doesn't know of.
    pub fn json_body<T: Serialize>(&mut self, media_type: &str, body: &T) -> Result<(), Error> {
        let text = serde_json::to_vec(body).map_err(|error| {
            self.subject.not_sent("the body can't be written as JSON").caused_by(error)
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
        let subject = self.subject.clone();
        let received = attempts::send(self, Reading::Body).await?;
        let raw = received.raw;
        let error = match raw.success(successes) {
            Ok(Some(value)) => return Ok(Response::new(value, raw.status, raw.headers)),
            Ok(None) => Error::from_api(ApiError::read(subject.errors, raw)),
            Err(mismatch) => Error::unread(ErrorKind::Decode, &mismatch.0, raw),
        };
        Err(error.of(subject.id).after(received.attempts))
    }

    /// Sends the request and hands on the body of a success unread.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        self.unread(Reading::Errors).await
    }

    /// Sends the request and hands on the body unread, whatever the status is.
    pub async fn send_raw(self) -> Result<Response<ByteStream>, Error> {
        self.unread(Reading::Nothing).await
    }

    async fn unread(self, reading: Reading) -> Result<Response<ByteStream>, Error> {
        let (subject, timeout) = (self.subject.clone(), self.client.settings().timeout);
        let received = attempts::send(self, reading).await?;
        let (raw, attempts) = (received.raw, received.attempts);
        let Some(body) = received.unread else {
            let error = Error::from_api(ApiError::read(subject.errors, raw));
            return Err(error.of(subject.id).after(attempts));
        };
        let body = ByteStream::new(body, timeout, subject.id, attempts);
        Ok(Response::new(body, raw.status, raw.headers))
    }
}

/// How a builder is sent, besides `send`.
macro_rules! sending {
    ($builder:ident => $answer:ty) => {
        impl $builder {
            /// Sends the request and gives the answer as it comes: its status, whatever it is, its
            /// headers, and its body unread.
            ///
            /// # Errors
            ///
            /// If there is no answer. A status of 400 and above is none.
            pub async fn send_raw(
                self,
            ) -> Result<runtime::Response<runtime::ByteStream>, runtime::Error> {
                self.call()?.send_raw().await
            }
        }

        impl ::std::future::IntoFuture for $builder {
            type Output = Result<runtime::Response<$answer>, runtime::Error>;
            type IntoFuture = runtime::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use sending;
