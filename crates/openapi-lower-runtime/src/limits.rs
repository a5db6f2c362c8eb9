//! Limits of decoding one body: memory for data that the document doesn't declare, and time for
//! unions.
//!
//! Deserializers have no context, so the limits are those of the thread while a body is decoded.
//! Decoding never awaits. Values that users deserialize themselves have no limit of memory.

use std::{cell::RefCell, fmt};

use tokio::time::Instant;

/// The number of bytes that are buffered at once, until the type to decode them into is known.
const BUFFER_LIMIT: usize = 32 << 20;

/// The number of values that the unions in one union may examine again, beside [`EFFORT_FACTOR`].
const MIN_EFFORT: usize = 4_000;

/// The number of times that the values in a union may be examined again by the unions in it.
const EFFORT_FACTOR: usize = 24;

/// The number of values that the unions in a body may examine again, beside twice its bytes.
const BODY_EFFORT: usize = 1_000_000;

/// The cost of a value in bytes, beside that of its text: small values take more memory than text.
pub(crate) const VALUE_COST: usize = 32;

/// The number of charges between two looks at the clock.
const CHARGES_PER_CHECK: usize = 4_096;

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
    /// The number of charges.
    charges: usize,
    /// The number of unions around the present one.
    depth: usize,
    /// The numbers of values that unions have examined again: in the outermost one, and in all.
    effort: usize,
    body_effort: usize,
    /// The limit of `effort`.
    max_effort: usize,
    exceeded: Option<Exceeded>,
}

impl Scope {
    fn new(limits: DecodeLimits) -> Self {
        Self {
            limits,
            unknown: 0,
            buffered: 0,
            charges: 0,
            depth: 0,
            effort: 0,
            body_effort: 0,
            max_effort: 0,
            exceeded: None,
        }
    }

    /// Fails if the attempt has ended.
    fn check_time(&mut self) -> Result<(), Exceeded> {
        if self.limits.end.is_some_and(|end| Instant::now() > end) {
            self.exceeded.get_or_insert(Exceeded::Time);
            return Err(Exceeded::Time);
        }
        Ok(())
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

/// Starts to count anew: the present body is decoded once more, in the time that is left.
pub(crate) fn restart() {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            *scope = Scope::new(scope.limits);
        }
    });
}

/// Whether a limit of the present body is exceeded.
pub(crate) fn is_exceeded() -> bool {
    SCOPE.with_borrow(|scope| scope.as_ref().is_some_and(|scope| scope.exceeded.is_some()))
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
        scope.charges += 1;
        if scope.charges % CHARGES_PER_CHECK == 0 {
            scope.check_time()?;
        }
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

/// Begins a union of so many values, until the result is dropped.
pub(crate) fn enter_union(values: usize) -> UnionDepth {
    SCOPE.with_borrow_mut(|scope| {
        if let Some(scope) = scope {
            if scope.depth == 0 {
                scope.effort = 0;
                scope.max_effort = MIN_EFFORT.saturating_add(values.saturating_mul(EFFORT_FACTOR));
            }
            scope.depth += 1;
        }
    });
    UnionDepth(())
}

/// A union that is being deserialized.
pub(crate) struct UnionDepth(());

impl Drop for UnionDepth {
    fn drop(&mut self) {
        SCOPE.with_borrow_mut(|scope| {
            if let Some(scope) = scope {
                scope.depth = scope.depth.saturating_sub(1);
            }
        });
    }
}

/// Counts the values that a variant examines; returns whether it may.
///
/// A union may examine its values once for each variant, as that takes time in proportion to the
/// body. What unions in unions examine again is limited, for each outermost union and for the
/// whole body, since it grows exponentially.
pub(crate) fn charge_effort(values: usize) -> Result<bool, Exceeded> {
    SCOPE.with_borrow_mut(|scope| {
        let Some(scope) = scope else { return Ok(true) };
        scope.check_time()?;
        if scope.depth > 1 {
            scope.effort = scope.effort.saturating_add(values);
            scope.body_effort = scope.body_effort.saturating_add(values);
        }
        let max = BODY_EFFORT.saturating_add(scope.limits.body.saturating_mul(2));
        Ok(scope.effort <= scope.max_effort && scope.body_effort <= max)
    })
}
