//! Schemas as sets of values: whether one includes another, as far as that can be told.
//!
//! What can't be compared counts as not included.

use std::collections::HashSet;

use openapi_document::json_type::has_type;
use serde_json::Value;

use crate::{
    component::component_name,
    constraints::{is_constraint, is_tightened},
    keywords::PROSE,
    schema_diff::display_value,
    schema_node::{SchemaKind, SchemaNode},
    schema_view::SchemaView,
    schemas::Schemas,
};

/// The depth to which nested schemas are compared.
const DEPTH: usize = 8;

/// The maximum number of pairs of schemas that one comparison looks at: members of unions are
/// compared each with each.
const MAX_PAIRS: usize = 2_000;

/// A schema with the document that it is in.
pub(crate) type Located<'a> = (&'a SchemaNode, &'a Schemas<'a>);

/// Two schemas, a view of each, that are compared with each other.
type Views = (SchemaView, SchemaView);

/// The notation of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    /// As text, without quotes: the integer `5` is also a string.
    Text,
}

/// Whether every value of `sub` is one of `sup`: the pairs of components that this depends on.
///
/// They have one name, and are compared by themselves. `None` if it can't be shown.
pub(crate) fn inclusion(
    sub: Located<'_>,
    sup: Located<'_>,
    notation: Notation,
) -> Option<Vec<Views>> {
    let mut inclusion = Inclusion { notation, assumed: Vec::new(), pairs: 0 };
    inclusion.holds(sub, sup, DEPTH).then_some(inclusion.assumed)
}

/// The comparison of two schemas as sets of values.
struct Inclusion {
    notation: Notation,
    assumed: Vec<Views>,
    /// The number of pairs looked at.
    pairs: usize,
}

impl Inclusion {
    fn holds(
        &mut self,
        (sub, sub_schemas): Located<'_>,
        (sup, sup_schemas): Located<'_>,
        depth: usize,
    ) -> bool {
        use SchemaKind::{Any, AnyOf, Array, Enum, Never, Null, Object, Scalar};
        self.pairs += 1;
        if depth == 0 || self.pairs > MAX_PAIRS || !constraints_include(sub, sup) {
            return false;
        }
        if sub.nullable && !accepts_null(sup, sup_schemas) {
            return false;
        }
        match (&sub.kind, &sup.kind) {
            (_, Any) | (Never, _) => true,
            (Null, _) => accepts_null(sup, sup_schemas),
            // What chooses the member is a value, too.
            (AnyOf(sub_union), AnyOf(sup_union)) if sup_union.discriminator.is_some() => {
                sub_union.discriminator == sup_union.discriminator
                    && sub_union.members.iter().all(|member| {
                        let sub = sub_schemas.node(&member.view);
                        sup_union.members.iter().filter(|one| one.key == member.key).any(|one| {
                            let sup = sup_schemas.node(&one.view);
                            self.holds((&sub, sub_schemas), (&sup, sup_schemas), depth - 1)
                        })
                    })
            }
            (_, AnyOf(union)) if union.discriminator.is_some() => false,
            (AnyOf(union), _) => union.members.iter().all(|member| {
                let member = sub_schemas.node(&member.view);
                self.holds((&member, sub_schemas), (sup, sup_schemas), depth - 1)
            }),
            (_, AnyOf(union)) => union.members.iter().any(|member| {
                let member = sup_schemas.node(&member.view);
                self.holds((sub, sub_schemas), (&member, sup_schemas), depth - 1)
            }),
            (Scalar { .. }, Scalar { ty, format: None }) if self.is_any_text(ty) => true,
            (Scalar { ty, format }, Scalar { ty: sup_ty, format: sup_format }) => {
                let is_type = ty == sup_ty || ty == "integer" && sup_ty == "number";
                is_type && formats_include(ty, format.as_deref(), sup_format.as_deref())
            }
            (Enum(values), Enum(sup_values)) => {
                let known: HashSet<String> =
                    sup_values.iter().map(|value| self.written(value)).collect();
                values.iter().all(|value| known.contains(&self.written(value)))
            }
            (Enum(values), Scalar { ty, format: None }) if self.is_any_text(ty) => {
                values.iter().all(|value| !value.is_object() && !value.is_array())
            }
            (Enum(values), Scalar { ty, format }) => {
                values.iter().all(|value| is_of_format(value, ty, format.as_deref()))
            }
            (Array { items, prefix }, Array { items: sup_items, prefix: sup_prefix }) => {
                if !prefix.is_empty() || !sup_prefix.is_empty() {
                    return false;
                }
                match (items, sup_items) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(items), Some(sup_items)) => {
                        let items = sub_schemas.node(items);
                        let sup_items = sup_schemas.node(sup_items);
                        self.holds((&items, sub_schemas), (&sup_items, sup_schemas), depth - 1)
                    }
                }
            }
            (Object(_), Object(_)) => {
                let names = (component_name(&sub.definition), component_name(&sup.definition));
                let is_one = names.0.is_some() && names.0 == names.1;
                if is_one {
                    self.assumed.push((sub.view.clone(), sup.view.clone()));
                }
                is_one
            }
            _ => false,
        }
    }

    /// Whether every scalar is a value of a type without a format.
    fn is_any_text(&self, ty: &str) -> bool {
        self.notation == Notation::Text && ty == "string"
    }

    fn written(&self, value: &Value) -> String {
        match self.notation {
            Notation::Json => value.to_string(),
            Notation::Text => display_value(value),
        }
    }
}

