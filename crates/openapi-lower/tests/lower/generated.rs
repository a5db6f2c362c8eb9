//! The generated code parses, and has the expected surface. The crates that include it test that it
//! compiles and works.

use crate::{generate, with_operations, with_schemas};

/// The public surface, one item per line: operations, setters, response types.
fn surface(code: &str) -> String {
    let file = syn::parse_file(code).expect("generated code parses");
    let mut lines = Vec::new();
    for item in &file.items {
        match item {
            syn::Item::Impl(block) if block.trait_.is_none() => functions(block, &mut lines),
            syn::Item::Mod(module) if module.ident == "operations" => {
                for item in module.content.iter().flat_map(|(_, items)| items) {
                    match item {
                        syn::Item::Impl(block) if block.trait_.is_none() => {
                            functions(block, &mut lines)
                        }
                        syn::Item::Enum(item) => {
                            let variants: Vec<_> =
                                item.variants.iter().map(|one| one.ident.to_string()).collect();
                            lines.push(format!(
                                "enum {} {{ {} }}",
                                item.ident,
                                variants.join(", ")
                            ));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    lines.join("\n")
}

fn functions(block: &syn::ItemImpl, lines: &mut Vec<String>) {
    for item in &block.items {
        if let syn::ImplItem::Fn(function) = item
            && matches!(function.vis, syn::Visibility::Public(_))
        {
            let deprecated = function.attrs.iter().any(|one| one.path().is_ident("deprecated"));
            let signature = &function.sig;
            let file = syn::parse_quote!(#signature {});
            let text =
                prettyplease::unparse(&file).split_whitespace().collect::<Vec<_>>().join(" ");
            let text = text.trim_end_matches(" {}").to_owned();
            lines.push(format!("{}{text}", if deprecated { "#[deprecated] " } else { "" }));
        }
    }
}

#[test]
fn every_operation_has_a_builder_with_a_setter_per_parameter() {
    let code = generate(&with_operations(
        "
post:
  operationId: makeThing
  deprecated: true
  parameters:
    - { name: pageSize, in: query, schema: { type: integer, format: int32 } }
    - { name: ids, in: query, explode: false, schema: { type: array, items: { type: string, format: uuid } } }
    - { name: names, in: query, schema: { type: array, items: { type: string } } }
    - { name: send, in: header, schema: { type: string } }
  requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } } }
  responses:
    '200': { description: ok, content: { application/json: { schema: { type: object, properties: { b: { type: string } } } } } }
    '202': { description: ok }
get:
  responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { type: string, format: date-time } } } } } }
put:
  requestBody: { content: { multipart/form-data: { schema: { properties: { file: { type: string, format: binary }, note: { type: string } } } } } }
  responses: { '307': { description: there } }",
    ));
    insta::assert_snapshot!(surface(&code));
}

#[test]
fn generation_is_deterministic() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { a: { $ref: '#/components/schemas/A.Base' }, b: { $ref: '#/components/schemas/B.Base' } } }
A.Base: { type: object, properties: { a: { type: string } } }
B.Base: { type: object, properties: { a: { type: string } } }",
    );
    assert_eq!(generate(&document), generate(&document));
}

#[test]
fn descriptions_are_escaped_for_rustdoc() {
    let code = generate(&with_operations(
        "
get:
  summary: 'Returns <T> for [this] or https://x.example/a.'
  description: |
    Text with `code <T>` and a [link](https://x.example).

        indented code

    ```
    let x: = rust?;
    ```

    ```rust
    never closed
  responses: { '200': { description: ok } }",
    ));
    assert!(code.contains(r"Returns \<T\> for \[this\] or <https://x.example/a>."), "{code}");
    assert!(code.contains("Text with `code <T>` and a [link](https://x.example)."), "{code}");
    assert!(code.contains("\n indented code\n"), "{code}");
    assert!(code.contains("```text\nlet x: = rust?;\n```"), "{code}");
    assert!(code.contains("```text\nnever closed\n```"), "{code}");
    assert!(!code.contains("```rust"), "{code}");
}

#[test]
fn operation_docs_link_to_their_page() {
    let code = generate(&with_operations(
        "get: { summary: Get it, externalDocs: { url: 'https://docs.example/get' }, responses: { '200': { description: ok } } }",
    ));
    assert_eq!(code.matches("(<https://docs.example/get>)").count(), 2);
    // The configuration adds pages that the document doesn't have.
    let document =
        with_operations("get: { operationId: thing, responses: { '200': { description: ok } } }");
    let code = |url: &str| {
        let pages = [("thing".to_owned(), url.to_owned())];
        crate::config().pages(pages).generate_from(&document).unwrap().code
    };
    let linked = code("https://docs.example/thing");
    assert_eq!(linked.matches("(<https://docs.example/thing>)").count(), 2);
    // Invalid URLs are omitted.
    let code = code("https://docs.example/> [x");
    assert!(!code.contains("docs.example"), "{code}");
}
