//! Patterns as sets of strings: whether one includes another.
//!
//! Both are compiled to automata, which are run side by side. What can't be compiled alike, as
//! look-around and back references, and what is too large isn't comparable.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start},
};

/// The maximum size of an automaton in bytes.
const MAX_SIZE: usize = 1 << 18;

/// The maximum number of pairs of states that are visited.
const MAX_PAIRS: usize = 5_000;

type Dfa = dense::DFA<Vec<u32>>;

/// The maximum number of pairs of patterns that a comparison of documents compiles. Further ones
/// count as not comparable: each takes up to some tens of milliseconds.
const MAX_COMPARISONS: usize = 100;

/// The comparison of patterns of two documents, each pair once.
#[derive(Default)]
pub(crate) struct PatternComparison {
    known: RefCell<HashMap<(String, String), (bool, bool)>>,
}

impl PatternComparison {
    /// Whether every string that matches `old` also matches `new`, and the reverse. False if that
    /// can't be shown.
    ///
    /// Both are regular expressions of ECMA-262, which match anywhere in a string (JSON Schema
    /// 2020-12, validation, section 6.3.3).
    pub(crate) fn compare(&self, old: &str, new: &str) -> (bool, bool) {
        let key = (old.to_owned(), new.to_owned());
        let mut known = self.known.borrow_mut();
        if let Some(known) = known.get(&key) {
            return *known;
        }
        if known.len() >= MAX_COMPARISONS {
            return (false, false);
        }
        let included = match (compile(old), compile(new)) {
            (Some(old), Some(new)) => {
                let includes =
                    |sub: &Dfa, sup: &Dfa| TwoAutomata { sub, sup }.is_included().unwrap_or(false);
                (includes(&old, &new), includes(&new, &old))
            }
            _ => (false, false),
        };
        known.insert(key, included);
        included
    }
}

/// A state of the first automaton, `None` once it has matched, and a state of the second.
type States = (Option<StateID>, StateID);

struct TwoAutomata<'a> {
    sub: &'a Dfa,
    sup: &'a Dfa,
}

impl TwoAutomata<'_> {
    /// Searches all strings for one that only the first automaton matches. `None` if there are too
    /// many pairs of states.
    fn is_included(&self) -> Option<bool> {
        let start = start::Config::new().anchored(Anchored::No);
        let first = (Some(self.sub.start_state(&start).ok()?), self.sup.start_state(&start).ok()?);
        let bytes = self.bytes();
        let (mut visited, mut pending) = (HashSet::from([first]), vec![first]);
        while let Some(states) = pending.pop() {
            if self.is_counterexample(states) {
                return Some(false);
            }
            for next in bytes.iter().filter_map(|byte| self.next(states, *byte)) {
                if visited.insert(next) {
                    pending.push(next);
                }
            }
            if visited.len() > MAX_PAIRS {
                return None;
            }
        }
        Some(true)
    }

    /// Whether the string that led to these states matches the first automaton only.
    fn is_counterexample(&self, (sub, sup): States) -> bool {
        let ends_in_match = |dfa: &Dfa, state| dfa.is_match_state(dfa.next_eoi_state(state));
        sub.is_none_or(|state| ends_in_match(self.sub, state)) && !ends_in_match(self.sup, sup)
    }

    /// The states after a byte; `None` if no continuation can be a counterexample.
    fn next(&self, (sub, sup): States, byte: u8) -> Option<States> {
        let sup = self.sup.next_state(sup, byte);
        if self.sup.is_match_state(sup) {
            return None;
        }
        let Some(sub) = sub else { return Some((None, sup)) };
        let sub = self.sub.next_state(sub, byte);
        if self.sub.is_dead_state(sub) {
            return None;
        }
        Some((Some(sub).filter(|state| !self.sub.is_match_state(*state)), sup))
    }

    /// A byte of each class that both automata treat alike.
    fn bytes(&self) -> Vec<u8> {
        let (sub, sup) = (self.sub.byte_classes(), self.sup.byte_classes());
        let mut known = HashSet::new();
        (0..=u8::MAX).filter(|byte| known.insert((sub.get(*byte), sup.get(*byte)))).collect()
    }
}

fn compile(pattern: &str) -> Option<Dfa> {
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .match_kind(MatchKind::All)
        .dfa_size_limit(Some(MAX_SIZE))
        .determinize_size_limit(Some(MAX_SIZE));
    dense::Builder::new()
        .configure(config)
        .thompson(thompson::Config::new().nfa_size_limit(Some(MAX_SIZE)))
        .build(&translate(pattern)?)
        .ok()
}

/// Writes a regular expression of ECMA-262 in the syntax of the crate `regex`; `None` if it has a
/// construct that means something else there.
fn translate(pattern: &str) -> Option<String> {
    let mut translated = String::new();
    let mut characters = pattern.chars().peekable();
    let mut is_in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next()?;
                // Beside a class, `-` is no range (ECMA-262, Annex B.1.2).
                let is_class = matches!(escaped, 'd' | 'w');
                if is_in_class
                    && is_class
                    && (translated.ends_with('-') || characters.peek() == Some(&'-'))
                {
                    return None;
                }
                match (escaped, is_in_class) {
                    ('d', true) => translated.push_str("0-9"),
                    ('d', false) => translated.push_str("[0-9]"),
                    ('w', true) => translated.push_str("0-9A-Z_a-z"),
                    ('w', false) => translated.push_str("[0-9A-Z_a-z]"),
                    ('n' | 'r' | 't' | 'f' | 'v', _) => translated.extend(['\\', escaped]),
                    (escaped, _) if escaped.is_ascii_punctuation() => {
                        translated.push_str(&escape(escaped));
                    }
                    _ => return None,
                }
            }
            '[' if is_in_class => translated.push_str("\\["),
            '[' => {
                is_in_class = true;
                translated.push('[');
                if characters.next_if_eq(&'^').is_some() {
                    translated.push('^');
                }
                // An empty class, or one that begins with a bracket: the syntaxes differ.
                if characters.peek() == Some(&']') {
                    return None;
                }
            }
            ']' if is_in_class => {
                is_in_class = false;
                translated.push(']');
            }
            // Two of them are operators of classes in the other syntax.
            '&' | '~' | '-' if is_in_class && characters.peek() == Some(&character) => return None,
            '.' if !is_in_class => translated.push_str("[^\\n\\r\\u2028\\u2029]"),
            '(' if !is_in_class => {
                translated.push('(');
                if characters.next_if_eq(&'?').is_some() {
                    characters.next_if_eq(&':')?;
                    translated.push_str("?:");
                }
            }
            // Another brace than that of a quantifier is text there.
            '{' if !is_in_class && !is_quantifier(characters.clone()) => translated.push_str("\\{"),
            other => translated.push(other),
        }
    }
    Some(translated)
}

/// Whether a brace with these characters after it is a quantifier: `{2}`, `{2,}`, `{2,5}`.
fn is_quantifier(rest: impl Iterator<Item = char>) -> bool {
    let text: String = rest.take_while(|c| *c != '}').take(32).collect();
    let (least, most) = text.split_once(',').unwrap_or((&text, ""));
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

/// An ASCII punctuation character, escaped where the crate `regex` allows that.
fn escape(character: char) -> String {
    match character {
        '<' | '>' => character.to_string(),
        other => format!("\\{other}"),
    }
}
