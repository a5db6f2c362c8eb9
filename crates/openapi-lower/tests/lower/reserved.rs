//! Names of the document that generated code uses itself.
//!
//! The names are those of generated code, so that none is forgotten: every identifier in it becomes
//! a parameter, a part of a form and an operation of another document.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};
use syn::{
    Block, Expr, Ident, ImplItem, Item, ItemImpl, Local, Pat, Stmt, Type,
    visit::{self, Visit},
};

use crate::config;

/// A document with each construct that has generated code of its own.
pub(crate) const CONSTRUCTS: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
servers: [{ url: https://api.example }]
security: [{ key: [] }]
paths:
  /things/{id}:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, format: uuid } }
        - { name: page, in: query, schema: { type: integer } }
        - { name: pageSize, in: query, schema: { type: integer } }
        - { name: required, in: query, required: true, schema: { type: string } }
        - { name: joined, in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: list, in: query, schema: { type: array, items: { type: string } } }
        - { name: deep, in: query, style: deepObject, schema: { type: object, properties: { a: { type: string } } } }
        - { name: json, in: query, content: { application/json: { schema: {} } } }
        - { name: header, in: header, required: true, schema: { type: string } }
        - { name: optional, in: header, schema: { type: integer } }
        - { name: since, in: header, schema: { type: string, format: date-time } }
        - { name: password, in: cookie, schema: { type: string } }
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Things' } } } }
        '404': { description: none, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        default: { description: other }
    post:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        '202': { description: later }
        '303': { description: there }
    put:
      requestBody: { required: true, content: { multipart/form-data: { schema: { type: object, required: [file], properties: { file: { type: string, format: binary }, note: { type: string } } } } } }
      responses: { '200': { description: ok, content: { application/octet-stream: {} } } }
    patch:
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string } } } } } }
      responses: { '200': { description: ok, content: { text/plain: {} } } }
    delete:
      requestBody: { content: { application/octet-stream: {} } }
      responses: { '204': { description: ok } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Thing: { type: object, properties: { at: { type: string, format: date-time } } }
    Things:
      type: object
      required: [items, total]
      properties: { items: { type: array, items: { $ref: '#/components/schemas/Thing' } }, total: { type: integer } }
";

fn generate(text: &str) -> syn::File {
    let document = openapi_lower::Document::parse(text).unwrap();
    let generated = config().generate_from(&document);
    syn::parse_file(&generated.unwrap_or_else(|refusals| panic!("{refusals}")).code).unwrap()
}

/// All identifiers of code.
#[derive(Default)]
struct Identifiers(BTreeSet<String>);

impl<'a> Visit<'a> for Identifiers {
    fn visit_ident(&mut self, ident: &'a Ident) {
        self.0.insert(ident.to_string());
    }
}

/// A document in which everything has one of these names.
fn named(names: &BTreeSet<String>) -> Value {
    let mut paths = serde_json::Map::new();
    let schema = json!({ "type": "string" });
    for (index, name) in names.iter().enumerate() {
        let parameter = |location: &str| {
            let required = location == "path";
            json!({ "name": name, "in": location, "required": required, "schema": schema })
        };
        let parameters = ["path", "query", "header", "cookie"].map(parameter);
        let form = json!({ "type": "object", "properties": { name: schema } });
        let get = json!({
            "operationId": name, "parameters": parameters,
            "responses": { "204": { "description": "ok" } },
        });
        let put = json!({
            "operationId": format!("{name}Form"), "parameters": parameters,
            "requestBody": { "content": { "multipart/form-data": { "schema": form } } },
            "responses": { "204": { "description": "ok" } },
        });
        let post = json!({
            "operationId": format!("{name}_body"), "parameters": parameters,
            "requestBody": { "required": true, "content": { "application/json": { "schema": form } } },
            "responses": { "204": { "description": "ok" } },
        });
        let item = json!({ "get": get, "put": put, "post": post });
        paths.insert(format!("/p{index}/{{{name}}}"), item);
    }
    json!({ "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "paths": paths })
}

/// The items of a module of the generated file.
fn module<'a>(file: &'a syn::File, name: &str) -> &'a [Item] {
    let module = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    &module.unwrap_or_else(|| panic!("no module {name}")).1
}

/// The inherent implementations among items.
fn inherent(items: &[Item]) -> impl Iterator<Item = (String, &ItemImpl)> {
    items.iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => match &*block.self_ty {
            Type::Path(path) => {
                let names = path.path.segments.iter().map(|segment| segment.ident.to_string());
                Some((names.collect::<Vec<_>>().join("::"), block))
            }
            _ => None,
        },
        _ => None,
    })
}

