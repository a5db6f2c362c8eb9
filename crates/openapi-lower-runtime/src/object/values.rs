//! Variables that take deserialized values, in optimized builds.

use serde::Deserialize;

use super::fields::{
    Assigned, ConstantField, DateTimesField, ListField, ObjectField, ObjectListField,
};
use crate::{
    date_time::{DateTimes, Lenient},
    tag::{Constant, ConstantValue},
};

/// A variable for the value of a property.
pub trait Field<'de> {
    /// The value as it is deserialized.
    type Value: Deserialize<'de>;

    /// Assigns the value.
    fn assign(&mut self, value: Self::Value);
}

impl<'de, T: Deserialize<'de>> Field<'de> for Option<T> {
    type Value = T;

    #[inline]
    fn assign(&mut self, value: T) {
        *self = Some(value);
    }
}

impl<'de, T: Deserialize<'de>> Field<'de> for Assigned<'_, T> {
    type Value = T;

    #[inline]
    fn assign(&mut self, value: T) {
        *self.0 = value;
    }
}

impl<'de, T: ConstantValue> Field<'de> for ConstantField<'_, T> {
    type Value = Constant<T>;

    #[inline]
    fn assign(&mut self, value: Constant<T>) {
        *self.0 = value;
    }
}

impl<'de, T: Deserialize<'de>> Field<'de> for ObjectField<'_, T> {
    type Value = T;

    #[inline]
    fn assign(&mut self, value: T) {
        *self.0 = Some(value);
    }
}

impl<'de, T: Deserialize<'de>> Field<'de> for ListField<'_, T> {
    type Value = Vec<T>;

    #[inline]
    fn assign(&mut self, value: Vec<T>) {
        *self.0 = Some(value);
    }
}

impl<'de, T: Deserialize<'de>> Field<'de> for ObjectListField<'_, T> {
    type Value = Vec<T>;

    #[inline]
    fn assign(&mut self, value: Vec<T>) {
        *self.0 = Some(value);
    }
}

impl<'de, T: DateTimes<'de>> Field<'de> for DateTimesField<'_, T> {
    type Value = Lenient<T>;

    #[inline]
    fn assign(&mut self, Lenient(value): Lenient<T>) {
        *self.0 = Some(value);
    }
}
