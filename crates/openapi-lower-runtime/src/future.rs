//! The futures that operations return.

/// A boxed future that is `Send` and owns what it needs.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'static>>;
