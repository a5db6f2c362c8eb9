//! Helpers: hand-written code on top of a generated client, with the operations and types it uses.
//!
//! A helper is available if the client has all of them.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

use crate::ir::{BodyContent, ClientModel, Operation};

/// The requirements of helpers by their names, as in a TOML file:
///
/// ```toml
/// [messages]
/// operations.UserMessagesAdd = ["execution_id", "body"]
/// types.AddText = []
/// ```
pub(crate) type Helpers = BTreeMap<String, Requirements>;

/// The operations and types that a helper uses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirements {
    /// The setters by `operationId`.
    #[serde(default)]
    operations: BTreeMap<String, Vec<String>>,
    /// The fields or variants by the Rust name of the type.
    #[serde(default)]
    types: BTreeMap<String, Vec<String>>,
}

/// A helper whose requirements the client of a document doesn't meet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnavailableHelper {
    /// The name of the helper.
    pub helper: String,
    /// The requirement that isn't met.
    pub reason: String,
}

impl fmt::Display for UnavailableHelper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "helper `{}` skipped: {}", self.helper, self.reason)
    }
}

/// Returns the helpers whose requirements the client doesn't meet.
pub(crate) fn unavailable(helpers: &Helpers, model: &ClientModel) -> Vec<UnavailableHelper> {
    let unavailable = helpers.iter().filter_map(|(helper, requirements)| {
        let reason = requirements.unmet(model)?;
        Some(UnavailableHelper { helper: helper.clone(), reason })
    });
    unavailable.collect()
}

impl Requirements {
    /// Describes the first requirement that isn't met.
    fn unmet(&self, model: &ClientModel) -> Option<String> {
        let operations = self.operations.iter().find_map(|(id, needed)| {
            let Some(operation) = model.operations.iter().find(|operation| operation.id == *id)
            else {
                return Some(format!("operation `{id}` not found"));
            };
            let setters = setters(operation);
            let missing = needed.iter().find(|setter| !setters.contains(&setter.as_str()))?;
            Some(format!("operation `{id}` has no setter `{missing}`"))
        });
        operations.or_else(|| {
            self.types.iter().find_map(|(name, needed)| {
                let Some(members) = members(model, name) else {
                    return Some(format!("type `{name}` not found"));
                };
                let missing = needed.iter().find(|member| !members.contains(&member.as_str()))?;
                Some(format!("type `{name}` has no field or variant `{missing}`"))
            })
        })
    }
}

/// The names of an operation's setters.
fn setters(operation: &Operation) -> Vec<&str> {
    let parameters = operation.parameters.iter().map(|parameter| parameter.rust_name.as_str());
    let body = operation.body.iter().flat_map(|body| match &body.content {
        BodyContent::Multipart(parts) => parts.iter().map(|part| part.rust_name.as_str()).collect(),
        _ => vec!["body"],
    });
    parameters.chain(body).collect()
}

/// The names of a type's fields or variants; `None` if there is no such type.
fn members<'a>(model: &'a ClientModel, rust: &str) -> Option<Vec<&'a str>> {
    let objects = model.objects.iter().filter(|one| one.rust == rust);
    let objects = objects.map(|one| one.fields.iter().map(|field| &*field.rust_name).collect());
    let enums = model.enums.iter().filter(|one| one.rust == rust && one.used);
    let enums = enums.map(|one| one.variants.iter().map(|one| &*one.rust_name).collect());
    let tagged = model.tagged_unions.iter().filter(|one| one.rust == rust);
    let tagged = tagged.map(|one| one.variants.iter().map(|one| &*one.rust_name).collect());
    let untagged = model.untagged_unions.iter().filter(|one| one.rust == rust);
    let untagged = untagged.map(|one| one.members.iter().map(|(name, _)| &**name).collect());
    let newtypes = model.newtypes.iter().filter(|one| one.rust == rust).map(|_| Vec::new());
    objects.chain(enums).chain(tagged).chain(untagged).chain(newtypes).next()
}
