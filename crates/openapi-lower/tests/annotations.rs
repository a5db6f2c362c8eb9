//! Successors of deprecated operations and notes on properties, which documents don't have.

use std::fs;

use openapi_lower::{Config, Document, Generated};

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /agents:
    get:
      operationId: listAgents
      deprecated: true
      summary: Lists agents.
      responses: { '204': { description: ok } }
  /flows:
    get:
      operationId: listFlows
      deprecated: true
      responses: { '204': { description: ok } }
  /workflows:
    get:
      operationId: listWorkflows
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } }
components:
  schemas:
    Run:
      type: object
      properties:
        id: { type: string, description: 'The identity.' }
        version: { type: string }
";

fn generate(config: &Config) -> Generated {
    config.generate_from(&Document::parse(DOCUMENT).unwrap()).unwrap()
}

fn pair(operation: &str, successor: &str) -> (String, String) {
    (operation.to_owned(), successor.to_owned())
}

/// The attributes and the documentation of the item that starts so.
fn item<'a>(code: &'a str, start: &str) -> &'a str {
    let end = code.find(start).unwrap_or_else(|| panic!("no {start} in {code}"));
    let ends_of_others = ["}\n", "{\n", ",\n"];
    let begin = ends_of_others.into_iter().filter_map(|other| code[..end].rfind(other)).max();
    let begin = begin.map_or(0, |begin| begin + 2);
    &code[begin..end]
}

#[test]
fn deprecated_operations_name_their_successors() {
    let config = Config::new("openapi.yaml").successors([
        pair("listAgents", "listWorkflows"),
        // Entries for others have no effect.
        pair("listWorkflows", "listAgents"),
        pair("gone", "listWorkflows"),
    ]);
    let generated = generate(&config);
    assert!(generated.warnings.is_empty(), "{:?}", generated.warnings);
    let method = item(&generated.code, "pub fn list_agents(&self)");
    assert!(method.contains("#[deprecated(note = \"use `list_workflows`\")]"), "{method}");
    let link = "**Deprecated.** Use [`list_workflows`](Self::list_workflows) instead.";
    assert!(method.contains(link), "{method}");
    let builder = item(&generated.code, "pub struct ListAgents {");
    assert!(builder.contains("Use [`ListWorkflows`] instead."), "{builder}");
    let other = item(&generated.code, "pub fn list_flows(&self)");
    assert!(other.contains("#[deprecated(note = \"deprecated by the API\")]"), "{other}");
    assert!(!item(&generated.code, "pub fn list_workflows(&self)").contains("deprecated"));
}

#[test]
fn successors_that_are_deprecated_lead_to_the_next() {
    let config = Config::new("openapi.yaml")
        .successors([pair("listAgents", "listFlows"), pair("listFlows", "listWorkflows")]);
    let code = generate(&config).code;
    for function in ["list_agents", "list_flows"] {
        let method = item(&code, &format!("pub fn {function}(&self)"));
        assert!(method.contains("note = \"use `list_workflows`\""), "{method}");
    }
    // A circle ends.
    let config = Config::new("openapi.yaml")
        .successors([pair("listAgents", "listFlows"), pair("listFlows", "listAgents")]);
    assert!(generate(&config).code.contains("#[deprecated("));
}

#[test]
fn a_successor_that_is_missing_is_a_warning() {
    let config = Config::new("openapi.yaml").successors([pair("listAgents", "listRuns")]);
    let generated = generate(&config);
    let warnings: Vec<String> = generated.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["#/paths/~1agents/get: the successor `listRuns` isn't in the document"]);
    let method = item(&generated.code, "pub fn list_agents(&self)");
    assert!(method.contains("note = \"deprecated by the API\""), "{method}");
}

#[test]
fn notes_stand_in_the_documentation_of_their_fields() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.toml");
    let notes = |text: &str| {
        fs::write(&path, text).unwrap();
        Config::new("openapi.yaml").notes_file(&path)
    };
    let note = "[[notes]]\nproperty = 'Run.id'\nwith = 'Run.version'\ntext = 'Of the run, not of the agent.'\n";
    let config = notes(note).unwrap();
    let code = generate(&config).code;
    let field = item(&code, "pub id: Option<String>");
    let documentation = "/**The identity.\n\nOf the run, not of the agent.*/";
    assert!(field.replace("        ", "").contains(documentation), "{field}");
    let document = Document::parse(DOCUMENT).unwrap();
    assert_eq!(config.notes(&document).len(), 1);

    // Not of this document.
    for other in ["'Run.id'\nwith = 'Run.total'", "'Run.total'", "'Other.id'"] {
        let config =
            notes(&format!("[[notes]]\nproperty = {other}\ntext = 'Of the run.'\n")).unwrap();
        assert_eq!(config.notes(&document), Vec::<&openapi_lower::Note>::new(), "{other}");
        assert!(!generate(&config).code.contains("Of the run."), "{other}");
    }
    let error = notes("[[notes]]\nproperty = 'Run.id'\n").err().unwrap().to_string();
    assert!(error.contains("notes.toml") && error.contains("text"), "{error}");
}
