//! Answers that hang together: pages of one list, states that follow one another, lists that grow,
//! files that come back.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use openapi_document::{Operation, operation::Location};
use serde_json::Value;

use crate::{
    api::{Api, success},
    bodies::Upload,
    error::MockError,
    instances::Fill,
    mock::MockApi,
    mock_response::MockResponse,
    parameters::Values,
    shape::Shape,
    state::{FILES, Shared},
};

impl MockApi {
    /// An operation with `page` and `pageSize` answers with the pages of one list of `total` items.
    ///
    /// # Errors
    ///
    /// If its answer holds no list, or one of things that can't be built.
    pub fn pages(&self, operation: &str, total: usize) -> Result<(), MockError> {
        self.known(operation);
        let (list, items) = self.items(operation, total)?;
        let declared = self.shared.clone();
        let id = operation.to_owned();
        self.always(operation, move |exchange| {
            let Some(operation) = declared.api.operation(&id) else { return MockResponse::new() };
            let number = |name: &str, otherwise: usize| {
                number(&declared.api, operation, &exchange.parameters, name).unwrap_or(otherwise)
            };
            let (page, size) = (number("page", 1).max(1), number("pageSize", 20).max(1));
            let shown: Vec<_> =
                items.iter().skip((page - 1).saturating_mul(size)).take(size).cloned().collect();
            let mut answer = MockResponse::new().with(list.clone(), shown);
            for (name, value) in [("page", page), ("pageSize", size), ("total", total)] {
                if declares(&declared.api, operation, name) {
                    answer = answer.with(format!("/{name}"), value);
                }
            }
            answer
        });
        Ok(())
    }

