//! Writing objects.

use std::collections::HashMap;

use serde::{
    Serialize,
    ser::{SerializeMap, Serializer},
};

/// Writes the properties of an object.
pub struct ObjectWriter<S: Serializer>(S::SerializeMap);

impl<S: Serializer> ObjectWriter<S> {
    /// Begins an object.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// Writes a property.
    pub fn write<T: Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Writes a property, unless it is absent.
    pub fn write_some<T: Serialize>(
        &mut self,
        name: &'static str,
        value: &Option<T>,
    ) -> Result<(), S::Error> {
        match value {
            Some(value) => self.0.serialize_entry(name, value),
            None => Ok(()),
        }
    }

    /// Writes additional properties.
    pub fn write_all<T: Serialize>(
        &mut self,
        properties: &HashMap<String, T>,
    ) -> Result<(), S::Error> {
        properties.iter().try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}
