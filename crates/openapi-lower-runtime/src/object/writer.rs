//! Writing objects.

use std::collections::HashMap;

use serde::{
    Serialize,
    ser::{SerializeMap, Serializer},
};

/// Writes the properties of an object. The first error is returned at the end: rustc compiles code
/// for each exit of a function.
pub struct ObjectWriter<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> ObjectWriter<S> {
    /// Begins an object.
    pub fn new(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a property.
    pub fn write<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if let Ok(map) = &mut self.0 {
            let written = map.serialize_entry(name, value);
            self.keep(written);
        }
    }

    /// Writes a property, unless it is absent.
    pub fn write_some<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.write(name, value);
        }
    }

    /// Writes additional properties.
    pub fn write_all<T: Serialize>(&mut self, properties: &HashMap<String, T>) {
        if let Ok(map) = &mut self.0 {
            let mut properties = properties.iter();
            let written = properties.try_for_each(|(name, value)| map.serialize_entry(name, value));
            self.keep(written);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    ///
    /// The first error.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }

    fn keep(&mut self, written: Result<(), S::Error>) {
        if let Err(error) = written {
            self.0 = Err(error);
        }
    }
}
