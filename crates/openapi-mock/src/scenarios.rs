//! Scenarios whose responses depend on each other: paginated lists, value sequences, growing
//! lists and file storage.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use openapi_document::{Operation, operation::Location};
use serde_json::Value;

use crate::{
    api::{Api, success_status},
    bodies::Upload,
    error::MockError,
    instances::Fill,
    mock_response::MockResponse,
    mock_server::MockServer,
    parameters::ParameterValues,
    shape::SchemaShape,
    state::{FILES, ServerState},
};

/// The common prefix of the ids of uploaded files, which are UUIDs.
const FILE_ID_PREFIX: &str = "00000000-0000-4000-8000-";

impl MockServer {
    /// Responds to an operation with the pages of one list of `total` items.
    ///
    /// The operation's query parameters `page` (from 1) and `pageSize` select the page. Properties
    /// `page`, `pageSize` and `total` of the response are set if it declares them.
    ///
    /// # Errors
    ///
    /// If the response has no list, or no item can be generated.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn pages(&self, operation: &str, total: usize) -> Result<(), MockError> {
        self.assert_operation(operation);
        let (list, items) = self.generate_items(operation, total)?;
        let state = self.state.clone();
        let id = operation.to_owned();
        self.respond_with(operation, move |exchange| {
            let api = &state.api;
            let Some(operation) = api.operation(&id) else { return MockResponse::new() };
            let query = |name: &str, default: usize| {
                query_integer(api, operation, &exchange.parameters, name).unwrap_or(default)
            };
            let (page, size) = (query("page", 1).max(1), query("pageSize", 20).max(1));
            let selected: Vec<_> =
                items.iter().skip((page - 1).saturating_mul(size)).take(size).cloned().collect();
            let mut response = MockResponse::new().with_value(list.clone(), selected);
            for (name, value) in [("page", page), ("pageSize", size), ("total", total)] {
                if has_response_property(api, operation, name) {
                    response = response.with_value(format!("/{name}"), value);
                }
            }
            response
        });
        Ok(())
    }

    /// Applies [`MockServer::pages`] to every operation with the query parameters `page` and
    /// `pageSize` and a response property `items`. Returns their ids.
    ///
    /// # Errors
    ///
    /// As [`MockServer::pages`].
    pub fn all_pages(&self, total: usize) -> Result<Vec<String>, MockError> {
        let mut paginated = Vec::new();
        for operation in self.api().operations() {
            let has_query = |name: &str| {
                let mut all = operation.parameters.iter();
                all.any(|p| p.location == Location::Query && p.name == name)
            };
            if has_query("page")
                && has_query("pageSize")
                && has_response_property(self.api(), operation, "items")
            {
                self.pages(&operation.id, total)?;
                paginated.push(operation.id.clone());
            }
        }
        Ok(paginated)
    }

    /// Sets successive values at a JSON pointer of an operation's responses.
    ///
    /// The first response has the first value, and so on; the last value repeats.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn sequence<V: Into<Value>>(
        &self,
        operation: &str,
        pointer: &str,
        values: impl IntoIterator<Item = V>,
    ) {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let pointer = pointer.to_owned();
        let requests = AtomicUsize::new(0);
        self.respond_with(operation, move |_| {
            let index =
                requests.fetch_add(1, Ordering::Relaxed).min(values.len().saturating_sub(1));
            match values.get(index) {
                Some(value) => MockResponse::new().with_value(pointer.clone(), value.clone()),
                None => MockResponse::new(),
            }
        });
    }

    /// Responds to an operation with a list that gains `step` items with every request, up to
    /// `total`. Returns all its items.
    ///
    /// The query parameters `limit`, and `order=desc` for the newest first, are applied.
    ///
    /// # Errors
    ///
    /// If the response has no list, or no item can be generated.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn growing_list(
        &self,
        operation: &str,
        step: usize,
        total: usize,
    ) -> Result<Vec<Value>, MockError> {
        self.assert_operation(operation);
        let (list, items) = self.generate_items(operation, total)?;
        let all = items.clone();
        let requests = AtomicUsize::new(0);
        self.respond_with(operation, move |exchange| {
            let length = (requests.fetch_add(1, Ordering::Relaxed) + 1).saturating_mul(step);
            let mut selected = items[..length.min(items.len())].to_vec();
            let query = |name: &str| exchange.parameters.get(&(Location::Query, name.to_owned()));
            if query("order").and_then(Value::as_str) == Some("desc") {
                selected.reverse();
            }
            let limit = query("limit").and_then(Value::as_u64).unwrap_or(u64::MAX);
            selected.truncate(limit as usize);
            MockResponse::new().with_value(list.clone(), selected)
        });
        Ok(all)
    }

    /// Stores the files that the operation `upload` receives: `list` lists them, and `download`
    /// redirects to their content, by the id in the list.
    ///
    /// # Errors
    ///
    /// If the response of `list` has no list, or no item can be generated.
    ///
    /// # Panics
    ///
    /// If the document has no operation `upload` or `download`.
    #[track_caller]
    pub fn files(&self, upload: &str, list: &str, download: &str) -> Result<(), MockError> {
        self.assert_operation(upload);
        self.assert_operation(download);
        let (list_pointer, mut templates) = self.generate_items(list, 1)?;
        let template = templates.pop().unwrap_or_default();
        let stored: Arc<Mutex<Vec<(String, Upload)>>> = Arc::default();
        let (state, uploaded) = (self.state.clone(), stored.clone());
        self.respond_with(upload, move |exchange| {
            let mut uploaded = uploaded.lock().unwrap_or_else(PoisonError::into_inner);
            for upload in &exchange.uploads {
                let id = format!("{FILE_ID_PREFIX}{:012x}", uploaded.len() + 1);
                store_file(&state, &id, upload);
                uploaded.push((id, upload.clone()));
            }
            MockResponse::new()
        });
        self.respond_with(list, move |_| {
            let stored = stored.lock().unwrap_or_else(PoisonError::into_inner);
            let items: Vec<_> =
                stored.iter().map(|(id, upload)| file_item(&template, id, upload)).collect();
            MockResponse::new().with_value(list_pointer.clone(), items)
        });
        let origin = self.origin();
        self.respond_with(download, move |exchange| {
            let parameters = exchange.parameters.iter().rev();
            let mut path = parameters.filter(|((location, _), _)| *location == Location::Path);
            let id =
                path.find_map(|(_, id)| id.as_str().filter(|id| id.starts_with(FILE_ID_PREFIX)));
            MockResponse::new()
                .header("location", format!("{origin}{FILES}{}", id.unwrap_or("none")))
        });
        Ok(())
    }

    /// Returns the JSON pointer to the list in an operation's response, and generated items.
    fn generate_items(
        &self,
        operation: &str,
        count: usize,
    ) -> Result<(String, Vec<Value>), MockError> {
        let no_list =
            || MockError::new(format!("the response of operation `{operation}` has no list"));
        let list = self.api().operation(operation).and_then(|o| self.api().response_list(o));
        let (pointer, schema) = list.ok_or_else(no_list)?;
        let seed = self.state.lock().seed.wrapping_mul(1_000_003);
        let item = |index: usize| {
            self.api().instances().generate(&schema, seed.wrapping_add(index as u64), Fill::Full)
        };
        let items: Result<Vec<_>, _> = (0..count).map(item).collect();
        Ok((pointer, items.map_err(|error| MockError::new(error.to_string()))?))
    }
}

