//! What code beside the generated one needs of it: helpers, each with the operations and types that it
//! calls. A helper whose needs aren't met can be left out, or be an error.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

use crate::ir::{BodyContent, ClientModel, Operation};

/// The helpers of a crate by their names, as a TOML file has them:
///
/// ```toml
/// [messages]
/// operations.UserMessagesAdd = ["execution_id", "body"]
/// types.AddText = []
/// ```
pub(crate) type Helpers = BTreeMap<String, Needs>;

/// What a helper calls.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Needs {
    /// Setters, by operationId.
    #[serde(default)]
    operations: BTreeMap<String, Vec<String>>,
    /// Fields or variants, by the Rust name of the type.
    #[serde(default)]
    types: BTreeMap<String, Vec<String>>,
}

/// A helper that can't be had of a document, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lacking {
    /// The name of the helper.
    pub helper: String,
    /// What it needs and the document doesn't give.
    pub reason: String,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the helper `{}` is left out", self.reason, self.helper)
    }
}

/// The helpers whose needs aren't met.
pub(crate) fn lacking(helpers: &Helpers, model: &ClientModel) -> Vec<Lacking> {
    let lacking = helpers.iter().filter_map(|(helper, needs)| {
        let reason = needs.unmet(model)?;
        Some(Lacking { helper: helper.clone(), reason })
    });
    lacking.collect()
}

impl Needs {
    /// The first need that isn't met.
    fn unmet(&self, model: &ClientModel) -> Option<String> {
        let operations = self.operations.iter().find_map(|(id, needed)| {
            let Some(operation) = model.operations.iter().find(|operation| operation.id == *id)
            else {
                return Some(format!("there is no operation `{id}`"));
            };
            let setters = setters(operation);
            let missing = needed.iter().find(|setter| !setters.contains(&setter.as_str()))?;
            Some(format!("the operation `{id}` has no setter `{missing}`"))
        });
        operations.or_else(|| {
            self.types.iter().find_map(|(name, needed)| {
                let Some(members) = members(model, name) else {
                    return Some(format!("there is no type `{name}`"));
                };
                let missing = needed.iter().find(|member| !members.contains(&member.as_str()))?;
                Some(format!("the type `{name}` has no `{missing}`"))
            })
        })
    }
}

fn setters(operation: &Operation) -> Vec<&str> {
    let parameters = operation.parameters.iter().map(|parameter| parameter.rust_name.as_str());
    let body = operation.body.iter().flat_map(|body| match &body.content {
        BodyContent::Multipart(parts) => parts.iter().map(|part| part.rust_name.as_str()).collect(),
        _ => vec!["body"],
    });
    parameters.chain(body).collect()
}

/// The fields or variants of a type.
fn members<'a>(model: &'a ClientModel, rust: &str) -> Option<Vec<&'a str>> {
    let objects = model.objects.iter().filter(|one| one.rust == rust);
    let objects = objects.map(|one| one.fields.iter().map(|field| &*field.rust_name).collect());
    let enums = model.enums.iter().filter(|one| one.rust == rust && one.used);
    let enums = enums.map(|one| one.variants.iter().map(|(name, _)| &**name).collect());
    let unions = model.tagged_unions.iter().filter(|one| one.rust == rust);
    let unions = unions.map(|one| one.variants.iter().map(|one| &*one.rust_name).collect());
    let choices = model.untagged_unions.iter().filter(|one| one.rust == rust);
    let choices = choices.map(|one| one.members.iter().map(|(name, _)| &**name).collect());
    objects.chain(enums).chain(unions).chain(choices).next()
}
