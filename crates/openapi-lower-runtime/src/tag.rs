//! Tags of unions, and other properties with one documented value.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};
use serde_json::Value;

use crate::{buffered::BufferedValue, enums::exact_integer, untagged::record_unknown_value};

/// The JSON type of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagType {
    /// A string.
    Text,
    /// An integer.
    Integer,
    /// A boolean.
    Boolean,
}

impl TagType {
    /// The text of a tag; `None` for a value of another type.
    pub(crate) fn text<'de>(self, tag: &BufferedValue<'de>) -> Option<Cow<'de, str>> {
        match (self, tag) {
            // A cheap clone: a tag without escapes is borrowed from the input.
            (Self::Text, BufferedValue::Text(text)) => Some(text.clone()),
            (Self::Integer, BufferedValue::Unsigned(value)) => Some(value.to_string().into()),
            (Self::Integer, BufferedValue::Signed(value)) => Some(value.to_string().into()),
            (Self::Integer, BufferedValue::Float(value)) => {
                exact_integer(*value).map(|value| value.to_string().into())
            }
            (Self::Boolean, BufferedValue::Bool(value)) => Some(value.to_string().into()),
            _ => None,
        }
    }
}

/// The documented value of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagValue {
    /// A string.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
}

impl fmt::Display for TagValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(value) => value.fmt(f),
            Self::Boolean(value) => value.fmt(f),
        }
    }
}

impl From<TagValue> for Value {
    fn from(tag: TagValue) -> Self {
        match tag {
            TagValue::Text(text) => text.into(),
            TagValue::Integer(value) => value.into(),
            TagValue::Boolean(value) => value.into(),
        }
    }
}

impl Serialize for TagValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(value) => serializer.serialize_i64(value),
            Self::Boolean(value) => serializer.serialize_bool(value),
        }
    }
}

/// The documented value of a property that has only one.
pub trait ConstantValue {
    /// The value.
    const VALUE: TagValue;
}

/// A property with one documented value. Any other value of the same JSON type is kept as it was
/// received: the document may list it later.
pub struct Constant<T> {
    /// The value, if it isn't the documented one.
    other: Option<Box<Value>>,
    documented: PhantomData<T>,
}

#[cfg(debug_assertions)]
impl<T> Constant<T> {
    /// The value, if it isn't the documented one.
    pub(crate) fn other_mut(&mut self) -> &mut Option<Box<Value>> {
        &mut self.other
    }
}

impl<T> Clone for Constant<T> {
    fn clone(&self) -> Self {
        Self { other: self.other.clone(), documented: PhantomData }
    }
}

impl<T> Default for Constant<T> {
    fn default() -> Self {
        Self { other: None, documented: PhantomData }
    }
}

impl<T> PartialEq for Constant<T> {
    fn eq(&self, other: &Self) -> bool {
        self.other == other.other
    }
}

impl<T: ConstantValue> fmt::Debug for Constant<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.other.as_deref(), T::VALUE, f)
    }
}

/// Writes the value of a constant. It is compiled once, and not for each constant.
fn show(other: Option<&Value>, documented: TagValue, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match other {
        Some(other) => fmt::Display::fmt(other, f),
        None => fmt::Display::fmt(&Value::from(documented), f),
    }
}

impl<T: ConstantValue> Serialize for Constant<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.other {
            Some(other) => other.serialize(serializer),
            None => T::VALUE.serialize(serializer),
        }
    }
}

impl<'de, T: ConstantValue> Deserialize<'de> for Constant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let other = other_than(T::VALUE, deserializer)?;
        Ok(Self { other, documented: PhantomData })
    }
}

/// Deserializes the value of a constant; returns `None` for the documented one.
pub(crate) fn other_than<'de, D: Deserializer<'de>>(
    documented: TagValue,
    deserializer: D,
) -> Result<Option<Box<Value>>, D::Error> {
    let visitor = ConstantVisitor(documented);
    match documented {
        TagValue::Text(_) => deserializer.deserialize_str(visitor),
        TagValue::Integer(_) => deserializer.deserialize_i64(visitor),
        TagValue::Boolean(_) => deserializer.deserialize_bool(visitor),
    }
}

/// Visits the value of a constant; returns `None` for the documented one.
struct ConstantVisitor(TagValue);

impl ConstantVisitor {
    fn other(value: impl Into<Value>) -> Option<Box<Value>> {
        record_unknown_value();
        Some(Box::new(value.into()))
    }
}

