//! Items without what isn't part of their signatures: faster to parse.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Attributes that other attributes or traits don't show.
const HIDDEN: [&str; 3] = ["doc", "serde", "allow"];

/// Removes the bodies of functions, documentation and the attributes of serde.
pub(super) fn signatures(code: TokenStream) -> TokenStream {
    let mut retained = Vec::new();
    let mut tokens = code.into_iter().peekable();
    let mut in_function = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let hidden = tokens.next_if(is_hidden);
                if hidden.is_none() {
                    retained.push(TokenTree::Punct(punct));
                }
            }
            TokenTree::Ident(ident) => {
                in_function |= ident == "fn";
                retained.push(TokenTree::Ident(ident));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inner = match std::mem::take(&mut in_function) {
                    true => TokenStream::new(),
                    false => signatures(group.stream()),
                };
                retained.push(Group::new(Delimiter::Brace, inner).into());
            }
            other => retained.push(other),
        }
    }
    retained.into_iter().collect()
}

/// Whether a token is the group of a hidden attribute. `#[doc(hidden)]` isn't documentation.
fn is_hidden(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let mut tokens = group.stream().into_iter();
    let (Some(TokenTree::Ident(name)), next) = (tokens.next(), tokens.next()) else { return false };
    let is_list = matches!(next, Some(TokenTree::Group(_)));
    HIDDEN.iter().any(|hidden| name == hidden) && !(name == "doc" && is_list)
}
