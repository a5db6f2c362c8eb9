//! Strings: of a format, of a pattern, or words.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use rand::{Rng, RngExt, distr::Distribution, seq::IndexedRandom};
use rand_regex::Regex;
use serde_json::Value;

use super::conjunction::Conjunction;

/// Repetitions where a pattern sets no end.
const REPEAT: u32 = 8;
/// Draws for one string.
const DRAWS: usize = 200;
/// Words; some need escapes in JSON, in a query or in a path.
const WORDS: [&str; 14] = [
    "amber",
    "basalt",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "granite",
    "harbor",
    "naïve",
    "a&b=c",
    "50%",
    "q?#/x",
    "say \"so\"",
    "日本",
];

/// A string that meets the formats, patterns and lengths.
pub(super) fn string(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let least = all.largest("minLength").unwrap_or(0) as usize;
    let most = all.smallest("maxLength").unwrap_or(u64::MAX) as usize;
    let pattern = all.texts("pattern").next();
    let format = all.texts("format").find(|format| known(format));
    let encoded = all.texts("contentEncoding").any(|encoding| encoding.starts_with("base64"));
    for _ in 0..DRAWS {
        let text = match (pattern, format) {
            (Some(pattern), _) => matching(pattern, random)?,
            (None, Some(format)) => of_format(format, random),
            (None, None) if encoded => base64(random),
            (None, None) => of_length(least, most, random),
        };
        let length = text.chars().count();
        if length >= least && length <= most && all.texts("pattern").all(|p| matches(p, &text)) {
            return Some(text.into());
        }
    }
    None
}

/// Whether a pattern (ECMA-262, not anchored) matches.
fn matches(pattern: &str, text: &str) -> bool {
    fancy_regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
}

/// A string that a pattern matches. Look-around isn't built towards but drawn for.
pub(super) fn matching(pattern: &str, random: &mut impl Rng) -> Option<String> {
    let plain = without_lookaround(pattern);
    let regex = Regex::compile(&plain, REPEAT).ok()?;
    (0..DRAWS).map(|_| regex.sample(random)).find(|text: &String| matches(pattern, text))
}

/// A pattern without its `(?=…)`, `(?!…)`, `(?<=…)` and `(?<!…)`, and without anchors, between
/// which nothing would be left to draw.
fn without_lookaround(pattern: &str) -> String {
    let mut plain = String::new();
    let mut rest = pattern;
    let mut class = false;
    while let Some(first) = rest.chars().next() {
        let look = ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|look| rest.starts_with(**look));
        if let (Some(look), false) = (look, class) {
            rest = after_group(&rest[look.len()..]);
            continue;
        }
        let length = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        match &rest[..length] {
            "[" => class = true,
            "]" => class = false,
            _ => {}
        }
        match &rest[..length] {
            "^" | "$" if !class => {}
            "\\d" => plain.push_str("[0-9]"),
            "\\w" => plain.push_str("[A-Za-z0-9_]"),
            "\\s" => plain.push(' '),
            "\\/" => plain.push('/'),
            // ECMA's `.` and negated classes take anything; printable text is enough.
            "." if !class => plain.push_str("[ -~]"),
            other => plain.push_str(other),
        }
        rest = &rest[length..];
    }
    plain
}

/// What follows a group's closing parenthesis.
fn after_group(mut rest: &str) -> &str {
    let mut open = 1;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        match first {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        rest = &rest[length..];
        if open == 0 {
            break;
        }
    }
    rest
}

/// A name for a member of a map.
pub(super) fn name(random: &mut impl Rng) -> String {
    let word = WORDS[..8].choose(random).copied().unwrap_or("key");
    format!("{word}-{}", random.random_range(0..100))
}

fn of_length(least: usize, most: usize, random: &mut impl Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.random_range(1..=3) {
        let word = WORDS.choose(random).copied().unwrap_or("x");
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    for _ in text.chars().count()..least {
        text.push(random.random_range('a'..='z'));
    }
    text.chars().take(most).collect()
}

fn known(format: &str) -> bool {
    let formats = [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "uri",
        "iri",
        "url",
        "uri-reference",
        "iri-reference",
        "uri-template",
        "uuid",
        "json-pointer",
        "relative-json-pointer",
        "regex",
        "byte",
    ];
    formats.contains(&format)
}

fn of_format(format: &str, random: &mut impl Rng) -> String {
    let number = random.random_range(0..10_000u32);
    match format {
        "date-time" => date_time(random),
        "date" => date(random).to_string(),
        "time" => format!("{:02}:{:02}:{:02}Z", number % 24, number % 60, number % 59),
        "duration" => format!("P{}DT{}H", number % 30, number % 24),
        "email" | "idn-email" => format!("someone+{number}@example.com"),
        "hostname" | "idn-hostname" => format!("host-{number}.example.com"),
        "ipv4" => format!("192.0.2.{}", number % 256),
        "ipv6" => format!("2001:db8::{number:x}"),
        "uri" | "iri" | "url" => format!("https://example.com/{number}?q=a%20b#part"),
        "uri-reference" | "iri-reference" => format!("../items/{number}"),
        "uri-template" => format!("/items/{{id}}/{number}"),
        "json-pointer" => format!("/items/{number}"),
        "relative-json-pointer" => format!("{}/items", number % 3),
        "regex" => format!("^[a-z]{{{}}}$", number % 9),
        "byte" => base64(random),
        _ => uuid(random),
    }
}

fn date(random: &mut impl Rng) -> NaiveDate {
    let days = random.random_range(0..20_000);
    NaiveDate::default() + chrono::Days::new(days)
}

/// With and without fractions and offsets: all are date-times (RFC 3339, section 5.6).
fn date_time(random: &mut impl Rng) -> String {
    let seconds = random.random_range(0..2_000_000_000);
    let nanos = random.random_range(0..1_000_000_000);
    let time = DateTime::from_timestamp(seconds, nanos).unwrap_or_default();
    let precision =
        [SecondsFormat::Secs, SecondsFormat::Millis, SecondsFormat::Micros, SecondsFormat::Nanos];
    let precision = precision.choose(random).copied().unwrap_or(SecondsFormat::Secs);
    let minutes = [0, 0, 120, -450].choose(random).copied().unwrap_or(0);
    match chrono::FixedOffset::east_opt(minutes * 60) {
        Some(offset) if minutes != 0 => {
            time.with_timezone(&offset).to_rfc3339_opts(precision, true)
        }
        _ => time.to_rfc3339_opts(precision, true),
    }
}

/// A random UUID (RFC 9562, section 5.4), in small letters.
fn uuid(random: &mut impl Rng) -> String {
    let bits: u128 = random.random();
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let mut text = String::new();
    for (index, digit) in format!("{bits:032x}").chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let _ = text.write_char(digit);
    }
    text
}

fn base64(random: &mut impl Rng) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = random.random_range(1..=8) * 4;
    (0..groups).map(|_| char::from(*alphabet.choose(random).unwrap_or(&b'A'))).collect()
}
