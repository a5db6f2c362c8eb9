//! The documentation in progenitor's code, which has descriptions as the document has them.

use proc_macro2::{Literal, TokenStream, TokenTree};

use crate::markdown::for_rustdoc;

/// Escapes the text in the tokens of an attribute, `doc = "…"`. The JSON Schema that typify adds to
/// the documentation of types is removed.
pub(super) fn escape(attribute: TokenStream) -> TokenStream {
    let tokens = attribute.into_iter().map(|token| match token {
        TokenTree::Literal(literal) => match syn::parse_str::<syn::LitStr>(&literal.to_string()) {
            Ok(text) => {
                let text = text.value();
                let prose = text.split("<details>").next().unwrap_or_default();
                Literal::string(&for_rustdoc(prose)).into()
            }
            Err(_) => TokenTree::Literal(literal),
        },
        other => other,
    });
    tokens.collect()
}
