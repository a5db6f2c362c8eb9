//! Variables for the values of properties, by the kind of their types.

use crate::tag::Constant;

/// A variable for an object.
pub struct ObjectField<'a, T>(pub &'a mut Option<T>);

/// A variable for a list.
pub struct ListField<'a, T>(pub &'a mut Option<Vec<T>>);

/// A variable for a list of objects.
pub struct ObjectListField<'a, T>(pub &'a mut Option<Vec<T>>);

/// A variable for a value with date-times.
pub struct DateTimesField<'a, T>(pub &'a mut Option<T>);

/// A variable that has a value already.
pub struct Assigned<'a, T>(pub &'a mut T);

/// A variable for a constant.
pub struct ConstantField<'a, T>(pub &'a mut Constant<T>);
