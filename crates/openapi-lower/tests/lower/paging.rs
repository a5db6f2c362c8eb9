//! Paging: what is recognized in the document, near misses, and the configuration.

use openapi_lower::{
    Document, PagingEntry,
    ir::{Field, NextPage, PageParameter, Paging},
};

use crate::{config, lower, with_operations};

/// The paging of an operation with these parameters and this response schema.
fn paging(method: &str, parameters: &str, response: &str) -> Option<Paging> {
    let document = with_operations(&format!(
        "
{method}:
  parameters: [{parameters}]
  responses:
    '200': {{ description: A, content: {{ application/json: {{ schema: {response} }} }} }}
    '404': {{ description: B }}"
    ));
    lower(&document).unwrap().model.operations.remove(0).paging
}

fn path(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(".")
}

/// The parts of a paging in short: items, the way, the parameter, the property, and the flag.
fn describe(paging: Option<Paging>) -> String {
    let Some(paging) = paging else { return "-".to_owned() };
    let parameter = |parameter: &PageParameter| match parameter {
        PageParameter::Parameter(parameter) => parameter.name.clone(),
        PageParameter::Body { setter, field } => format!("{setter}/{}", field.name),
        _ => panic!("another parameter"),
    };
    let total = |total: &Option<Vec<Field>>| total.as_ref().map_or("-".to_owned(), |one| path(one));
    let next = match &paging.next {
        NextPage::Number { parameter: one, first, total: all, .. } => {
            format!("page {} from {first} of {}", parameter(one), total(all))
        }
        NextPage::Offset { parameter: one, first, total: all } => {
            format!("offset {} from {first} of {}", parameter(one), total(all))
        }
        NextPage::Token { parameter: one, token } => {
            format!("token {} = {}", parameter(one), path(token))
        }
        NextPage::LastItem { parameter: one, token } => {
            format!("last {} = {}", parameter(one), path(token))
        }
        NextPage::Link(link) => format!("link {}", path(link)),
        NextPage::LinkHeader => "header".to_owned(),
        _ => panic!("another way"),
    };
    let more = paging.more.map_or(String::new(), |more| {
        format!(" while {}{}", if more.value { "" } else { "not " }, path(&more.path))
    });
    format!("[{}] {next}{more}", path(&paging.items))
}

/// The paging of a GET with these query parameters and properties, each as `name: schema`.
fn get(parameters: &[&str], properties: &str) -> String {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let (name, schema) = parameter.split_once(": ").unwrap();
            let (schema, description) = schema.split_once(" # ").unwrap_or((schema, "x"));
            format!(
                "{{ name: {name}, in: query, description: {description}, schema: {{ {schema} }} }}"
            )
        })
        .collect();
    let response = match properties.starts_with('{') {
        true => properties.to_owned(),
        false => format!("{{ type: object, properties: {{ {properties} }} }}"),
    };
    describe(paging("get", &parameters.join(", "), &response))
}

const PAGE: &str = "{ name: page, in: query, schema: { type: integer, default: 0 } }";
const RESPONSE: &str = "{ type: object, properties: { items: { type: array, items: { type: string } }, total: { type: integer } } }";

fn size(name: &str) -> String {
    format!("{PAGE}, {{ name: {name}, in: query, schema: {{ type: integer }} }}")
}

#[test]
fn paged_lists_are_recognized() {
    for name in ["pageSize", "page_size", "PageSize", "page-size", "per_page", "perPage", "limit"] {
        let paging = paging("get", &size(name), RESPONSE);
        assert_eq!(describe(paging), "[items] page page from 0 of total", "{name}");
    }
    let response = "{ type: object, required: [items, total, page, page_size], properties: {
        items: { type: array, items: { type: string } }, total: { type: [integer, 'null'] },
        page: { type: integer }, page_size: { type: integer } } }";
    let next = paging("get", &size("page_size"), response).unwrap().next;
    let NextPage::Number { number: Some(number), size: Some(size), .. } = next else { panic!() };
    assert_eq!((path(&number), path(&size)), ("page".to_owned(), "page_size".to_owned()));
}

