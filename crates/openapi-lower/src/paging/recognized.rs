//! Recognizes operations that list items page by page.

use serde_json::Value;

use super::shapes::{Scalar, Shapes, list_items, response, scalar};
use crate::{
    collect::Collect,
    ir::{
        Field, MoreFlag, NextPage, Operation, PageParameter, Paging, Parameter, ParameterEncoding,
        successes,
    },
};

/// Names of parameters and properties with the number of items per page.
const SIZES: [&str; 3] = ["pagesize", "perpage", "limit"];
/// Names of parameters with the number of items to skip.
const OFFSETS: [&str; 2] = ["offset", "skip"];
/// Names of properties with the number of items on all pages.
const TOTALS: [&str; 5] = ["total", "totalcount", "totalitems", "totalrecords", "totalresults"];
/// Names of properties with the items, which are preferred to other arrays.
const LISTS: [&str; 8] =
    ["items", "data", "results", "records", "entries", "values", "resources", "list"];
/// Names of arrays that aren't the items.
const SIDE_LISTS: [&str; 4] = ["errors", "warnings", "included", "links"];
/// Names of objects in a response that describe the page.
const CONTAINERS: [&str; 11] = [
    "cursor",
    "cursors",
    "links",
    "meta",
    "metadata",
    "page",
    "pageinfo",
    "pages",
    "paging",
    "pagination",
    "responsemetadata",
];
/// Names of parameters with the token of a page.
const TOKENS: [&str; 9] = [
    "after",
    "continuation",
    "continuationtoken",
    "cursor",
    "iterator",
    "marker",
    "pagecursor",
    "pageiterator",
    "pagetoken",
];
/// Names of parameters with the last item before a page.
const AFTER: [&str; 3] = ["after", "afterid", "startingafter"];
/// Names of properties with the URL of the next page.
const LINKS: [&str; 6] = ["next", "nextlink", "nexturl", "nexthref", "nextpagelink", "nextpageurl"];

/// Finds the paging of an operation by the rules of [`Paging`].
///
/// Only GET is considered: reading further pages repeats the request, which must be safe (RFC 9110,
/// section 9.2.1).
pub(crate) fn find(operation: &Operation, shapes: &Shapes<'_>) -> Option<Paging> {
    if operation.method != "GET" {
        return None;
    }
    let list = List { operation, schema: response(operation)?, shapes };
    list.numbered().or_else(|| list.described())
}

/// An operation that may list something.
struct List<'a> {
    operation: &'a Operation,
    /// The schema of the response.
    schema: &'a Value,
    shapes: &'a Shapes<'a>,
}

impl<'a> List<'a> {
    /// By `page` and the size of a page.
    fn numbered(&self) -> Option<Paging> {
        let parameter = self.parameter(&["page"], Scalar::Integer)?;
        self.parameter(&SIZES, Scalar::Integer)?;
        let fields = self.shapes.fields(self.schema)?;
        let field = |names: &[&str], fits: fn(&Value) -> bool| {
            let mut candidates = fields.iter().filter(|field| is_named(&field.name, names));
            let found = candidates.find(|field| is_unambiguous(field) && fits(&field.schema));
            found.map(|field| vec![field.clone()])
        };
        let items = field(&["items"], |schema| list_items(schema).is_some())?;
        Some(Paging {
            item: list_items(&items.last()?.schema)?.clone(),
            items,
            more: None,
            next: NextPage::Number {
                first: parameter.default.as_ref().and_then(Value::as_i64).unwrap_or(1),
                parameter: PageParameter::Parameter(parameter.clone()),
                total: Some(field(&["total"], is_integer)?),
                number: field(&["page"], is_integer),
                size: field(&SIZES, is_integer),
            },
        })
    }

    /// By token, offset or link.
    fn described(&self) -> Option<Paging> {
        let (items, item) = self.items()?;
        let more = self.more();
        let tokens = self.tokens(more.is_some());
        let offset = self.offset();
        let next = match (tokens.as_slice(), offset) {
            ([_, _, ..], _) | ([_], Some(_)) => return None,
            ([(parameter, token)], None) => {
                let parameter = PageParameter::Parameter((*parameter).clone());
                NextPage::Token { parameter, token: token.clone() }
            }
            ([], Some(offset)) => offset,
            ([], None) => self.last_item(item, more.as_ref()).or_else(|| self.link())?,
        };
        let has_flag = !matches!(next, NextPage::Link(_) | NextPage::LinkHeader);
        Some(Paging { items, item: item.clone(), next, more: more.filter(|_| has_flag) })
    }

