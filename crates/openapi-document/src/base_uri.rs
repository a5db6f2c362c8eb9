//! References to the document itself by its URI, `$self` (OpenAPI 3.2).

use serde_json::Value;

use crate::{reference, walk, walk::Kind};

/// Writes references to the URI of the document as fragments: `openapi.yaml#/a` as `#/a`.
pub(crate) fn resolve(root: &mut Value) {
    let Some(uri) = root.get("$self").and_then(Value::as_str) else { return };
    let uri = uri.split('#').next().unwrap_or_default().to_owned();
    let localize = |target: &mut Value| {
        let Some(text) = target.as_str() else { return };
        let (document, fragment) = text.split_once('#').unwrap_or((text, ""));
        if !document.is_empty() && is_same(&uri, document) {
            *target = format!("#{fragment}").into();
        }
    };
    walk::nodes_mut(root, &mut |kind, value, _| {
        if kind.is_referable()
            && let Some(reference) = value.get_mut("$ref")
        {
            localize(reference);
        }
        if kind == Kind::Schema
            && let Some(discriminator) = value.get_mut("discriminator")
        {
            reference::mapping_targets_mut(discriminator).for_each(localize);
        }
    });
}

/// Whether a reference without its fragment is the URI, absolute or relative to it (RFC 3986,
/// section 5.2, without dot segments other than a leading `./`).
fn is_same(uri: &str, reference: &str) -> bool {
    if uri == reference {
        return true;
    }
    let path = uri.find("://").map_or(0, |scheme| {
        let authority = scheme + 3;
        uri[authority..].find('/').map_or(uri.len(), |slash| authority + slash)
    });
    if reference.starts_with('/') {
        return uri[path..] == *reference;
    }
    let file = uri.rfind('/').map_or(uri, |slash| &uri[slash + 1..]);
    uri.len() > path && file == reference.strip_prefix("./").unwrap_or(reference)
}
