//! The passes of the lowering in their order, with what each requires of earlier passes and
//! guarantees to later ones.
//!
//! A test runs them over all test documents, and verifies each guarantee after every pass until the
//! last one that requires it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    mem,
};

use openapi_document::Refusals;
use serde_json::Value;

use super::{
    aliases, component_names, compose, constraints, defaults,
    diagnostics::Diagnostics,
    dialect, enums, extract, field_names,
    guarantees::Guarantee::{self, *},
    hints, hoist, inclusions, integers,
    methods::{self, MovedOperations},
    misspelt, newtypes, objects, one_or_many, operations, prune,
    published::PublishedNames,
    received, references, sequences, shared, sibling_tags, tagged_unions, texts, untagged_unions,
    versions,
};
use crate::{
    collect::Collect,
    ir::ClientModel,
    paging::{self, Shapes},
};

/// The state that the passes transform.
#[derive(Debug)]
pub(super) struct PassState<'a> {
    /// The document, rewritten step by step to the one that progenitor reads.
    pub(super) root: Value,
    /// Everything that progenitor can't express.
    pub(super) model: ClientModel,
    pub(super) diagnostics: Diagnostics,
    /// The operations whose methods progenitor doesn't have.
    pub(super) moved: MovedOperations,
    /// Rust names of an earlier version of the client.
    published: PublishedNames<'a>,
    /// The published names of inline schemas that the document still has.
    inline: HashSet<&'a str>,
    /// The ids of operations that are received.
    received: &'a BTreeSet<String>,
}

impl<'a> PassState<'a> {
    pub(super) fn new(
        root: Value,
        published: &'a BTreeMap<String, String>,
        received: &'a BTreeSet<String>,
    ) -> Self {
        Self {
            root,
            model: ClientModel::default(),
            diagnostics: Diagnostics::default(),
            moved: MovedOperations::default(),
            published: PublishedNames::new(published),
            inline: HashSet::new(),
            received,
        }
    }
}

/// A step of the lowering.
#[derive(Debug)]
pub(super) struct Pass {
    /// The name, for the tests and for readers of the table.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) name: &'static str,
    pub(super) requires: &'static [Guarantee],
    pub(super) guarantees: &'static [Guarantee],
    /// Whether lowering stops here if anything has been refused: later passes rely on it.
    is_checkpoint: bool,
    pub(super) run: fn(&mut PassState<'_>),
}

impl Pass {
    const fn new(name: &'static str, run: fn(&mut PassState<'_>)) -> Self {
        Self { name, requires: &[], guarantees: &[], is_checkpoint: false, run }
    }

    const fn requires(mut self, requires: &'static [Guarantee]) -> Self {
        self.requires = requires;
        self
    }

    const fn guarantees(mut self, guarantees: &'static [Guarantee]) -> Self {
        self.guarantees = guarantees;
        self
    }

    const fn checkpoint(mut self) -> Self {
        self.is_checkpoint = true;
        self
    }
}

/// The pass that makes path items of what is received.
pub(super) const RECEIVED: [Pass; 1] = [Pass::new("received", |state| {
    received::include(&mut state.root, state.received, &mut state.diagnostics);
})
.checkpoint()];

/// The passes from OpenAPI 3.1 to 3.0.3.
pub(super) const DIALECT: [Pass; 5] = [
    Pass::new("ignored members", |state| {
        if let Value::Object(map) = &mut state.root {
            for ignored in ["webhooks", "jsonSchemaDialect"] {
                map.shift_remove(ignored);
            }
        }
        hints::remove_all(&mut state.root);
    }),
    Pass::new("texts", |state| {
        misspelt::warn(&state.root, &mut state.diagnostics);
        versions::warn(&state.root, &mut state.diagnostics);
        versions::warn_of_default_mappings(&state.root, &mut state.diagnostics);
        texts::normalize(&mut state.root, &mut state.diagnostics);
    }),
    // Before inline schemas become components.
    Pass::new("sequences", |state| {
        sequences::normalize(&mut state.root, &mut state.diagnostics);
    }),
    // Before the dialect, since it makes components of referenced inline schemas.
    Pass::new("references", |state| {
        shared::promote_components(&mut state.root);
        references::resolve(&mut state.root, &mut state.diagnostics.refusals)
    })
    .guarantees(&[SchemaReferences]),
    Pass::new("dialect", |state| dialect::lower(&mut state.root, &mut state.diagnostics))
        .requires(&[SchemaReferences])
        .guarantees(&[Dialect30])
        .checkpoint(),
];

