//! Component schemas, by their places.

use openapi_document::Pointer;

/// The name of a component schema.
pub(crate) fn named(place: &Pointer) -> Option<&str> {
    match place.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name)
        }
        _ => None,
    }
}
