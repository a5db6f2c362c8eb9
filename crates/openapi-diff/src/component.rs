//! Names of component schemas.

use openapi_document::Pointer;

/// The name of the component schema at `pointer`; `None` for any other pointer.
pub(crate) fn component_name(pointer: &Pointer) -> Option<&str> {
    match pointer.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name)
        }
        _ => None,
    }
}
