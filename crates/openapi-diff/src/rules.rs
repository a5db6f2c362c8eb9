//! The rules: every kind of change there is, what it means, and why.
//!
//! `wire` is what a change means for programs that are deployed already: do they still get what
//! they ask for? `rust` is what it means for source code that uses the crate once it is generated
//! anew: builders, open enums, non-exhaustive types with `new(required…)` and setters.

use std::fmt;

use serde::Serialize;

/// How much a change matters, in the terms of semantic versioning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing that anyone notices.
    #[default]
    None,
    /// Documentation.
    Patch,
    /// Something is there that wasn't, or is to be avoided from now on.
    Minor,
    /// Something that worked doesn't any more.
    Major,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// One kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name: `kind` in the JSON of a diff.
    pub name: &'static str,
    /// What it means for deployed programs.
    pub wire: Severity,
    /// What it means for source code.
    pub rust: Severity,
    /// Why it means that.
    pub why: &'static str,
}

/// Defines each rule and the list of them.
macro_rules! rules {
    ($($constant:ident: $name:literal, $wire:ident, $rust:ident, $why:literal;)*) => {
        $(
            #[doc = $why]
            pub const $constant: &Rule = &Rule {
                name: $name,
                wire: Severity::$wire,
                rust: Severity::$rust,
                why: $why,
            };
        )*

        /// All rules, in the order of the documentation.
        pub const ALL: &[&Rule] = &[$($constant),*];
    };
}

