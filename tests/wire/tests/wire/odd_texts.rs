//! Names and values of a document that would be code if they weren't escaped: they compile, and go
//! over the wire as they are.

use serde_json::json;
use wire::documents::code_in_texts::types::{self, E, S, U};
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve, serve_no_content};

/// The text of `x` in the document, between a backtick and white space.
fn code(start: &str, argument: &str, end: &str) -> String {
    format!("{start}`\n\n    std::fs::write(\"{argument}\", \"x\").unwrap();{end}")
}

#[tokio::test]
async fn names_and_values_with_code_go_over_the_wire_as_they_are() {
    let property = code("weird", "injected_name", "\n\n");
    let (value, tag) = (code("x", "injected_value", "\n\n"), code("b", "injected_value", "\n\n"));
    let default = code("", "injected", "\n");
    let body = json!({ "e": value, property: "w", "def": default, "u": { "k": tag } });
    let server = serve(ResponseTemplate::new(200).set_body_json(&body)).await;
    let call = document_client!(code_in_texts, server.uri()).op_a().p("a b");
    let read = call.q_std_fs_write_injected_name_x_unwrap("c").send().await.unwrap().into_inner();
    assert_eq!(read.e, Some(E::XStdFsWriteInjectedValueXUnwrap));
    assert_eq!(read.e.as_ref().unwrap().as_str(), value);
    assert_eq!(read.weird_std_fs_write_injected_name_x_unwrap.as_deref(), Some("w"));
    assert!(matches!(&read.u, Some(U::BStdFsWriteInjectedValueXUnwrap(b)) if b.k == tag));
    assert_eq!(serde_json::to_value(&read).unwrap(), body);

    let url = only_request(&server).await.url;
    let sent: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let name = "q`\n\n```\nstd::fs::write(\"injected_name\", \"x\").unwrap();\n```\n";
    assert_eq!(sent, [("p".to_owned(), "a b".to_owned()), (name.to_owned(), "c".to_owned())]);
}

#[test]
fn a_default_with_code_is_filled_in_as_it_is() {
    let read: S = serde_json::from_str("{}").unwrap();
    assert_eq!(read.def, code("", "injected", "\n"));
}

#[test]
fn a_schema_with_code_in_its_name_is_a_type() {
    let value = json!({ "k": "a", "n": { "t": "text" } });
    let U::A(a) = serde_json::from_value(value).unwrap() else { panic!("not the first member") };
    let n: types::NStdFsWriteInjectedNameXUnwrap = a.n.unwrap();
    assert_eq!(n.t.as_deref(), Some("text"));
}

/// Rust refuses carriage returns and bidirectional characters in comments.
#[tokio::test]
async fn descriptions_with_characters_that_rust_refuses_compile() {
    let server = serve_no_content().await;
    document_client!(carriage_return, server.uri()).a().send().await.unwrap();
    document_client!(bidirectional_text, server.uri()).a().send().await.unwrap();
    document_client!(code_in_a_list, server.uri()).a().send().await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}