/// The functions that code calls by a single name, and those that it calls on `self` or `Self`.
#[derive(Default)]
struct Called {
    functions: HashSet<String>,
    methods: HashSet<String>,
}

impl<'a> Visit<'a> for Called {
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let segments = path.path.segments.iter().map(|segment| segment.ident.to_string());
            match segments.collect::<Vec<_>>().as_slice() {
                [name] => self.functions.insert(name.clone()),
                [ty, name] if ty == "Self" => self.methods.insert(name.clone()),
                _ => false,
            };
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        if matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self")) {
            self.methods.insert(call.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The variables of a block, other than those that are made from a variable of the same name.
fn variables(block: &Block) -> HashSet<String> {
    let mut variables = HashSet::new();
    for statement in &block.stmts {
        let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = statement else {
            continue;
        };
        let mut used = Identifiers::default();
        used.visit_expr(&init.expr);
        let name = name.ident.to_string();
        if !used.0.contains(&name) {
            variables.insert(name);
        }
    }
    variables
}

/// The names that occur more than once.
fn repeated(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| !seen.insert(name.clone())).collect()
}

/// Checks that no name of the document hides a name that generated code uses.
fn check(file: &syn::File, names_of_module: &BTreeSet<String>) {
    let operations = module(file, "operations");
    let mut methods: HashMap<String, Vec<String>> = HashMap::new();
    let own: Vec<Item> =
        file.items.iter().filter(|item| !matches!(item, Item::Mod(_))).cloned().collect();
    let own = inherent(&own).map(|(name, block)| (format!("super::{name}"), block));
    for (name, block) in inherent(operations).chain(own) {
        let functions = block.items.iter().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        });
        methods.entry(name).or_default().extend(functions);
    }
    for (name, methods) in &methods {
        assert_eq!(repeated(methods.clone()), [""; 0], "methods of `{name}`");
    }
    let structs = operations.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        _ => None,
    });
    let structs: Vec<String> = structs.collect();
    assert_eq!(repeated(structs.clone()), [""; 0], "builders");
    let hidden: Vec<_> = structs.iter().filter(|name| names_of_module.contains(*name)).collect();
    assert!(hidden.is_empty(), "builders with names that the module uses: {hidden:?}");

    let fields: HashMap<String, HashSet<String>> = operations
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => {
                let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
                let names: Vec<String> = names.map(ToString::to_string).collect();
                assert_eq!(repeated(names.clone()), [""; 0], "fields of `{}`", item.ident);
                Some((item.ident.to_string(), names.into_iter().collect()))
            }
            _ => None,
        })
        .collect();
    for (name, block) in inherent(operations) {
        let Some(fields) = fields.get(&name) else { continue };
        for item in &block.items {
            let ImplItem::Fn(function) = item else { continue };
            let mut called = Called::default();
            called.visit_block(&function.block);
            let used = variables(&function.block).into_iter().chain(called.functions);
            let hidden: Vec<String> = used.filter(|name| fields.contains(name)).collect();
            assert!(hidden.is_empty(), "{name}::{}: {hidden:?}", function.sig.ident);
        }
    }
    let (mut functions, mut operations) = (Vec::new(), Vec::new());
    let mut methods = HashSet::new();
    for (_, block) in inherent(module(file, "core")) {
        for item in &block.items {
            let ImplItem::Fn(function) = item else { continue };
            let arguments = function.sig.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(input) => match &*input.pat {
                    Pat::Ident(name) => Some(name.ident.to_string()),
                    _ => None,
                },
                syn::FnArg::Receiver(_) => None,
            });
            let arguments: Vec<String> = arguments.collect();
            let name = &function.sig.ident;
            assert_eq!(repeated(arguments.clone()), [""; 0], "core::{name}");
            let mut called = Called::default();
            called.visit_block(&function.block);
            let used: HashSet<String> =
                variables(&function.block).into_iter().chain(called.functions).collect();
            let hidden: Vec<_> = arguments.iter().filter(|name| used.contains(*name)).collect();
            assert!(hidden.is_empty(), "core::{name}: {hidden:?}");
            // Those of operations are asynchronous.
            operations.extend(function.sig.asyncness.map(|_| name.to_string()));
            functions.push(name.to_string());
            methods.extend(called.methods);
        }
    }
    assert_eq!(repeated(functions), [""; 0], "methods of the core");
    let hidden: Vec<_> = operations.iter().filter(|name| methods.contains(*name)).collect();
    assert!(hidden.is_empty(), "methods of the core that it calls itself: {hidden:?}");
}

