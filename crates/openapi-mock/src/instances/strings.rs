//! Generation of strings by format, pattern or length.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use super::{
    conjunction::Conjunction,
    patterns::{MAX_LENGTH, matching},
};
use crate::pattern::matches;

/// The number of attempts to generate one string.
const ATTEMPTS: usize = 200;
/// The words of generated text. Some need escaping in JSON, in a query or in a path.
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

/// Generates a string that meets the formats, patterns and lengths.
pub(super) fn string(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let minimum = all.largest("minLength").unwrap_or(0) as usize;
    if minimum > MAX_LENGTH {
        return None;
    }
    let maximum = all.smallest("maxLength").unwrap_or(u64::MAX) as usize;
    let pattern = all.texts("pattern").next();
    let format = all.texts("format").find(|format| is_supported(format));
    let encoded = all.texts("contentEncoding").any(|encoding| encoding.starts_with("base64"));
    for _ in 0..ATTEMPTS {
        let text = match (pattern, format) {
            (Some(pattern), _) => matching(pattern, random)?,
            (None, Some(format)) => formatted(format, random),
            (None, None) if encoded => base64(random),
            (None, None) => words(minimum, maximum, random),
        };
        let length = text.chars().count();
        let fits = length >= minimum && length <= maximum;
        if fits && all.texts("pattern").all(|pattern| matches(pattern, &text)) {
            return Some(text.into());
        }
    }
    None
}

/// Generates the name of an additional property.
pub(super) fn property_name(random: &mut impl Rng) -> String {
    let word = WORDS[..8].choose(random).copied().unwrap_or("key");
    format!("{word}-{}", random.random_range(0..100))
}

/// Generates words, filled up or cut to a length in characters.
fn words(minimum: usize, maximum: usize, random: &mut impl Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.random_range(1..=3) {
        let word = WORDS.choose(random).copied().unwrap_or("x");
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    for _ in text.chars().count()..minimum {
        text.push(random.random_range('a'..='z'));
    }
    text.chars().take(maximum).collect()
}

/// Whether strings of a format can be generated.
fn is_supported(format: &str) -> bool {
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

/// Generates a string of a supported format.
fn formatted(format: &str, random: &mut impl Rng) -> String {
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

/// Generates a date-time (RFC 3339, section 5.6), with or without a fraction and an offset.
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

/// Generates a random UUID (RFC 9562, section 5.4), in lower case.
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

/// Generates base64 text (RFC 4648, section 4) without padding.
fn base64(random: &mut impl Rng) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = random.random_range(1..=8) * 4;
    (0..groups).map(|_| char::from(*alphabet.choose(random).unwrap_or(&b'A'))).collect()
}