rules! {
    // Operations.
    OPERATION_REMOVED: "operation-removed", Major, Major,
        "Deployed programs get an error, and the builder is gone.";
    OPERATION_ADDED: "operation-added", None, Minor,
        "Nobody calls it yet; there is a new builder.";
    OPERATION_RENAMED: "operation-renamed", None, Major,
        "The operationId isn't sent, but the builder is named after it.";
    OPERATION_PATH_CHANGED: "operation-path-changed", Major, None,
        "Deployed programs call the old URL; the builder hides where it leads.";
    OPERATION_METHOD_CHANGED: "operation-method-changed", Major, None,
        "Deployed programs use the old method; the builder hides which one it is.";
    PATH_PARAMETER_RENAMED: "path-parameter-renamed", None, Major,
        "The name isn't sent, but the setter is named after it.";
    OPERATION_DEPRECATED: "operation-deprecated", None, Minor,
        "It still works, and callers get a warning from the compiler.";
    OPERATION_UNDEPRECATED: "operation-undeprecated", None, Patch,
        "The compiler's warning goes away.";
    OPERATION_PROSE_CHANGED: "operation-prose-changed", None, Patch,
        "Summary, description or tags: only documentation.";
    HOST_CHANGED: "host-changed", Major, None,
        "Deployed programs call the old host; new ones get the new host from the document.";
    AUTH_CHANGED: "auth-changed", Major, None,
        "Deployed programs send a credential that isn't asked for any more; the client hides how it is sent.";
    AUTH_LOOSENED: "auth-loosened", None, None,
        "What deployed programs send is still enough.";

    // Parameters.
    REQUIRED_PARAMETER_ADDED: "required-parameter-added", Major, Major,
        "Deployed programs don't send it, and callers that don't set it get an error.";
    PARAMETER_ADDED: "parameter-added", None, Minor,
        "It may be left out; there is a new setter.";
    PARAMETER_REMOVED: "parameter-removed", Minor, Major,
        "Servers mostly ignore what they don't know, but it has no effect any more; the setter is gone.";
    PARAMETER_REQUIRED: "parameter-required", Major, Major,
        "Deployed programs may leave it out, and so may callers, who get an error now.";
    PARAMETER_OPTIONAL: "parameter-optional", None, Minor,
        "Who sends it still may. The setter takes the same type: leaving it out is new.";
    PARAMETER_MOVED: "parameter-moved", Major, None,
        "Deployed programs send it elsewhere (query, header, cookie); the setter hides where.";
    PARAMETER_STYLE_CHANGED: "parameter-style-changed", Major, None,
        "Lists or objects are written another way; the setter hides how.";
    PARAMETER_DEPRECATED: "parameter-deprecated", None, Minor,
        "It still works; its documentation advises against it.";
    PARAMETER_UNDEPRECATED: "parameter-undeprecated", None, Patch,
        "Its documentation doesn't advise against it any more.";
    PARAMETER_PROSE_CHANGED: "parameter-prose-changed", None, Patch,
        "Description or example: only documentation.";

    // Bodies of requests.
    REQUIRED_BODY_ADDED: "required-body-added", Major, Major,
        "Deployed programs don't send it, and callers that don't set it get an error.";
    BODY_ADDED: "body-added", None, Minor,
        "It may be left out; there is a new setter.";
    BODY_REMOVED: "body-removed", Minor, Major,
        "Servers mostly ignore it, but it has no effect any more; the setter is gone.";
    BODY_REQUIRED: "body-required", Major, Major,
        "Deployed programs may leave it out, and so may callers, who get an error now.";
    BODY_OPTIONAL: "body-optional", None, Minor,
        "Who sends it still may. The setter takes the same type: leaving it out is new.";
    BODY_MEDIA_TYPE_CHANGED: "body-media-type-changed", Major, None,
        "Deployed programs send a media type that isn't taken any more; the Rust type is the same.";
    BODY_KIND_CHANGED: "body-kind-changed", Major, Major,
        "JSON, a form, text or bytes are different setters, and deployed programs send the old one.";
    BODY_MEDIA_TYPES_CHANGED: "body-media-types-changed", None, None,
        "Media types that this client doesn't send came or went.";
    BODY_PROSE_CHANGED: "body-prose-changed", None, Patch,
        "Description or example: only documentation.";

    // Answers.
    SUCCESS_STATUS_CHANGED: "success-status-changed", None, None,
        "Every 2xx with a body that can be read is a success.";
    SUCCESS_BODY_ADDED: "success-body-added", None, Major,
        "Deployed programs don't read it; the type of the answer was `()`.";
    SUCCESS_BODY_REMOVED: "success-body-removed", Major, Major,
        "Deployed programs can't read an answer without it; the type of the answer becomes `()`.";
    SUCCESS_ADDED: "success-added", Major, Major,
        "An answer that deployed programs don't know, and the type of the answer becomes an enum or gets a variant.";
    SUCCESS_REMOVED: "success-removed", None, Major,
        "An answer that doesn't come any more, and a variant or the enum goes.";
    RESPONSE_MEDIA_TYPE_CHANGED: "response-media-type-changed", Major, None,
        "Deployed programs ask for a media type that isn't made any more; the Rust type is the same.";
    RESPONSE_KIND_CHANGED: "response-kind-changed", Major, Major,
        "JSON, text, bytes and redirects are different types, and deployed programs read the old one.";
    RESPONSE_MEDIA_TYPES_CHANGED: "response-media-types-changed", None, None,
        "Media types that this client doesn't read came or went.";
    ERROR_STATUS_ADDED: "error-status-added", None, None,
        "Any status may be an error already; this one has no body of its own.";
    ERROR_STATUS_REMOVED: "error-status-removed", None, None,
        "Any status may be an error still; this one had no body of its own.";
    ERROR_BODY_ADDED: "error-body-added", None, Minor,
        "`Error::body` has a type for this status now.";
    ERROR_BODY_REMOVED: "error-body-removed", None, Minor,
        "`Error::body` has no type for this status any more; status and text are still there.";
    RESPONSE_HEADERS_CHANGED: "response-headers-changed", None, None,
        "Headers of answers have no types; all of them can be read by name.";
    RESPONSE_PROSE_CHANGED: "response-prose-changed", None, Patch,
        "Description or example: only documentation.";

    // Properties.
    REQUEST_PROPERTY_REQUIRED_ADDED: "request-required-property-added", Major, Major,
        "Deployed programs don't send it, and `new` has another argument.";
    REQUEST_PROPERTY_ADDED: "request-property-added", None, Minor,
        "It may be left out; there is a new setter.";
    REQUEST_PROPERTY_REMOVED: "request-property-removed", Minor, Major,
        "Servers mostly ignore what they don't know, but it has no effect any more; the field is gone.";
    REQUEST_PROPERTY_REQUIRED: "request-property-required", Major, Major,
        "Deployed programs may leave it out, and `new` has another argument.";
    REQUEST_PROPERTY_OPTIONAL: "request-property-optional", None, Major,
        "Who sends it still may, but `new` loses an argument and the field's type changes.";
    RESPONSE_PROPERTY_ADDED: "response-property-added", None, Minor,
        "Deployed programs ignore it; there is a new field.";
    RESPONSE_PROPERTY_REMOVED: "response-property-removed", Major, Major,
        "Deployed programs that need it can't read the answer; the field is gone.";
    RESPONSE_PROPERTY_OPTIONAL: "response-property-optional", Major, Major,
        "Deployed programs can't read an answer without it; the field becomes an `Option`.";
    RESPONSE_PROPERTY_REQUIRED: "response-property-required", None, Major,
        "It is always there now; the field isn't an `Option` any more.";
    RESPONSE_DEFAULTED_PROPERTY_REQUIRED: "response-defaulted-property-required", None, None,
        "It is always there now; the field was filled in with its default before and keeps its type.";
    PROPERTY_DEPRECATED: "property-deprecated", None, Minor,
        "It still works, and who uses the field gets a warning from the compiler.";
    PROPERTY_UNDEPRECATED: "property-undeprecated", None, Patch,
        "The compiler's warning goes away.";
    ADDITIONAL_PROPERTIES_ADDED: "additional-properties-added", None, Minor,
        "There is a new field that holds properties without a name.";
    REQUEST_ADDITIONAL_PROPERTIES_REMOVED: "request-additional-properties-removed", Major, Major,
        "Deployed programs may send properties that aren't taken any more; the field that held them is gone.";
    RESPONSE_ADDITIONAL_PROPERTIES_REMOVED: "response-additional-properties-removed", None, Major,
        "The field that held properties without a name is gone.";
    ADDITIONAL_PROPERTIES_CHANGED: "additional-properties-changed", None, None,
        "Whether properties without a name may be there is said another way, but types never had a field for them.";

    // Types.
    TYPE_CHANGED: "type-changed", Major, Major,
        "Another JSON type on the wire and another Rust type.";
    REQUEST_NULL_ADDED: "request-null-allowed", None, Major,
        "Nobody sends null yet, but the field's type changes.";
    REQUEST_NULL_REMOVED: "request-null-forbidden", Major, Major,
        "Deployed programs may send null, and the field's type changes.";
    RESPONSE_NULL_ADDED: "response-null-allowed", Major, Major,
        "Deployed programs don't expect null, and the field's type changes.";
    RESPONSE_NULL_REMOVED: "response-null-forbidden", None, Major,
        "Null doesn't come any more, and the field's type changes.";
    NUMBER_FORMAT_CHANGED: "number-format-changed", None, Major,
        "The number looks the same on the wire, but it is another Rust type.";
    REQUEST_FORMAT_ADDED: "request-format-added", Major, Major,
        "Deployed programs may send text that isn't of this format; the Rust type changes from `String`.";
    RESPONSE_FORMAT_ADDED: "response-format-added", None, Major,
        "Deployed programs read it as text; the Rust type changes from `String`.";
    REQUEST_FORMAT_REMOVED: "request-format-removed", None, Major,
        "What deployed programs send is still taken; the Rust type becomes `String`.";
    RESPONSE_FORMAT_REMOVED: "response-format-removed", Major, Major,
        "Deployed programs can't read text of another format; the Rust type becomes `String`.";
    ENUM_VALUE_ADDED: "enum-value-added", None, Minor,
        "Enums keep values that they don't know; there is a new variant.";
    REQUEST_ENUM_VALUE_REMOVED: "request-enum-value-removed", Major, Major,
        "Deployed programs may send it, and the variant is gone.";
    RESPONSE_ENUM_VALUE_REMOVED: "response-enum-value-removed", None, Major,
        "It doesn't come any more, and the variant is gone.";
    REQUEST_ENUM_ADDED: "request-enum-added", Major, Major,
        "Deployed programs may send another value; the Rust type becomes an enum.";
    RESPONSE_ENUM_ADDED: "response-enum-added", None, Major,
        "Fewer values come than before; the Rust type becomes an enum.";
    ENUM_REMOVED: "enum-removed", None, Major,
        "Any value may come or be sent, which open enums keep; the Rust type isn't an enum any more.";
    UNION_VARIANT_ADDED: "union-variant-added", None, Minor,
        "Unions keep what they don't know; there is a new variant.";
    REQUEST_UNION_VARIANT_REMOVED: "request-union-variant-removed", Major, Major,
        "Deployed programs may send it, and the variant is gone.";
    RESPONSE_UNION_VARIANT_REMOVED: "response-union-variant-removed", None, Major,
        "It doesn't come any more, and the variant is gone.";
    UNION_TAG_CHANGED: "union-tag-changed", Major, None,
        "Another property tells the variants apart; types don't show which one.";
    UNION_TAG_ADDED: "union-tag-added", None, Major,
        "The same variants, but named after their tags.";
    UNION_TAG_REMOVED: "union-tag-removed", None, Major,
        "The same variants, but not named after their tags any more.";
    SCHEMA_RENAMED: "schema-renamed", None, Major,
        "The name isn't sent, but the Rust type is named after it.";
    SCHEMA_MOVED: "schema-moved", None, Patch,
        "The schema has another name, and its Rust type the same one.";
    TYPE_RENAMED: "type-renamed", None, Major,
        "The same shape with another Rust type: an inline schema became a component or the other way round, or names clash.";

    // What values may be.
    REQUEST_TIGHTENED: "request-constraint-tightened", Major, Patch,
        "Deployed programs may send what isn't taken any more. Types don't check constraints; their documentation states them.";
    REQUEST_LOOSENED: "request-constraint-loosened", None, Patch,
        "What deployed programs send is still taken; the documentation states it.";
    RESPONSE_CONSTRAINT_CHANGED: "response-constraint-changed", None, Patch,
        "Answers aren't checked against constraints; the documentation states them.";
    RESPONSE_DEFAULT_ADDED: "response-default-added", None, Major,
        "A field that may be left out is filled in where a type is only received: it isn't an `Option` any more.";
    RESPONSE_DEFAULT_REMOVED: "response-default-removed", Minor, Major,
        "A field that may be left out isn't filled in any more: it becomes an `Option`.";
    DEFAULT_CHANGED: "default-changed", Minor, Patch,
        "Who leaves it out gets something else; the documentation states it.";
    ACCESS_CHANGED: "access-changed", Minor, Patch,
        "`readOnly` or `writeOnly`: what the server makes of it changes, its type doesn't.";
    KEYWORD_CHANGED: "keyword-changed", Minor, Patch,
        "A keyword without a Rust counterpart (`not`, `if`, `patternProperties` …): what is taken may change, its type doesn't.";
    PROSE_CHANGED: "prose-changed", None, Patch,
        "Title, description or example: only documentation.";
    INFO_CHANGED: "info-changed", None, Patch,
        "The title or description of the document: only documentation.";
}