#[test]
fn no_name_of_a_document_hides_a_name_of_generated_code() {
    let file = generate(CONSTRUCTS);
    let mut all = Identifiers::default();
    all.visit_file(&file);
    let mut own = BTreeSet::new();
    for item in module(&file, "operations") {
        match item {
            Item::Struct(item) => own.insert(item.ident.to_string()),
            Item::Enum(item) => own.insert(item.ident.to_string()),
            _ => false,
        };
    }
    let mut used = Identifiers::default();
    module(&file, "operations").iter().for_each(|item| used.visit_item(item));
    // Names that are only used behind a path or a dot can't be hidden; builders with these names
    // are harmless, but no document has them here.
    let used: BTreeSet<String> = used.0.difference(&own).cloned().collect();
    assert!(["Result", "Option", "ErrorDecoder"].iter().all(|name| used.contains(*name)));
    assert!(["core_of", "header_map", "client"].iter().all(|name| all.0.contains(*name)));
    let unqualified = unqualified(module(&file, "operations"), &used);
    check(&generate(&named(&all.0).to_string()), &unqualified);
}

/// The names that begin a path or stand alone.
fn unqualified(items: &[Item], names: &BTreeSet<String>) -> BTreeSet<String> {
    #[derive(Default)]
    struct First(BTreeSet<String>);
    impl<'a> Visit<'a> for First {
        fn visit_path(&mut self, path: &'a syn::Path) {
            if path.leading_colon.is_none()
                && let Some(first) = path.segments.first()
            {
                self.0.insert(first.ident.to_string());
            }
            visit::visit_path(self, path);
        }

        fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
            if attribute.path().is_ident("derive") {
                let _ = attribute.parse_nested_meta(|meta| {
                    self.0.extend(meta.path.get_ident().map(ToString::to_string));
                    Ok(())
                });
            }
        }
    }
    let mut first = First::default();
    items.iter().for_each(|item| first.visit_item(item));
    first.0.intersection(names).cloned().collect()
}

#[test]
fn methods_of_the_users_client_are_reserved() {
    let document = openapi_lower::Document::parse(
        "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a: { get: { operationId: run, responses: { '204': { description: ok } } } }
  /b: { get: { operationId: run2, responses: { '204': { description: ok } } } }
  /c: { get: { operationId: stop, responses: { '204': { description: ok } } } }
",
    )
    .unwrap();
    let generated = config().client_methods(["run", "wait"]).generate_from(&document).unwrap();
    let warnings: Vec<String> = generated.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["#/paths/~1a/get: the client has a method `run`: this operation is named `run3`"]
    );
    let methods: Vec<&str> = generated
        .code
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn ")?.strip_suffix(" {"))
        .filter(|signature| signature.contains("(&self) -> ") && !signature.contains("runtime"))
        .collect();
    assert_eq!(methods, ["run3(&self) -> Run", "run2(&self) -> Run2", "stop(&self) -> Stop"]);
}
