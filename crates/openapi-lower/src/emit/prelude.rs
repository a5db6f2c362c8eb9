//! Names of the standard prelude in generated types.
//!
//! The emitters write full paths, since a document may declare a type `Option`. Where it doesn't,
//! signatures read better without them.

use std::collections::HashSet;

use proc_macro2::{Group, TokenStream, TokenTree};

use crate::collect::Collect;

/// The paths below `::std` to items of the prelude.
const PATHS: [&[&str]; 13] = [
    &["option", "Option", "Some"],
    &["option", "Option", "None"],
    &["result", "Result", "Ok"],
    &["result", "Result", "Err"],
    &["option", "Option"],
    &["result", "Result"],
    &["boxed", "Box"],
    &["convert", "From"],
    &["convert", "Into"],
    &["default", "Default"],
    &["iter", "IntoIterator"],
    &["string", "String"],
    &["vec", "Vec"],
];

/// Replaces full paths to items of the prelude by their names, except the names in `taken`.
pub(super) fn shorten(code: TokenStream, taken: &HashSet<&str>) -> TokenStream {
    let tokens: Vec<TokenTree> = code.into_iter().collect_vec();
    let mut shortened = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        // Few tokens begin such a path, and build scripts aren't optimized.
        if is_colon(token)
            && matches!(tokens.get(index + 2), Some(TokenTree::Ident(name)) if name == "std")
            && let Some(path) = PATHS.iter().find(|path| matches_path(&tokens[index..], path))
            && let [.., name] = path
            && !taken.contains(name)
        {
            // Each segment has two colons before it.
            let last = index + 3 * (path.len() + 1) - 1;
            shortened.push(tokens[last].clone());
            index = last + 1;
            continue;
        }
        shortened.push(match token {
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), shorten(group.stream(), taken)).into()
            }
            other => other.clone(),
        });
        index += 1;
    }
    shortened.into_iter().collect()
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// Whether tokens begin with `::std` and these segments. The emitters write no other path with a
/// segment `std`.
fn matches_path(tokens: &[TokenTree], path: &[&str]) -> bool {
    // Each segment has two colons before it.
    let (segments, _) = tokens.as_chunks::<3>();
    let is_segment = |[one, other, name]: &[TokenTree; 3], expected: &str| {
        is_colon(one)
            && is_colon(other)
            && matches!(name, TokenTree::Ident(name) if name == expected)
    };
    let Some((first, rest)) = segments.split_first() else { return false };
    is_segment(first, "std")
        && rest.len() >= path.len()
        && rest.iter().zip(path).all(|(segment, name)| is_segment(segment, name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use quote::quote;

    use super::shorten;

    #[test]
    fn names_of_the_prelude_are_short_unless_the_document_has_them() {
        let code = || {
            quote! {
                fn a(b: ::std::option::Option<::std::vec::Vec<::std::string::String>>) -> ::std::net::IpAddr {
                    ::std::result::Result::Ok(::std::option::Option::None)
                }
            }
        };
        let short = quote! {
            fn a(b: Option<Vec<String>>) -> ::std::net::IpAddr { Ok(None) }
        };
        assert_eq!(shorten(code(), &HashSet::new()).to_string(), short.to_string());
        let partly = quote! {
            fn a(b: ::std::option::Option<Vec<String>>) -> ::std::net::IpAddr {
                Ok(::std::option::Option::None)
            }
        };
        let taken = ["Option", "None"].into();
        assert_eq!(shorten(code(), &taken).to_string(), partly.to_string());
    }
}
