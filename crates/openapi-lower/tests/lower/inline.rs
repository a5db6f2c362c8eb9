//! rustc compiles generated functions where they are called: a client costs little, and a program
//! what it uses.

use openapi_document::Document;
use syn::{
    Attribute, FnArg, GenericParam, Generics, ImplItemFn, ItemFn, ItemImpl, Signature, Type,
    visit::{self, Visit},
};

use crate::reserved::CONSTRUCTS;

/// The functions that are compiled with the client itself, or marked without need.
#[derive(Default)]
struct Compiled {
    /// Whether the functions belong to an `impl` block with types as parameters.
    in_generic: bool,
    functions: Vec<String>,
    all: usize,
}

impl Compiled {
    fn add(&mut self, attributes: &[Attribute], signature: &Signature) {
        let anonymous = |argument: &FnArg| match argument {
            FnArg::Typed(argument) => matches!(*argument.ty, Type::ImplTrait(_)),
            FnArg::Receiver(_) => false,
        };
        let generic = self.in_generic
            || has_types(&signature.generics)
            || signature.inputs.iter().any(anonymous);
        self.all += 1;
        let marks = attributes.iter().filter(|one| one.path().is_ident("inline")).count();
        if marks != usize::from(!generic) {
            self.functions.push(signature.ident.to_string());
        }
    }
}

fn has_types(generics: &Generics) -> bool {
    generics.params.iter().any(|one| matches!(one, GenericParam::Type(_)))
}

impl<'a> Visit<'a> for Compiled {
    fn visit_item_impl(&mut self, block: &'a ItemImpl) {
        self.in_generic = has_types(&block.generics);
        visit::visit_item_impl(self, block);
        self.in_generic = false;
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        self.add(&function.attrs, &function.sig);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        self.add(&function.attrs, &function.sig);
        visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn functions_are_compiled_where_they_are_called() {
    let fixture = "/../../tests/fixtures/agents-1.9.167.yaml";
    let fixture = std::fs::read_to_string(format!("{}{fixture}", env!("CARGO_MANIFEST_DIR")));
    for text in [CONSTRUCTS, &fixture.unwrap()] {
        let document = Document::parse(text).unwrap();
        let generated = crate::config().generate_from(&document).unwrap();
        let mut compiled = Compiled::default();
        compiled.visit_file(&syn::parse_file(&generated.code).unwrap());
        assert_eq!(compiled.functions, [""; 0]);
        assert!(compiled.all >= 100, "{}", compiled.all);
    }
}
