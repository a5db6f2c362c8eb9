//! Phrases about signatures and types, as short as a table needs.

use openapi_lower::surface::Function;

/// The type of the first argument of a setter, without `impl Into<…>` and `impl TryInto<…>`.
pub(super) fn argument(function: &Function) -> &str {
    function.arguments.first().map_or("", |(_, ty)| converted(ty))
}

/// The type that `impl Into<…>` or `impl TryInto<…, Error: …>` converts into.
fn converted(ty: &str) -> &str {
    if let Some(arguments) = ty.strip_prefix("impl TryInto<") {
        return arguments.split_once(',').map_or(arguments, |(ty, _)| ty);
    }
    ty.strip_prefix("impl Into<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty)
}

/// The generated type that a type mentions: `types::Pet` of `impl Into<types::Pet>`.
pub(super) fn named_type(ty: &str) -> Option<&str> {
    let start = ty.find("types::")?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = ty[start..].find(|c| !is_part(c)).map_or(ty.len(), |length| start + length);
    Some(&ty[start..end])
}

/// The type of a decoded response: `i64` of `Sending<i64>`, and of
/// `BoxFuture<Result<Response<i64>, Error>>`.
pub(super) fn returned(ty: &str) -> Option<String> {
    let (start, end) = match ty.find("Sending<") {
        Some(start) => (start + "Sending<".len(), ty.rfind('>')?),
        None => (ty.find("Response<")? + "Response<".len(), ty.rfind(">, ")?),
    };
    ty.get(start..end).map(str::to_owned)
}

/// The name of a type without its module.
pub(super) fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// A message about a member in words, if both signatures are those of a setter, `new` or `send`.
pub(super) fn in_words(member: &str, message: &str) -> Option<String> {
    let (before, after) = message.strip_prefix('`')?.strip_suffix('`')?.split_once("` → `")?;
    match member {
        "send" => {
            let ty = |signature| named_type(signature).map_or("()", short);
            Some(format!("returns `{}` instead of `{}`", ty(after), ty(before)))
        }
        "new" => {
            let (before, after) = (argument_names(before)?, argument_names(after)?);
            Some(format!("takes `({after})` instead of `({before})`"))
        }
        _ => {
            let argument = |signature: &str| -> Option<String> {
                let ty = signature.strip_prefix("(self, value: ")?.strip_suffix(") -> Self")?;
                Some(converted(ty).to_owned())
            };
            let (before, after) = (argument(before)?, argument(after)?);
            Some(format!("takes `{after}` instead of `{before}`"))
        }
    }
}

/// The names of the arguments in a signature without a receiver: `(a: A, b: B<C, D>) -> Self`.
fn argument_names(signature: &str) -> Option<String> {
    let arguments = signature.strip_prefix('(')?.split_once(") -> ")?.0;
    let mut depth = 0_usize;
    let is_separator = |c: char| {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    let names: Option<Vec<&str>> = arguments
        .split(is_separator)
        .filter(|argument| !argument.trim().is_empty())
        .map(|argument| Some(argument.split_once(": ")?.0.trim()))
        .collect();
    Some(names?.join(", "))
}

/// A text without the modules before names of types: `Uuid` for `runtime::uuid::Uuid`.
pub(super) fn without_modules(text: &str) -> String {
    let mut shortened = String::new();
    for part in text.split_inclusive(|c: char| !c.is_alphanumeric() && !"_:".contains(c)) {
        let start = part.rfind("::").map_or(0, |end| end + 2);
        // What is before a constructor is the type.
        let is_module = part[..start].chars().next().is_some_and(char::is_lowercase);
        shortened.push_str(if is_module { &part[start..] } else { part });
    }
    shortened
}
