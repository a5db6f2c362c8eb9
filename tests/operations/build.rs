//! Generates a caller for each operation of the vendored document.
//!
//! Operations, parameters and bodies come from openapi-document, not from `openapi-lower`, so that
//! the tests are independent of the generator. Only the names of Rust items come from it.

use std::{
    collections::{HashMap, HashSet},
    env,
    error::Error,
    fmt::Write,
    fs,
    path::Path,
};

use heck::ToSnakeCase;
use openapi_document::{
    Document, Node, Operation,
    operation::{Location, MediaTypeObject, Parameter, Response},
};

const SPEC: &str = "../../spec/openapi.yaml";
const NAMES: &str = "../../spec/names.toml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed={NAMES}");
    let text = fs::read_to_string(SPEC)?;
    let document = Document::parse(&text)?;
    let generator = CallerGenerator { types: RustTypes::new(&document)? };
    let mut code = String::new();
    let mut table = String::new();
    for operation in Operation::all(&document)? {
        let name = generator.types.functions.get(&operation.pointer).cloned().unwrap_or_default();
        generator.caller(&mut code, &operation, &name)?;
        writeln!(
            table,
            "    ({:?}, |client, arguments| Box::pin({name}(client, arguments))),",
            operation.id
        )?;
    }
    let mut schema_types = String::new();
    for (pointer, rust) in generator.types.schemas() {
        writeln!(schema_types, "    ({pointer:?}, round_trip::<types::{rust}>),")?;
    }
    writeln!(code, "const SCHEMA_TYPES: &[(&str, RoundTrip)] = &[\n{schema_types}];")?;
    writeln!(code, "const CALLERS: &[(&str, Caller)] = &[\n{table}];")?;
    let out = env::var_os("OUT_DIR").ok_or("missing OUT_DIR: run this file by `cargo build`")?;
    fs::write(Path::new(&out).join("callers.rs"), code)?;
    Ok(())
}

/// Generates the source code of callers.
struct CallerGenerator<'a> {
    types: RustTypes<'a>,
}

