//! Schemas as sets of values: whether one includes another, as far as that can be told.
//!
//! What can't be compared counts as not included.

use openapi_document::json_type::has_type;
use serde_json::Value;

use crate::{
    component::component_name,
    constraints::{is_constraint, is_tightened},
    schema_node::{SchemaKind, SchemaNode},
    schema_view::SchemaView,
    schemas::Schemas,
};

/// The depth to which nested schemas are compared.
const DEPTH: usize = 8;

/// A schema with the document that it is in.
pub(crate) type Located<'a> = (&'a SchemaNode, &'a Schemas<'a>);

/// Whether every value of `sub` is one of `sup`. Pairs of components that this depends on are added
/// to `assumed`: they have one name, and are compared by themselves.
pub(crate) fn is_subset(
    sub: Located<'_>,
    sup: Located<'_>,
    assumed: &mut Vec<(SchemaView, SchemaView)>,
) -> bool {
    includes(sub, sup, assumed, DEPTH)
}

fn includes(
    (sub, sub_schemas): Located<'_>,
    (sup, sup_schemas): Located<'_>,
    assumed: &mut Vec<(SchemaView, SchemaView)>,
    depth: usize,
) -> bool {
    use SchemaKind::{Any, AnyOf, Array, Enum, Never, Null, Object, Scalar};
    if depth == 0 || !constraints_include(sub, sup) {
        return false;
    }
    if sub.nullable && !accepts_null(sup, sup_schemas) {
        return false;
    }
    match (&sub.kind, &sup.kind) {
        (_, Any) | (Never, _) => true,
        (Null, _) => accepts_null(sup, sup_schemas),
        (AnyOf(union), _) => union.members.iter().all(|member| {
            let member = sub_schemas.node(&member.view);
            includes((&member, sub_schemas), (sup, sup_schemas), assumed, depth - 1)
        }),
        (_, AnyOf(union)) => union.members.iter().any(|member| {
            let member = sup_schemas.node(&member.view);
            includes((sub, sub_schemas), (&member, sup_schemas), assumed, depth - 1)
        }),
        (Scalar { ty, format }, Scalar { ty: sup_ty, format: sup_format }) => {
            let is_type = ty == sup_ty || ty == "integer" && sup_ty == "number";
            is_type && formats_include(ty, format.as_deref(), sup_format.as_deref())
        }
        (Enum(values), Enum(sup_values)) => values.iter().all(|value| sup_values.contains(value)),
        (Enum(values), Scalar { ty, format }) => {
            let is_plain = format.is_none() || ty != "string";
            is_plain && values.iter().all(|value| has_type(value, ty))
        }
        (Array { items, prefix }, Array { items: sup_items, prefix: sup_prefix }) => {
            if !prefix.is_empty() || !sup_prefix.is_empty() {
                return false;
            }
            match (items, sup_items) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(items), Some(sup_items)) => {
                    let (items, sup_items) = (sub_schemas.node(items), sup_schemas.node(sup_items));
                    let sub = (&*items, sub_schemas);
                    includes(sub, (&sup_items, sup_schemas), assumed, depth - 1)
                }
            }
        }
        (Object(_), Object(_)) => {
            let names = (component_name(&sub.definition), component_name(&sup.definition));
            let is_one = names.0.is_some() && names.0 == names.1;
            if is_one {
                assumed.push((sub.view.clone(), sup.view.clone()));
            }
            is_one
        }
        _ => false,
    }
}

/// Whether no constraint of `sup` forbids what `sub` allows.
fn constraints_include(sub: &SchemaNode, sup: &SchemaNode) -> bool {
    let differing = sub.keywords.differing(&sup.keywords);
    differing
        .into_iter()
        .filter(|keyword| is_constraint(keyword))
        .all(|keyword| !is_tightened(keyword, sub.keywords.get(keyword), sup.keywords.get(keyword)))
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
