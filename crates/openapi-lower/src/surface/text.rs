//! Code as text in which only differences of meaning show.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// The text of code, with spaces only where two words would become one.
pub(super) fn text(code: &impl ToTokens) -> String {
    let mut text = String::new();
    append(code.to_token_stream(), &mut text);
    // The module that declares the types is private; `types` re-exports it.
    text.replace("schemas::", "types::")
}

fn append(code: TokenStream, text: &mut String) {
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                text.push_str(open);
                append(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                if punct.as_char() == ',' {
                    text.push(' ');
                }
            }
            word => {
                if text.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
        }
    }
}
