//! Boxed futures.

/// A boxed future that is `Send` and `'static`, as operations return it.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'static>>;
