//! The names, texts and first lines of documentation in Rust code.

use proc_macro2::{Delimiter, LexError, Literal, TokenStream, TokenTree};

/// The names and texts of a file, with their lines.
#[derive(Default)]
pub struct Names {
    /// Identifiers, and whether a function is defined by that name.
    pub identifiers: Vec<(usize, String, bool)>,
    /// String literals, documentation included.
    pub literals: Vec<(usize, String)>,
    /// The first line of each documentation comment.
    pub first_lines: Vec<(usize, String)>,
}

impl Names {
    /// Reads the tokens of a file, those of macros included.
    pub fn read(text: &str) -> Result<Self, LexError> {
        let mut names = Self::default();
        names.stream(text.parse()?);
        Ok(names)
    }

    fn stream(&mut self, stream: TokenStream) {
        let (mut defines_function, mut in_documentation) = (false, false);
        for token in stream {
            let line = token.span().start().line;
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    in_documentation = false;
                    let is_fn = name == "fn";
                    self.identifiers.push((line, name, defines_function));
                    defines_function = is_fn;
                    continue;
                }
                TokenTree::Literal(literal) => self.literals.extend(text(line, &literal)),
                TokenTree::Group(group) => match documentation(&group.stream()) {
                    Some(doc) if group.delimiter() == Delimiter::Bracket => {
                        if !in_documentation {
                            self.first_lines.push((line, doc.clone()));
                        }
                        in_documentation = true;
                        self.literals.push((line, doc));
                    }
                    _ => {
                        in_documentation = false;
                        self.stream(group.stream());
                    }
                },
                // Of `#` and `!` before documentation.
                TokenTree::Punct(_) => {}
            }
            defines_function = false;
        }
    }
}

/// The text of a string literal.
fn text(line: usize, literal: &Literal) -> Option<(usize, String)> {
    let text = literal.to_string();
    text.contains('"').then_some((line, text))
}

/// The text of `doc = "…"`.
fn documentation(attribute: &TokenStream) -> Option<String> {
    let tokens: Vec<_> = attribute.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(doc), _, TokenTree::Literal(literal)] if doc == "doc" => {
            Some(literal.to_string().trim_matches(['"', ' ']).to_owned())
        }
        _ => None,
    }
}
