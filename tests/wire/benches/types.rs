//! Decoding of responses: generated types compared to hand-written types with serde's derives.
//!
//! ```sh
//! cargo bench -p wire
//! ```

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wire::types;

/// The hand-written types.
#[allow(dead_code, reason = "the fields are decoded and not used")]
mod hand_written {
    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Entry {
        pub id: uuid::Uuid,
        pub execution_id: uuid::Uuid,
        pub timestamp: chrono::DateTime<chrono::Utc>,
        pub payload: Payload,
    }

    #[derive(Deserialize)]
    #[serde(tag = "activityType", rename_all = "snake_case", rename_all_fields = "camelCase")]
    pub enum Payload {
        Reasoning {
            reasoning: String,
        },
        ActionStarted {
            message: String,
            action_name: String,
            action_id: String,
            info: Option<Info>,
        },
        ActionCompleted {
            message: String,
            action_name: String,
            action_id: String,
            duration: Option<i64>,
            info: Option<Info>,
        },
        FileAdded {
            file_id: uuid::Uuid,
            file_name: String,
            file_size: Option<i64>,
            source: Option<Source>,
        },
        TransitionedNode {
            from: String,
            to: String,
            reason: Option<String>,
        },
        Terminal {
            outcome: Outcome,
            seconds: Option<f64>,
        },
    }

    #[derive(Deserialize)]
    #[serde(tag = "actionName", rename_all = "snake_case", rename_all_fields = "camelCase")]
    pub enum Info {
        ExtApiCall {
            request_method: Option<String>,
            request_url: Option<String>,
            response_body: Option<String>,
            status_code: Option<String>,
        },
        ScratchpadWrite {
            content: Option<String>,
            content_truncated: Option<bool>,
            lines_changed: Option<i64>,
            total_lines: Option<i64>,
        },
        ScriptPlaywright {
            success: bool,
            result: Option<String>,
            console_logs: Option<Vec<String>>,
        },
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Source {
        Upload,
        Download,
        Agent,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Outcome {
        Success,
        Partial,
        Failure,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Plain {
        pub id: uuid::Uuid,
        pub name: String,
        pub status: Status,
        pub phase: Phase,
        pub created_at: chrono::DateTime<chrono::Utc>,
        pub terminal_at: Option<chrono::DateTime<chrono::Utc>>,
        pub labels: Vec<String>,
        pub comments: Option<i64>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Status {
        Starting,
        Running,
        Paused,
        AwaitingConfirmation,
        Completed,
        Cancelled,
        Failed,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Phase {
        Active,
        Waiting,
        Terminal,
    }
}

/// Returns an object whose tag is its first or last property.
fn tagged_object(property: &str, tag: &str, rest: Value, tag_last: bool) -> Value {
    let mut object = serde_json::Map::new();
    if !tag_last {
        object.insert(property.to_owned(), tag.into());
    }
    object.extend(rest.as_object().unwrap().clone());
    if tag_last {
        object.insert(property.to_owned(), tag.into());
    }
    object.into()
}

/// Returns the payload of a typical activity: actions that start and complete, and reasoning.
fn payload(index: usize, tag_last: bool) -> Value {
    let text = format!("step {index}: the page shows a table with {} rows", index % 90);
    let id = format!("{index:08x}-0000-4000-8000-000000000000");
    let name = ["ext_api_call", "scratchpad_write", "script_playwright"][index % 3];
    let info = match index % 3 {
        0 => json!({
            "requestMethod": "GET",
            "requestUrl": "https://example.com/orders?page=2",
            "responseBody": "no orders",
            "statusCode": "200",
        }),
        1 => {
            json!({ "content": text, "contentTruncated": false, "linesChanged": 3, "totalLines": 40 })
        }
        _ => json!({ "success": true, "result": text, "consoleLogs": ["ready", "clicked"] }),
    };
    let info = tagged_object("actionName", name, info, tag_last);
    let mut action = json!({ "message": text, "actionName": name, "actionId": id, "info": info });
    let (tag, rest) = match index % 8 {
        0..=2 => ("action_started", action),
        3..=5 => {
            action["duration"] = index.into();
            ("action_completed", action)
        }
        6 => ("reasoning", json!({ "reasoning": text })),
        _ => match index % 3 {
            0 => (
                "file_added",
                json!({ "fileId": id, "fileName": text, "fileSize": index, "source": "agent" }),
            ),
            1 => ("transitioned_node", json!({ "from": "a", "to": "b", "reason": text })),
            _ => ("terminal", json!({ "outcome": "partial", "seconds": 1.5 })),
        },
    };
    tagged_object("activityType", tag, rest, tag_last)
}

/// Returns 5,000 activities as JSON, with the tag first or last.
fn activities(tag_last: bool) -> String {
    let entry = |index: usize| {
        json!({
            "id": format!("{index:08x}-1111-4000-8000-000000000000"),
            "executionId": "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01",
            "timestamp": format!("2026-11-25T08:{:02}:{:02}.123Z", index / 60 % 60, index % 60),
            "payload": payload(index, tag_last),
        })
    };
    Value::from((0..5_000).map(entry).collect::<Vec<_>>()).to_string()
}

/// Returns about 6 MB of entries with enums as JSON.
fn plain() -> String {
    let statuses = ["starting", "running", "paused", "awaiting_confirmation", "completed"];
    let phases = ["active", "waiting", "terminal"];
    let entry = |index: usize| {
        json!({
            "id": format!("{index:08x}-1111-4000-8000-000000000000"),
            "name": format!("execution number {index}"),
            "status": statuses[index % statuses.len()],
            "phase": phases[index % phases.len()],
            "createdAt": "2026-11-25T08:00:00Z",
            "terminalAt": "2026-11-25T09:00:00.5Z",
            "labels": ["nightly", "checkout", "eu"],
            "comments": index % 7,
        })
    };
    Value::from((0..23_500).map(entry).collect::<Vec<_>>()).to_string()
}

/// Measures the decoding of a list into generated types `G` and hand-written types `H`.
fn compare<G: DeserializeOwned, H: DeserializeOwned>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    text: &str,
) {
    group.throughput(Throughput::Bytes(text.len() as u64));
    let decode = |text: &str| serde_json::from_str::<Vec<G>>(text).unwrap().len();
    group.bench_function("generated", |b| b.iter(|| black_box(decode(black_box(text)))));
    let decode = |text: &str| serde_json::from_str::<Vec<H>>(text).unwrap().len();
    group.bench_function("by hand", |b| b.iter(|| black_box(decode(black_box(text)))));
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, tag_last) in [("activities, tag first", false), ("activities, tag last", true)] {
        let text = activities(tag_last);
        let mut group = criterion.benchmark_group(name);
        compare::<types::EventEntry, hand_written::Entry>(&mut group, &text);
        group.finish();
    }
    let text = plain();
    let mut group = criterion.benchmark_group("6 MB of entries with enums");
    compare::<types::EventPlain, hand_written::Plain>(&mut group, &text);
    group.finish();
    criterion.final_summary();
}
