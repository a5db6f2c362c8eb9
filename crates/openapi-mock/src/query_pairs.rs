//! The pairs of names and values of queries and forms.

use std::mem;

use percent_encoding::percent_decode_str;

/// The pairs of a query.
pub(crate) struct QueryPairs(pub(crate) Vec<QueryPair>);

/// A pair of a query.
pub(crate) struct QueryPair {
    /// The decoded name.
    pub(crate) name: String,
    /// The value as received.
    pub(crate) value: String,
    /// The pair as received.
    pub(crate) raw: String,
    /// Whether a parameter has used it.
    pub(crate) used: bool,
}

impl QueryPairs {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (form_decode(name), value.to_owned());
            QueryPair { name, value, raw: pair.to_owned(), used: false }
        });
        Self(pairs.collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs as received.
    pub(crate) fn raw(&self) -> String {
        let raw: Vec<_> = self.0.iter().map(|pair| pair.raw.as_str()).collect();
        raw.join("&")
    }

    /// Takes all pairs, without those of API keys.
    pub(crate) fn take_all(&mut self, query_keys: &[String]) -> Self {
        let (keys, taken) =
            mem::take(&mut self.0).into_iter().partition(|pair| query_keys.contains(&pair.name));
        self.0 = keys;
        Self(taken)
    }

    /// Returns the number of values of a name.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|pair| pair.name == name).count()
    }

    /// Takes the raw values of a name.
    pub(crate) fn take(&mut self, name: &str) -> Vec<String> {
        self.take_where(|sent| sent == name).into_iter().map(|(_, value)| value).collect()
    }

    /// Takes the pairs whose names meet a predicate.
    pub(crate) fn take_where(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        for pair in &mut self.0 {
            if !pair.used && wanted(&pair.name) {
                pair.used = true;
                taken.push((pair.name.clone(), pair.value.clone()));
            }
        }
        taken
    }

    /// Returns the names that no parameter has used, without those of API keys.
    pub(crate) fn unused(&self, query_keys: &[String]) -> Vec<&str> {
        let unused = self.0.iter().filter(|pair| !pair.used && !query_keys.contains(&pair.name));
        unused.map(|pair| pair.name.as_str()).collect()
    }
}

/// Decodes a name or value of a query (WHATWG URL, "application/x-www-form-urlencoded parsing").
pub(crate) fn form_decode(raw: &str) -> String {
    let spaced = raw.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