    /// The query parameters.
    fn parameters(&self) -> impl Iterator<Item = &'a Parameter> {
        self.operation.parameters.iter().filter(|parameter| {
            matches!(
                parameter.encoding,
                ParameterEncoding::Query | ParameterEncoding::QueryExpansion(_)
            )
        })
    }

    /// The query parameter of a type with one of these names.
    fn parameter(&self, names: &[&str], ty: Scalar) -> Option<&'a Parameter> {
        self.parameters().find(|parameter| {
            is_named(&parameter.name, names) && scalar(&parameter.schema) == Some(ty)
        })
    }

    /// The paths of all properties of the response and of the objects in it that describe the page.
    fn properties(&self) -> Vec<Vec<&'a Field>> {
        let mut paths = Vec::new();
        for field in self.shapes.fields(self.schema).unwrap_or_default() {
            if field.boxed {
                continue;
            }
            paths.push(vec![field]);
            if is_named(&field.name, &CONTAINERS) {
                for inner in self.shapes.fields(&field.schema).unwrap_or_default() {
                    if !inner.boxed {
                        paths.push(vec![field, inner]);
                    }
                }
            }
        }
        paths
    }

    /// The path of the items and their schema: the only array, or the only one with a usual name.
    fn items(&self) -> Option<(Vec<Field>, &'a Value)> {
        if let Some(item) = list_items(self.schema) {
            return Some((Vec::new(), item));
        }
        let fields = self.shapes.fields(self.schema)?;
        let list = |fields: &'a [Field]| {
            let is_list = |field: &&Field| {
                !field.boxed
                    && list_items(&field.schema).is_some()
                    && !is_named(&field.name, &SIDE_LISTS)
            };
            let lists: Vec<&'a Field> = fields.iter().filter(is_list).collect_vec();
            let usual = lists.iter().copied().filter(|one| is_named(&one.name, &LISTS));
            match (usual.collect_vec().as_slice(), lists.as_slice()) {
                ([one], _) | ([], [one]) => Ok(Some(*one)),
                ([], []) => Ok(None),
                _ => Err(()),
            }
        };
        let mut path = Vec::new();
        let found = match list(fields).ok()? {
            Some(found) => found,
            None => {
                let is_data = |field: &&Field| !field.boxed && is_named(&field.name, &["data"]);
                let data = fields.iter().find(is_data)?;
                path.push(data.clone());
                list(self.shapes.fields(&data.schema)?).ok()??
            }
        };
        path.push(found.clone());
        Some((path, list_items(&found.schema)?))
    }

    /// The only flag that says whether more pages follow.
    fn more(&self) -> Option<MoreFlag> {
        let mut flags = self.properties().into_iter().filter_map(|path| {
            let field = path.last()?;
            let value = match is_named(&field.name, &["done"]) {
                true => false,
                false if is_named(&field.name, &["hasmore", "hasnext", "hasnextpage"]) => true,
                false => return None,
            };
            (scalar(&field.schema) == Some(Scalar::Boolean))
                .then(|| MoreFlag { path: owned(&path), value })
        });
        let first = flags.next()?;
        flags.next().is_none().then_some(first)
    }

    /// The tokens of the response that are parameters of the request.
    fn tokens(&self, has_flag: bool) -> Vec<(&'a Parameter, Vec<Field>)> {
        let mut tokens = Vec::new();
        for path in self.properties() {
            let Some(field) = path.last() else { continue };
            let Some(ty) = scalar(&field.schema).filter(|one| *one != Scalar::Boolean) else {
                continue;
            };
            let name = plain(&field.name);
            let described = |words: &[&str]| has_word(field.description.as_deref(), words);
            let names: Vec<&str> = match name.as_str() {
                // A cursor or a link: only the description can say which.
                "next" if described(&["cursor", "token"]) && is_plain_text(field) => {
                    TOKENS.to_vec()
                }
                "next" => continue,
                "endcursor" if has_flag => vec!["after", "cursor"],
                "lastid" if has_flag => AFTER.to_vec(),
                own => match own.strip_prefix("next") {
                    Some(rest) if TOKENS.contains(&rest) || matches!(rest, "page" | "offset") => {
                        vec![rest, own]
                    }
                    Some("token") => vec![own],
                    // The token of this page, unless it says that it is that of the next one.
                    None if TOKENS.contains(&own)
                        && (has_flag || described(&["next", "subsequent"])) =>
                    {
                        vec![own]
                    }
                    _ => continue,
                },
            };
            let parameters = self.parameters().filter(|parameter| {
                is_named(&parameter.name, &names) && scalar(&parameter.schema) == Some(ty)
            });
            tokens.extend(parameters.map(|parameter| (parameter, owned(&path))));
        }
        tokens
    }

    /// By the id of the last item, if the parameter is described as an id.
    fn last_item(&self, item: &Value, more: Option<&MoreFlag>) -> Option<NextPage> {
        more.filter(|more| more.value)?;
        let mut parameters = self.parameters().filter(|one| is_named(&one.name, &AFTER));
        let (parameter, None) = (parameters.next()?, parameters.next()) else { return None };
        let field = self.shapes.fields(item)?.iter().find(|field| field.name == "id")?;
        let ty = scalar(&field.schema)?;
        let is_id = matches!(ty, Scalar::Text | Scalar::Uuid)
            && scalar(&parameter.schema) == Some(ty)
            && !field.boxed
            && has_word(parameter.description.as_deref(), &["id", "ids", "identifier"]);
        is_id.then(|| NextPage::LastItem {
            parameter: PageParameter::Parameter(parameter.clone()),
            token: vec![field.clone()],
        })
    }

    /// By offset and limit.
    fn offset(&self) -> Option<NextPage> {
        let parameter = self.parameter(&OFFSETS, Scalar::Integer)?;
        self.parameter(&SIZES, Scalar::Integer)?;
        let has_page = self.parameters().any(|parameter| is_named(&parameter.name, &["page"]));
        let description = parameter.description.as_deref();
        let counts_others = has_word(description, &["byte", "bytes", "pages"])
            || ["page number", "page index"]
                .iter()
                .any(|phrase| description.is_some_and(|text| text.to_lowercase().contains(phrase)));
        let first = match &parameter.default {
            None => 0,
            Some(default) => default.as_i64()?,
        };
        if has_page || counts_others || first != 0 {
            return None;
        }
        let total = self.properties().into_iter().find(|path| {
            path.last().is_some_and(|field| {
                is_named(&field.name, &TOTALS) && is_integer(&field.schema) && is_unambiguous(field)
            })
        });
        Some(NextPage::Offset {
            parameter: PageParameter::Parameter(parameter.clone()),
            first,
            total: total.map(|path| owned(&path)),
        })
    }

    /// By the URL of the next page, in a property or in the header `Link`.
    fn link(&self) -> Option<NextPage> {
        let mut links = self.properties().into_iter().filter_map(|mut path| {
            let field = *path.last()?;
            if !is_named(&field.name, &LINKS) {
                return None;
            }
            if !is_url(field) {
                let inner = self.shapes.fields(&field.schema)?;
                path.push(inner.iter().find(|one| one.name == "href" && is_url(one))?);
            }
            Some(owned(&path))
        });
        match (links.next(), links.next()) {
            (Some(link), None) => Some(NextPage::Link(link)),
            (Some(_), Some(_)) => None,
            (None, _) => {
                let is_link = |name: &String| name.eq_ignore_ascii_case("link");
                let successes = successes(&self.operation.responses);
                let has_link = successes.iter().any(|one| one.headers.iter().any(is_link));
                has_link.then_some(NextPage::LinkHeader)
            }
        }
    }
}

