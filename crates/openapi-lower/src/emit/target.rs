//! What code is generated for.

use openapi_document::{Pointer, Refusal, Refusals};

use crate::options::Options;

/// What the code is generated for.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The path of the runtime's crate.
    pub(super) runtime: String,
    /// The path of the type that has the operations, if that is the user's.
    pub(super) client: Option<String>,
}

impl Target {
    pub(crate) fn new(options: &Options) -> Result<Self, Refusals> {
        let check = |what: &str, path: &str| match syn::parse_str::<syn::Path>(path) {
            Ok(_) => Ok(path.to_owned()),
            Err(error) => Err(failed(what, &format_args!("`{path}`: {error}"))),
        };
        for (key, name) in &options.names {
            if syn::parse_str::<syn::Ident>(name).is_err() {
                let what = format!("the published name of `{key}`");
                return Err(failed(&what, &format_args!("`{name}` is no name that Rust can have")));
            }
        }
        let client = options.client.as_deref().map(|path| check("the path of the client", path));
        Ok(Self {
            runtime: check("the path of the runtime", &options.runtime)?,
            client: client.transpose()?,
        })
    }
}

pub(super) fn failed(what: &str, error: &dyn std::fmt::Display) -> Refusals {
    Refusal::new(Pointer::root(), what, error.to_string()).into()
}