impl CallerGenerator<'_> {
    /// Writes the function that calls an operation.
    fn caller(
        &self,
        code: &mut String,
        operation: &Operation,
        name: &str,
    ) -> Result<(), Box<dyn Error>> {
        writeln!(code, "#[allow(clippy::match_single_binding, deprecated, unused_variables)]")?;
        writeln!(
            code,
            "async fn {name}(client: &Client, arguments: &CallArguments) -> CallOutcome {{"
        )?;
        writeln!(code, "    #[allow(unused_mut)]\n    let mut call = client.{name}();")?;
        for parameter in &operation.parameters {
            self.parameter(code, parameter)?;
        }
        if let Some(body) = &operation.body {
            self.body(code, body.content.first().ok_or("a body without content")?)?;
        }
        writeln!(code, "    match call.send().await {{")?;
        writeln!(
            code,
            "        Ok(response) => success(response, {}),",
            self.encode_success(operation)
        )?;
        writeln!(code, "        Err(error) => failure(error, |status, api| match status {{")?;
        let mut default = "None".to_owned();
        for response in operation.responses.iter().filter(|response| !is_success(response)) {
            let encode = self.encode_error(response)?;
            match response.status.parse::<u16>() {
                Ok(status) => writeln!(code, "            {status} => {encode},")?,
                Err(_) => default = encode,
            }
        }
        writeln!(code, "            _ => {default},\n        }}),\n    }}\n}}\n")?;
        Ok(())
    }

    /// Writes the call of a parameter's setter.
    fn parameter(&self, code: &mut String, parameter: &Parameter) -> Result<(), Box<dyn Error>> {
        let Parameter { name, location, schema, .. } = parameter;
        let setter = setter_name(name);
        let variant = match location {
            Location::Path => "Path",
            Location::Query => "Query",
            Location::Querystring => "Querystring",
            Location::Header => "Header",
            Location::Cookie => "Cookie",
        };
        let argument = match self.types.items(schema) {
            Some(items) => format!("argument::<Vec<{}>>(value)", self.types.argument(&items)?),
            None => format!("argument::<{}>(value)", self.types.argument(schema)?),
        };
        writeln!(
            code,
            "    if let Some(value) = arguments.parameter(Location::{variant}, {name:?}) {{"
        )?;
        writeln!(code, "        call = call.{setter}({argument});\n    }}")?;
        Ok(())
    }

    /// Writes the calls of the setters of a body.
    fn body(&self, code: &mut String, content: &MediaTypeObject) -> Result<(), Box<dyn Error>> {
        let schema = content.schema.as_deref().ok_or("a body without a schema")?;
        if content.media_type != "multipart/form-data" {
            let body = self.types.rust(schema)?;
            writeln!(code, "    if let Some(value) = &arguments.body {{")?;
            writeln!(code, "        call = call.body(argument::<{body}>(value));\n    }}")?;
            return Ok(());
        }
        for (name, part) in self.types.properties(schema) {
            let setter = setter_name(&name);
            writeln!(code, "    for value in arguments.parts({name:?}) {{")?;
            let item = self.types.items(&part).unwrap_or(part);
            let argument = match self.types.is_binary(&item) {
                true => "part(value)".to_owned(),
                false => format!("argument::<{}>(value)", self.types.argument(&item)?),
            };
            let repeated = self.types.items(&self.types.property(schema, &name)?).is_some();
            let argument = if repeated { format!("[{argument}]") } else { argument };
            writeln!(code, "        call = call.{setter}({argument});\n    }}")?;
        }
        Ok(())
    }

    /// Returns the expression of a function that encodes a successful value as JSON.
    fn encode_success(&self, operation: &Operation) -> &'static str {
        let redirects = |r: &&Response| r.status.starts_with('3');
        let successes = operation.responses.iter().filter(|response| is_success(response));
        let (mut json, mut redirect) = (false, false);
        for response in successes {
            json |= !response.content.is_empty();
            redirect |= redirects(&response);
        }
        match (json, redirect) {
            (false, true) => "|value| Value::from(value.as_str())",
            _ => "to_json",
        }
    }

    /// Returns an expression that encodes the typed body of an error as JSON.
    fn encode_error(&self, response: &Response) -> Result<String, Box<dyn Error>> {
        let Some(content) = response.content.first() else {
            return Ok("empty_body(api)".to_owned());
        };
        let body = match &content.schema {
            Some(schema) if content.media_type == "application/json" => self.types.rust(schema)?,
            _ => "String".to_owned(),
        };
        Ok(format!("typed_body::<{body}>(api)"))
    }
}

/// Returns the setter of a parameter or part: its name in snake_case, with `_` after a keyword.
fn setter_name(name: &str) -> String {
    let name = name.to_snake_case();
    let keywords = ["type", "ref", "match", "in", "as", "for", "move", "self", "use", "where"];
    if keywords.contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn is_success(response: &Response) -> bool {
    response.status.starts_with(['2', '3'])
}

/// The Rust types of schemas.
struct RustTypes<'a> {
    document: &'a Document,
    /// The type names, by the JSON pointer of the schema.
    names: HashMap<String, String>,
    /// The function names, by the JSON pointer of the operation.
    functions: HashMap<String, String>,
    /// The names of types that are declared, not aliases.
    declared: HashSet<String>,
}

impl<'a> RustTypes<'a> {
    fn new(document: &'a Document) -> Result<Self, Box<dyn Error>> {
        let names = basic_toml::from_str(&fs::read_to_string(NAMES)?)?;
        let lowered = openapi_lower::lower(document, &names)?;
        let types = &lowered.model.types;
        let operations = &lowered.model.operations;
        let model = &lowered.model;
        let declared = model.objects.iter().map(|object| &object.rust);
        let declared = declared.chain(model.tagged_unions.iter().map(|union| &union.rust));
        let declared = declared.chain(model.untagged_unions.iter().map(|union| &union.rust));
        let declared = declared.chain(model.newtypes.iter().map(|newtype| &newtype.rust));
        let used_enums = model.enums.iter().filter(|declared| declared.used);
        let declared = declared.chain(used_enums.map(|declared| &declared.rust));
        Ok(Self {
            document,
            names: types.iter().map(|name| (name.pointer.to_plain(), name.rust.clone())).collect(),
            functions: operations
                .iter()
                .map(|operation| (operation.pointer.to_plain(), operation.function.clone()))
                .collect(),
            declared: declared.cloned().collect(),
        })
    }

