//! Reads the activities of an execution, each once and in order.
//!
//! `ExecutionActivitiesGet` has no cursor: its parameters are `order` and `limit`, so that a
//! response has the oldest activities or the newest ones. There are two ways to the activities that
//! were added since the last read:
//!
//! - The newest ones, down to one that was returned before. Usually a few dozen are enough. The
//!   response is decoded as a whole, since it begins with the last one.
//! - All from the first one on, without those that were returned before. The response is decoded
//!   while it is received, so that it may have any length. `limit` is ten times as high with each
//!   request, until a response has fewer activities: most of them are received once.
//!
//! The second way is taken if the first one would need as many activities: at the start, and after
//! a long interruption.
//!
//! Activities have by far the most types. The functions that decode or drop some are `#[inline]`,
//! so that rustc compiles them, with the futures that they poll, for the programs that read
//! activities.

use openapi_lower_runtime::{
    Error, ErrorKind,
    json_array::{JsonArray, JsonArrayError},
    poll::{PollError, RecentKeys},
    uuid::Uuid,
};

use super::{
    handle::Execution,
    polls::{PollKind, Polls},
};
use crate::generated::{operations::ExecutionActivitiesGet, types::ExecutionActivity};

/// The `limit` of the first request for the newest activities.
const NEWEST_LIMIT: u32 = 100;
/// The `limit` of the first request for all activities.
const LIST_LIMIT: u32 = 1_000;
/// The factor by which `limit` grows.
const GROWTH: u32 = 10;
/// The largest `limit`: all versions of the document declare an integer of at least 32 bits.
const MAX_LIMIT: u32 = i32::MAX as u32;
/// The number of ids that are remembered.
const REMEMBERED_IDS: usize = 10_000;

/// Activities that were read.
pub(super) struct ActivityBatch {
    /// The new activities, oldest first.
    pub(super) activities: Vec<ExecutionActivity>,
    /// Whether the execution had no more activities when they were requested, as far as is known.
    pub(super) is_last: bool,
}

/// Reads the activities of an execution.
pub(super) struct ActivityReader {
    execution: Execution,
    returned: ReturnedActivities,
    /// The `limit` of the next request for the newest activities.
    newest_limit: u32,
    /// The list of all activities, while it is read.
    list: Option<ActivityList>,
    /// The largest number of activities of the list that the API returns; `None` as long as it has
    /// returned all.
    list_end: Option<u32>,
    has_gap: bool,
}

impl ActivityReader {
    pub(super) fn new(execution: Execution) -> Self {
        Self {
            execution,
            returned: ReturnedActivities { ids: RecentKeys::new(REMEMBERED_IDS), count: 0 },
            newest_limit: NEWEST_LIMIT,
            list: None,
            list_end: None,
            has_gap: false,
        }
    }

    /// Whether there are activities that the API returned in no response.
    pub(super) fn has_gap(&self) -> bool {
        self.has_gap
    }

    /// Reads new activities; `None` if a request failed and may succeed later.
    #[inline]
    pub(super) async fn read(
        &mut self,
        polls: &mut Polls,
    ) -> Result<Option<ActivityBatch>, PollError> {
        loop {
            if self.list.is_none() {
                let Some(newest) = self.read_newest(polls).await? else { return Ok(None) };
                if newest.reaches_returned || self.list_end.is_some() {
                    self.has_gap |= !newest.reaches_returned;
                    let activities = self.returned.insert_newest(newest.activities);
                    return Ok(Some(ActivityBatch { activities, is_last: true }));
                }
                self.list = Some(ActivityList::new(self.returned.count));
            }
            let Some(list) = &mut self.list else { continue };
            let step = list.read(&self.execution, &mut self.returned);
            let step = match polls.poll(PollKind::Oldest, step).await {
                Ok(None) => return Ok(None),
                Ok(Some(step)) => step,
                Err(PollError::Request(error)) if is_limit_error(&error) => list.reduce_limit(),
                Err(error) => return Err(error),
            };
            match step {
                ListStep::Activities(activities) => {
                    return Ok(Some(ActivityBatch { activities, is_last: false }));
                }
                ListStep::Continue => {}
                ListStep::End { length, is_complete } => {
                    let has_progressed = list.has_progressed;
                    self.list = None;
                    if !is_complete || !has_progressed {
                        self.list_end = Some(length);
                    }
                    if has_progressed {
                        return Ok(Some(ActivityBatch { activities: Vec::new(), is_last: true }));
                    }
                }
            }
        }
    }

