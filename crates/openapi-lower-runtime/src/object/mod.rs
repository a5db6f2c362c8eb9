//! Objects with declared properties: the code that is the same for all of them.
//!
//! serde's derives would be compiled for each type, property and format. In builds without
//! optimization, types are compiled for one format only, behind which are all others (`erased`):
//! that takes a third of the time. In optimized builds they are compiled for each format, and
//! decoded at full speed.

#[cfg(not(debug_assertions))]
mod direct;
mod fields;
mod names;
mod reader;
#[cfg(debug_assertions)]
mod slots;
#[cfg(debug_assertions)]
mod through_erased;
#[cfg(not(debug_assertions))]
mod values;
mod writer;

#[cfg(not(debug_assertions))]
pub use self::direct::deserialize;
#[cfg(not(debug_assertions))]
pub(crate) use self::direct::read_variant;
pub(crate) use self::reader::in_property;
#[cfg(debug_assertions)]
pub use self::through_erased::deserialize;
pub use self::{
    fields::{Assigned, ConstantField, DateTimesField, ListField, ObjectField, ObjectListField},
    reader::{Object, ObjectReader},
    writer::ObjectWriter,
};