fn store_file(state: &ServerState, id: &str, upload: &Upload) {
    let content_type = upload.content_type.clone();
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    state.lock().files.insert(id.to_owned(), (content_type, upload.content.clone()));
}

/// Returns a list item with the id, name and size of an uploaded file.
fn file_item(template: &Value, id: &str, upload: &Upload) -> Value {
    let mut item = template.clone();
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

/// Whether the success response declares a property.
fn has_response_property(api: &Api, operation: &Operation, name: &str) -> bool {
    let response = operation.response(success_status(operation));
    let schema = response.and_then(|response| response.content.first()?.schema.as_deref());
    let shape = schema.map(|schema| SchemaShape::new(api.document(), schema));
    shape.is_some_and(|shape| shape.properties.iter().any(|(declared, _)| declared == name))
}

/// Returns the value of an integer query parameter, or its default.
fn query_integer(
    api: &Api,
    operation: &Operation,
    values: &ParameterValues,
    name: &str,
) -> Option<usize> {
    let sent = values.get(&(Location::Query, name.to_owned()));
    let declared = operation.parameters.iter().find(|parameter| parameter.name == name);
    let default = || api.document().node_at(&declared?.schema)?.value.get("default");
    sent.or_else(default).and_then(Value::as_u64).map(|number| number as usize)
}