#[test]
fn other_lists_are_not_paged() {
    let not = |method: &str, parameters: &str, response: &str| {
        assert_eq!(paging(method, parameters, response), None, "{method} {parameters} {response}");
    };
    not("post", &size("pageSize"), RESPONSE);
    not("get", PAGE, RESPONSE);
    not("get", &size("offset"), RESPONSE);
    not("get", &size("pageSize").replace("integer, default: 0", "string"), RESPONSE);
    not("get", &size("pageSize").replace("in: query", "in: header"), RESPONSE);
    not("get", &size("pageSize"), &RESPONSE.replace("items: {", "data: {"));
    not("get", &size("pageSize"), &RESPONSE.replace("total: {", "count: {"));
    not("get", &size("pageSize"), &RESPONSE.replace("{ type: integer }", "{ type: string }"));
    // Absent and null could mean different things.
    not(
        "get",
        &size("pageSize"),
        &RESPONSE.replace("{ type: integer }", "{ type: [integer, 'null'] }"),
    );
    not("get", &size("pageSize"), "{ type: array, items: { type: string } }");
}

#[test]
fn paged_lists_of_the_fixture_are_recognized() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents-1.8.7.yaml");
    let document = Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let operations = lower(&document).unwrap().model.operations;
    let paged = operations.iter().filter(|operation| operation.paging.is_some());
    let ids: Vec<_> = paged.map(|operation| operation.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "AgentProfilePoolsList",
            "AgentProfilePoolMembersList",
            "AgentProfilesList",
            "AgentList",
            "ExecutionsList"
        ]
    );
}

const LIST: &str = "data: { type: array, items: { type: string } }";

#[test]
fn tokens_of_the_response_are_parameters() {
    let text = "{ type: [string, 'null'] }";
    for (property, parameter) in [
        ("next_cursor", "cursor"),
        ("nextCursor", "cursor"),
        ("nextPageToken", "pageToken"),
        ("next_page_token", "page_token"),
        ("nextToken", "nextToken"),
        ("next_page_token", "next_page_token"),
        ("next_continuation_token", "continuation-token"),
        ("nextPage", "page"),
        ("next_offset", "offset"),
        ("next_after", "after"),
        ("next_marker", "marker"),
    ] {
        let given =
            get(&[&format!("{parameter}: type: string")], &format!("{LIST}, {property}: {text}"));
        assert_eq!(given, format!("[data] token {parameter} = {property}"));
    }
    for container in ["meta", "pagination", "page_info", "pageInfo", "response_metadata", "_links"]
    {
        let inner =
            format!("{container}: {{ type: object, properties: {{ next_cursor: {text} }} }}");
        let given = get(&["cursor: type: string"], &format!("{LIST}, {inner}"));
        assert_eq!(given, format!("[data] token cursor = {container}.next_cursor"));
    }
    for ty in ["integer", "number", "string, format: uuid"] {
        let ty = format!("type: {ty}");
        let given = get(&[&format!("cursor: {ty}")], &format!("{LIST}, next_cursor: {{ {ty} }}"));
        assert_eq!(given, "[data] token cursor = next_cursor", "{ty}");
    }
}

