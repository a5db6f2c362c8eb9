//! Documents of several files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use openapi_document::{Document, LoadError, Operation, Pointer};
use serde_json::json;

/// A folder of files, which is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        let _ = fs::remove_dir_all(&folder.0);
        for (path, text) in files {
            let path = folder.0.join("api").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.join("api").join(path)
    }

    fn load(&self) -> Document {
        Document::load(self.path("openapi.yaml")).unwrap_or_else(|error| panic!("{error}")).0
    }

    /// The errors, without the path of the folder.
    fn errors(&self) -> Vec<String> {
        let error = Document::load(self.path("openapi.yaml")).unwrap_err().to_string();
        let folder = self.path("").to_string_lossy().into_owned();
        error.lines().map(|line| line.replace(&folder, "")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const ROOT: &str = "
openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets: { $ref: paths/pets.yaml }
  /pets/{id}:
    parameters: [{ $ref: ./common.yaml#/components/parameters/Id }]
    get:
      operationId: pet
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: ./schemas/Pet.yaml } } } }
        default: { $ref: './common.yaml#/components/responses/Problem' }
components:
  schemas:
    Owner: { $ref: schemas/Owner.yaml }
    Local: { type: integer }
";

const FILES: [(&str, &str); 5] = [
    ("openapi.yaml", ROOT),
    (
        "paths/pets.yaml",
        "
get:
  operationId: pets
  responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: ../schemas/Pet.yaml } } } } } }
post:
  operationId: add
  requestBody: { content: { application/json: { schema: { $ref: '../openapi.yaml#/components/schemas/Owner' }, examples: { one: { $ref: ../schemas/example.json } } } } }
  responses: { '204': { description: added } }
",
    ),
    (
        "schemas/Pet.yaml",
        "
type: object
discriminator: { propertyName: kind, mapping: { cat: ./Cat.yaml, dog: '#/$defs/Dog' } }
properties:
  owner: { $ref: Owner.yaml, description: sibling }
  parent: { $ref: '#' }
  size: { $ref: '../openapi.yaml#/components/schemas/Local' }
  tag: { $ref: '../common.yaml#/components/schemas/Tag' }
  dog: { $ref: '#dog' }
  example: { $ref: Owner.yaml }
example: { $ref: no.yaml }
$defs: { Dog: { $anchor: dog, type: string } }
",
    ),
    (
        "schemas/Owner.yaml",
        "type: object\nproperties: { pets: { type: array, items: { $ref: ./Pet.yaml } } }",
    ),
    ("schemas/example.json", r#"{"value": {"$ref": "no.yaml"}}"#),
];

const COMMON: &str = "
components:
  parameters: { Id: { name: id, in: path, required: true, schema: { $ref: '#/components/schemas/Id' } } }
  responses: { Problem: { description: no, content: { application/json: { schema: { $ref: '#/components/schemas/Owner' } } } } }
  schemas:
    Id: { type: string }
    Tag: { $ref: '#/components/schemas/Label' }
    Label: { type: string }
    Owner: { type: object, title: another }
";

fn files() -> Vec<(&'static str, &'static str)> {
    [FILES.as_slice(), &[("common.yaml", COMMON), ("schemas/Cat.yaml", "type: object")]].concat()
}

