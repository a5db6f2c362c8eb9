//! Parameters: the encoding of each location, style and kind of value.

use openapi_lower::{
    Lowered,
    ir::{BodyContent, Expansion, Parameter, ParameterEncoding, ParameterStyle},
};

use crate::{document, generate, lower, with_operations};

/// An operation with these parameters.
fn with_parameters(path: &str, parameters: &str) -> openapi_lower::Document {
    document(&format!(
        "
paths:
  {path}:
    get:
      operationId: call
      parameters: [{parameters}]
      responses: {{ '204': {{ description: ok }} }}
components:
  schemas:
    Texts: {{ type: array, items: {{ type: string }} }}
    Map: {{ type: object, additionalProperties: {{ type: string }} }}
    Point: {{ type: object, properties: {{ x: {{ type: integer }} }} }}
    Deep: {{ type: object, properties: {{ point: {{ $ref: '#/components/schemas/Point' }} }} }}
    Level: {{ type: string, enum: [low, high] }}"
    ))
}

/// The parameters of an operation with these, and the warnings.
fn parameters(path: &str, parameters: &str) -> (Vec<Parameter>, Vec<String>) {
    let document = with_parameters(path, parameters);
    let Lowered { mut model, warnings, .. } =
        lower(&document).unwrap_or_else(|error| panic!("{error}"));
    let warnings = warnings.iter().map(ToString::to_string).collect();
    (model.operations.remove(0).parameters, warnings)
}

/// Names and encodings.
fn encodings(parameters: &[Parameter]) -> Vec<(&str, ParameterEncoding)> {
    parameters.iter().map(|one| (one.rust_name.as_str(), one.encoding)).collect()
}

/// The refusals of an operation with these parameters.
fn refusals(path: &str, parameters: &str) -> Vec<String> {
    let refusals = lower(&with_parameters(path, parameters)).unwrap_err();
    let at = |pointer: &str| pointer.rsplit_once("/parameters/").unwrap().1.to_owned();
    let shown = refusals
        .iter()
        .map(|one| format!("{}: {}: {}", at(&one.pointer.to_string()), one.construct, one.reason));
    let mut shown: Vec<_> = shown.collect();
    shown.sort_by_key(|one| one.split_once(':').unwrap().0.parse::<usize>().unwrap());
    shown
}

use ParameterStyle::{
    DeepObject, Form, Json, Label, Matrix, PipeDelimited, Simple, SpaceDelimited,
};

fn in_path(style: ParameterStyle, explode: bool) -> ParameterEncoding {
    ParameterEncoding::Path(Expansion::new(style, explode))
}

fn in_query(style: ParameterStyle, explode: bool) -> ParameterEncoding {
    ParameterEncoding::QueryExpansion(Expansion::new(style, explode))
}

fn in_header(style: ParameterStyle, explode: bool) -> ParameterEncoding {
    ParameterEncoding::HeaderExpansion(Expansion::new(style, explode))
}

fn in_cookie(style: ParameterStyle, explode: bool) -> ParameterEncoding {
    ParameterEncoding::Cookie(Expansion::new(style, explode))
}