#[test]
fn tokens_that_could_be_something_else_are_not_recognized() {
    let not = |parameters: &[&str], properties: &str| {
        assert_eq!(get(parameters, properties), "-", "{parameters:?} {properties}");
    };
    let text = "{ type: string }";
    let cursor = ["cursor: type: string"];
    let next = format!("{LIST}, next_cursor: {text}");
    // No parameter, one of another type or another place, or no items.
    not(&[], &next);
    not(&["limit: type: string"], &next);
    not(&["cursor: type: integer"], &next);
    not(&["cursor: type: string, enum: [a]"], &next);
    not(&["cursor: type: array, items: { type: string }"], &next);
    not(&cursor, &format!("next_cursor: {text}"));
    not(&cursor, &format!("errors: {{ type: array, items: {text} }}, next_cursor: {text}"));
    not(&cursor, &format!("{LIST}, next_cursor: {{ type: object }}"));
    not(
        &cursor,
        &format!("{LIST}, other: {{ type: object, properties: {{ next_cursor: {text} }} }}"),
    );
    // The token of this page, and one of the page before.
    not(&cursor, &format!("{LIST}, cursor: {text}"));
    not(&cursor, &format!("{LIST}, prev_cursor: {text}"));
    not(&cursor, &format!("{LIST}, previousCursor: {text}, has_more: {{ type: boolean }}"));
    // A link, or a cursor.
    not(&cursor, &format!("{LIST}, next: {text}"));
    // Another meaning of "next".
    not(&["date: type: string"], &format!("{LIST}, next_date: {text}"));
    not(&["token: type: string"], &format!("{LIST}, next_token: {text}"));
    // Which of both?
    not(
        &["cursor: type: string", "page_token: type: string"],
        &format!("{LIST}, next_cursor: {text}, next_page_token: {text}"),
    );
    not(&["cursor: type: string", "offset: type: integer", "limit: type: integer"], &next);
    not(
        &cursor,
        &format!(
            "a: {{ type: array, items: {text} }}, b: {{ type: array, items: {text} }}, next_cursor: {text}"
        ),
    );
    // Null instead of a page.
    not(&cursor, &format!("{{ type: [object, 'null'], properties: {{ {next} }} }}"));
    let parameter = "{ name: cursor, in: query, schema: { type: string } }";
    let response = format!("{{ type: object, properties: {{ {next} }} }}");
    assert!(paging("get", parameter, &response).is_some());
    assert_eq!(paging("post", parameter, &response), None);
    assert_eq!(paging("get", &parameter.replace("query", "header"), &response), None);
}

#[test]
fn flags_and_descriptions_tell_what_a_token_is() {
    let (text, flag) = ("{ type: string }", "{ type: boolean }");
    for (name, while_) in
        [("has_more", "has_more"), ("hasNextPage", "hasNextPage"), ("done", "not done")]
    {
        let given =
            get(&["iterator: type: string"], &format!("{LIST}, iterator: {text}, {name}: {flag}"));
        assert_eq!(given, format!("[data] token iterator = iterator while {while_}"));
    }
    let described = |text: &str| format!("{{ type: string, description: '{text}' }}");
    let subsequent = described("Use it in a subsequent request.");
    assert_eq!(
        get(&["cursor: type: string"], &format!("{LIST}, cursor: {subsequent}")),
        "[data] token cursor = cursor"
    );
    let next = described("The cursor of the next page.");
    assert_eq!(
        get(&["cursor: type: string"], &format!("{LIST}, next: {next}")),
        "[data] token cursor = next"
    );
    let edges = format!(
        "{LIST}, pageInfo: {{ type: object, properties: {{ endCursor: {text}, hasNextPage: {flag} }} }}"
    );
    assert_eq!(
        get(&["after: type: string"], &edges),
        "[data] token after = pageInfo.endCursor while pageInfo.hasNextPage"
    );
    assert_eq!(get(&["after: type: string"], &edges.replace("hasNextPage", "isOpen")), "-");
    assert_eq!(
        get(&["after: type: string"], &format!("{LIST}, has_more: {flag}, last_id: {text}")),
        "[data] token after = last_id while has_more"
    );
}

#[test]
fn the_last_item_is_recognized_by_the_description_of_the_parameter() {
    let list =
        "data: { type: array, items: { type: object, properties: { id: { type: string } } } }";
    let after = ["starting_after: type: string # 'An object ID.'"];
    let flagged = format!("{list}, has_more: {{ type: boolean }}");
    assert_eq!(get(&after, &flagged), "[data] last starting_after = id while has_more");
    let not = |parameters: &[&str], properties: &str| {
        assert_eq!(get(parameters, properties), "-", "{parameters:?} {properties}");
    };
    not(&after, list);
    not(&["starting_after: type: string # 'A cursor.'"], &flagged);
    not(&["starting_after: type: integer # 'An ID.'"], &flagged);
    not(&["since: type: string # 'An ID.'"], &flagged);
    not(&after, &flagged.replace("id:", "key:"));
    not(&after, &flagged.replace("has_more", "done"));
    not(&["after: type: string # 'An ID.'", "after_id: type: string # 'An ID.'"], &flagged);
}