impl Visitor<'_> for ConstantVisitor {
    type Value = Option<Box<Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::from(self.0), f)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        let is_documented = matches!(self.0, TagValue::Text(own) if own == value);
        Ok(if is_documented { None } else { Self::other(value) })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(if self.0 == TagValue::Integer(value) { None } else { Self::other(value) })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Ok(Self::other(value)),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        match exact_integer(value) {
            Some(value) => self.visit_i64(value),
            None => Ok(Self::other(value)),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(if self.0 == TagValue::Boolean(value) { None } else { Self::other(value) })
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::{Value, json};

    use super::{Constant, ConstantValue, TagType, TagValue};
    use crate::tagged::{self, TaggedObject, TaggedUnion, serialize_with_tag};

    #[derive(Debug, PartialEq)]
    struct One;

    impl ConstantValue for One {
        const VALUE: TagValue = TagValue::Integer(1);
    }

    /// A member that has the tag as a constant.
    #[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
    struct Failed {
        #[serde(default)]
        status: Constant<One>,
        error: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Done {
        result: i64,
    }

    /// The union of both, as generated code has it.
    #[derive(Debug, PartialEq)]
    enum Entry {
        Failed(Failed),
        Done(Done),
        Unrecognized(Value),
    }

    impl TaggedUnion for Entry {
        const TAG: &'static str = "status";
        const TAG_TYPE: TagType = TagType::Integer;

        fn read_variant<'de, O: TaggedObject<'de, Self>>(
            tag: &str,
            object: &mut O,
        ) -> Result<O::Value, O::Error> {
            match tag {
                "1" => object.skip_tag().variant(tag, Self::Failed),
                "-2" => object.variant(tag, Self::Done),
                _ => object.unrecognized(),
            }
        }

        fn unrecognized(value: Value) -> Self {
            Self::Unrecognized(value)
        }
    }

    impl Serialize for Entry {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Failed(content) => content.serialize(serializer),
                Self::Done(content) => {
                    serialize_with_tag("status", TagValue::Integer(-2), content, serializer)
                }
                Self::Unrecognized(value) => value.serialize(serializer),
            }
        }
    }

    impl<'de> Deserialize<'de> for Entry {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            tagged::deserialize(deserializer)
        }
    }

    #[test]
    fn an_integer_tag_selects_the_variant() {
        let failed = Entry::Failed(Failed { error: "e".to_owned(), ..Failed::default() });
        for (text, expected) in [
            (r#"{"status":1,"error":"e"}"#, &failed),
            (r#"{"error":"e","status":1.0}"#, &failed),
            (r#"{"result":3,"status":-2}"#, &Entry::Done(Done { result: 3 })),
        ] {
            assert_eq!(&serde_json::from_str::<Entry>(text).unwrap(), expected, "{text}");
        }
        assert_eq!(serde_json::to_value(&failed).unwrap(), json!({ "status": 1, "error": "e" }));
        let done = Entry::Done(Done { result: 3 });
        assert_eq!(serde_json::to_value(&done).unwrap(), json!({ "status": -2, "result": 3 }));
    }

    #[test]
    fn a_tag_of_another_value_or_type_is_unrecognized_and_round_trips() {
        for tag in [json!(3), json!("1"), json!(true), json!(1.5), Value::Null] {
            let value = json!({ "status": tag, "error": "e" });
            let entry: Entry = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(entry, Entry::Unrecognized(value.clone()));
            assert_eq!(serde_json::to_value(&entry).unwrap(), value);
        }
    }

    #[test]
    fn a_constant_keeps_another_value_of_its_type() {
        let read = |status: Value| {
            serde_json::from_value::<Failed>(json!({ "status": status, "error": "e" }))
        };
        assert_eq!(read(json!(1)).unwrap().status, Constant::default());
        let other = read(json!(2)).unwrap();
        assert_eq!(serde_json::to_value(&other).unwrap()["status"], 2);
        assert_eq!(format!("{:?} {:?}", Constant::<One>::default(), other.status), "1 2");
        let error = read(json!("1")).unwrap_err().to_string();
        assert!(error.contains("expected 1"), "{error}");
    }

    #[test]
    fn a_tag_has_a_text_in_its_own_type_only() {
        use crate::buffered::BufferedValue;
        let text = |ty: TagType, tag: BufferedValue<'static>| ty.text(&tag).map(String::from);
        assert_eq!(text(TagType::Boolean, BufferedValue::Bool(true)).as_deref(), Some("true"));
        assert_eq!(text(TagType::Boolean, BufferedValue::Text("true".into())), None);
        assert_eq!(text(TagType::Text, BufferedValue::Bool(true)), None);
        assert_eq!(text(TagType::Integer, BufferedValue::Signed(-1)).as_deref(), Some("-1"));
        assert_eq!(text(TagType::Integer, BufferedValue::Bool(true)), None);
    }
}
