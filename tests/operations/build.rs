//! Writes a caller for each operation of the vendored document: from the document as it stands,
//! read as openapi-document reads it. Only the names of Rust types are asked of `openapi-lower`.

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
    operation::{Content, Location, Parameter, Response},
};

const SPEC: &str = "../../spec/openapi.yaml";
const NAMES: &str = "../../spec/names.toml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed={NAMES}");
    let text = fs::read_to_string(SPEC)?;
    let document = Document::parse(&text)?;
    let callers = Callers { types: Types::new(&document)? };
    let mut code = String::new();
    let mut table = String::new();
    for operation in Operation::all(&document)? {
        let name = callers.types.functions.get(&operation.pointer).cloned().unwrap_or_default();
        callers.write(&mut code, &operation, &name)?;
        writeln!(
            table,
            "    ({:?}, |client, given| Box::pin({name}(client, given))),",
            operation.id
        )?;
    }
    let mut shapes = String::new();
    for (pointer, rust) in callers.types.shapes() {
        writeln!(shapes, "    ({pointer:?}, again::<types::{rust}>),")?;
    }
    writeln!(code, "const SHAPES: &[(&str, Shape)] = &[\n{shapes}];")?;
    writeln!(code, "const CALLERS: &[(&str, Caller)] = &[\n{table}];")?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR isn't set: Cargo runs this file")?;
    fs::write(Path::new(&out).join("callers.rs"), code)?;
    Ok(())
}

struct Callers<'a> {
    types: Types<'a>,
}

impl Callers<'_> {
    fn write(
        &self,
        code: &mut String,
        operation: &Operation,
        name: &str,
    ) -> Result<(), Box<dyn Error>> {
        writeln!(code, "#[allow(clippy::match_single_binding, deprecated, unused_variables)]")?;
        writeln!(code, "async fn {name}(client: &Client, given: &Given) -> Outcome {{")?;
        writeln!(code, "    #[allow(unused_mut)]\n    let mut call = client.{name}();")?;
        for parameter in &operation.parameters {
            self.parameter(code, parameter)?;
        }
        if let Some(body) = &operation.body {
            self.body(code, body.content.first().ok_or("a body without content")?)?;
        }
        writeln!(code, "    match call.send().await {{")?;
        writeln!(code, "        Ok(response) => success(response, {}),", self.success(operation))?;
        writeln!(code, "        Err(error) => failure(error, |status, api| match status {{")?;
        let mut default = "None".to_owned();
        for response in operation.responses.iter().filter(|response| !is_success(response)) {
            let read = self.error(response)?;
            match response.status.parse::<u16>() {
                Ok(status) => writeln!(code, "            {status} => {read},")?,
                Err(_) => default = read,
            }
        }
        writeln!(code, "            _ => {default},\n        }}),\n    }}\n}}\n")?;
        Ok(())
    }

    fn parameter(&self, code: &mut String, parameter: &Parameter) -> Result<(), Box<dyn Error>> {
        let Parameter { name, location, schema, .. } = parameter;
        let setter = setter_name(name);
        let place = match location {
            Location::Path => "Path",
            Location::Query => "Query",
            Location::Header => "Header",
            Location::Cookie => "Cookie",
        };
        let read = match self.types.items(schema) {
            Some(items) => format!("read::<Vec<{}>>(value)", self.types.argument(&items)?),
            None => format!("read::<{}>(value)", self.types.argument(schema)?),
        };
        writeln!(code, "    if let Some(value) = given.parameter(Location::{place}, {name:?}) {{")?;
        writeln!(code, "        call = call.{setter}({read});\n    }}")?;
        Ok(())
    }

    fn body(&self, code: &mut String, content: &Content) -> Result<(), Box<dyn Error>> {
        let schema = content.schema.as_deref().ok_or("a body without a schema")?;
        if content.media_type != "multipart/form-data" {
            let body = self.types.rust(schema)?;
            writeln!(code, "    if let Some(value) = &given.body {{")?;
            writeln!(code, "        call = call.body(read::<{body}>(value));\n    }}")?;
            return Ok(());
        }
        for (name, part) in self.types.properties(schema) {
            let setter = setter_name(&name);
            writeln!(code, "    for value in given.parts({name:?}) {{")?;
            let item = self.types.items(&part).unwrap_or(part);
            let argument = match self.types.is_binary(&item) {
                true => "part(value)".to_owned(),
                false => format!("read::<{}>(value)", self.types.argument(&item)?),
            };
            let repeated = self.types.items(&self.types.property(schema, &name)?).is_some();
            let argument = if repeated { format!("[{argument}]") } else { argument };
            writeln!(code, "        call = call.{setter}({argument});\n    }}")?;
        }
        Ok(())
    }

    /// What shows a successful value as JSON.
    fn success(&self, operation: &Operation) -> &'static str {
        let redirects = |r: &&Response| r.status.starts_with('3');
        let answers = operation.responses.iter().filter(|response| is_success(response));
        let (mut json, mut redirect) = (false, false);
        for response in answers {
            json |= !response.content.is_empty();
            redirect |= redirects(&response);
        }
        match (json, redirect) {
            (false, true) => "|value| Value::from(value.as_str())",
            _ => "json",
        }
    }

    /// The typed body of an error, as JSON again.
    fn error(&self, response: &Response) -> Result<String, Box<dyn Error>> {
        let Some(content) = response.content.first() else { return Ok("empty(api)".to_owned()) };
        let body = match &content.schema {
            Some(schema) if content.media_type == "application/json" => self.types.rust(schema)?,
            _ => "String".to_owned(),
        };
        Ok(format!("typed::<{body}>(api)"))
    }
}

