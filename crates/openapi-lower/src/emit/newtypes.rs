//! Lists and maps that contain themselves, as structs with one field.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs::TypeDocs, ident::ident, impls, schema_type::schema_type};
use crate::{ir::Newtype, progenitor::signature::Core};

/// Emits a newtype; `Err` names an item without a type.
pub(super) fn emit(one: &Newtype, docs: &TypeDocs<'_>, core: &Core) -> Result<TokenStream, String> {
    let name = ident(&one.rust);
    let doc = docs.describe(one.description.as_deref(), &one.rust);
    let inner = schema_type(&one.schema, core).map_err(|why| format!("`{}`: {why}", one.rust))?;
    let from = impls::from(&name, &inner, &quote!(Self(value)));
    Ok(quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, runtime::serde::Deserialize, runtime::serde::Serialize)]
        #[serde(crate = "runtime::serde", transparent)]
        pub struct #name(pub #inner);

        #from
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        emit::docs::TypeDocs,
        ir::{ClientModel, Newtype},
        progenitor::signature::Core,
    };

    #[test]
    fn a_list_that_contains_itself_is_a_struct_with_one_field() {
        let newtype = Newtype {
            rust: "Tree".to_owned(),
            description: Some("A tree.".to_owned()),
            schema: json!({ "type": "array", "items": { "$ref": "#/components/schemas/Tree" } }),
        };
        let model = ClientModel { newtypes: vec![newtype], ..ClientModel::default() };
        let core: syn::File = syn::parse_quote!();
        let core = Core::read(&core, model.structures().into_iter().cloned().collect());
        let code = super::emit(&model.newtypes[0], &TypeDocs::new(&model), &core).unwrap();
        let file: syn::File = syn::parse2(code).unwrap();
        let code = prettyplease::unparse(&file);
        assert!(code.contains("///A tree."), "{code}");
        assert!(code.contains("pub struct Tree(pub ::std::vec::Vec<types::Tree>);"), "{code}");
        let conversion = "impl ::std::convert::From<::std::vec::Vec<types::Tree>> for Tree {";
        assert!(code.contains(conversion), "{code}");
        assert!(code.contains("#[serde(crate = \"runtime::serde\", transparent)]"), "{code}");
    }
}
