//! Deserialization of date-times and optional ones, fast in the usual form: long lists contain
//! thousands.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{
    Deserialize,
    de::{Deserializer, Error, Visitor},
};

/// Deserializes a date-time (RFC 3339, section 5.6). The usual form, in UTC and with capital
/// letters, has a fast path; chrono parses all others.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    struct DateTimeVisitor;

    impl Visitor<'_> for DateTimeVisitor {
        type Value = DateTime<Utc>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an RFC 3339 date-time")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            match parse_utc(text.as_bytes()) {
                Some(date_time) => Ok(date_time),
                None => text.parse().map_err(|error| E::custom(format_args!("{error}: {text:?}"))),
            }
        }
    }

    deserializer.deserialize_str(DateTimeVisitor)
}

/// Deserializes a date-time or null.
pub fn deserialize_optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    struct UtcDateTime(DateTime<Utc>);

    impl<'de> Deserialize<'de> for UtcDateTime {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            self::deserialize(deserializer).map(UtcDateTime)
        }
    }

    Ok(Option::deserialize(deserializer)?.map(|UtcDateTime(value)| value))
}

/// Parses `2026-11-25T08:30:00Z`, with up to nine fractional digits.
fn parse_utc(text: &[u8]) -> Option<DateTime<Utc>> {
    let (seconds, rest) = text.split_at_checked(19)?;
    let separators = [seconds[4], seconds[7], seconds[10], seconds[13], seconds[16]];
    if separators != *b"--T::" {
        return None;
    }
    let fraction = match rest {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => {
            number(digits)? * 10_u32.pow(9 - u32::try_from(digits.len()).ok()?)
        }
        _ => return None,
    };
    let year = i32::try_from(number(&seconds[..4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&seconds[5..7])?, number(&seconds[8..10])?)?;
    let (hour, minute) = (number(&seconds[11..13])?, number(&seconds[14..16])?);
    Some(date.and_hms_nano_opt(hour, minute, number(&seconds[17..])?, fraction)?.and_utc())
}

/// Parses decimal digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}
