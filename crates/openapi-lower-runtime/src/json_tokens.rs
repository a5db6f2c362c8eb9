//! The tokens of JSON text, and rewriting of its strings and numbers.

use std::{borrow::Cow, iter};

use serde_json::Value;

/// The largest number of digits of an integer of 64 bits.
const MAX_DIGITS: usize = 20;

/// A part of JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token<'a> {
    /// A string, with its quotes.
    Text(&'a str),
    Number(&'a str),
    /// The begin of an object or a list.
    Begin,
    /// The end of an object or a list.
    End,
}

/// Returns the tokens of valid JSON, and where they begin.
pub(crate) fn tokens(json: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let bytes = json.as_bytes();
    let mut at = 0;
    iter::from_fn(move || {
        loop {
            let start = at;
            at += 1;
            let token = match *bytes.get(start)? {
                b'"' => {
                    at = string_end(bytes, start);
                    Token::Text(&json[start..at])
                }
                b'-' | b'0'..=b'9' => {
                    at = number_end(bytes, start);
                    Token::Number(&json[start..at])
                }
                b'{' | b'[' => Token::Begin,
                b'}' | b']' => Token::End,
                _ => continue,
            };
            return Some((start, token));
        }
    })
}

/// The end of the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The end of the number that begins at `start`.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    start + bytes[start..].iter().take_while(|byte| is_number(byte)).count()
}

/// Replaces strings, with their quotes, and numbers in valid JSON; those for which `replacement` is
/// `None` stay.
pub(crate) fn rewrite(json: &str, replacement: impl Fn(&str) -> Option<String>) -> Cow<'_, str> {
    let mut rewritten = String::new();
    // The end of what is copied.
    let mut copied = 0;
    for (start, token) in tokens(json) {
        let (Token::Text(token) | Token::Number(token)) = token else { continue };
        if let Some(replacement) = replacement(token) {
            rewritten.push_str(&json[copied..start]);
            rewritten.push_str(&replacement);
            copied = start + token.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    rewritten.push_str(&json[copied..]);
    Cow::Owned(rewritten)
}

/// Writes the numbers in JSON that are integral as integers: `5.0` as `5`.
pub(crate) fn with_integers(json: &str) -> Cow<'_, str> {
    rewrite(json, |token| match token.starts_with('"') {
        true => None,
        false => integer(token),
    })
}

/// Replaces the integral numbers in a value by integers. `None` if there are none.
pub(crate) fn value_with_integers(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) if number.is_f64() => {
            serde_json::from_str(&integer(&number.to_string())?).ok()
        }
        Value::Array(items) => {
            let changed: Vec<_> = items.iter().map(value_with_integers).collect();
            changed.iter().any(Option::is_some).then(|| {
                let pairs = changed.into_iter().zip(items);
                pairs.map(|(changed, item)| changed.unwrap_or_else(|| item.clone())).collect()
            })
        }
        Value::Object(map) => {
            let changed: Vec<_> = map.values().map(value_with_integers).collect();
            changed.iter().any(Option::is_some).then(|| {
                let pairs = changed.into_iter().zip(map);
                let pairs = pairs.map(|(changed, (name, value))| {
                    (name.clone(), changed.unwrap_or_else(|| value.clone()))
                });
                Value::Object(pairs.collect())
            })
        }
        _ => None,
    }
}

/// The digits of a number with a fraction or an exponent, if it is an integer of 64 bits.
fn integer(number: &str) -> Option<String> {
    if !number.contains(['.', 'e', 'E']) {
        return None;
    }
    let (sign, rest) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    // The number of zeros after the significant digits, in front of the decimal point.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(dropped)?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= MAX_DIGITS)?;
    let integer = format!("{sign}{significant}{}", "0".repeat(zeros));
    let fits = integer.parse::<i64>().is_ok() || integer.parse::<u64>().is_ok();
    fits.then_some(integer)
}

#[cfg(test)]
mod tests {
    use super::{rewrite, with_integers};

    // Servers of the other tests send few of these.
    #[test]
    fn integral_numbers_become_integers() {
        for (number, expected) in [
            ("5.0", "5"),
            ("-5.000", "-5"),
            ("0.0", "0"),
            ("-0.0", "0"),
            ("0e99", "0"),
            ("1e3", "1000"),
            ("1.50E+2", "150"),
            ("1200e-2", "12"),
            ("9007199254740993.0", "9007199254740993"),
            ("1.8446744073709551615e19", "18446744073709551615"),
            ("-9.223372036854775808e18", "-9223372036854775808"),
        ] {
            assert_eq!(with_integers(number), expected, "{number}");
        }
        for number in
            ["5", "5.5", "1e-1", "1e20", "1e999999999999", "-1e19", "1e99999999999999999999"]
        {
            assert_eq!(with_integers(number), number);
        }
    }

    #[test]
    fn strings_stay() {
        let json = r#"{"5.0": ["5.0", "\"", 5.0, "\\", 1e0, true], "a": -0.5}"#;
        let expected = r#"{"5.0": ["5.0", "\"", 5, "\\", 1, true], "a": -0.5}"#;
        assert_eq!(with_integers(json), expected);
        for malformed in ["\"", "\"\\", "-", "1e", "\u{e9}1.0\"\u{e9}"] {
            rewrite(malformed, |token| Some(token.to_owned()));
        }
    }
}