    /// [`MockApi::pages`] for every operation that has `page` and `pageSize` and answers with a
    /// list. Returns their ids.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn all_pages(&self, total: usize) -> Result<Vec<String>, MockError> {
        let mut paged = Vec::new();
        for operation in self.api().operations() {
            let has = |name: &str| {
                let mut all = operation.parameters.iter();
                all.any(|p| p.location == Location::Query && p.name == name)
            };
            if has("page") && has("pageSize") && declares(self.api(), operation, "items") {
                self.pages(&operation.id, total)?;
                paged.push(operation.id.clone());
            }
        }
        Ok(paged)
    }

    /// The answers of an operation have these values at a JSON pointer, one after the other; the
    /// last one stays.
    pub fn steps<V: Into<Value>>(
        &self,
        operation: &str,
        pointer: &str,
        values: impl IntoIterator<Item = V>,
    ) {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let pointer = pointer.to_owned();
        let asked = AtomicUsize::new(0);
        self.always(operation, move |_| {
            let step = asked.fetch_add(1, Ordering::Relaxed).min(values.len().saturating_sub(1));
            match values.get(step) {
                Some(value) => MockResponse::new().with(pointer.clone(), value.clone()),
                None => MockResponse::new(),
            }
        });
    }

    /// The list that an operation answers with gains `each` items with every request, up to
    /// `total`. Returns all that it will hold. The query's `limit`, and `order=desc` for the newest
    /// first, are heeded.
    ///
    /// # Errors
    ///
    /// If its answer holds no list, or one of things that can't be built.
    pub fn growing(
        &self,
        operation: &str,
        each: usize,
        total: usize,
    ) -> Result<Vec<Value>, MockError> {
        self.known(operation);
        let (list, items) = self.items(operation, total)?;
        let all = items.clone();
        let asked = AtomicUsize::new(0);
        self.always(operation, move |exchange| {
            let there = (asked.fetch_add(1, Ordering::Relaxed) + 1).saturating_mul(each);
            let mut shown = items[..there.min(items.len())].to_vec();
            let sent = |name: &str| exchange.parameters.get(&(Location::Query, name.to_owned()));
            if sent("order").and_then(Value::as_str) == Some("desc") {
                shown.reverse();
            }
            shown.truncate(sent("limit").and_then(Value::as_u64).unwrap_or(u64::MAX) as usize);
            MockResponse::new().with(list.clone(), shown)
        });
        Ok(all)
    }

    /// What `upload` takes, `list` shows and `download` redirects to, by the id that it is listed
    /// with.
    ///
    /// # Errors
    ///
    /// If `list` answers with no list.
    pub fn files(&self, upload: &str, list: &str, download: &str) -> Result<(), MockError> {
        self.known(upload);
        self.known(download);
        let (place, mut kinds) = self.items(list, 1)?;
        let kind = kinds.pop().unwrap_or_default();
        let stored: Arc<Mutex<Vec<(String, Upload)>>> = Arc::default();
        let (shared, store) = (self.shared.clone(), stored.clone());
        self.always(upload, move |exchange| {
            let mut stored = store.lock().unwrap_or_else(PoisonError::into_inner);
            for upload in &exchange.uploads {
                let id = format!("00000000-0000-4000-8000-{:012x}", stored.len() + 1);
                put_file(&shared, &id, upload);
                stored.push((id, upload.clone()));
            }
            MockResponse::new()
        });
        self.always(list, move |_| {
            let stored = stored.lock().unwrap_or_else(PoisonError::into_inner);
            let shown: Vec<_> =
                stored.iter().map(|(id, upload)| listed(&kind, id, upload)).collect();
            MockResponse::new().with(place.clone(), shown)
        });
        let origin = self.origin();
        self.always(download, move |exchange| {
            let ids = exchange.parameters.iter().rev();
            let id = ids.filter(|((place, _), _)| *place == Location::Path).find_map(|(_, id)| {
                id.as_str().filter(|id| id.starts_with("00000000-0000-4000-8000-"))
            });
            MockResponse::new()
                .header("location", format!("{origin}{FILES}{}", id.unwrap_or("none")))
        });
        Ok(())
    }

    /// Where an answer has its list, and instances of its items.
    fn items(&self, operation: &str, count: usize) -> Result<(String, Vec<Value>), MockError> {
        let none = || MockError::new(format!("`{operation}` doesn't answer with a list"));
        let found = self.api().operation(operation).and_then(|o| self.api().list(o));
        let (list, schema) = found.ok_or_else(none)?;
        let seed = self.shared.state().seed.wrapping_mul(1_000_003);
        let item = |index: usize| {
            let instances = self.api().instances();
            instances.of(&schema, seed.wrapping_add(index as u64), Fill::Full)
        };
        let items: Result<Vec<_>, _> = (0..count).map(item).collect();
        Ok((list, items.map_err(|error| MockError::new(error.to_string()))?))
    }
}

fn put_file(shared: &Shared, id: &str, upload: &Upload) {
    let content_type = upload.content_type.clone();
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    shared.state().files.insert(id.to_owned(), (content_type, upload.content.clone()));
}

/// An item of a list of files, with what is known of this one.
fn listed(kind: &Value, id: &str, upload: &Upload) -> Value {
    let mut item = kind.clone();
    for (key, value) in item.as_object_mut().into_iter().flatten() {
        match key.to_ascii_lowercase().as_str() {
            "id" | "fileid" => *value = id.into(),
            "name" | "filename" => *value = upload.file_name.clone().unwrap_or_default().into(),
            "size" | "filesize" => *value = upload.content.len().into(),
            _ => {}
        }
    }
    item
}

/// Whether the successful answer has this member.
fn declares(api: &Api, operation: &Operation, name: &str) -> bool {
    let response = operation.response(success(operation));
    let schema = response.and_then(|response| response.content.first()?.schema.as_deref());
    let shape = schema.map(|schema| Shape::of(api.document(), schema));
    shape.is_some_and(|shape| shape.properties.iter().any(|(declared, _)| declared == name))
}

/// A whole number among the query's parameters, or its default.
fn number(api: &Api, operation: &Operation, values: &Values, name: &str) -> Option<usize> {
    let sent = values.get(&(Location::Query, name.to_owned()));
    let declared = operation.parameters.iter().find(|parameter| parameter.name == name);
    let default = || api.document().at(&declared?.schema)?.value.get("default");
    sent.or_else(default).and_then(Value::as_u64).map(|number| number as usize)
}