/// The passes from OpenAPI 3.0.3 to the input of progenitor and the emitters.
pub(super) const FITTING: [Pass; 23] = [
    Pass::new("operations", |state| {
        state.moved = methods::relocate(&mut state.root, &mut state.diagnostics);
        operations::normalize(&mut state.root, &mut state.diagnostics);
    })
    .guarantees(&[NormalizedOperations]),
    Pass::new("aliases", |state| {
        shared::promote_items(&mut state.root);
        aliases::resolve(&mut state.root, &mut state.diagnostics);
    })
    .requires(&[SchemaReferences, Dialect30])
    .guarantees(&[NoAliases])
    .checkpoint(),
    Pass::new("inclusions", |state| inclusions::check(&mut state.root, &mut state.diagnostics))
        .requires(&[SchemaReferences, NoAliases])
        .guarantees(&[BoundedInclusions])
        .checkpoint(),
    Pass::new("compositions", |state| compose::resolve(&mut state.root, &mut state.diagnostics))
        .requires(&[SchemaReferences, Dialect30, NoAliases, BoundedInclusions])
        .guarantees(&[Composed])
        .checkpoint(),
    // Of some components, only a scalar or a reference remains.
    Pass::new("composed aliases", |state| {
        aliases::resolve_composed(&mut state.root, &mut state.diagnostics);
    })
    .requires(&[SchemaReferences, Composed])
    .checkpoint(),
    // Before the union gets a name, and before `prune`.
    Pass::new("one or many", |state| one_or_many::to_lists(&mut state.root)).requires(&[
        NormalizedOperations,
        SchemaReferences,
        Composed,
    ]),
    // After schemas are merged: components that only the merged ones referred to aren't needed.
    Pass::new("prune", |state| prune::remove_unreachable(&mut state.root))
        .requires(&[SchemaReferences])
        .guarantees(&[AllReachable]),
    Pass::new("fields", |state| field_names::warn(&mut state.root, &mut state.diagnostics))
        .requires(&[Dialect30]),
    // Before the defaults, which are compared with the formats, and the constraints, which remove
    // the bounds.
    Pass::new("integers", |state| integers::choose_formats(&mut state.root)).requires(&[Dialect30]),
    // Before the constraints, which document the remaining defaults.
    Pass::new("defaults", |state| {
        defaults::document_defaults(&mut state.root, &mut state.diagnostics)
    })
    .requires(&[SchemaReferences, Dialect30]),
    Pass::new("constraints", |state| constraints::describe_all(&mut state.root))
        .requires(&[Dialect30]),
    Pass::new("names", |state| {
        state.inline = state.published.inline_names(&state.root);
        let (root, inline) = (&mut state.root, &state.inline);
        state.model.types =
            component_names::rename(root, state.published, inline, &mut state.diagnostics);
    })
    .requires(&[SchemaReferences, AllReachable])
    .guarantees(&[RustNames]),
    Pass::new("inline schemas", |state| {
        let (root, inline) = (&mut state.root, &state.inline);
        hoist::inline_schemas(root, &mut state.model.types, state.published, inline);
    })
    .requires(&[NormalizedOperations, Composed, NoAliases, RustNames])
    .guarantees(&[Hoisted]),
    Pass::new("recursive unions", |state| {
        let (root, types) = (&mut state.root, &state.model.types);
        untagged_unions::break_cycles(root, types, &mut state.diagnostics);
    })
    .requires(&[Hoisted, RustNames])
    .checkpoint(),
    Pass::new("tagged unions", |state| {
        state.model.tagged_unions = tagged_unions::collect(
            &state.root,
            &state.model.types,
            state.published,
            &mut state.diagnostics,
        );
    })
    .requires(&[Hoisted, RustNames]),
    // After the tagged unions: their tags are constants, not fields.
    Pass::new("objects", |state| {
        state.model.objects = objects::collect(&state.root, &mut state.model.tagged_unions);
    })
    .requires(&[Hoisted, RustNames]),
    Pass::new("untagged unions", |state| {
        state.model.untagged_unions =
            untagged_unions::collect(&state.root, &state.model, state.published);
    })
    .requires(&[Hoisted, RustNames]),
    Pass::new("enums", |state| {
        state.model.enums = enums::collect(&state.root, &state.model, state.published);
    })
    .requires(&[Hoisted, RustNames]),
    Pass::new("sibling tags", |state| sibling_tags::set(&state.root, &mut state.model))
        .requires(&[Hoisted, RustNames]),
    // After the other types: what remains has no form of its own.
    Pass::new("newtypes", |state| {
        state.model.newtypes = newtypes::collect(&state.root, &state.model);
    })
    .requires(&[Hoisted, RustNames]),
    // After all others: it removes most of the operations from the document.
    Pass::new("operation models", |state| {
        let (root, model) = (&mut state.root, &mut state.model);
        extract::extract(root, model, state.published, &mut state.diagnostics);
        for union in &mut state.model.received {
            let variants = union.variants.iter();
            let wanted =
                variants.map(|one| (one.name.clone(), one.rust_name.clone())).collect_vec();
            let names = state.published.variants(union.kind.published_key(), &wanted);
            for (variant, name) in union.variants.iter_mut().zip(names) {
                variant.rust_name = name;
            }
        }
    })
    .requires(&[NormalizedOperations, Hoisted, RustNames, SchemaReferences])
    .guarantees(&[CoreOperations]),
    Pass::new("paging", |state| {
        let shapes = Shapes::new(&state.model.objects);
        for operation in &mut state.model.operations {
            operation.paging = paging::find(operation, &shapes);
        }
    })
    .checkpoint(),
    Pass::new("hints", |state| hints::remove_all(&mut state.root)),
];

