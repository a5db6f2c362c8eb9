//! Helpers: hand-written code on top of a generated client, with the operations and types it uses.
//!
//! A helper is available if the client has all of them. A helper with alternatives also needs those
//! of one alternative: see [`Helper::choose`].

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
};

use serde::Deserialize;

use crate::{
    collect::Collect,
    ir::{BodyContent, ClientModel, Operation},
};

/// The helpers by their names, as in a TOML file:
///
/// ```toml
/// [messages]
/// operations.UserMessagesAdd = ["execution_id", "body"]
/// types.AddText = []
///
/// [run]
/// operations.ExecutionGet = ["execution_id"]
/// [[run.alternatives]]
/// name = "workflow"
/// operations.WorkflowExecute = ["workflow_id", "body"]
/// [[run.alternatives]]
/// name = "agent"
/// operations.AgentExecute = ["agent_id", "body"]
/// ```
pub(crate) type Helpers = BTreeMap<String, Helper>;

/// The setters by `operationId`, or the fields or variants by the Rust name of the type.
type Needed = BTreeMap<String, Vec<String>>;

/// The operations and types that a helper uses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Helper {
    #[serde(default)]
    operations: Needed,
    #[serde(default)]
    types: Needed,
    /// Whether a document without the helper is no reason for a warning.
    #[serde(default)]
    optional: bool,
    /// The ways of the helper to do its work, in order of preference.
    #[serde(default)]
    alternatives: Vec<Alternative>,
}

/// The operations and types that one way of a helper to do its work uses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alternative {
    name: String,
    #[serde(default)]
    operations: Needed,
    #[serde(default)]
    types: Needed,
    /// The text for those to whom a change to this alternative is reported.
    #[serde(default)]
    note: Option<String>,
}

/// A helper whose requirements the client of a document meets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AvailableHelper {
    /// The name of the helper.
    pub helper: String,
    /// The name of the chosen alternative; `None` if the helper has no alternatives.
    pub alternative: Option<String>,
    /// The `operationId` of each operation that the helper calls in the chosen alternative only.
    pub alternative_operations: Vec<String>,
    /// The `operationId` of each operation that the helper calls, those of the alternative
    /// included.
    pub operations: Vec<String>,
    /// Those of `operations` that are deprecated.
    pub deprecated_operations: Vec<String>,
    /// The note of the chosen alternative.
    pub note: Option<String>,
}

/// A helper whose requirements the client of a document doesn't meet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnavailableHelper {
    /// The name of the helper.
    pub helper: String,
    /// The requirement that isn't met.
    pub reason: String,
    /// Whether the helper is optional: a document may lack it without a warning.
    pub optional: bool,
}

impl fmt::Display for UnavailableHelper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "helper `{}` skipped: {}", self.helper, self.reason)
    }
}

/// The helpers of a client, by whether it meets their requirements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HelperSelection {
    /// The available helpers, sorted by name.
    pub available: Vec<AvailableHelper>,
    /// The others, sorted by name.
    pub unavailable: Vec<UnavailableHelper>,
}

impl HelperSelection {
    /// Chooses the alternative of each helper for the client of a document.
    pub(crate) fn new(helpers: &Helpers, model: &ClientModel) -> Self {
        let mut selection = Self::default();
        for (name, helper) in helpers {
            match helper.choose(model) {
                Ok(alternative) => {
                    selection.available.push(helper.available(name, alternative, model));
                }
                Err(reason) => selection.unavailable.push(UnavailableHelper {
                    helper: name.clone(),
                    reason,
                    optional: helper.optional,
                }),
            }
        }
        selection
    }

    /// The `operationId` of each operation that an available helper calls.
    pub(crate) fn operations(&self) -> BTreeSet<&str> {
        let mut operations = BTreeSet::new();
        for helper in &self.available {
            operations.extend(helper.operations.iter().map(String::as_str));
        }
        operations
    }
}

/// Checks the names of helpers and alternatives, which are joined by a dot in `cfg`.
pub(crate) fn check_names(helpers: &Helpers) -> Result<(), String> {
    let is_valid = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    for (name, helper) in helpers {
        let mut all = vec![name];
        for alternative in &helper.alternatives {
            all.push(&alternative.name);
        }
        if let Some(name) = all.into_iter().find(|name| !is_valid(name)) {
            return Err(format!("`{name}`: a name has letters, digits, `_` and `-` only"));
        }
        let mut names = HashSet::new();
        for alternative in &helper.alternatives {
            if !names.insert(&alternative.name) {
                return Err(format!("`{name}` has two alternatives `{}`", alternative.name));
            }
        }
    }
    Ok(())
}

