//! Rewrites the crate paths in progenitor's code to the runtime's re-exports.
//!
//! progenitor emits paths such as `::serde::…`, for which a crate would need the dependency. Paths
//! that don't begin with `::` are resolved by imports instead. Documentation is escaped on the way.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use super::docs;

/// The crates that progenitor and typify refer to and the runtime re-exports.
const CRATES: [&str; 6] = ["bytes", "chrono", "reqwest", "serde", "serde_json", "uuid"];

/// Keywords that a path can follow.
const KEYWORDS: [&str; 10] =
    ["as", "const", "dyn", "else", "for", "impl", "in", "mut", "return", "use"];

/// Replaces `::serde::…` by `runtime::serde::…`, and the other crates alike.
pub(super) fn through_runtime(code: TokenStream) -> TokenStream {
    let mut rewritten = TokenStream::new();
    let mut tokens = code.into_iter().peekable();
    let mut preceding = Preceding::Other;
    while let Some(token) = tokens.next() {
        let begins_path = is_punct(&token, ':')
            && tokens.peek().is_some_and(|next| is_punct(next, ':'))
            && preceding != Preceding::PathSegment;
        preceding = preceding.next(&token);
        if begins_path {
            let second = tokens.next();
            if let Some(TokenTree::Ident(name)) = tokens.peek()
                && CRATES.iter().any(|one| name == one)
            {
                rewritten.extend([TokenTree::Ident(Ident::new("runtime", Span::call_site()))]);
            }
            rewritten.extend([token].into_iter().chain(second));
            continue;
        }
        let TokenTree::Group(group) = token else {
            rewritten.extend([token]);
            continue;
        };
        let mut inner = through_runtime(group.stream());
        let attribute = (group.delimiter() == Delimiter::Bracket)
            .then(|| group.stream().into_iter().next())
            .flatten();
        let is_named =
            |name: &str| matches!(&attribute, Some(TokenTree::Ident(own)) if own == name);
        if is_named("serde") {
            inner = in_literals(inner);
        } else if is_named("doc") {
            inner = docs::escape(inner);
        }
        let derives_serde = is_named("derive") && mentions_serde(group.stream());
        rewritten.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
        if derives_serde {
            rewritten.extend(quote!(#[serde(crate = "runtime::serde")]));
        }
    }
    rewritten
}

/// The kind of the preceding token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Preceding {
    /// A path segment, which `::` continues: `a` of `a::b`.
    PathSegment,
    /// The `'` of a lifetime.
    Quote,
    Other,
}

impl Preceding {
    /// The kind of `token`, which follows.
    fn next(self, token: &TokenTree) -> Self {
        match token {
            TokenTree::Ident(_) if self == Self::Quote => Self::Other,
            TokenTree::Ident(name) if KEYWORDS.iter().any(|keyword| name == keyword) => Self::Other,
            TokenTree::Ident(_) => Self::PathSegment,
            token if is_punct(token, '\'') => Self::Quote,
            _ => Self::Other,
        }
    }
}

fn is_punct(token: &TokenTree, punctuation: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == punctuation)
}

fn mentions_serde(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "serde",
        TokenTree::Group(group) => mentions_serde(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Rewrites the paths in string literals of serde's attributes, such as
/// `skip_serializing_if = "::serde_json::Map::is_empty"`.
fn in_literals(tokens: TokenStream) -> TokenStream {
    let rewritten = tokens.into_iter().map(|token| match token {
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let path = text.strip_prefix("\"::").and_then(|path| path.strip_suffix('"'));
            let is_ours = path.and_then(|path| path.split("::").next());
            match (path, is_ours.is_some_and(|name| CRATES.contains(&name))) {
                (Some(path), true) => Literal::string(&format!("runtime::{path}")).into(),
                _ => TokenTree::Literal(literal),
            }
        }
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), in_literals(group.stream())).into()
        }
        other => other,
    });
    rewritten.collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::through_runtime;

    // typify generates hardly any type for a lowered document, so all cases are tested here.
    #[test]
    fn crate_paths_go_through_the_runtime() {
        let code = quote! {
            #[derive(::serde::Deserialize, Clone)]
            struct A {
                #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
                a: ::serde_json::Map<::std::string::String, a::serde::B>,
            }
            impl<'a> ::serde::Serialize for A {}
            fn a<'a>(a: &'a ::uuid::Uuid, b: &mut ::chrono::NaiveDate) -> ::bytes::Bytes {
                a::bytes::new(a as ::reqwest::Url)
            }
        };
        let expected = quote! {
            #[derive(runtime::serde::Deserialize, Clone)]
            #[serde(crate = "runtime::serde")]
            struct A {
                #[serde(default, skip_serializing_if = "runtime::serde_json::Map::is_empty")]
                a: runtime::serde_json::Map<::std::string::String, a::serde::B>,
            }
            impl<'a> runtime::serde::Serialize for A {}
            fn a<'a>(a: &'a runtime::uuid::Uuid, b: &mut runtime::chrono::NaiveDate) -> runtime::bytes::Bytes {
                a::bytes::new(a as runtime::reqwest::Url)
            }
        };
        assert_eq!(through_runtime(code).to_string(), expected.to_string());
    }
}