    /// Requests the newest activities: more of them if none of them was returned before, as long as
    /// the list of all activities would be longer.
    #[inline]
    async fn read_newest(
        &mut self,
        polls: &mut Polls,
    ) -> Result<Option<NewestActivities>, PollError> {
        let mut limit = self.newest_limit;
        let mut newest = None;
        loop {
            let call = self.execution.last_activities(limit);
            let activities = match polls.poll(PollKind::Newest, call.send()).await {
                Ok(Some(response)) => response.into_inner(),
                Ok(None) => return Ok(None),
                Err(PollError::Request(error)) if newest.is_some() && is_limit_error(&error) => {
                    return Ok(newest);
                }
                Err(PollError::Request(error))
                    if error.kind() == ErrorKind::TooLarge && limit > 1 =>
                {
                    limit /= 2;
                    self.newest_limit = limit;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let is_full = activities.len() >= limit as usize;
            let reaches_returned = match self.returned.count {
                0 => !is_full,
                _ => activities.is_empty() || activities.iter().any(|one| self.returned.has(one)),
            };
            newest = Some(NewestActivities { activities, reaches_returned });
            let mut larger = larger_limit(limit);
            match self.list_end {
                Some(length) => larger = larger.min(length),
                // The list has the same activities, and is decoded while it is received.
                None if u64::from(larger) > self.returned.count => return Ok(newest),
                None => {}
            }
            if reaches_returned || !is_full || larger <= limit {
                return Ok(newest);
            }
            limit = larger;
        }
    }
}

/// The newest activities.
struct NewestActivities {
    /// The activities, newest first.
    activities: Vec<ExecutionActivity>,
    /// Whether there are no others between them and those that were returned before.
    reaches_returned: bool,
}

/// The activities that were returned.
struct ReturnedActivities {
    /// The ids of the last ones.
    ids: RecentKeys<Uuid>,
    count: u64,
}

impl ReturnedActivities {
    /// Whether an activity is among the last ones that were returned.
    fn has(&self, activity: &ExecutionActivity) -> bool {
        self.ids.contains(&activity.id)
    }

    /// Inserts an activity, and returns whether it was inserted.
    fn insert(&mut self, activity: &ExecutionActivity) -> bool {
        let is_new = self.ids.insert(activity.id);
        self.count += u64::from(is_new);
        is_new
    }

    /// Inserts the newest activities, and returns the new ones, oldest first.
    #[inline]
    fn insert_newest(&mut self, mut newest: Vec<ExecutionActivity>) -> Vec<ExecutionActivity> {
        if self.ids.has_forgotten() {
            // Activities older than all remembered ones were returned and forgotten.
            let oldest = newest.iter().rposition(|one| self.has(one));
            newest.truncate(oldest.map_or(newest.len(), |oldest| oldest + 1));
        }
        newest.into_iter().rev().filter(|one| self.insert(one)).collect()
    }
}

/// The list of all activities, from the first one on, while it is read.
struct ActivityList {
    /// The `limit` of the current or next request.
    limit: u32,
    /// The smallest `limit` that the API rejected.
    rejected: Option<u32>,
    /// The number of activities in the longest response.
    length: u32,
    /// Whether there were new activities.
    has_progressed: bool,
    response: ListResponse,
    /// The number of activities that were received of the current response.
    received: u32,
    /// Whether activities are skipped until the first one that is remembered: those before it were
    /// returned and forgotten.
    skips: bool,
}

/// The state of the current response.
enum ListResponse {
    /// Not requested yet.
    None,
    Open(Box<JsonArray<ExecutionActivity>>),
    Ended,
}

/// A step in reading the list.
enum ListStep {
    /// New activities, oldest first.
    Activities(Vec<ExecutionActivity>),
    /// The end of a response that isn't the last one.
    Continue,
    /// The end of the list.
    End {
        /// The number of activities in the longest response.
        length: u32,
        /// Whether the API returned all activities, as far as is known.
        is_complete: bool,
    },
}

impl ActivityList {
    /// Creates the list of an execution of which `returned` activities are known.
    fn new(returned: u64) -> Self {
        let mut limit = LIST_LIMIT;
        while u64::from(limit) <= returned && limit < MAX_LIMIT {
            limit = larger_limit(limit);
        }
        Self {
            limit,
            rejected: None,
            length: 0,
            has_progressed: false,
            response: ListResponse::None,
            received: 0,
            skips: false,
        }
    }

    /// Reads the next new activities, or the end of the current response.
    #[inline]
    async fn read(
        &mut self,
        execution: &Execution,
        returned: &mut ReturnedActivities,
    ) -> Result<ListStep, Error> {
        let call = execution.first_activities(self.limit);
        loop {
            let activities = match &mut self.response {
                ListResponse::Ended => return Ok(self.end_response()),
                ListResponse::None => {
                    (self.received, self.skips) = (0, returned.ids.has_forgotten());
                    let response = call.clone().send_raw().await?;
                    if response.status().is_success() {
                        let array = JsonArray::new(response.into_inner());
                        self.response = ListResponse::Open(Box::new(array));
                        continue;
                    }
                    self.receive_whole(call.clone()).await?
                }
                ListResponse::Open(array) => match array.next_elements().await {
                    Ok(Some(activities)) => activities,
                    Ok(None) => {
                        self.response = ListResponse::Ended;
                        continue;
                    }
                    Err(JsonArrayError::Body(error)) => {
                        self.response = ListResponse::None;
                        return Err(error);
                    }
                    Err(JsonArrayError::Invalid) => self.receive_whole(call.clone()).await?,
                },
            };
            let length = u32::try_from(activities.len()).unwrap_or(u32::MAX);
            self.received = self.received.saturating_add(length);
            if self.received > self.limit {
                // The rest is requested with the next limit, so that no response is endless.
                self.response = ListResponse::Ended;
            }
            let new: Vec<_> =
                activities.into_iter().filter(|one| self.is_new(one, returned)).collect();
            if !new.is_empty() {
                self.has_progressed = true;
                return Ok(ListStep::Activities(new));
            }
        }
    }

    /// Receives a response as a whole: if it is an error, or invalid, the error has its status and
    /// body.
    #[inline]
    async fn receive_whole(
        &mut self,
        call: ExecutionActivitiesGet,
    ) -> Result<Vec<ExecutionActivity>, Error> {
        self.response = ListResponse::None;
        let activities = call.send().await?.into_inner();
        (self.received, self.response) = (0, ListResponse::Ended);
        Ok(activities)
    }

    fn is_new(&mut self, activity: &ExecutionActivity, returned: &mut ReturnedActivities) -> bool {
        if self.skips {
            self.skips = !returned.has(activity);
            return false;
        }
        returned.insert(activity)
    }

    /// Raises the limit if the response had as many activities.
    fn end_response(&mut self) -> ListStep {
        self.response = ListResponse::None;
        self.length = self.length.max(self.received);
        if self.received < self.limit {
            return ListStep::End { length: self.length, is_complete: true };
        }
        let larger = larger_limit(self.limit);
        if larger == self.limit || self.rejected.is_some_and(|rejected| larger >= rejected) {
            return ListStep::End { length: self.length, is_complete: false };
        }
        self.limit = larger;
        ListStep::Continue
    }

    /// Lowers the limit that the API rejected.
    fn reduce_limit(&mut self) -> ListStep {
        self.rejected = Some(self.limit);
        self.limit = (self.limit / 2).max(NEWEST_LIMIT);
        match self.rejected > Some(self.limit) && self.limit > self.length {
            true => ListStep::Continue,
            false => ListStep::End { length: self.length, is_complete: false },
        }
    }
}

fn larger_limit(limit: u32) -> u32 {
    limit.saturating_mul(GROWTH).min(MAX_LIMIT)
}

/// Whether a request may have failed because of its `limit`.
fn is_limit_error(error: &Error) -> bool {
    let status = error.status().map(|status| status.as_u16());
    match error.kind() {
        ErrorKind::TooLarge => true,
        ErrorKind::Api => matches!(status, Some(400 | 413 | 422)),
        _ => false,
    }
}
