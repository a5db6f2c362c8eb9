//! The credentials of a client, and the choice among the security requirements of an operation.

use std::{collections::BTreeMap, fmt};

use crate::{
    auth::{Auth, Credential},
    display::Mask,
    key_provider::KeyProvider,
};

/// A security scheme of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The name in `components/securitySchemes`.
    pub name: &'static str,
    /// The place of the credential in a request.
    pub auth: Auth,
}

/// The alternative security requirements of an operation, each with the schemes that are sent
/// together (OpenAPI 3.1, section 4.8.30). Without any, no credential is sent; an empty one means
/// that it is optional.
pub type Requirements = &'static [&'static [Scheme]];

/// The security of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// The client's default scheme, with its default credential.
    Default(Auth),
    /// One of these.
    Requirements(Requirements),
}

impl Security {
    pub(crate) const NONE: Self = Self::Requirements(&[]);

    /// The lowercase names of the headers that may carry credentials.
    pub(crate) fn headers(self) -> impl Iterator<Item = &'static str> {
        self.schemes().filter_map(Auth::header)
    }

    /// The names of the query parameters that may carry credentials.
    pub(crate) fn query_parameters(self) -> impl Iterator<Item = &'static str> {
        self.schemes().filter_map(|auth| match auth {
            Auth::Query(name) => Some(name),
            _ => None,
        })
    }

    fn schemes(self) -> impl Iterator<Item = Auth> {
        let (default, requirements) = match self {
            Self::Default(auth) => (Some(auth), &[] as Requirements),
            Self::Requirements(requirements) => (None, requirements),
        };
        let schemes = requirements.iter().copied().flatten().map(|scheme| scheme.auth);
        default.into_iter().chain(schemes)
    }
}

/// A credential, or the provider that returns it.
#[derive(Clone)]
pub(crate) enum CredentialSource {
    Fixed(Credential),
    Provider(KeyProvider),
}

/// The credentials of a client.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    /// That of each requirement with a single scheme.
    pub(crate) default: Option<CredentialSource>,
    /// The others, by the names of their schemes.
    pub(crate) named: BTreeMap<String, CredentialSource>,
}

impl Credentials {
    /// The mask that hides all of them but those of providers, which they add.
    pub(crate) fn mask(&self) -> Mask {
        let sources = self.default.iter().chain(self.named.values());
        Mask::new(sources.filter_map(|source| match source {
            CredentialSource::Fixed(credential) => Some(credential.text()),
            CredentialSource::Provider(_) => None,
        }))
    }

    /// Chooses the credentials for a call: those of the first requirement that they satisfy.
    ///
    /// # Errors
    ///
    /// The advice, if they satisfy none.
    pub(crate) fn choose(
        &self,
        security: Security,
    ) -> Result<Vec<(Auth, &CredentialSource)>, String> {
        let requirements = match security {
            Security::Default(Auth::None) => return Ok(Vec::new()),
            Security::Default(auth) => {
                return match &self.default {
                    Some(credential) => Ok(vec![(auth, credential)]),
                    None if self.named.is_empty() => Ok(Vec::new()),
                    None => Err("it requires the API key: call `api_key` on the builder, as the \
                                 request is of no operation that names a scheme"
                        .to_owned()),
                };
            }
            Security::Requirements(requirements) => requirements,
        };
        let chosen =
            requirements.iter().filter(|one| !one.is_empty()).find_map(|one| self.meet(one));
        match chosen {
            Some(chosen) => Ok(chosen),
            None if requirements.iter().all(|one| !one.is_empty()) && !requirements.is_empty() => {
                Err(advice(requirements))
            }
            None => Ok(Vec::new()),
        }
    }

    /// The credentials for the schemes of a requirement, if all are there.
    fn meet(&self, schemes: &[Scheme]) -> Option<Vec<(Auth, &CredentialSource)>> {
        let default = self.default.as_ref().filter(|_| schemes.len() == 1);
        let credential =
            |scheme: &Scheme| Some((scheme.auth, self.named.get(scheme.name).or(default)?));
        schemes.iter().map(credential).collect()
    }
}

/// The calls that would satisfy a requirement.
fn advice(requirements: Requirements) -> String {
    let scheme = |scheme: &Scheme| format!("`credential(\"{}\", …)`", scheme.name);
    let alternatives =
        requirements.iter().map(|one| one.iter().map(scheme).collect::<Vec<_>>().join(" and "));
    let alternatives = alternatives.collect::<Vec<_>>().join(", or ");
    format!("it requires a credential: call {alternatives} on the builder")
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credential) => credential.fmt(f),
            Self::Provider(provider) => provider.fmt(f),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("default", &self.default)
            .field("named", &self.named)
            .finish()
    }
}
