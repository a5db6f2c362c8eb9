//! Literals of values.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// The literal of an integer, without a suffix.
pub(super) fn integer(value: i64) -> TokenStream {
    signed(value < 0, Literal::u64_unsuffixed(value.unsigned_abs()))
}

/// The literal of an integer that isn't negative, without a suffix.
pub(super) fn unsigned(value: u64) -> TokenStream {
    signed(false, Literal::u64_unsuffixed(value))
}

/// The literal of a number, without a suffix.
pub(super) fn number(value: f64) -> TokenStream {
    signed(value < 0.0, Literal::f64_unsuffixed(value.abs()))
}

/// The expression of a tag or another constant property: text, an integer or a boolean.
pub(super) fn tag(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(runtime::TagValue::Boolean(#value)),
        Value::Number(number) => {
            let value = integer(number.as_i64().unwrap_or_default());
            quote!(runtime::TagValue::Integer(#value))
        }
        value => {
            let text = value.as_str().unwrap_or_default();
            quote!(runtime::TagValue::Text(#text))
        }
    }
}

/// A literal with its sign as a token of its own: in Rust, `-1` is two tokens.
fn signed(is_negative: bool, digits: Literal) -> TokenStream {
    if is_negative { quote!(-#digits) } else { quote!(#digits) }
}
