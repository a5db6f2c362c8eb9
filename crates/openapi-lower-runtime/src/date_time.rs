//! Deserialization of date-times, also in lists and maps: fast in the usual form, since long lists
//! contain thousands, and lenient in others.

use std::{any::Any, collections::HashMap, fmt};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{
    Deserialize,
    de::{Deserializer, Error, Visitor},
};

/// A type whose date-times are deserialized leniently: RFC 3339 (section 5.6), and what servers
/// send in its place.
///
/// A date-time may have a space in place of the `T`, an offset without minutes, or no offset: then
/// it is in UTC.
pub trait DateTimes<'de>: Sized {
    /// Deserializes the value.
    fn deserialize_date_times<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Deserializes a value with date-times.
pub fn deserialize<'de, T: DateTimes<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize_date_times(deserializer)
}

/// Deserializes a value of any type. Only a date-time, or a list of them, is deserialized in
/// another way than by its own implementation: macros don't know the type of a value.
pub fn deserialize_any_type<'de, T: Deserialize<'de> + 'static, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value: Option<T> = None;
    let slot: &mut dyn Any = &mut value;
    if let Some(slot) = slot.downcast_mut::<Option<DateTime<Utc>>>() {
        *slot = Some(deserialize(deserializer)?);
    } else if let Some(slot) = slot.downcast_mut::<Option<Vec<DateTime<Utc>>>>() {
        *slot = Some(deserialize(deserializer)?);
    } else {
        return T::deserialize(deserializer);
    }
    value.ok_or_else(|| D::Error::custom("expected a date-time"))
}

impl<'de> DateTimes<'de> for DateTime<Utc> {
    fn deserialize_date_times<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateTimeVisitor;

        impl Visitor<'_> for DateTimeVisitor {
            type Value = DateTime<Utc>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date-time")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                if let Some(date_time) = parse_utc(text.as_bytes()) {
                    return Ok(date_time);
                }
                text.parse().or_else(|error| {
                    parse_other(text).ok_or_else(|| E::custom(format_args!("{error}: {text:?}")))
                })
            }
        }

        deserializer.deserialize_str(DateTimeVisitor)
    }
}

impl<'de, T: DateTimes<'de>> DateTimes<'de> for Option<T> {
    fn deserialize_date_times<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(|Lenient(value)| value))
    }
}

impl<'de, T: DateTimes<'de>> DateTimes<'de> for Vec<T> {
    fn deserialize_date_times<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: Vec<Lenient<T>> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|Lenient(value)| value).collect())
    }
}

impl<'de, T: DateTimes<'de>> DateTimes<'de> for HashMap<String, T> {
    fn deserialize_date_times<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: HashMap<String, Lenient<T>> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|(name, Lenient(value))| (name, value)).collect())
    }
}

/// A value whose date-times are deserialized leniently.
pub struct Lenient<T>(pub(crate) T);

impl<'de, T: DateTimes<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_date_times(deserializer).map(Self)
    }
}

/// Parses a date-time without an offset, which is in UTC (Python and PHP servers send them), or
/// with an offset of hours only (PostgreSQL's text).
fn parse_other(text: &str) -> Option<DateTime<Utc>> {
    if let [.., b'+' | b'-', b'0'..=b'9', b'0'..=b'9'] = text.as_bytes()
        && text.contains(':')
    {
        return format!("{text}:00").parse().ok();
    }
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    let date_time: NaiveDateTime = format!("{date}T{time}").parse().ok()?;
    Some(date_time.and_utc())
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
