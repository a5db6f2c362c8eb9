//! Paginated lists: recognized in the document, or configured.

mod configured;
mod recognized;
mod shapes;

pub use self::configured::PagingEntry;
pub(crate) use self::{
    configured::{check_operations, set},
    recognized::find,
    shapes::Shapes,
};
