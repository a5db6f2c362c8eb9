//! Reduces the core's functions to building requests: the runtime sends them.

use std::mem;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Ident, ImplItem, Item, Lit, Pat, ReturnType, Stmt, parse_quote};

/// Ends each function of the core where it would send its request, and makes it return that. `Err`
/// names a function that builds none, which progenitor doesn't emit.
pub(crate) fn only_build_requests(core: &mut syn::File) -> Result<(), String> {
    for item in &mut core.items {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            if let ImplItem::Fn(function) = item
                && block.trait_.is_none()
                && function.sig.asyncness.is_some()
            {
                let name = function.sig.ident.to_string();
                end_at_request(function)
                    .ok_or_else(|| format!("`{name}` of the core builds no request"))?;
            }
        }
    }
    Ok(())
}

/// Ends a function with its request; `None` if it has none.
fn end_at_request(function: &mut syn::ImplItemFn) -> Option<()> {
    let statements = &mut function.block.stmts;
    let sending = statements.iter().position(|one| sent_request(one).is_some())?;
    let request = sent_request(&statements[sending])?.clone();
    let built = statements.iter().position(|one| declares(one, &request))?;
    statements.truncate(built + 1);
    let headers = remove_version(statements);
    if let Some(Stmt::Local(syn::Local { init: Some(built), .. })) = statements.last_mut() {
        simplify(&mut built.expr, headers.as_ref());
    }
    statements.push(Stmt::Expr(parse_quote!(Ok(#request)), None));
    function.sig.asyncness = None;
    function.sig.output = ReturnType::Type(
        Default::default(),
        parse_quote!(Result<runtime::reqwest::Request, runtime::CoreError>),
    );
    // That of the request and its response.
    function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    Some(())
}

/// Removes the header with the document's `info.version`. Returns the name of the variable for
/// headers, and removes that, if there is no other header.
fn remove_version(statements: &mut Vec<Stmt>) -> Option<Ident> {
    let version = statements.iter().position(|one| appended_version(one).is_some())?;
    let headers = appended_version(&statements[version])?.clone();
    statements.remove(version);
    // The last statement builds the request; those before it append the other headers.
    let has_others = version + 1 < statements.len();
    let declared = statements.iter().position(|one| declares(one, &headers));
    let declared = declared.filter(|_| !has_others)?;
    statements.remove(declared);
    Some(headers)
}

/// The variable for headers that a statement appends the version to:
/// `header_map.append(HeaderName::from_static("api-version"), …);`.
fn appended_version(statement: &Stmt) -> Option<&Ident> {
    let Stmt::Expr(Expr::MethodCall(append), _) = statement else { return None };
    let Expr::Call(name) = append.args.first().filter(|_| append.method == "append")? else {
        return None;
    };
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = name.args.first() else {
        return None;
    };
    let Expr::Path(headers) = &*append.receiver else { return None };
    headers.path.get_ident().filter(|_| text.value() == "api-version")
}

/// Removes `.headers(…)` of a removed variable from the calls that build a request. Parameters and
/// the body go through the runtime, where functions are compiled once for all of their types.
fn simplify(built: &mut Expr, removed: Option<&Ident>) {
    let call = match built {
        Expr::Try(tried) => return simplify(&mut tried.expr, removed),
        Expr::MethodCall(call) => call,
        _ => return,
    };
    simplify(&mut call.receiver, removed);
    if let Some(Expr::Reference(parameter)) = call.args.first_mut()
        && let Expr::Call(new) = &mut *parameter.expr
        && call.method == "query"
    {
        *new.func = parse_quote!(runtime::QueryParam::new);
    }
    let (receiver, argument) = (&mut *call.receiver, call.args.first());
    let is_removed = || match (argument, removed) {
        (Some(Expr::Path(name)), Some(removed)) => name.path.is_ident(removed),
        _ => false,
    };
    *built = match call.method.to_string().as_str() {
        "headers" if is_removed() => mem::replace(receiver, Expr::Verbatim(TokenStream::new())),
        "json" => parse_quote!(runtime::json(#receiver, #argument)?),
        _ => return,
    };
}

/// The request that a statement passes to the hook which precedes sending it:
/// `self.pre(&mut request, &info).await?;`.
fn sent_request(statement: &Stmt) -> Option<&Ident> {
    let Stmt::Expr(Expr::Try(tried), _) = statement else { return None };
    let Expr::Await(awaited) = &*tried.expr else { return None };
    let Expr::MethodCall(call) = &*awaited.base else { return None };
    let Some(Expr::Reference(request)) = call.args.first().filter(|_| call.method == "pre") else {
        return None;
    };
    let Expr::Path(path) = &*request.expr else { return None };
    path.path.get_ident()
}

/// Whether a statement declares a variable.
fn declares(statement: &Stmt, name: &Ident) -> bool {
    let Stmt::Local(local) = statement else { return false };
    matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == *name)
}

/// Emits the function that makes a core for a call.
pub(crate) fn core_of() -> proc_macro2::TokenStream {
    quote! {
        fn core_of(client: &runtime::Client) -> core::Client {
            core::Client::new_with_client(
                runtime::core_base_url(client),
                runtime::http(client).clone(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::only_build_requests;

    #[test]
    fn a_function_ends_with_its_request_whatever_that_is_named() {
        let mut core = syn::parse_quote! {
            impl Client {
                pub fn new() -> Self { Self }
                /// Sends a `GET` request
                pub async fn pets<'a>(&'a self, request: &'a str) -> Result<X, Error<Y>> {
                    let mut headers = HeaderMap::with_capacity(1usize);
                    headers.append(HeaderName::from_static("api-version"), Self::version());
                    let mut _request =
                        self.client.get(url).query(&a::QueryParam::new("b", &b)).json(&body)
                            .headers(headers).build()?;
                    let info = OperationInfo { operation_id: "pets" };
                    self.pre(&mut _request, &info).await?;
                    self.exec(_request, &info).await
                }
            }
        };
        only_build_requests(&mut core).unwrap();
        let expected: syn::File = syn::parse_quote! {
            impl Client {
                pub fn new() -> Self { Self }
                pub fn pets<'a>(
                    &'a self, request: &'a str
                ) -> Result<runtime::reqwest::Request, runtime::CoreError> {
                    let mut _request = runtime::json(
                        self.client.get(url).query(&runtime::QueryParam::new("b", &b)), &body
                    )?.build()?;
                    Ok(_request)
                }
            }
        };
        assert_eq!(prettyplease::unparse(&core), prettyplease::unparse(&expected));

        let mut other = syn::parse_quote! {
            impl Client {
                async fn pets(&self) {}
            }
        };
        let error = only_build_requests(&mut other).unwrap_err();
        assert_eq!(error, "`pets` of the core builds no request");
    }
}