#[test]
fn parameter_styles_have_an_encoding() {
    let (parameters, warnings) = parameters(
        "/a",
        "
        { name: deep, in: query, style: deepObject, schema: { $ref: '#/components/schemas/Point' } },
        { name: spread, in: query, schema: { type: object, additionalProperties: { type: string } } },
        { name: joined, in: query, explode: false, schema: { $ref: '#/components/schemas/Point' } },
        { name: spaced, in: query, style: spaceDelimited, schema: { $ref: '#/components/schemas/Point' } },
        { name: piped, in: query, style: pipeDelimited, schema: { type: array, items: { type: string } } },
        { name: json, in: query, content: { application/json: { schema: { type: array, items: { type: string } } } } },
        { name: session, in: cookie, schema: { type: string } },
        { name: x_trace, in: query, schema: { type: string } },
        { name: X-Trace, in: header, schema: { type: string } },
        { name: sameName, in: query, schema: { type: string } },
        { name: same_name, in: query, schema: { type: string } }",
    );
    assert_eq!(
        encodings(&parameters),
        [
            ("deep", in_query(DeepObject, true)),
            ("spread", in_query(Form, true)),
            ("joined", in_query(Form, false)),
            ("spaced", in_query(SpaceDelimited, false)),
            ("piped", in_query(PipeDelimited, false)),
            ("json", in_query(Json, false)),
            ("session", in_cookie(Form, true)),
            ("x_trace", ParameterEncoding::Query),
            ("x_trace_header", in_header(Simple, false)),
            ("same_name", ParameterEncoding::Query),
            ("same_name_query", in_query(Form, true)),
        ]
    );
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn paths_headers_and_cookies_have_lists_objects_and_json() {
    let (parameters, warnings) = parameters(
        "/a/{list}/{map}{label}/{json}",
        "
        { name: list, in: path, required: true, schema: { $ref: '#/components/schemas/Texts' } },
        { name: map, in: path, required: true, style: matrix, explode: true, schema: { $ref: '#/components/schemas/Map' } },
        { name: label, in: path, required: true, style: label, schema: { type: integer } },
        { name: json, in: path, required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Deep' } } } },
        { name: X-List, in: header, schema: { type: array } },
        { name: X-Map, in: header, explode: true, schema: { $ref: '#/components/schemas/Map' } },
        { name: X-Json, in: header, content: { application/json: { schema: { type: string } } } },
        { name: X-Text, in: header, content: { text/plain: { schema: { type: string } } } },
        { name: X-At, in: header, schema: { type: string, format: date-time } },
        { name: list, in: cookie, explode: false, schema: { $ref: '#/components/schemas/Texts' } },
        { name: map, in: cookie, schema: { $ref: '#/components/schemas/Map' } }",
    );
    assert_eq!(
        encodings(&parameters),
        [
            ("list", in_path(Simple, false)),
            ("map", in_path(Matrix, true)),
            ("label", in_path(Label, false)),
            ("json", in_path(Json, false)),
            ("x_list", in_header(Simple, false)),
            ("x_map", in_header(Simple, true)),
            ("x_json", in_header(Json, false)),
            ("x_text", ParameterEncoding::Header),
            ("x_at", in_header(Simple, false)),
            ("list_cookie", in_cookie(Form, false)),
            ("map_cookie", in_cookie(Form, true)),
        ]
    );
    assert_eq!(warnings, [""; 0]);
}

/// Texts, lists, objects and unions of these in all styles that a location has, exploded or not.
#[test]
fn every_style_of_a_location_has_each_kind_of_value() {
    let kinds = [
        "type: string",
        "$ref: '#/components/schemas/Level'",
        "type: [integer, boolean, 'null']",
        "$ref: '#/components/schemas/Texts'",
        "type: array, items: { type: [string, integer] }",
        "anyOf: [{ type: string }, { type: array, items: { type: string } }]",
        "$ref: '#/components/schemas/Map'",
        "$ref: '#/components/schemas/Point'",
        "type: object",
        "oneOf: [{ $ref: '#/components/schemas/Point' }, { type: array }, { type: integer }]",
    ];
    for (location, styles) in [
        ("path", vec!["simple", "label", "matrix"]),
        ("query", vec!["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ("header", vec!["simple"]),
        ("cookie", vec!["form"]),
    ] {
        let mut declared = Vec::new();
        for style in styles {
            for explode in ["", "explode: true, ", "explode: false, "] {
                let rest = |kind| format!("style: {style}, {explode}schema: {{ {kind} }}");
                declared.extend(kinds.iter().map(rest));
            }
        }
        let texts = declared.iter().enumerate().map(|(index, rest)| {
            format!("{{ name: p{index}, in: {location}, required: true, {rest} }}")
        });
        let path: String = (0..declared.len()).map(|index| format!("/{{p{index}}}")).collect();
        let document = with_parameters(&path, &texts.collect::<Vec<_>>().join(", "));
        let lowered = lower(&document).unwrap_or_else(|refusals| panic!("{location}: {refusals}"));
        let parameters = &lowered.model.operations[0].parameters;
        assert!(parameters.len() >= declared.len(), "{location}: {}", parameters.len());
    }
}

#[test]
fn a_value_or_a_list_of_such_values_is_a_list() {
    let level = "{ $ref: '#/components/schemas/Level' }";
    let document = with_parameters(
        "/a",
        &format!(
            "
        {{ name: one, in: query, description: Some tags, schema: {{ anyOf: [{{ type: string, minLength: 2 }}, {{ type: array, items: {{ type: string }} }}], default: a }} }},
        {{ name: two, in: query, schema: {{ oneOf: [{{ type: array, items: {level} }}, {level}, {{ type: 'null' }}] }} }},
        {{ name: three, in: header, schema: {{ type: [array, string, 'null'], items: {{ type: string, format: uuid }}, format: uuid }} }},
        {{ name: four, in: query, schema: {{ anyOf: [{{ type: string }}, {{ type: array, items: {{ type: integer }} }}] }} }},
        {{ name: five, in: header, schema: {{ anyOf: [{{ type: string }}, {{ type: array, items: {{ type: string }} }}] }} }}"
        ),
    );
    let lowered = lower(&document).unwrap();
    let parameters = &lowered.model.operations[0].parameters;
    assert_eq!(
        encodings(parameters),
        [
            ("one", ParameterEncoding::Query),
            ("two", ParameterEncoding::Query),
            ("three", in_header(Simple, false)),
            ("four", in_query(Form, true)),
            // Its text is sent as it is, commas included.
            ("five", in_header(Simple, false)),
        ]
    );
    let description = parameters[0].description.as_deref();
    assert_eq!(description, Some("Some tags\n\nConstraints: default `[\"a\"]`."));
    let unions: Vec<_> =
        lowered.model.untagged_unions.iter().map(|union| union.rust.as_str()).collect();
    assert_eq!(unions, ["CallFour", "CallFive"]);
    let code: String = generate(&document).split_whitespace().collect();
    for setter in [
        "fnone(mutself,values:implIntoIterator<Item=implInto<String>>",
        "fntwo(mutself,values:implIntoIterator<Item=implInto<types::Level>>",
        "fnthree(mutself,values:implIntoIterator<Item=implTryInto<runtime::uuid::Uuid",
        "fnfour(mutself,value:implInto<types::CallFour>",
    ] {
        assert!(code.contains(setter), "{setter}: {code}");
    }
}

#[test]
fn unions_of_scalars_have_their_types() {
    let (parameters, warnings) = parameters(
        "/a/{id}",
        "
        { name: id, in: path, required: true, schema: { anyOf: [{ type: string }, { type: integer }] } },
        { name: many, in: query, schema: { type: array, items: { type: [integer, boolean] } } },
        { name: when, in: query, schema: { oneOf: [{ type: string, format: date }, { type: string, format: date-time }] } },
        { name: X-Id, in: header, schema: { type: [integer, boolean, 'null'] } },
        { name: open, in: header, schema: { anyOf: [{ $ref: '#/components/schemas/Level' }, { type: string }] } },
        { name: any, in: query, schema: {} }",
    );
    assert_eq!(
        encodings(&parameters),
        [
            ("id", in_path(Simple, false)),
            ("many", ParameterEncoding::Query),
            ("when", ParameterEncoding::Query),
            ("x_id", in_header(Simple, false)),
            ("open", ParameterEncoding::Header),
            ("any", ParameterEncoding::Query),
        ]
    );
    let schemas: Vec<_> = parameters.iter().map(|one| one.schema.to_string()).collect();
    assert_eq!(
        schemas,
        [
            r##"{"$ref":"#/components/schemas/CallId"}"##,
            r##"{"type":"array","items":{"$ref":"#/components/schemas/CallManyItem"}}"##,
            r##"{"$ref":"#/components/schemas/CallWhen"}"##,
            r##"{"$ref":"#/components/schemas/CallXId"}"##,
            r##"{"$ref":"#/components/schemas/Level"}"##,
            r#"{"type":"string"}"#,
        ]
    );
    assert_eq!(warnings, [""; 0]);
}

/// Text converts into the only member that is text, numbers into theirs.
#[test]
fn scalars_convert_into_unions() {
    let code = generate(&with_parameters(
        "/a",
        "
        { name: id, in: query, schema: { anyOf: [{ type: string }, { type: integer }] } },
        { name: size, in: query, schema: { anyOf: [{ $ref: '#/components/schemas/Level' }, { type: number }] } },
        { name: times, in: query, schema: { oneOf: [{ type: string, format: date }, { type: boolean }] } }",
    ));
    for (union, sources) in [
        ("CallId", vec!["String", "i64", "&str"]),
        ("CallSize", vec!["types::Level", "f64", "&str", "String"]),
        ("CallTimes", vec!["runtime::chrono::naive::NaiveDate", "bool"]),
    ] {
        for source in &sources {
            let conversion = format!("impl From<{source}> for {union} {{");
            assert!(code.contains(&conversion), "{conversion}: {code}");
        }
        let count = code.lines().filter(|line| {
            line.trim_start().starts_with("impl From<")
                && line.contains(&format!(" for {union} {{"))
        });
        assert_eq!(count.count(), sources.len(), "{union}: {code}");
    }
}

#[test]
fn nested_values_in_a_query_are_in_brackets_with_a_warning() {
    let (parameters, warnings) = parameters(
        "/a",
        "
        { name: rows, in: query, schema: { type: array, items: { type: array, items: { type: integer } } } },
        { name: points, in: query, schema: { type: array, items: { $ref: '#/components/schemas/Point' } } },
        { name: deep, in: query, schema: { $ref: '#/components/schemas/Deep' } },
        { name: joined, in: query, explode: false, schema: { $ref: '#/components/schemas/Deep' } },
        { name: each, in: query, style: pipeDelimited, explode: true, schema: { $ref: '#/components/schemas/Texts' } },
        { name: expand, in: query, style: deepObject, explode: true, schema: { $ref: '#/components/schemas/Texts' } },
        { name: sort, in: query, style: deepObject, schema: { type: array, items: { $ref: '#/components/schemas/Deep' } } },
        { name: created, in: query, style: deepObject, schema: { anyOf: [{ $ref: '#/components/schemas/Point' }, { type: integer }] } },
        { name: X-Tags, in: header, schema: { type: object, properties: { tags: { $ref: '#/components/schemas/Texts' } } } }",
    );
    assert_eq!(
        encodings(&parameters),
        [
            ("rows", in_query(Form, true)),
            ("points", in_query(Form, true)),
            ("deep", in_query(Form, true)),
            ("joined", in_query(Form, false)),
            ("each", in_query(PipeDelimited, true)),
            ("expand", in_query(DeepObject, true)),
            ("sort", in_query(DeepObject, true)),
            ("created", in_query(DeepObject, true)),
            ("x_tags", in_header(Simple, false)),
        ]
    );
    let brackets = "OpenAPI defines no text for nested values: they are written in brackets, as by \
                    the style deepObject";
    let fails = "OpenAPI defines no text for values that are nested in an object of this style: a \
                 call that sets one fails";
    let at = "#/paths/~1a/get/parameters";
    assert_eq!(
        warnings,
        [
            format!("{at}/0: {brackets}"),
            format!("{at}/1: {brackets}"),
            format!("{at}/2: {brackets}"),
            format!("{at}/3: {fails}"),
            format!(
                "{at}/4: `explode` of the style pipeDelimited is not defined: it is written as by \
                 the style form"
            ),
            format!("{at}/8: {fails}"),
        ]
    );
}

#[test]
fn values_without_a_text_are_refused() {
    let nested = "a value that is nested in a list or an object has no text in this style; use \
                  `content` with the media type `application/json`";
    let rows = "schema: { type: array, items: { $ref: '#/components/schemas/Texts' } }";
    let refused = refusals(
        "/a/{rows}/{deep}/{styled}",
        &format!(
            "
        {{ name: rows, in: path, required: true, {rows} }},
        {{ name: deep, in: path, required: true, schema: {{ $ref: '#/components/schemas/Deep' }} }},
        {{ name: rows, in: header, {rows} }},
        {{ name: rows, in: cookie, {rows} }},
        {{ name: rows, in: query, explode: false, {rows} }},
        {{ name: styled, in: path, required: true, style: form, schema: {{ type: string }} }},
        {{ name: styled, in: query, style: simple, schema: {{ type: string }} }},
        {{ name: styled, in: header, style: form, schema: {{ $ref: '#/components/schemas/Texts' }} }},
        {{ name: styled, in: cookie, style: deepObject, schema: {{ $ref: '#/components/schemas/Point' }} }},
        {{ name: text, in: query, content: {{ text/plain: {{ schema: {{ $ref: '#/components/schemas/Point' }} }} }} }},
        {{ name: xml, in: query, required: true, content: {{ application/xml: {{ schema: {{ type: string }} }} }} }}"
        ),
    );
    assert_eq!(
        refused,
        [
            format!("0: a nested value as a path parameter of style simple: {nested}"),
            format!("1: a nested value as a path parameter of style simple: {nested}"),
            format!("2: a nested value as a header parameter of style simple: {nested}"),
            format!("3: a nested value as a cookie parameter of style form: {nested}"),
            format!("4: a nested value as a query parameter of style form: {nested}"),
            "5: a scalar as a path parameter of style form: the styles of a path are simple, label \
             and matrix"
                .to_owned(),
            "6: a scalar as a query parameter of style simple: the styles of a query are form, \
             spaceDelimited, pipeDelimited and deepObject"
                .to_owned(),
            "7: an array as a header parameter of style form: the style of a header is simple"
                .to_owned(),
            "8: an object as a cookie parameter of style deepObject: the style of a cookie is form"
                .to_owned(),
            "9: an array or an object as text: it can be sent as JSON only".to_owned(),
            "10: a parameter of the media type `application/xml`: it can be sent as JSON or text \
             only"
                .to_owned(),
        ]
    );
}

#[test]
fn a_parameter_without_schema_is_a_string_with_a_warning() {
    let (parameters, warnings) = parameters(
        "/a",
        "{ name: text, in: query }, { name: json, in: query, content: { application/json: {} } }",
    );
    assert_eq!(
        encodings(&parameters),
        [("text", ParameterEncoding::Query), ("json", in_query(Json, false))]
    );
    assert_eq!(parameters[0].schema["type"], "string");
    assert_eq!(
        warnings,
        ["#/paths/~1a/get/parameters/0: `schema` is missing: the value is assumed to be a string"]
    );
}

#[test]
fn allow_reserved_is_ignored_with_a_warning_but_in_a_query() {
    let (_, warnings) = parameters(
        "/a/{path}",
        "
        { name: path, in: path, required: true, allowReserved: true, schema: { type: string } },
        { name: query, in: query, allowReserved: true, schema: { type: string } },
        { name: header, in: header, allowReserved: true, schema: { type: string } },
        { name: cookie, in: cookie, allowReserved: false, schema: { type: string } }",
    );
    let at = "#/paths/~1a~1{path}/get/parameters";
    assert_eq!(
        warnings,
        [
            format!(
                "{at}/0: `allowReserved` is ignored: it is for query parameters, and this one is \
                 in the path"
            ),
            format!(
                "{at}/2: `allowReserved` is ignored: it is for query parameters, and this one is \
                 in the header"
            ),
        ]
    );
}

/// An operation that sends this form, with these encodings.
fn form(encoding: &str) -> openapi_lower::Document {
    with_operations(&format!(
        "
post:
  requestBody:
    content:
      application/x-www-form-urlencoded:
        schema:
          type: object
          properties:
            text: {{ type: string }}
            list: {{ type: array, items: {{ type: string }} }}
            rows: {{ type: array, items: {{ type: array, items: {{ type: string }} }} }}
            map: {{ type: object, properties: {{ a: {{ type: string }} }} }}
        encoding: {{ {encoding} }}
  responses: {{ '200': {{ description: ok }} }}"
    ))
}

#[test]
fn encodings_of_urlencoded_bodies_determine_the_expansion() {
    let lowered = lower(&form(
        "
        text: { contentType: 'text/plain, application/json' },
        list: { style: pipeDelimited, contentType: text/csv },
        rows: { style: deepObject },
        map: { contentType: application/json, headers: { X-A: { schema: { type: string } } } },
        other: { style: form }",
    ))
    .unwrap();
    let body = lowered.model.operations[0].body.clone().unwrap();
    let BodyContent::Form(form) = &body.representations[0].content else { panic!("{body:?}") };
    assert_eq!(
        form.encodings,
        [
            ("list".to_owned(), Expansion::new(PipeDelimited, false)),
            ("rows".to_owned(), Expansion::new(DeepObject, true)),
            ("map".to_owned(), Expansion::new(Json, false)),
        ]
    );
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    let at = "#/paths/~1thing/post/requestBody/content/application~1x-www-form-urlencoded/encoding";
    assert_eq!(
        warnings,
        [
            format!("{at}/map/headers: ignored: only the parts of a multipart form have headers"),
            format!("{at}/other: ignored: the form has no property `other`"),
        ]
    );
}

#[test]
fn encodings_of_urlencoded_bodies_that_cannot_be_honoured_are_refused() {
    let form = |encoding: &str| {
        let text = serde_json::to_string(form(encoding).root()).unwrap();
        // Another form that can't be sent, either, is no alternative.
        let other = "\"content\":{\"multipart/form-data\":{\"schema\":{\"type\":\"string\"}},";
        openapi_lower::Document::parse(&text.replace("\"content\":{", other)).unwrap()
    };
    let refusals = lower(&form(
        "
        text: { style: simple },
        list: { contentType: application/xml },
        rows: { explode: false },
        map: { contentType: application/xml }",
    ))
    .unwrap_err();
    let shown: Vec<_> =
        refusals.iter().map(|one| format!("{}: {}", one.pointer, one.construct)).collect();
    let at = "#/paths/~1thing/post/requestBody/content/application~1x-www-form-urlencoded/encoding";
    assert_eq!(
        shown,
        [
            format!("{at}/map/contentType: an object or array as `application/xml`"),
            format!("{at}/rows: a nested value of style form"),
            format!("{at}/text: a property of style simple"),
            "#/paths/~1thing/post/requestBody/content/multipart~1form-data: multipart/form-data \
             without properties"
                .to_owned(),
        ]
    );
}
