//! Moments in time, which stand in lists by the thousand.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{
    Deserialize,
    de::{Deserializer, Error, Visitor},
};

/// Reads a moment (RFC 3339, section 5.6). The form that servers write, in UTC and with capital
/// letters, is read at once; chrono reads all others.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    struct Moment;

    impl Visitor<'_> for Moment {
        type Value = DateTime<Utc>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a date and time as RFC 3339 writes it")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            match in_utc(text.as_bytes()) {
                Some(moment) => Ok(moment),
                None => text.parse().map_err(|error| E::custom(format_args!("{error}: {text:?}"))),
            }
        }
    }

    deserializer.deserialize_str(Moment)
}

/// Reads a moment or null.
pub fn deserialize_optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    struct Given(DateTime<Utc>);

    impl<'de> Deserialize<'de> for Given {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            self::deserialize(deserializer).map(Given)
        }
    }

    Ok(Option::deserialize(deserializer)?.map(|Given(moment)| moment))
}

/// `2026-11-25T08:30:00Z`, with up to nine digits of a second.
fn in_utc(text: &[u8]) -> Option<DateTime<Utc>> {
    let (whole, rest) = text.split_at_checked(19)?;
    let separators = [whole[4], whole[7], whole[10], whole[13], whole[16]];
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
    let year = i32::try_from(number(&whole[..4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&whole[5..7])?, number(&whole[8..10])?)?;
    let (hour, minute) = (number(&whole[11..13])?, number(&whole[14..16])?);
    Some(date.and_hms_nano_opt(hour, minute, number(&whole[17..])?, fraction)?.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}
