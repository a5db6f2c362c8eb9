//! Lists and objects of a document, whether they are there or not.
//!
//! These are plain slices and iterators: `into_iter().flatten()` on an `Option` compiles to many
//! times as much code, in every place.

use serde_json::{Map, Value, map};

/// The items of a list; of anything else, none.
pub(crate) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The items of a list; of anything else, none.
pub(crate) fn items_mut(value: Option<&mut Value>) -> &mut [Value] {
    value.and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// The members of an object; of anything else, none.
pub(crate) fn members(value: Option<&Value>) -> ObjectMembers<'_> {
    ObjectMembers(value.and_then(Value::as_object).map(Map::iter))
}

/// The members of an object; of anything else, none.
pub(crate) fn members_mut(value: Option<&mut Value>) -> ObjectMembersMut<'_> {
    ObjectMembersMut(value.and_then(Value::as_object_mut).map(Map::iter_mut))
}

/// Removes the members for which `is_retained` returns false.
pub(crate) fn retain(
    object: &mut Map<String, Value>,
    is_retained: &mut dyn FnMut(&str, &Value) -> bool,
) {
    object.retain(|key, value| is_retained(key, value));
}

/// Removes the items for which `is_retained` returns false.
pub(crate) fn retain_items(items: &mut Vec<Value>, is_retained: &mut dyn FnMut(&Value) -> bool) {
    items.retain(is_retained);
}

/// An iterator over the members of an object.
#[derive(Clone)]
pub(crate) struct ObjectMembers<'a>(Option<map::Iter<'a>>);

impl<'a> Iterator for ObjectMembers<'a> {
    type Item = (&'a String, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.as_mut()?.next()
    }
}

/// An iterator over the members of an object.
pub(crate) struct ObjectMembersMut<'a>(Option<map::IterMut<'a>>);

impl<'a> Iterator for ObjectMembersMut<'a> {
    type Item = (&'a String, &'a mut Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.as_mut()?.next()
    }
}