#[test]
fn offset_and_limit_are_recognized() {
    let parameters = ["offset: type: integer", "limit: type: integer"];
    let array = "{ type: array, items: { type: string } }";
    assert_eq!(get(&parameters, array), "[] offset offset from 0 of -");
    assert_eq!(get(&parameters, LIST), "[data] offset offset from 0 of -");
    for total in ["total", "total_count", "totalResults"] {
        let total = format!("{total}: {{ type: integer }}");
        let expected = |at: &str| format!("[data] offset offset from 0 of {at}");
        let name = total.split(':').next().unwrap();
        assert_eq!(get(&parameters, &format!("{LIST}, {total}")), expected(name));
        let meta = format!("{LIST}, meta: {{ type: object, properties: {{ {total} }} }}");
        assert_eq!(get(&parameters, &meta), expected(&format!("meta.{name}")));
    }
    // The number of items on this page.
    assert!(get(&parameters, &format!("{LIST}, count: {{ type: integer }}")).ends_with("of -"));
    assert_eq!(
        get(&parameters, &format!("{LIST}, has_more: {{ type: boolean }}")),
        "[data] offset offset from 0 of - while has_more"
    );
    let nested =
        format!("data: {{ type: object, properties: {{ {} }} }}", LIST.replace("data", "rows"));
    assert_eq!(get(&parameters, &nested), "[data.rows] offset offset from 0 of -");
    let not = |parameters: &[&str], properties: &str| {
        assert_eq!(get(parameters, properties), "-", "{parameters:?} {properties}");
    };
    not(&["offset: type: integer"], array);
    not(&["limit: type: integer"], array);
    not(&["offset: type: string", "limit: type: integer"], array);
    not(&["offset: type: integer, default: 1", "limit: type: integer"], array);
    not(&["offset: type: integer # 'Bytes to skip.'", "limit: type: integer"], array);
    not(&["offset: type: integer # 'The page number.'", "limit: type: integer"], array);
    not(&["page: type: integer", "offset: type: integer", "limit: type: integer"], array);
    not(&parameters, "text: { type: string }");
    not(
        &parameters,
        "{ type: object, additionalProperties: { type: array, items: { type: string } } }",
    );
}

#[test]
fn links_are_recognized_by_their_format() {
    let url = "{ type: [string, 'null'], format: uri }";
    for name in ["next", "nextLink", "next_page_url", "next-url"] {
        assert_eq!(get(&[], &format!("{LIST}, {name}: {url}")), format!("[data] link {name}"));
    }
    let links =
        format!("{LIST}, links: {{ type: object, properties: {{ next: {url}, last: {url} }} }}");
    assert_eq!(get(&[], &links), "[data] link links.next");
    let hal = format!(
        "{LIST}, _links: {{ type: object, properties: {{ next: {{ type: object, properties: {{ href: {url} }} }} }} }}"
    );
    assert_eq!(get(&[], &hal), "[data] link _links.next.href");
    let not = |properties: &str| assert_eq!(get(&[], properties), "-", "{properties}");
    not(&format!("{LIST}, next: {{ type: string }}"));
    not(&format!("{LIST}, next: {{ type: string, format: date-time }}"));
    not(&format!("{LIST}, previous: {url}"));
    not(&format!("next: {url}"));
    not(&format!("{links}, next: {url}"));
    // By offset, the server doesn't choose where requests go.
    let offset =
        get(&["offset: type: integer", "limit: type: integer"], &format!("{LIST}, next: {url}"));
    assert_eq!(offset, "[data] offset offset from 0 of -");
}

