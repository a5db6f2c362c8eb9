//! The client of the vendored document against the document.

mod every;
mod normal;
mod shapes;