#[test]
fn files_become_one_document() {
    let folder = Folder::new("one", &files());
    let document = folder.load();
    let ids: Vec<_> =
        Operation::all(&document).unwrap().into_iter().map(|operation| operation.id).collect();
    assert_eq!(ids, ["pets", "add", "pet"]);
    let components = &document.root()["components"];
    let names = |section: &str| -> Vec<_> {
        components[section].as_object().unwrap().keys().map(String::as_str).collect()
    };
    assert_eq!(
        names("schemas"),
        ["Owner", "Local", "Pet", "Cat", "Dog", "Label", "Id", "common_Owner"]
    );
    assert_eq!(names("parameters"), ["Id"]);
    assert_eq!(names("responses"), ["Problem"]);
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let pet = &components["schemas"]["Pet"];
    for (property, target) in [
        ("parent", "Pet"),
        ("size", "Local"),
        ("tag", "Label"),
        ("dog", "Dog"),
        ("example", "Owner"),
    ] {
        assert_eq!(pet["properties"][property], reference(target), "{property}");
    }
    let owner = json!({ "$ref": "#/components/schemas/Owner", "description": "sibling" });
    assert_eq!(pet["properties"]["owner"], owner);
    let mapping = json!({ "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog" });
    assert_eq!(pet["discriminator"]["mapping"], mapping);
    // Data isn't a reference.
    assert_eq!(pet["example"], json!({ "$ref": "no.yaml" }));
    let examples = &document.root()["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]
        ["examples"];
    assert_eq!(examples["one"], json!({ "value": { "$ref": "no.yaml" } }));
    assert_eq!(components["schemas"]["Owner"]["properties"]["pets"]["items"], reference("Pet"));
    assert_eq!(components["schemas"]["common_Owner"]["title"], "another");
}

#[test]
fn a_document_of_one_file_stays_as_it_is() {
    let text = ROOT
        .replace("{ $ref: paths/pets.yaml }", "{}")
        .replace("./common.yaml#/components/parameters/Id", "'#/components/parameters/Id'")
        .replace("./common.yaml#", "#")
        .replace("./schemas/Pet.yaml", "'#/components/schemas/Local'")
        .replace("schemas/Owner.yaml", "'#/components/schemas/Local'")
        + "  parameters: { Id: { name: id, in: path, schema: {} } }\n  responses: { Problem: { description: no } }\n";
    let folder = Folder::new("single", &[("openapi.yaml", &text)]);
    assert_eq!(folder.load(), Document::parse(&text).unwrap());
}

#[test]
fn parts_have_their_files_and_lines() {
    let folder = Folder::new("places", &files());
    let (_, sources) = Document::load(folder.path("openapi.yaml")).unwrap();
    let place = |pointer: &str| {
        let place = sources.place(&Pointer::from_plain(pointer).unwrap());
        assert_eq!(place.line.is_some(), cfg!(feature = "lines"));
        let path = place.path.strip_prefix(folder.path("")).unwrap().to_owned();
        (
            path.to_string_lossy().replace('\\', "/"),
            place.line.unwrap_or(0),
            place.pointer.to_plain(),
        )
    };
    for (pointer, path, line, own) in [
        ("/paths/~1pets~1{id}/get", "openapi.yaml", 8, "/paths/~1pets~1{id}/get"),
        ("/paths/~1pets/post/operationId", "paths/pets.yaml", 6, "/post/operationId"),
        ("/components/schemas/Pet/properties/size", "schemas/Pet.yaml", 7, "/properties/size"),
        ("/components/schemas/Owner/type", "schemas/Owner.yaml", 1, "/type"),
        ("/components/schemas/common_Owner", "common.yaml", 9, "/components/schemas/Owner"),
        ("/components/schemas/Local", "openapi.yaml", 16, "/components/schemas/Local"),
    ] {
        let line = if cfg!(feature = "lines") { line } else { 0 };
        assert_eq!(place(pointer), (path.to_owned(), line, own.to_owned()), "{pointer}");
    }
    let paths: Vec<_> = sources.paths().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(paths.len(), 7, "{paths:?}");
    assert_eq!(sources.text(), ROOT);
}

#[test]
fn references_out_of_the_folder_are_refused() {
    let line =
        |number: usize| if cfg!(feature = "lines") { format!(":{number}") } else { String::new() };
    for (reference, reason) in [
        ("../secret.yaml", "outside of the folder"),
        ("schemas/../../secret.yaml", "outside of the folder"),
        ("%2e%2e/secret.yaml", "outside of the folder"),
        ("/etc/passwd", "only relative paths"),
        ("https://example.com/a.yaml", "URLs aren't read"),
        ("file:secret.yaml", "URLs aren't read"),
        ("..\\secret.yaml", "only relative paths"),
        ("no.yaml", "can't be read"),
        ("schemas", "not a regular file"),
        ("broken.yaml", "in the file: "),
        ("common.yaml#/components/schemas/No", "target not found"),
        ("common.yaml#no", "no schema of the file has this `$anchor`"),
        ("schemas/cycle.yaml", "a cycle of references"),
    ] {
        let root = ROOT.replace("schemas/Owner.yaml", &format!("'{reference}'"));
        let mut files = files();
        files[0].1 = &root;
        files.push(("../secret.yaml", "type: string"));
        files.push(("broken.yaml", "a: ["));
        files.push(("schemas/cycle.yaml", "$ref: ./cycle.yaml"));
        let folder = Folder::new("outside", &files);
        let errors = folder.errors();
        let start = format!("openapi.yaml{}: #/components/schemas/Owner/$ref: ", line(15));
        let is_expected = |error: &String| error.starts_with(&start) && error.contains(reason);
        assert!(errors.iter().any(is_expected), "{errors:?}");
    }
    // In another file, with its pointer there.
    let broken = FILES[2].1.replace("Owner.yaml, description", "Nobody.yaml, description");
    let mut files = files();
    files[2].1 = &broken;
    let errors = Folder::new("nested", &files).errors();
    let start = format!("schemas/Pet.yaml{}: #/properties/owner/$ref: ", line(5));
    assert!(errors.len() == 1 && errors[0].starts_with(&start), "{errors:?}");
    // What is wrong in the whole document.
    let invalid = COMMON.replace("in: path", "in: querystring");
    let mut files = self::files();
    files[5].1 = &invalid;
    let folder = Folder::new("whole", &files);
    assert!(folder.errors()[0].contains("needs `content`"), "{:?}", folder.errors());
    assert!(Document::load_lenient(folder.path("openapi.yaml")).is_ok());
    let root = ROOT.replace("schemas/Owner.yaml", "no.yaml");
    let mut files = self::files();
    files[0].1 = &root;
    let folder = Folder::new("lenient", &files);
    let (document, _) = Document::load_lenient(folder.path("openapi.yaml")).unwrap();
    let unresolved = document.unresolved();
    assert_eq!(unresolved[0].pointer.to_string(), "#/components/schemas/Owner/$ref");
    assert_eq!(document.root()["components"]["schemas"]["Owner"], json!({ "$ref": "no.yaml" }));
    assert_eq!(document.root()["components"]["schemas"]["Pet"]["type"], "object");
    let missing = Document::load(folder.path("no.yaml")).unwrap_err();
    assert!(matches!(missing, LoadError::Read { .. }), "{missing}");
}

#[cfg(unix)]
#[test]
fn symbolic_links_out_of_the_folder_are_refused() {
    let mut files = files();
    files.push(("../secret.yaml", "type: string"));
    let folder = Folder::new("links", &files);
    fs::remove_file(folder.path("schemas/Owner.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.path("../secret.yaml"), folder.path("schemas/Owner.yaml"))
        .unwrap();
    assert!(folder.errors()[0].contains("a symbolic link leads out"), "{:?}", folder.errors());
    // Within the folder it is the same file.
    fs::remove_file(folder.path("schemas/Owner.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.path("schemas/Cat.yaml"), folder.path("schemas/Owner.yaml"))
        .unwrap();
    let document = folder.load();
    let mapping = &document.root()["components"]["schemas"]["Pet"]["discriminator"]["mapping"];
    assert_eq!(mapping["cat"], "#/components/schemas/Owner");
}

#[test]
fn path_items_in_a_cycle_and_growing_documents_are_bounded() {
    let root = "openapi: 3.1.0\npaths: { /a: { $ref: a.yaml } }\n";
    let callbacks = "post: { responses: {}, callbacks: { c: { '{$url}': { $ref: a.yaml } } } }";
    let folder = Folder::new("cycle", &[("openapi.yaml", root), ("a.yaml", callbacks)]);
    assert!(folder.errors()[0].contains("a cycle of references"), "{:?}", folder.errors());
    // Ten references in each of ten files to the next one: 10^10 operations.
    let callbacks = |next: usize| -> String {
        let each = (0..10).map(|one| format!("'{{$url}}/{one}': {{ $ref: f{next}.yaml }}"));
        let each: Vec<_> = each.collect();
        format!("post: {{ responses: {{}}, callbacks: {{ c: {{ {} }} }} }}", each.join(", "))
    };
    let texts: Vec<_> =
        (0..11).map(|file| (format!("f{file}.yaml"), callbacks(file + 1))).collect();
    let root = root.replace("a.yaml", "f0.yaml");
    let mut files: Vec<_> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.extend([("openapi.yaml", root.as_str()), ("f11.yaml", "get: {}")]);
    let folder = Folder::new("growing", &files);
    assert!(folder.errors()[0].contains("more than 20000 parts"), "{:?}", folder.errors()[0]);
}

#[test]
fn references_to_the_uri_of_the_document_are_its_own() {
    let document = "
openapi: 3.2.0
$self: https://example.com/api/openapi.yaml
info: { title: Pets, version: '1' }
paths: {}
components:
  schemas:
    Pet: { type: object, properties: { x: { $ref: 'https://example.com/api/openapi.yaml#/components/schemas/Name' } } }
    Name: { type: string }
";
    let folder = Folder::new("own-uri", &[("openapi.yaml", document)]);
    let reference =
        folder.load().root().pointer("/components/schemas/Pet/properties/x/$ref").cloned();
    assert_eq!(reference, Some(json!("#/components/schemas/Name")));
}