/// A parameter's or part's setter: its name in snake_case, with `_` behind a keyword.
fn setter_name(name: &str) -> String {
    let name = name.to_snake_case();
    let keywords = ["type", "ref", "match", "in", "as", "for", "move", "self", "use", "where"];
    if keywords.contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn is_success(response: &Response) -> bool {
    response.status.starts_with(['2', '3'])
}

/// The Rust types of schemas.
struct Types<'a> {
    document: &'a Document,
    /// By the pointer of the schema.
    names: HashMap<String, String>,
    /// By the pointer of the operation.
    functions: HashMap<String, String>,
    /// The names that are types of their own.
    own: HashSet<String>,
}

impl<'a> Types<'a> {
    fn new(document: &'a Document) -> Result<Self, Box<dyn Error>> {
        let names = basic_toml::from_str(&fs::read_to_string(NAMES)?)?;
        let lowered = openapi_lower::lower(document, &names)?;
        let types = &lowered.model.types;
        let operations = &lowered.model.operations;
        let model = &lowered.model;
        let own = model.objects.iter().map(|one| &one.rust);
        let own = own.chain(model.tagged_unions.iter().map(|one| &one.rust));
        let own = own.chain(model.untagged_unions.iter().map(|one| &one.rust));
        let own = own.chain(model.enums.iter().filter(|one| one.used).map(|one| &one.rust));
        Ok(Self {
            document,
            names: types.iter().map(|name| (name.pointer.to_plain(), name.rust.clone())).collect(),
            functions: operations
                .iter()
                .map(|operation| (operation.pointer.to_plain(), operation.function.clone()))
                .collect(),
            own: own.cloned().collect(),
        })
    }

    /// The schemas that are types of their own, by their pointers.
    fn shapes(&self) -> Vec<(&str, &str)> {
        let own = self.names.iter().filter(|(_, rust)| self.own.contains(*rust));
        let mut shapes: Vec<_> = own.map(|(at, rust)| (at.as_str(), rust.as_str())).collect();
        shapes.sort_unstable();
        shapes
    }

    /// The schema behind references and an `allOf` of one, and the first name on the way.
    fn resolved(&self, schema: &str) -> Result<(Node<'a>, Option<&str>), Box<dyn Error>> {
        let mut at = self.document.at(schema).ok_or_else(|| format!("no schema at #{schema}"))?;
        let mut name = None;
        for _ in 0..32 {
            name = name.or(self.names.get(&at.pointer).map(String::as_str));
            let members: Vec<_> = at.get("allOf").iter().flat_map(Node::items).collect();
            let next = match (at.text("$ref"), members.as_slice()) {
                (Some(reference), _) => self.document.target(reference),
                (None, [only]) if at.get("properties").is_none() => Some(only.clone()),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => return Ok((at, name)),
            }
        }
        Err(format!("the references from #{schema} go in circles").into())
    }

    fn items(&self, schema: &str) -> Option<String> {
        let (at, _) = self.resolved(schema).ok()?;
        at.get("items").map(|items| items.pointer)
    }

    fn properties(&self, schema: &str) -> Vec<(String, String)> {
        let Ok((at, _)) = self.resolved(schema) else { return Vec::new() };
        let properties = at.get("properties");
        let properties = properties.iter().flat_map(Node::members);
        properties.map(|(name, at)| (name.to_owned(), at.pointer)).collect()
    }

    fn property(&self, schema: &str, name: &str) -> Result<String, Box<dyn Error>> {
        let found = self.properties(schema).into_iter().find(|(own, _)| own == name);
        Ok(found.ok_or("a property that isn't there")?.1)
    }

    fn is_binary(&self, schema: &str) -> bool {
        self.resolved(schema).is_ok_and(|(at, _)| {
            at.text("format") == Some("binary") || at.value.get("contentMediaType").is_some()
        })
    }

    /// The type of an argument: enums are set from text.
    fn argument(&self, schema: &str) -> Result<String, Box<dyn Error>> {
        let (at, _) = self.resolved(schema)?;
        match at.text("type") {
            Some("string") if at.value.get("enum").is_some() => Ok("String".to_owned()),
            _ => self.rust(schema),
        }
    }

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
