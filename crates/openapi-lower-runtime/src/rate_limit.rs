//! The rate limit that the headers of a response report.
//!
//! There are three forms: the structured fields `RateLimit` and `RateLimit-Policy` of the IETF's
//! draft (draft-ietf-httpapi-ratelimit-headers), the fields `RateLimit-Limit`, `-Remaining` and
//! `-Reset` of its first versions, and the same fields with `X-`, which no document defines.

use std::{
    cmp::Reverse,
    time::{Duration, SystemTime},
};

use reqwest::header::HeaderMap;

use crate::response_date::response_date;

/// The front parts of the names of single fields.
const PREFIXES: [&str; 3] = ["ratelimit", "x-ratelimit", "x-rate-limit"];

/// From here on, seconds are those since 1970, and not until the reset: as the latter, they would
/// be 31 years.
const FIRST_UNIX_TIME: f64 = 1e9;

/// The same in milliseconds.
const FIRST_UNIX_MILLISECONDS: f64 = 1e12;

/// The rate limit that a response reports: of
/// [`Response::rate_limit`](crate::Response::rate_limit) and
/// [`Error::rate_limit`](crate::Error::rate_limit).
///
/// If there are several quotas, it is the one with the fewest remaining requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the quota allows in its period.
    pub limit: Option<u64>,
    /// The number of requests that are left.
    pub remaining: Option<u64>,
    /// The time from the response until requests are left again.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads the headers of a response; `None` if they have no rate limit. Fields that aren't valid
    /// are ignored.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let structured = || from_structured_fields(headers);
        let single = || PREFIXES.iter().find_map(|prefix| from_single_fields(headers, prefix));
        structured().or_else(single)
    }

    /// `None` if nothing is reported.
    fn if_any(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// Reads `"name";r=5;t=30`, with the policy `"name";q=100`, and of earlier versions of the draft
/// `limit=100, remaining=5, reset=30`.
fn from_structured_fields(headers: &HeaderMap) -> Option<RateLimit> {
    let text = field(headers, "ratelimit")?;
    let policies = field(headers, "ratelimit-policy").unwrap_or_default();
    let policies: Vec<_> = split(&policies, ',').into_iter().map(Member::parse).collect();
    let members: Vec<_> = split(&text, ',').into_iter().map(Member::parse).collect();
    let policy = |member: &Member<'_>| policies.iter().find(|policy| policy.name == member.name);
    // Quotas of bytes aren't of requests.
    let of_requests = |member: &&Member<'_>| {
        let unit = policy(member).and_then(|policy| policy.parameter("qu"));
        unit.is_none_or(|unit| unit == "\"requests\"")
    };
    let quotas = members.iter().filter(of_requests).filter_map(|member| {
        let remaining = number(member.parameter("r")?)?;
        Some(RateLimit {
            limit: policy(member).and_then(|policy| number(policy.parameter("q")?)),
            remaining: Some(remaining),
            reset: member.parameter("t").and_then(number).map(Duration::from_secs),
        })
    });
    let tightest = quotas.min_by_key(|quota| (quota.remaining, Reverse(quota.reset)));
    let value = |name: &str| {
        let mut members = members.iter();
        members.find_map(|member| number(member.name.strip_prefix(name)?.strip_prefix('=')?))
    };
    let pairs = || RateLimit {
        limit: value("limit"),
        remaining: value("remaining"),
        reset: value("reset").map(Duration::from_secs),
    };
    tightest.or_else(|| pairs().if_any())
}

/// Reads `RateLimit-Limit: 100`, `RateLimit-Remaining: 5` and `RateLimit-Reset: 30`, with this
/// prefix.
fn from_single_fields(headers: &HeaderMap, prefix: &str) -> Option<RateLimit> {
    let text = |name: &str| field(headers, &format!("{prefix}-{name}"));
    // A limit may be followed by its policies: `100, 100;w=60`.
    let first = |text: String| number(text.split([',', ';']).next()?);
    let limit = RateLimit {
        limit: text("limit").and_then(first),
        remaining: text("remaining").and_then(first),
        reset: text("reset").and_then(|text| reset(&text, response_date(headers))),
    };
    limit.if_any()
}

/// Returns the time until the reset: it is in seconds, or a time in seconds or milliseconds since
/// 1970, or a date.
fn reset(text: &str, now: SystemTime) -> Option<Duration> {
    let until = |time: SystemTime| time.duration_since(now).unwrap_or_default();
    let Ok(number) = text.trim().parse::<f64>() else {
        return httpdate::parse_http_date(text).ok().map(until);
    };
    let since_1970 = |seconds| {
        let seconds = Duration::try_from_secs_f64(seconds).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(seconds).map(until)
    };
    match number {
        number if number >= FIRST_UNIX_MILLISECONDS => since_1970(number / 1e3),
        number if number >= FIRST_UNIX_TIME => since_1970(number),
        number => Duration::try_from_secs_f64(number).ok(),
    }
}

/// A member of a list of structured fields (RFC 9651, section 3.1).
struct Member<'a> {
    /// The text in front of the parameters.
    name: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Member<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = split(text, ';').into_iter();
        let name = parts.next().unwrap_or_default();
        Self { name, parameters: parts.filter_map(|part| part.split_once('=')).collect() }
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        // The last of several with one name counts.
        self.parameters.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }
}

/// Splits a text where `separator` isn't in a string.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if c == separator && !quoted => {
                parts.push(text[start..index].trim());
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// Returns the value of a field; several lines of it are one list (RFC 9110, section 5.3).
fn field(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}
