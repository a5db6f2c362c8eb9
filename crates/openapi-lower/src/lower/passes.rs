//! The passes of the lowering, in the order in which they run: what each needs of those before it,
//! and what it guarantees to those behind it.
//!
//! A test runs them over all documents at hand and checks each guarantee after every pass, as long
//! as a later one needs it.

use std::{
    collections::{BTreeMap, HashSet},
    mem,
};

use openapi_document::Refusals;
use serde_json::Value;

use super::{
    aliases, all_of,
    bases::{self, Base},
    component_names, constraints,
    context::Context,
    defaults, dialect, enums, extract, fields,
    guarantees::Guarantee::{self, *},
    hoist, objects, operations, prune,
    published::Published,
    references, tagged_unions, unions, untagged_unions,
};
use crate::ir::ClientModel;

/// What the passes work on.
#[derive(Debug)]
pub(super) struct State<'a> {
    /// The document, on its way from what its author wrote to what progenitor reads.
    pub(super) root: Value,
    /// What progenitor can't be told.
    pub(super) model: ClientModel,
    pub(super) cx: Context,
    /// Rust names that stay as they are.
    published: Published<'a>,
    /// Those of inline schemas that the document still has.
    inline: HashSet<&'a str>,
    bases: Vec<Base>,
}

impl<'a> State<'a> {
    pub(super) fn new(root: Value, published: &'a BTreeMap<String, String>) -> Self {
        Self {
            root,
            model: ClientModel::default(),
            cx: Context::default(),
            published: Published::new(published),
            inline: HashSet::new(),
            bases: Vec::new(),
        }
    }
}

/// A step of the lowering.
#[derive(Debug)]
pub(super) struct Pass {
    /// For the test, and for who reads the table.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) name: &'static str,
    pub(super) needs: &'static [Guarantee],
    pub(super) gives: &'static [Guarantee],
    /// Whether the passes behind it take for granted what it refuses otherwise.
    checked: bool,
    pub(super) run: fn(&mut State<'_>),
}

impl Pass {
    const fn new(name: &'static str, run: fn(&mut State<'_>)) -> Self {
        Self { name, needs: &[], gives: &[], checked: false, run }
    }

    const fn needs(mut self, needs: &'static [Guarantee]) -> Self {
        self.needs = needs;
        self
    }

    const fn gives(mut self, gives: &'static [Guarantee]) -> Self {
        self.gives = gives;
        self
    }

    const fn checked(mut self) -> Self {
        self.checked = true;
        self
    }
}

/// From OpenAPI 3.1 to 3.0.3; nothing is fitted to a generator yet.
pub(super) const DIALECT: [Pass; 3] = [
    Pass::new("what is no call of a client is left out", |state| {
        if let Value::Object(map) = &mut state.root {
            for ignored in ["webhooks", "jsonSchemaDialect"] {
                map.shift_remove(ignored);
            }
        }
    }),
    // Before the dialect: schemas that are referred to where they stand become components.
    Pass::new("references", |state| references::resolve(&mut state.root, &mut state.cx.refusals))
        .gives(&[SchemaReferences]),
    Pass::new("dialect", |state| dialect::lower(&mut state.root, &mut state.cx))
        .needs(&[SchemaReferences])
        .gives(&[Dialect30])
        .checked(),
];

/// From OpenAPI 3.0.3 to what makes progenitor and the emitters generate what callers want.
pub(super) const FITTING: [Pass; 19] = [
    Pass::new("operations", |state| operations::normalize(&mut state.root, &mut state.cx))
        .gives(&[PlainOperations]),
    Pass::new("unions", |state| unions::normalize(&mut state.root))
        .needs(&[Dialect30])
        .gives(&[LoneUnions]),
    Pass::new("aliases", |state| aliases::resolve(&mut state.root, &mut state.cx))
        .needs(&[SchemaReferences, Dialect30])
        .gives(&[NoAliases])
        .checked(),
    // While `allOf` still says who includes whom.
    Pass::new("bases", |state| state.bases = bases::find(&mut state.root))
        .needs(&[SchemaReferences, NoAliases]),
    Pass::new("allOf", |state| all_of::flatten(&mut state.root, &mut state.cx))
        .needs(&[SchemaReferences, NoAliases, LoneUnions])
        .checked(),
    Pass::new("heirs", |state| {
        bases::unite(&mut state.root, mem::take(&mut state.bases), &mut state.cx);
    })
    .needs(&[SchemaReferences]),
    // Behind all that puts schemas together: what only they reached isn't needed any more.
    Pass::new("prune", |state| prune::unreachable(&mut state.root))
        .needs(&[SchemaReferences])
        .gives(&[Reached]),
    Pass::new("fields", |state| fields::check(&mut state.root, &mut state.cx))
        .needs(&[Dialect30])
        .gives(&[FieldNames]),
    // Before the constraints: what doesn't fit is a warning, and no longer documented.
    Pass::new("defaults", |state| defaults::check(&mut state.root, &mut state.cx))
        .needs(&[SchemaReferences, Dialect30]),
    Pass::new("constraints", |state| constraints::document(&mut state.root)).needs(&[Dialect30]),
    Pass::new("names", |state| {
        state.inline = state.published.inline(&state.root);
        let (root, inline) = (&mut state.root, &state.inline);
        state.model.types = component_names::rename(root, state.published, inline, &mut state.cx);
    })
    .needs(&[SchemaReferences, Reached])
    .gives(&[RustNames]),
    Pass::new("inline schemas", |state| {
        let (root, inline) = (&mut state.root, &state.inline);
        hoist::inline_schemas(root, &mut state.model.types, state.published, inline);
    })
    .needs(&[PlainOperations, NoAliases, RustNames, FieldNames])
    .gives(&[Hoisted]),
    Pass::new("choices that can't be told apart", |state| {
        untagged_unions::check(&state.root, &state.model.types, &mut state.cx);
    })
    .needs(&[Hoisted, RustNames])
    .checked(),
    Pass::new("tagged unions", |state| {
        state.model.tagged_unions =
            tagged_unions::collect(&state.root, &state.model.types, state.published, &mut state.cx);
    })
    .needs(&[Hoisted, RustNames]),
    // Constants of the unions' members are no fields.
    Pass::new("objects", |state| {
        state.model.objects = objects::collect(&state.root, &mut state.model.tagged_unions);
    })
    .needs(&[Hoisted, RustNames, FieldNames]),
    Pass::new("choices", |state| {
        state.model.untagged_unions =
            untagged_unions::collect(&state.root, &state.model, state.published);
    })
    .needs(&[Hoisted, RustNames]),
    Pass::new("enums", |state| {
        state.model.enums = enums::collect(&state.root, &state.model, state.published);
    })
    .needs(&[Hoisted, RustNames]),
    // Last: what it takes out of the operations, no other pass finds there.
    Pass::new("what the core isn't told", |state| {
        extract::extract(&mut state.root, &mut state.model, &mut state.cx);
    })
    .needs(&[PlainOperations, Hoisted, RustNames, SchemaReferences])
    .gives(&[CoreOperations]),
    Pass::new("pages", |state| {
        for operation in &mut state.model.operations {
            operation.paging = extract::paging::find(operation, &state.model.objects);
        }
    })
    .checked(),
];

