//! A program that uses every public item of a client, with all types written out.

use std::fmt::Write;

use openapi_lower::surface::{Function, Surface, TypeItem};

/// The program, a module beside the module `client`.
pub(crate) fn program(surface: &Surface) -> String {
    let mut program = String::from(
        "use super::client::{self, types, operations, operations::*, Client};\n\
         use openapi_lower_runtime::__codegen_v1 as runtime;\n\n",
    );
    let mut number = 0;
    for (name, function) in &surface.methods {
        number += 1;
        let _ = writeln!(
            program,
            "pub fn method_{number}(client: &Client) -> {} {{ client.{name}() }}",
            function.returns
        );
    }
    for (path, item) in &surface.types {
        // Of the runtime, not of the document.
        if path == "Client" {
            continue;
        }
        number += 1;
        add_type(&mut program, path, item, number);
    }
    program
}

fn add_type(program: &mut String, path: &str, item: &TypeItem, number: usize) {
    for (index, (name, member)) in item.members.iter().enumerate() {
        let ty = &member.ty;
        let _ = match (item.kind.as_str(), ty.as_str()) {
            ("enum", "") => writeln!(
                program,
                "pub fn member_{number}_{index}(x: &{path}) -> bool {{ matches!(x, {path}::{name}) }}"
            ),
            ("enum", ty) => writeln!(
                program,
                "pub fn member_{number}_{index}(x: {path}) {{ if let {path}::{name}(value) = x {{ let _: {ty} = value; }} }}"
            ),
            (_, ty) => writeln!(
                program,
                "pub fn member_{number}_{index}(x: {path}) {{ let _: {ty} = x.{name}; }}"
            ),
        };
    }
    for (index, (name, function)) in item.functions.iter().enumerate() {
        let _ = writeln!(program, "{}", call(path, name, function, number, index));
    }
    for (index, name) in item.traits.iter().enumerate() {
        let _ = writeln!(
            program,
            "pub fn trait_{number}_{index}() where {path}: {} {{}}",
            trait_path(name)
        );
    }
}

/// A function that calls one of the client's, with concrete types.
fn call(path: &str, name: &str, function: &Function, number: usize, index: usize) -> String {
    let arguments = function.arguments.iter().enumerate();
    let declared: Vec<String> =
        arguments.map(|(position, (_, ty))| format!("a{position}: {}", concrete(ty))).collect();
    let passed: Vec<String> =
        (0..function.arguments.len()).map(|position| format!("a{position}")).collect();
    let passed = passed.join(", ");
    let (keyword, wait) = if function.is_async { ("async fn", ".await") } else { ("fn", "") };
    let returns = function.returns.replace("Self", path);
    let (receiver, called) = match function.receiver.as_str() {
        "" => (Vec::new(), format!("{path}::{name}({passed})")),
        "&self" => (vec![format!("x: &{path}")], format!("x.{name}({passed})")),
        _ => (vec![format!("x: {path}")], format!("x.{name}({passed})")),
    };
    let inputs = receiver.into_iter().chain(declared).collect::<Vec<_>>().join(", ");
    let returns = if returns.is_empty() { "()".to_owned() } else { returns };
    format!("pub {keyword} call_{number}_{index}({inputs}) -> {returns} {{ {called}{wait} }}")
}

/// A type that an argument accepts: `T` for `impl Into<T>` and `impl TryInto<T, …>`, `Vec<T>` for
/// iterators of these.
fn concrete(ty: &str) -> String {
    if let Some(item) = ty.strip_prefix("impl IntoIterator<Item=") {
        let item = item.strip_suffix('>').unwrap_or(item);
        return format!("Vec<{}>", concrete(item));
    }
    if let Some((ty, _)) =
        ty.strip_prefix("impl TryInto<").and_then(|arguments| arguments.split_once(','))
    {
        return ty.to_owned();
    }
    match ty.strip_prefix("impl Into<").and_then(|rest| rest.strip_suffix('>')) {
        Some(inner) => inner.to_owned(),
        None => ty.to_owned(),
    }
}

/// The path of a trait with its arguments.
fn trait_path(name: &str) -> String {
    let name = &name.replace("<&", "<&'static ");
    let base = name.split('<').next().unwrap_or(name);
    match base {
        "Debug" | "Display" => format!("std::fmt::{name}"),
        "Hash" => "std::hash::Hash".to_owned(),
        "FromStr" => format!("std::str::{}", name.replace("Self::", "")),
        "Serialize" => "runtime::serde::Serialize".to_owned(),
        "Deserialize" => "for<'de> runtime::serde::Deserialize<'de>".to_owned(),
        "Paged" => format!("runtime::{name}"),
        // Its types are those of `send`.
        "IntoFuture" => "std::future::IntoFuture".to_owned(),
        _ => name.to_owned(),
    }
}