#[test]
fn the_link_header_is_recognized_if_it_is_declared() {
    let with = |headers: &str, schema: &str| {
        let document = with_operations(&format!(
            "
get:
  responses:
    '200':
      description: A
      headers: {{ {headers} }}
      content: {{ application/json: {{ schema: {schema} }} }}
    '400': {{ description: B, headers: {{ Link: {{ schema: {{ type: string }} }} }} }}"
        ));
        describe(lower(&document).unwrap().model.operations.remove(0).paging)
    };
    let array = "{ type: array, items: { type: string } }";
    assert_eq!(with("link: { schema: { type: string } }", array), "[] header");
    assert_eq!(
        with(
            "Link: { schema: { type: string } }",
            &format!("{{ type: object, properties: {{ {LIST} }} }}")
        ),
        "[data] header"
    );
    assert_eq!(with("X-Link: { schema: { type: string } }", array), "-");
    assert_eq!(with("Link: { schema: { type: string } }", "{ type: string }"), "-");
}

/// A document with a list that no rule recognizes.
fn unrecognized() -> Document {
    with_operations(
        "
get:
  operationId: list
  parameters:
    - { name: from, in: query, schema: { type: integer, default: 1 } }
    - { name: mark, in: query, schema: { type: string } }
    - { name: kind, in: query, schema: { type: string, enum: [a] } }
  responses: &list
    '200':
      description: A
      content:
        application/json:
          schema:
            type: object
            properties:
              out: { type: object, properties: { rows: { type: array, items: { type: object, properties: { key: { type: string } } } }, at: { type: string }, all: { type: integer }, open: { type: boolean } } }
post:
  operationId: search
  requestBody:
    required: true
    content: { application/json: { schema: { type: object, properties: { mark: { type: string }, deep: { type: object, properties: { mark: { type: string } } } } } } }
  responses: *list
delete:
  operationId: remove
  responses: { '204': { description: none } }",
    )
}

#[test]
fn configured_paging_is_emitted() {
    let entry = |entry: PagingEntry| entry.items("out.rows");
    for (id, entry) in [
        ("list", entry(PagingEntry::cursor("out.at", "mark")).more("out.open")),
        ("list", entry(PagingEntry::cursor("/out/at", "mark")).done("/out/open")),
        ("list", entry(PagingEntry::last_item("key", "mark"))),
        ("list", entry(PagingEntry::offset("from")).total("out.all")),
        ("list", entry(PagingEntry::page("from"))),
        ("list", entry(PagingEntry::link("out.at"))),
        ("list", entry(PagingEntry::link_header())),
        ("search", entry(PagingEntry::cursor("out.at", "body.mark"))),
    ] {
        let code = config().paging([(id.to_owned(), entry.clone())]);
        let code = code.generate_from(&unrecognized()).unwrap().code;
        assert_eq!(code.matches("impl runtime::Paged for").count(), 1, "{entry:?}");
    }
    let code = config().generate_from(&unrecognized()).unwrap().code;
    assert!(!code.contains("runtime::Paged"));
}

