//! Sending a call, and reading its response as the operation documents it.

use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode},
    call::Call,
    decoder::ResponseDecoder,
    error::{Error, ErrorKind},
    response::Response,
    stream::ByteStream,
};

impl Call {
    /// Sends the request and reads the answer as one of the successes, or as an error.
    pub async fn send<T>(
        self,
        successes: &'static [ResponseDecoder<T>],
    ) -> Result<Response<T>, Error> {
        let target = self.target.clone();
        let received = attempts::send(self, BodyMode::Buffer).await?;
        let raw = received.raw;
        let error = match raw.success(successes) {
            Ok(Some(value)) => return Ok(Response::new(value, raw.status, raw.headers)),
            Ok(None) => Error::from_api(ApiError::read(target.errors, raw)),
            Err(mismatch) => Error::unread(ErrorKind::Decode, &mismatch.0, raw),
        };
        Err(error.with_operation(target.id).with_attempts(received.attempts))
    }

    /// Sends the request and hands on the body of a success unread.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        self.unread(BodyMode::BufferErrors).await
    }

    /// Sends the request and hands on the body unread, whatever the status is.
    pub async fn send_raw(self) -> Result<Response<ByteStream>, Error> {
        self.unread(BodyMode::Stream).await
    }

    async fn unread(self, reading: BodyMode) -> Result<Response<ByteStream>, Error> {
        let (target, timeout) = (self.target.clone(), self.client.settings().timeout);
        let received = attempts::send(self, reading).await?;
        let (raw, attempts) = (received.raw, received.attempts);
        let Some(body) = received.unread else {
            let error = Error::from_api(ApiError::read(target.errors, raw));
            return Err(error.with_operation(target.id).with_attempts(attempts));
        };
        let body = ByteStream::new(body, timeout, target.id, attempts);
        Ok(Response::new(body, raw.status, raw.headers))
    }
}

/// How a builder is sent, besides `send`.
#[doc(hidden)]
#[macro_export]
macro_rules! __send_methods {
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
            ) -> Result<
                $crate::__codegen_v1::Response<$crate::__codegen_v1::ByteStream>,
                $crate::__codegen_v1::Error,
            > {
                self.call()?.send_raw().await
            }
        }

        impl ::std::future::IntoFuture for $builder {
            type Output =
                Result<$crate::__codegen_v1::Response<$answer>, $crate::__codegen_v1::Error>;
            type IntoFuture = $crate::__codegen_v1::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}