    /// Returns the JSON pointers of the schemas with a declared type, and the type names.
    fn schemas(&self) -> Vec<(&str, &str)> {
        let names = self.names.iter().filter(|(_, rust)| self.declared.contains(*rust));
        let mut schemas: Vec<_> =
            names.map(|(pointer, rust)| (pointer.as_str(), rust.as_str())).collect();
        schemas.sort_unstable();
        schemas
    }

    /// Resolves references and `allOf` with one schema; returns the target and the first type name
    /// on the way.
    fn resolved(&self, schema: &str) -> Result<(Node<'a>, Option<&str>), Box<dyn Error>> {
        let mut at =
            self.document.node_at(schema).ok_or_else(|| format!("no schema at #{schema}"))?;
        let mut name = None;
        for _ in 0..32 {
            name = name.or(self.names.get(&at.pointer).map(String::as_str));
            let all_of: Vec<_> = at.get("allOf").iter().flat_map(Node::items).collect();
            let next = match (at.text("$ref"), all_of.as_slice()) {
                (Some(reference), _) => self.document.target(reference),
                (None, [only]) if at.get("properties").is_none() => Some(only.clone()),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => return Ok((at, name)),
            }
        }
        Err(format!("the references from #{schema} form a cycle").into())
    }

    /// Returns the JSON pointer to the schema of the items of an array.
    fn items(&self, schema: &str) -> Option<String> {
        let (at, _) = self.resolved(schema).ok()?;
        at.get("items").map(|items| items.pointer)
    }

    /// Returns the properties of an object, each with the JSON pointer to its schema.
    fn properties(&self, schema: &str) -> Vec<(String, String)> {
        let Ok((at, _)) = self.resolved(schema) else { return Vec::new() };
        let properties = at.get("properties");
        let properties = properties.iter().flat_map(Node::members);
        properties.map(|(name, at)| (name.to_owned(), at.pointer)).collect()
    }

    fn property(&self, schema: &str, name: &str) -> Result<String, Box<dyn Error>> {
        let property = self.properties(schema).into_iter().find(|(declared, _)| declared == name);
        Ok(property.ok_or_else(|| format!("no property `{name}` in #{schema}"))?.1)
    }

    fn is_binary(&self, schema: &str) -> bool {
        self.resolved(schema).is_ok_and(|(at, _)| {
            at.text("format") == Some("binary") || at.value.get("contentMediaType").is_some()
        })
    }

    /// Returns the type of a setter's argument. Enums are set from text.
    fn argument(&self, schema: &str) -> Result<String, Box<dyn Error>> {
        let (at, _) = self.resolved(schema)?;
        match at.text("type") {
            Some("string") if at.value.get("enum").is_some() => Ok("String".to_owned()),
            _ => self.rust(schema),
        }
    }

    /// Returns the Rust type of a schema.
    fn rust(&self, schema: &str) -> Result<String, Box<dyn Error>> {
        let (at, name) = self.resolved(schema)?;
        let scalar = match (at.text("type"), at.text("format")) {
            _ if at.value.get("enum").is_some() => None,
            (Some("string"), Some("uuid")) => Some("uuid::Uuid"),
            (Some("string"), Some("date-time")) => Some("chrono::DateTime<chrono::Utc>"),
            (Some("string"), _) => Some("String"),
            (Some("integer"), Some("int32")) => Some("i32"),
            (Some("integer"), _) => Some("i64"),
            (Some("number"), _) => Some("f64"),
            (Some("boolean"), _) => Some("bool"),
            _ => None,
        };
        if let Some(scalar) = scalar {
            return Ok(scalar.to_owned());
        }
        if let Some(items) = at.get("items") {
            return Ok(format!("Vec<{}>", self.rust(&items.pointer)?));
        }
        match name {
            Some(name) => Ok(format!("types::{name}")),
            None => Err(format!("no Rust type is known for #{}", at.pointer).into()),
        }
    }
}