#[test]
fn paging_entries_that_do_not_fit_are_errors() {
    let entry = |entry: PagingEntry| entry.items("out.rows");
    for (id, entry, expected) in [
        ("lists", PagingEntry::link_header(), "the document has no such operation"),
        (
            "remove",
            PagingEntry::link_header(),
            "the operation has no single success that is JSON and can't be null",
        ),
        (
            "list",
            PagingEntry::link_header(),
            "the response isn't an array: name its property with the key `items`",
        ),
        (
            "list",
            PagingEntry::link_header().items("out.lines"),
            "`items`: `out.lines`: there is no property `lines`",
        ),
        ("list", PagingEntry::link_header().items("out"), "`items`: `out` isn't an array"),
        (
            "list",
            PagingEntry::link_header().items("out.rows.key"),
            "`items`: `out.rows.key`: `key` isn't a property, since there is no object",
        ),
        (
            "list",
            entry(PagingEntry::cursor("out.next", "mark")),
            "`cursor`: `out.next`: there is no property `next`",
        ),
        (
            "list",
            entry(PagingEntry::cursor("out.open", "mark")),
            "`cursor`: `out.open` isn't a string or a UUID or an integer or a number",
        ),
        (
            "list",
            entry(PagingEntry::cursor("out.at", "marks")),
            "`parameter`: there is no parameter `marks`",
        ),
        (
            "list",
            entry(PagingEntry::cursor("out.at", "kind")),
            "`parameter`: `kind` isn't a string or a UUID or an integer or a number",
        ),
        (
            "list",
            entry(PagingEntry::cursor("out.at", "body.mark")),
            "`parameter`: the operation has no required body that is JSON only",
        ),
        (
            "search",
            entry(PagingEntry::cursor("out.at", "body.at")),
            "`parameter`: `at`: there is no property `at`",
        ),
        (
            "search",
            entry(PagingEntry::cursor("out.at", "body.deep.mark")),
            "`parameter`: `body.deep.mark` must be a property of the body itself",
        ),
        ("search", entry(PagingEntry::link("out.at")), "a link is requested by GET, not by POST"),
        (
            "list",
            entry(PagingEntry::last_item("id", "mark")),
            "`last_item`: `id`: there is no property `id`",
        ),
        ("list", entry(PagingEntry::offset("mark")), "`offset`: `mark` isn't an integer"),
        (
            "list",
            entry(PagingEntry::link("out.at")).total("out.all"),
            "`total` belongs to `offset` or `page`",
        ),
        (
            "list",
            entry(PagingEntry::link("out.at")).more("out.at"),
            "`more`: `out.at` isn't a boolean",
        ),
        (
            "list",
            entry(PagingEntry::link("out.at")).more("out.open").done("out.open"),
            "`more` and `done` exclude each other",
        ),
        ("list", entry(PagingEntry::none()), "`none` excludes the other keys"),
        (
            "list",
            entry(PagingEntry::default()),
            "one of `cursor`, `last_item`, `offset`, `page`, `link` and `link_header` is missing",
        ),
    ] {
        for skip in [false, true] {
            let config = config().skip_refused(skip).paging([(id.to_owned(), entry.clone())]);
            let refusals = config.generate_from(&unrecognized()).unwrap_err();
            let expected = format!("#: the configured paging of `{id}`: {expected}");
            assert_eq!(refusals.to_string(), expected, "{entry:?}");
        }
    }
}

#[test]
fn recognized_paging_can_be_replaced_or_removed() {
    let document = with_operations(
        "
get:
  operationId: list
  parameters: [{ name: offset, in: query, schema: { type: integer } }, { name: limit, in: query, schema: { type: integer } }]
  responses: { '200': { description: A, content: { application/json: { schema: { type: array, items: { type: string } } } } } }",
    );
    let generate = |entry| {
        config().paging([("list".to_owned(), entry)]).generate_from(&document).unwrap().code
    };
    assert!(!generate(PagingEntry::none()).contains("runtime::Paged"));
    let code = generate(PagingEntry::link_header());
    assert_eq!(code.matches("impl runtime::Paged").count(), 1);
    assert!(code.contains("Continuation::LinkHeader"));
}

/// Paging that is recognized adds methods to a builder, and a trait: nothing else changes.
#[cfg(feature = "surface")]
#[test]
fn paging_is_additive() {
    let entry = PagingEntry::cursor("out.at", "mark").items("out.rows");
    let without = config().surface(&unrecognized()).unwrap();
    let with = config().paging([("list".to_owned(), entry)]).surface(&unrecognized()).unwrap();
    assert_ne!(without, with);
    let mut reduced = with.clone();
    let list = reduced.types.get_mut("operations::List").expect("the builder");
    assert!(list.functions.remove("pages").is_some());
    assert!(list.functions.remove("stream").is_some());
    list.traits.retain(|name| !name.starts_with("Paged"));
    assert_eq!(reduced, without);
}