/// Whether a value is certainly one of a type and format.
pub(crate) fn is_of_format(value: &Value, ty: &str, format: Option<&str>) -> bool {
    let is_in_range = |value: &Value| {
        let (min, max) = integer_range(format);
        let integer = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        integer.is_some_and(|integer| (min..=max).contains(&integer))
    };
    match ty {
        "string" => value.is_string() && format.is_none(),
        "integer" => has_type(value, ty) && is_in_range(value),
        ty => has_type(value, ty),
    }
}

/// The keywords that tell about values and don't forbid any.
const ANNOTATIONS: [&str; 4] = ["default", "deprecated", "readOnly", "writeOnly"];

/// Whether no constraint of `sup` forbids what `sub` allows.
fn constraints_include(sub: &SchemaNode, sup: &SchemaNode) -> bool {
    sub.keywords.differing(&sup.keywords).into_iter().all(|keyword| {
        let (sub, sup) = (sub.keywords.get(keyword), sup.keywords.get(keyword));
        match keyword {
            keyword if is_constraint(keyword) => !is_tightened(keyword, sub, sup),
            keyword if PROSE.contains(&keyword) || ANNOTATIONS.contains(&keyword) => true,
            // Others, such as `not`, only forbid.
            _ => sup.is_none(),
        }
    })
}

fn accepts_null(node: &SchemaNode, schemas: &Schemas) -> bool {
    node.nullable
        || match &node.kind {
            SchemaKind::Any | SchemaKind::Null => true,
            SchemaKind::AnyOf(union) => union
                .members
                .iter()
                .any(|member| matches!(schemas.node(&member.view).kind, SchemaKind::Null)),
            SchemaKind::Enum(values) => values.contains(&Value::Null),
            _ => false,
        }
}

/// Whether the values of one format of a type include those of another.
fn formats_include(ty: &str, sub: Option<&str>, sup: Option<&str>) -> bool {
    match ty {
        "integer" => integers_include(sub, sup),
        "string" => sup.is_none() || sub == sup,
        _ => true,
    }
}

/// Whether the integers of one format include those of another.
pub(crate) fn integers_include(sub: Option<&str>, sup: Option<&str>) -> bool {
    let ((sub_min, sub_max), (sup_min, sup_max)) = (integer_range(sub), integer_range(sup));
    sup_min <= sub_min && sub_max <= sup_max
}

/// The range of an integer format, as deployed programs have it: `i64` without one.
fn integer_range(format: Option<&str>) -> (i128, i128) {
    match format {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("int32" | "int") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint32" | "uint") => (0, u32::MAX.into()),
        Some("uint64") => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}
