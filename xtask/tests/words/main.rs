//! Code, docs and reports use the words of the field: no name of words.toml remains.

mod names;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use names::Names;
use serde::Deserialize;

/// The number of columns of a line, as in rustfmt.toml or its default.
const WIDTH: usize = 100;

/// The contents of words.toml: each word and its replacement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    identifiers: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
    parts: BTreeMap<String, String>,
    phrases: BTreeMap<String, String>,
    riddles: BTreeMap<String, String>,
    /// Names of other crates, by the file that uses them.
    allowed: BTreeMap<String, Vec<String>>,
}

impl Words {
    fn read() -> Self {
        basic_toml::from_str(include_str!("words.toml")).expect("words.toml is valid")
    }

    /// The violations of one file of Rust code.
    fn check(&self, path: &str, text: &str) -> Vec<String> {
        let allowed = self.allowed.get(path).map_or(&[][..], Vec::as_slice);
        let mut violations = Vec::new();
        let mut report = |line: usize, name: &str, instead: &str| {
            if !allowed.iter().any(|word| word == name) {
                violations.push(format!("{path}:{line}: `{name}`: {instead}"));
            }
        };
        for part in path.trim_end_matches(".rs").split('/').flat_map(parts) {
            if let Some(instead) = self.parts.get(&part) {
                report(1, &part, instead);
            }
        }
        for (index, line) in text.lines().enumerate() {
            // rustfmt leaves comments alone. A row of a table can't be wrapped.
            let comment = line.trim_start();
            let is_row = comment.contains(" | ");
            if comment.starts_with("//") && !is_row && line.chars().count() > WIDTH {
                report(index + 1, "comment", "wider than the formatter's lines");
            }
        }
        let names = Names::read(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for (line, name, is_function) in names.identifiers {
            let whole = self.identifiers.get(&name);
            let function = self.functions.get(&name).filter(|_| is_function);
            let part = || parts(&name).find_map(|part| self.parts.get(&part));
            if let Some(instead) = whole.or(function).or_else(part) {
                report(line, &name, instead);
            }
        }
        for (line, literal) in names.literals {
            for (phrase, instead) in &self.phrases {
                if contains_phrase(&literal, phrase) {
                    report(line, phrase, instead);
                }
            }
        }
        for (line, doc) in names.first_lines {
            let first = doc.split_whitespace().next().unwrap_or_default();
            if let Some(instead) = self.riddles.get(first) {
                report(line, first, instead);
            }
        }
        violations
    }
}

/// The words of a name, in lowercase: `kept_size` and `KeptSize` have `kept` and `size`.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for c in name.chars() {
        if c == '_' || c == '-' || (c.is_uppercase() && before_is_lower) {
            words.push(String::new());
        }
        before_is_lower = c.is_lowercase() || c.is_numeric();
        if c.is_alphanumeric() {
            words.last_mut().expect("there is a word").extend(c.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// Whether a text has a phrase, as whole words in any case.
fn contains_phrase(text: &str, phrase: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(phrase).any(|(start, _)| {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let end = start + phrase.len();
        !is_word(text[..start].chars().next_back()) && !is_word(text[end..].chars().next())
    })
}

/// The Rust files below a folder, but for what cargo builds.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files.extend(rust_files(&path));
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn code_uses_the_words_of_the_field() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let words = Words::read();
    let mut violations = Vec::new();
    let files = rust_files(root);
    assert!(files.len() > 250, "{} files", files.len());
    for file in files {
        let path = file.strip_prefix(root).expect("below the root").to_string_lossy();
        let path = path.replace('\\', "/");
        violations.extend(words.check(&path, &fs::read_to_string(&file).expect("a text")));
    }
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn each_kind_of_violation_is_found() {
    let words = Words::read();
    let check = |path: &str, text: &str| words.check(path, text).len();
    assert_eq!(check("src/a.rs", "/// Sends a request.\nfn send(response: Response) {}"), 0);
    assert_eq!(check("src/a.rs", "macro_rules! m { () => { struct Kept; } }"), 1);
    assert_eq!(check("src/a.rs", "fn of() {} fn f() { of() }"), 1);
    assert_eq!(check("src/a.rs", "fn an_answer_is_read() {}"), 1);
    assert_eq!(check("src/a.rs", "struct AnswerKind;"), 1);
    assert_eq!(check("src/a.rs", "const A: &str = \"answer 409 is new\";"), 2);
    assert_eq!(check("src/a.rs", "/// What the answer\n/// is.\nstruct A;"), 2);
    assert_eq!(check("src/answers.rs", ""), 1);
    assert_eq!(check("src/a.rs", &format!("// {}", "long ".repeat(20))), 1);
    assert_eq!(check("src/a.rs", "/// Renewed: this is newer.\nstruct Unkept;"), 0);
}
