use asteroid_agents::{ErrorKind, Part};
use futures::TryStreamExt;
use openapi_mock::MockResponse;
use serde_json::json;

use crate::{ID, called_operations, client, exchanges, execution, mock};

#[tokio::test]
async fn the_id_may_be_text_and_one_that_is_no_uuid_is_an_error_before_anything_is_sent() {
    let mock = mock();
    let client = client(&mock);
    // In the forms of a UUID.
    for text in [ID.to_string(), ID.simple().to_string().to_uppercase(), ID.urn().to_string()] {
        let execution = client.execution(text.as_str());
        assert_eq!(execution.id(), text);
        execution.get().await.unwrap();
        let path = mock.take_exchanges().remove(0).path;
        assert!(path.ends_with(&format!("/executions/{ID}")), "{path}");
    }
    let execution = client.execution("17");
    let errors = [
        execution.get().await.unwrap_err(),
        execution.pause().await.unwrap_err(),
        execution.recording().bytes().await.unwrap_err(),
        execution.activities().try_next().await.unwrap_err(),
        execution.wait().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.operation().is_some_and(|id| error.to_string().contains(id)), "{error}");
        assert!(error.to_string().contains("`execution_id` isn't a UUID: "), "{error}");
    }
    assert_eq!(mock.exchanges().len(), 0);
}

#[tokio::test]
async fn messages_and_statuses_are_sent() {
    let mock = mock();
    let execution = execution(&mock);
    execution.message("hello").await.unwrap();
    execution.cancel().await.unwrap();
    execution.pause().await.unwrap();
    execution.resume().await.unwrap();
    execution.set_status("paused").await.unwrap();
    let exchanges = exchanges(&mock);
    let calls: Vec<_> = exchanges
        .iter()
        .map(|one| (one.operation.clone().unwrap(), one.body_value.clone().unwrap_or_default()))
        .collect();
    let call = |operation: &str, body| (operation.to_owned(), body);
    let status = |status: &str| call("ExecutionStatusUpdate", json!({ "status": status }));
    // Over their own operations, where the document has them.
    let own = |is_own, operation: &str, value: &str| match is_own {
        true => call(operation, json!(null)),
        false => status(value),
    };
    assert_eq!(
        calls,
        [
            call("ExecutionUserMessagesAdd", json!({ "message": "hello" })),
            own(cfg!(helper = "cancel.operation"), "ExecutionCancel", "cancelled"),
            own(cfg!(helper = "pause.operation"), "ExecutionPause", "paused"),
            own(cfg!(helper = "resume.operation"), "ExecutionResume", "running"),
            status("paused")
        ]
    );
    assert!(exchanges.iter().all(|one| one.path.contains(&format!("/executions/{ID}/"))));
    mock.assert_valid();
}

#[tokio::test]
async fn last_activities_are_the_newest() {
    let mock = mock();
    let all = mock.growing_list("ExecutionActivitiesGet", 5, 5).unwrap();
    let last = execution(&mock).last_activities(2).await.unwrap();
    let ids: Vec<_> = last.iter().map(|activity| json!(activity.id)).collect();
    assert_eq!(ids, [all[4]["id"].clone(), all[3]["id"].clone()]);
    mock.assert_valid();
}

#[tokio::test]
async fn files_are_uploaded_listed_and_downloaded() {
    let mock = mock();
    let execution = execution(&mock);
    execution.upload([Part::bytes("a,b").file_name("table.csv")]).await.unwrap();
    let uploaded = exchanges(&mock).remove(0).uploads.remove(0);
    assert_eq!(uploaded.file_name.as_deref(), Some("table.csv"));
    assert_eq!(uploaded.content_type.as_deref(), Some("text/csv"));
    execution.files().await.unwrap();

    let url = mock.serve_file("report.pdf", "%PDF", "application/pdf");
    mock.respond_once("ExecutionFileDownloadRedirect", MockResponse::new().header("location", url));
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("report.pdf");
    let written = execution.download("file-1").to_path(&target).await.unwrap();
    assert_eq!((*written, std::fs::read(&target).unwrap()), (4, b"%PDF".to_vec()));
    let exchanges = exchanges(&mock);
    assert!(exchanges[2].path.ends_with("/files/file-1/download"), "{}", exchanges[2].path);
    assert!(exchanges[3].headers.iter().all(|(_, value)| value != "the-key"));
    mock.assert_valid();
}

#[tokio::test]
async fn the_recording_is_downloaded_from_its_url_without_the_key() {
    let mock = mock();
    let recording = execution(&mock).recording();
    assert_eq!(called_operations(&mock).len(), 0);
    assert!(!recording.bytes().await.unwrap().is_empty());
    let exchanges = exchanges(&mock);
    assert_eq!(exchanges.len(), 2);
    assert!(exchanges[0].headers.iter().any(|(_, value)| value == "the-key"));
    assert!(exchanges[1].headers.iter().all(|(_, value)| value != "the-key"));
}

#[tokio::test]
async fn a_recording_at_a_file_url_is_an_error() {
    let mock = mock();
    let redirect = MockResponse::new().header("location", "file:///etc/passwd");
    mock.respond_once("ExecutionRecordingRedirect", redirect);
    let error = execution(&mock).recording().bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.to_string(), "download: redirect from http to file not followed");
}

#[tokio::test]
async fn a_missing_recording_is_an_error_of_its_operation() {
    let mock = mock();
    mock.fail("ExecutionRecordingRedirect", 404);
    let error = execution(&mock).recording().bytes().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Api, Some("ExecutionRecordingRedirect"))
    );
}

#[tokio::test]
async fn any_url_can_be_downloaded() {
    let mock = mock();
    let url = mock.serve_file("x", "12345", "text/plain");
    assert_eq!(&client(&mock).download(url).bytes().await.unwrap()[..], b"12345");
}
