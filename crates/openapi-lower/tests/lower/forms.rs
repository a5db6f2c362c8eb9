//! Parts of multipart forms.

use openapi_lower::ir::{Part, PartContent};

use crate::{lower, with_operations};

/// A document whose only operation sends a form with these properties and encodings.
fn form(properties: &str, encoding: &str) -> openapi_lower::Document {
    with_operations(&format!(
        "
post:
  requestBody:
    content:
      multipart/form-data:
        schema: {{ type: object, required: [files], properties: {{ {properties} }} }}
        encoding: {{ {encoding} }}
  responses: {{ '200': {{ description: ok }} }}"
    ))
}

/// The parts of a form, and the warnings.
fn parts(properties: &str, encoding: &str) -> (Vec<Part>, Vec<String>) {
    let lowered = lower(&form(properties, encoding)).unwrap_or_else(|error| panic!("{error}"));
    let warnings = lowered.warnings.iter().map(ToString::to_string).collect();
    let body = lowered.model.operations.into_iter().next().unwrap().body.unwrap();
    (body.parts().to_vec(), warnings)
}

/// Name, content, whether it may be repeated, and declared media type of each part.
fn shown(parts: &[Part]) -> Vec<(&str, &str, bool, Option<&str>)> {
    let shown = parts.iter().map(|part| {
        let content = match part.content {
            PartContent::File => "file",
            PartContent::Value(_) => "value",
            PartContent::Json(_) => "json",
            PartContent::Delimited(..) => "delimited",
            PartContent::Styled(..) => "styled",
            _ => "other",
        };
        (part.name.as_str(), content, part.repeated, part.media_type.as_deref())
    });
    shown.collect()
}

#[test]
fn parts_have_a_content_by_their_schema() {
    let (parts, warnings) = parts(
        "
        files: { type: array, items: { type: string, format: binary } },
        cover: { type: string, contentMediaType: image/png },
        raw: {},
        title: { type: string, description: A title },
        size: { type: [integer, 'null'] },
        level: { enum: [low, high] },
        at: { type: string, format: date-time },
        meta: { type: object, additionalProperties: { type: string } },
        either: { anyOf: [{ type: string }, { type: integer }] },
        source: { anyOf: [{ type: string }, { type: string, format: binary }] },
        images: { anyOf: [{ type: string, format: binary }, { type: array, items: { type: string, format: binary } }] },
        tags: { anyOf: [{ type: string }, { type: array, items: { type: string } }, { type: 'null' }] },
        encoded: { type: string, contentEncoding: base64 }",
        "",
    );
    assert_eq!(
        shown(&parts),
        [
            ("files", "file", true, None),
            ("cover", "file", false, None),
            ("raw", "file", false, None),
            ("title", "value", false, None),
            ("size", "value", false, None),
            ("level", "value", false, None),
            ("at", "value", false, None),
            ("meta", "value", false, None),
            ("either", "value", false, None),
            ("source", "file", false, None),
            ("images", "file", true, None),
            ("tags", "value", true, None),
            ("encoded", "value", false, Some("application/octet-stream")),
        ]
    );
    assert_eq!((parts[0].required, parts[1].required), (true, false));
    assert_eq!(parts[3].description.as_deref(), Some("A title"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn encodings_determine_content_and_media_type() {
    let (parts, warnings) = parts(
        "
        icon: { type: string },
        page: { type: string },
        caption: { type: string },
        count: { type: integer },
        labels: { type: array, items: { type: object, properties: { a: { type: string } } } },
        meta: { type: object, properties: { a: { type: string } } },
        file: { type: string, format: binary },
        joined: { type: array, items: { type: string } },
        deep: { type: object, properties: { a: { type: string } } },
        rows: { type: array, items: { type: array, items: { type: string } } },
        repeated: { type: array, items: { type: integer } },
        one: { type: string }",
        "
        icon: { contentType: 'image/png, image/jpeg' },
        page: { contentType: 'application/pdf, Text/HTML' },
        caption: { contentType: application/json },
        count: { contentType: application/x-count },
        labels: { contentType: application/vnd.a+json },
        meta: { contentType: text/plain },
        file: { contentType: image/* },
        joined: { style: spaceDelimited, explode: false, contentType: text/csv },
        deep: { style: deepObject },
        rows: { style: form },
        repeated: { style: form },
        one: { style: form, explode: false }",
    );
    assert_eq!(
        shown(&parts),
        [
            ("icon", "file", false, Some("image/png, image/jpeg")),
            ("page", "value", false, Some("Text/HTML")),
            ("caption", "json", false, Some("application/json")),
            ("count", "value", false, Some("application/x-count")),
            ("labels", "json", true, Some("application/vnd.a+json")),
            ("meta", "value", false, Some("text/plain")),
            ("file", "file", false, Some("image/*")),
            ("joined", "delimited", true, None),
            ("deep", "styled", false, None),
            ("rows", "styled", false, None),
            ("repeated", "value", true, None),
            ("one", "value", false, None),
        ]
    );
    assert!(matches!(parts[7].content, PartContent::Delimited(' ', _)));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn unused_encodings_and_optional_headers_are_warnings() {
    let (parts, warnings) = parts(
        "title: { type: string }",
        "
        title: { headers: { Content-Type: { schema: {} }, X-Trace: { schema: { type: string } } } },
        titel: { contentType: text/html }",
    );
    assert_eq!(shown(&parts), [("title", "value", false, None)]);
    let at = "#/paths/~1thing/post/requestBody/content/multipart~1form-data/encoding";
    assert_eq!(
        warnings,
        [
            format!("{at}/titel: ignored: the form has no property `titel`"),
            format!(
                "{at}/title/headers/X-Trace: not sent: headers of single parts are not supported"
            ),
        ]
    );
}

#[test]
fn encodings_that_cannot_be_honoured_are_refused() {
    let document = form(
        "
        meta: { type: object, properties: { a: { type: string } } },
        deep: { type: array, items: { type: array, items: { type: string } } },
        traced: { type: string },
        odd: { type: string }",
        "
        meta: { contentType: application/xml },
        deep: { style: form, explode: false },
        traced: { headers: { X-Trace: { required: true, schema: { type: string } } } },
        odd: { contentType: 'text / odd' }",
    );
    let refusals = lower(&document).unwrap_err();
    let shown: Vec<_> =
        refusals.iter().map(|one| format!("{}: {}", one.pointer, one.construct)).collect();
    let at = "#/paths/~1thing/post/requestBody/content/multipart~1form-data/encoding";
    assert_eq!(
        shown,
        [
            format!("{at}/deep: a part of style form"),
            format!("{at}/meta/contentType: an object or array as `application/xml`"),
            format!("{at}/odd/contentType: media type `text / odd`"),
            format!("{at}/traced/headers/X-Trace: header `X-Trace` of a part"),
        ]
    );
}

#[test]
fn the_style_of_bytes_is_ignored_with_a_warning() {
    let (parts, warnings) =
        parts("icon: { type: string, format: binary }", "icon: { style: form }");
    assert_eq!(shown(&parts), [("icon", "file", false, None)]);
    assert!(warnings[0].ends_with("encoding/icon: `style` is ignored: bytes have no text"));
}