/// The guarantees for progenitor and the emitters.
#[cfg(test)]
pub(super) const RESULT: [Guarantee; 5] =
    [SchemaReferences, Dialect30, RustNames, Hoisted, CoreOperations];

/// Runs passes in order.
///
/// # Errors
///
/// All refusals so far, at the first checkpoint that has any.
pub(super) fn run(passes: &[Pass], state: &mut PassState<'_>) -> Result<(), Refusals> {
    for pass in passes {
        (pass.run)(state);
        if pass.is_checkpoint {
            Refusals::check(mem::take(&mut state.diagnostics.refusals))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use openapi_document::{Document, walk};
    use openapiv3::OpenAPI;
    use serde_json::json;

    use super::{
        super::guarantees::verify, DIALECT, FITTING, Guarantee, Pass, PassState, RECEIVED, RESULT,
        run,
    };
    use crate::progenitor::openapi30;

    fn all_passes() -> Vec<&'static Pass> {
        const ALL: [&[Pass]; 3] = [&RECEIVED, &DIALECT, &FITTING];
        ALL.into_iter().flatten().collect()
    }

    #[test]
    fn requirements_are_guaranteed_by_earlier_passes() {
        let mut guaranteed: Vec<Guarantee> = Vec::new();
        for pass in all_passes() {
            let missing: Vec<_> =
                pass.requires.iter().filter(|one| !guaranteed.contains(one)).collect();
            assert!(missing.is_empty(), "`{}` requires {missing:?}", pass.name);
            guaranteed.extend(pass.guarantees);
        }
        assert!(RESULT.iter().all(|one| guaranteed.contains(one)));
    }

    /// Runs the passes and verifies after each the guarantees that later ones require. `Err` names
    /// the pass that broke one. Stops without an error if the document is refused.
    fn run_verified(passes: &[&Pass], document: &Document) -> Result<(), String> {
        let (published, received) = (BTreeMap::new(), BTreeSet::new());
        let mut state = PassState::new(document.root().clone(), &published, &received);
        let mut guaranteed: Vec<Guarantee> = Vec::new();
        for (index, pass) in passes.iter().enumerate() {
            (pass.run)(&mut state);
            if !state.diagnostics.refusals.is_empty() {
                return Ok(());
            }
            guaranteed.extend(pass.guarantees);
            let later = passes[index + 1..].iter().flat_map(|pass| pass.requires).chain(&RESULT);
            let required: Vec<_> = later.filter(|one| guaranteed.contains(one)).collect();
            for guarantee in &guaranteed {
                if required.contains(&guarantee)
                    && let Err(why) = verify(*guarantee, &state)
                {
                    return Err(format!("`{}` breaks {guarantee:?}: {why}", pass.name));
                }
            }
        }
        Ok(())
    }

    /// The fixtures, the small cases, and the document of the wire tests.
    fn documents() -> Vec<(String, Document)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let folders = [
            "tests/fixtures",
            "crates/openapi-lower/tests/cases",
            "tests/wire",
            "tests/wire/documents",
        ];
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
    fn guarantees_hold_while_they_are_required() {
        let documents = documents();
        assert!(documents.len() > 20);
        for (name, document) in documents {
            assert_eq!(run_verified(&all_passes(), &document), Ok(()), "{name}");
        }
    }

    /// Documents have much that the cases of `openapi30` don't, such as operations and extensions.
    #[test]
    fn lowered_documents_convert_to_what_serde_deserializes() {
        for (name, document) in documents() {
            let (published, received) = (BTreeMap::new(), BTreeSet::new());
            let mut state = PassState::new(document.root().clone(), &published, &received);
            let lowered = [&DIALECT[..], &FITTING].map(|passes| run(passes, &mut state));
            if lowered.iter().all(Result::is_ok) {
                let converted = openapi30::convert(&state.root, &state.model.types).unwrap();
                let deserialized: OpenAPI = serde_json::from_value(state.root).unwrap();
                assert_eq!(converted, deserialized, "{name}");
                let texts =
                    [converted, deserialized].map(|one| serde_json::to_string(&one).unwrap());
                assert_eq!(texts[0], texts[1], "{name}: the order of members");
            }
        }
    }

    #[test]
    fn a_broken_guarantee_is_detected() {
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
            let mut passes = all_passes();
            let at = passes.iter().position(|pass| pass.name == before).unwrap();
            passes.insert(at, planted);
            let found = documents.iter().find_map(|(_, one)| run_verified(&passes, one).err());
            let found = found.unwrap_or_default();
            assert!(found.starts_with(&format!("`planted` breaks {broken}")), "{found}");
        }
    }
}
