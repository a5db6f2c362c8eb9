//! Text of documents and servers in messages: escaped, on one line, of bounded length.

use std::fmt::{self, Write};

/// The maximum length of a text that [`OneLine`] displays, in characters before escaping.
pub const MAX_LINE: usize = 1_000;

/// Displays a text, such as a name of a document, as one line that is safe for terminals and logs.
///
/// Control characters and those that change the direction or the lines of text are escaped as in
/// Rust: `\n`, `\u{1b}`, `\u{202e}`. A text longer than [`MAX_LINE`] characters ends in `…`.
#[derive(Clone, Copy, Debug)]
pub struct OneLine<'a>(pub &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, character) in self.0.chars().enumerate() {
            if position == MAX_LINE {
                return f.write_char('…');
            }
            match is_unsafe(character) {
                true => character.escape_default().fmt(f)?,
                false => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// Displays a message as [`OneLine`] for each of its lines.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a>(pub &'a str);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, line) in self.0.lines().enumerate() {
            if position > 0 {
                f.write_char('\n')?;
            }
            OneLine(line).fmt(f)?;
        }
        Ok(())
    }
}

/// Whether a character controls a terminal, ends a line, or reorders or hides others.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