impl Helper {
    /// The values of `cfg(helper = "…")` that this helper may set.
    pub(crate) fn cfg_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let alternatives = self.alternatives.iter();
        [name.to_owned()]
            .into_iter()
            .chain(alternatives.map(move |one| format!("{name}.{}", one.name)))
    }

    /// Chooses the first alternative that the client has and that calls no deprecated operation;
    /// if there is none, the first that the client has. `Ok(None)` if the helper has no
    /// alternatives, `Err` with the first requirement that isn't met.
    fn choose(&self, model: &ClientModel) -> Result<Option<&Alternative>, String> {
        if let Some(reason) = unmet(&self.operations, &self.types, model) {
            return Err(reason);
        }
        let mut chosen: Option<&Alternative> = None;
        let mut reasons = Vec::new();
        for alternative in &self.alternatives {
            match unmet(&alternative.operations, &alternative.types, model) {
                Some(reason) => reasons.push(format!("{reason} (`{}`)", alternative.name)),
                None if deprecated(&operation_ids(&alternative.operations), model).is_empty() => {
                    return Ok(Some(alternative));
                }
                None => chosen = chosen.or(Some(alternative)),
            }
        }
        match (chosen, reasons.is_empty()) {
            (None, false) => Err(reasons.join(", ")),
            (chosen, _) => Ok(chosen),
        }
    }

    fn available(
        &self,
        name: &str,
        alternative: Option<&Alternative>,
        model: &ClientModel,
    ) -> AvailableHelper {
        let own = alternative.map(|one| operation_ids(&one.operations)).unwrap_or_default();
        let all = [operation_ids(&self.operations), own.clone()].concat();
        let distinct: BTreeSet<&str> = all.iter().map(String::as_str).collect();
        let operations: Vec<String> = distinct.into_iter().map(str::to_owned).collect_vec();
        AvailableHelper {
            helper: name.to_owned(),
            alternative: alternative.map(|one| one.name.clone()),
            alternative_operations: own,
            deprecated_operations: deprecated(&operations, model),
            operations,
            note: alternative.and_then(|one| one.note.clone()),
        }
    }
}

/// Those of the operations that are deprecated.
fn deprecated(operations: &[String], model: &ClientModel) -> Vec<String> {
    let mut deprecated = operations.to_vec();
    deprecated.retain(|id| model.operations.iter().any(|one| one.deprecated && one.id == *id));
    deprecated
}

/// The ids of needed operations.
fn operation_ids(operations: &Needed) -> Vec<String> {
    operations.keys().cloned().collect_vec()
}

/// Describes the first requirement that the client doesn't meet.
fn unmet(operations: &Needed, types: &Needed, model: &ClientModel) -> Option<String> {
    let operations = operations.iter().find_map(|(id, needed)| {
        let Some(operation) = model.operations.iter().find(|operation| operation.id == *id) else {
            return Some(format!("operation `{id}` not found"));
        };
        let setters = setters(operation);
        let missing = needed.iter().find(|setter| !setters.contains(&setter.as_str()))?;
        Some(format!("operation `{id}` has no setter `{missing}`"))
    });
    operations.or_else(|| {
        types.iter().find_map(|(name, needed)| {
            let Some(members) = members(model, name) else {
                return Some(format!("type `{name}` not found"));
            };
            let missing = needed.iter().find(|member| !members.contains(&member.as_str()))?;
            Some(format!("type `{name}` has no field or variant `{missing}`"))
        })
    })
}

/// The names of an operation's setters.
fn setters(operation: &Operation) -> Vec<&str> {
    let mut setters: Vec<&str> =
        operation.parameters.iter().map(|parameter| parameter.rust_name.as_str()).collect_vec();
    for representation in operation.representations() {
        match &representation.content {
            BodyContent::Multipart(parts) => {
                for part in parts {
                    setters.push(&part.rust_name);
                }
            }
            _ => setters.push(&representation.rust_name),
        }
    }
    setters
}

/// The names of a type's fields or variants; `None` if there is no such type.
fn members<'a>(model: &'a ClientModel, rust: &str) -> Option<Vec<&'a str>> {
    if let Some(object) = model.objects.iter().find(|one| one.rust == rust) {
        return Some(object.fields.iter().map(|field| field.rust_name.as_str()).collect_vec());
    }
    if let Some(one) = model.enums.iter().find(|one| one.rust == rust && one.used) {
        return Some(one.variants.iter().map(|variant| variant.rust_name.as_str()).collect_vec());
    }
    if let Some(union) = model.tagged_unions.iter().find(|one| one.rust == rust) {
        return Some(union.variants.iter().map(|variant| variant.rust_name.as_str()).collect_vec());
    }
    if let Some(union) = model.untagged_unions.iter().find(|one| one.rust == rust) {
        return Some(union.members.iter().map(|(name, _)| name.as_str()).collect_vec());
    }
    model.newtypes.iter().any(|one| one.rust == rust).then(Vec::new)
}
