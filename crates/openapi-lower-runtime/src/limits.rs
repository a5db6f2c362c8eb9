//! Limits of decoding one body: memory for data that the document doesn't declare, and time for
//! unions.
//!
//! Deserializers have no context, so the limits are those of the thread while a body is decoded.
//! Decoding never awaits. Values that users deserialize themselves have no limit of memory.

use std::{cell::RefCell, fmt};

use tokio::time::Instant;

/// The number of bytes of JSON that are buffered at once, until the type to decode them into is
/// known.
const BUFFER_LIMIT: usize = 64 << 20;

/// The number of values that unions may examine, whatever the size of the body is.
const MIN_EFFORT: usize = 500_000;

/// The cost of a value in bytes, beside that of its text: small values take more memory than text.
pub(crate) const VALUE_COST: usize = 8;

thread_local! {
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// The limits of one body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeLimits {
    /// The number of bytes of undeclared properties and union members.
    pub(crate) unknown: usize,
    /// The size of the body in bytes.
    pub(crate) body: usize,
    /// The time at which the attempt ends.
    pub(crate) end: Option<Instant>,
}

impl DecodeLimits {
    const NONE: Self = Self { unknown: usize::MAX, body: 0, end: None };
}

/// The use of the limits.
#[derive(Debug)]
struct Scope {
    limits: DecodeLimits,
    unknown: usize,
    buffered: usize,
    /// The number of values that unions have examined.
    effort: usize,
    exceeded: Option<Exceeded>,
}

impl Scope {
    fn new(limits: DecodeLimits) -> Self {
        Self { limits, unknown: 0, buffered: 0, effort: 0, exceeded: None }
    }

    /// The number of values that unions may examine: in proportion to the body.
    fn max_effort(&self) -> usize {
        MIN_EFFORT.saturating_add(self.limits.body)
    }
}

/// The limit that a body exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exceeded {
    /// Undeclared data.
    Unknown(usize),
    /// Data that had to be buffered.
    Buffer,
    /// The end of the attempt.
    Time,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(limit) => write!(
                f,
                "properties and values that the API's document doesn't declare exceed the limit of \
                 {limit} bytes (`undeclared_limit`)"
            ),
            Self::Buffer => write!(f, "a union member exceeds the limit of {BUFFER_LIMIT} bytes"),
            Self::Time => f.write_str("decoding took too long"),
        }
    }
}

/// The limits of the thread, until they are dropped.
pub(crate) struct LimitGuard {
    outer: Option<Scope>,
}

impl LimitGuard {
    /// Sets the limits of the body that is decoded next.
    pub(crate) fn new(limits: DecodeLimits) -> Self {
        Self { outer: SCOPE.replace(Some(Scope::new(limits))) }
    }

    /// Sets limits of time for a union, unless it is part of a value that has limits already.
    pub(crate) fn for_union() -> Option<Self> {
        let is_outermost = SCOPE.with_borrow(Option::is_none);
        is_outermost.then(|| Self::new(DecodeLimits::NONE))
    }

    /// The limit that was exceeded.
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        SCOPE.with_borrow(|scope| scope.as_ref()?.exceeded)
    }
}

impl Drop for LimitGuard {
    fn drop(&mut self) {
        SCOPE.replace(self.outer.take());
    }
}

/// Counts data that the document doesn't declare.
pub(crate) fn charge_unknown(bytes: usize) -> Result<(), Exceeded> {
    charge(|scope| {
        scope.unknown = scope.unknown.saturating_add(bytes);
        (scope.unknown > scope.limits.unknown).then_some(Exceeded::Unknown(scope.limits.unknown))
    })
}

/// Counts data that is buffered; [`release_buffer`] uncounts it.
pub(crate) fn charge_buffer(bytes: usize) -> Result<(), Exceeded> {
    charge(|scope| {
        scope.buffered = scope.buffered.saturating_add(bytes);
        (scope.buffered > BUFFER_LIMIT).then_some(Exceeded::Buffer)
    })
}

fn charge(count: impl FnOnce(&mut Scope) -> Option<Exceeded>) -> Result<(), Exceeded> {
    SCOPE.with_borrow_mut(|scope| {
        let Some(scope) = scope else { return Ok(()) };
        match count(scope) {
            Some(exceeded) => {
                scope.exceeded.get_or_insert(exceeded);
                Err(exceeded)
            }
            None => Ok(()),
        }
    })
}

/// The number of buffered bytes.
pub(crate) fn buffered() -> usize {
    SCOPE.with_borrow(|scope| scope.as_ref().map_or(0, |scope| scope.buffered))
}

/// Uncounts buffered bytes beyond `buffered`.
pub(crate) fn release_buffer(buffered: usize) {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            scope.buffered = buffered;
        }
    });
}

/// The number of undeclared bytes.
pub(crate) fn unknown() -> usize {
    SCOPE.with_borrow(|scope| scope.as_ref().map_or(0, |scope| scope.unknown))
}

/// Sets the number of undeclared bytes: those of a variant that isn't selected don't count.
pub(crate) fn reset_unknown(unknown: usize) {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            scope.unknown = unknown;
        }
    });
}

/// The effort that is left for a union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Every variant may be tried.
    BestMatch,
    /// The first variant that fits is selected.
    FirstMatch,
    /// No variant may be tried.
    None,
}

/// Counts the values that a variant examines.
pub(crate) fn charge_effort(values: usize) -> Result<Effort, Exceeded> {
    SCOPE.with_borrow_mut(|scope| {
        let Some(scope) = scope else { return Ok(Effort::BestMatch) };
        if scope.limits.end.is_some_and(|end| Instant::now() > end) {
            scope.exceeded.get_or_insert(Exceeded::Time);
            return Err(Exceeded::Time);
        }
        scope.effort = scope.effort.saturating_add(values);
        let max = scope.max_effort();
        Ok(match scope.effort {
            effort if effort > max => Effort::None,
            effort if effort > max / 2 => Effort::FirstMatch,
            _ => Effort::BestMatch,
        })
    })
}