fn owned(path: &[&Field]) -> Vec<Field> {
    path.iter().map(|field| (*field).clone()).collect_vec()
}

/// Whether absent and null can't mean different things.
fn is_unambiguous(field: &Field) -> bool {
    (field.required || !field.nullable) && !field.boxed
}

fn is_url(field: &Field) -> bool {
    let format = field.schema.get("format").and_then(Value::as_str);
    !field.boxed
        && scalar(&field.schema) == Some(Scalar::Text)
        && matches!(format, Some("uri" | "uri-reference" | "url"))
}

fn is_plain_text(field: &Field) -> bool {
    scalar(&field.schema) == Some(Scalar::Text) && field.schema.get("format").is_none()
}

fn is_integer(schema: &Value) -> bool {
    scalar(schema) == Some(Scalar::Integer)
}

/// Whether a name equals one of `names`, ignoring case and separators.
fn is_named(name: &str, names: &[&str]) -> bool {
    names.contains(&plain(name).as_str())
}

/// A name in lowercase, without separators.
fn plain(name: &str) -> String {
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    plain.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a description has one of these words, in any case.
fn has_word(description: Option<&str>, words: &[&str]) -> bool {
    let mut given = description.unwrap_or_default().split(|c: char| !c.is_ascii_alphanumeric());
    given.any(|given| words.iter().any(|word| word.eq_ignore_ascii_case(given)))
}