/// What the document is in the end, for progenitor and the emitters.
#[cfg(test)]
pub(super) const RESULT: [Guarantee; 5] =
    [SchemaReferences, Dialect30, RustNames, Hoisted, CoreOperations];

/// Runs passes one after the other.
///
/// # Errors
///
/// What they refuse, at the first pass behind which that matters.
pub(super) fn run(passes: &[Pass], state: &mut State<'_>) -> Result<(), Refusals> {
    for pass in passes {
        (pass.run)(state);
        if pass.checked {
            Refusals::check(mem::take(&mut state.cx.refusals))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use openapi_document::{Document, walk};
    use serde_json::json;

    use super::{super::guarantees::holds, DIALECT, FITTING, Guarantee, Pass, RESULT, State};

    fn all() -> Vec<&'static Pass> {
        const ALL: (&[Pass], &[Pass]) = (&DIALECT, &FITTING);
        ALL.0.iter().chain(ALL.1).collect()
    }

    #[test]
    fn each_pass_needs_what_an_earlier_one_gives() {
        let mut given: Vec<Guarantee> = Vec::new();
        for pass in all() {
            let missing: Vec<_> = pass.needs.iter().filter(|need| !given.contains(need)).collect();
            assert!(missing.is_empty(), "`{}` needs {missing:?}", pass.name);
            given.extend(pass.gives);
        }
        assert!(RESULT.iter().all(|wanted| given.contains(wanted)));
    }

    /// Runs the passes and checks after each what a later one needs. `Err` says which pass broke
    /// what; a document that is refused has no more to check.
    fn checked(passes: &[&Pass], document: &Document) -> Result<(), String> {
        let published = BTreeMap::new();
        let mut state = State::new(document.root().clone(), &published);
        let mut given: Vec<Guarantee> = Vec::new();
        for (index, pass) in passes.iter().enumerate() {
            (pass.run)(&mut state);
            if !state.cx.refusals.is_empty() {
                return Ok(());
            }
            given.extend(pass.gives);
            let later = passes[index + 1..].iter().flat_map(|pass| pass.needs).chain(&RESULT);
            let needed: Vec<_> = later.filter(|need| given.contains(need)).collect();
            for guarantee in &given {
                if needed.contains(&guarantee)
                    && let Err(why) = holds(*guarantee, &state)
                {
                    return Err(format!("`{}` breaks {guarantee:?}: {why}", pass.name));
                }
            }
        }
        Ok(())
    }

    /// The fixtures, the cases, and the document of the wire tests.
    fn documents() -> Vec<(String, Document)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let folders = ["tests/fixtures", "crates/openapi-lower/tests/cases", "tests/wire"];
        let mut documents = Vec::new();
        for folder in folders {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    let document = Document::parse(&fs::read_to_string(&path).unwrap()).unwrap();
                    documents.push((path.display().to_string(), document));
                }
            }
        }
        documents
    }

    #[test]
    fn no_pass_breaks_what_a_later_one_needs() {
        let documents = documents();
        assert!(documents.len() > 20);
        for (name, document) in documents {
            assert_eq!(checked(&all(), &document), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_pass_that_breaks_something_is_found() {
        let inline = Pass::new("planted", |state| {
            walk::schemas_mut(&mut state.root, &mut |schema, _| {
                if schema.get("properties").is_some() {
                    schema["properties"]["planted"] =
                        json!({ "type": "object", "properties": { "a": { "type": "string" } } });
                }
            });
        });
        let list = Pass::new("planted", |state| {
            walk::schemas_mut(&mut state.root, &mut |schema, _| {
                if schema.get("properties").is_some() {
                    schema["properties"]["planted"] = json!({ "type": ["string", "null"] });
                }
            });
        });
        let documents = documents();
        for (planted, before, broken) in
            [(&inline, "objects", "Hoisted"), (&list, "aliases", "Dialect30")]
        {
            let mut passes = all();
            let at = passes.iter().position(|pass| pass.name == before).unwrap();
            passes.insert(at, planted);
            let found = documents.iter().find_map(|(_, one)| checked(&passes, one).err());
            let found = found.unwrap_or_default();
            assert!(found.starts_with(&format!("`planted` breaks {broken}")), "{found}");
        }
    }
}
