//! The rules: all kinds of changes, with their severities and explanations.
//!
//! `wire` is the severity for deployed programs: whether their requests are still accepted and the
//! responses still decoded. What a change means for source code that uses the client once it is
//! regenerated isn't a matter of rules: the public items of both clients are compared.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The severity of a change, in the terms of semantic versioning.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No effect.
    #[default]
    None,
    /// A change of documentation only.
    Patch,
    /// A compatible addition, a deprecation, or a change of behaviour that doesn't break programs.
    Minor,
    /// A breaking change.
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

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name: `kind` in the JSON of a report.
    pub name: &'static str,
    /// The severity for deployed programs.
    pub wire: Severity,
    /// The severity for source code if no public item of the generated client changes: `patch` if
    /// its documentation shows the change.
    pub docs: Severity,
    /// The reason for the severities.
    pub explanation: &'static str,
}

/// Defines each rule and the list of them.
macro_rules! rules {
    ($($constant:ident: $name:literal, $wire:ident, $docs:ident, $explanation:literal;)*) => {
        $(
            #[doc = $explanation]
            pub const $constant: &Rule = &Rule {
                name: $name,
                wire: Severity::$wire,
                docs: Severity::$docs,
                explanation: $explanation,
            };
        )*

        /// All rules, in the order of the documentation.
        pub const ALL: &[&Rule] = &[$($constant),*];
    };
}

/// Another schema in place of one that both documents have. Reported by
/// [`compare_operation`](crate::compare_operation) only: versions are compared by structure.
pub const REFERENCE_CHANGED: &Rule = &Rule {
    name: "reference-changed",
    wire: Severity::Major,
    docs: Severity::None,
    explanation: "Another schema is used, of another structure.",
};

/// Public items of the generated client that change though nothing changes at their own place in
/// the document. Found by comparison of the generated code.
pub const GENERATED_CODE_CHANGED: &Rule = &Rule {
    name: "generated-code-changed",
    wire: Severity::None,
    docs: Severity::None,
    explanation: "Several changes together, or one elsewhere, change an item of the generated client.",
};

rules! {
    // Operations.
    OPERATION_REMOVED: "operation-removed", Major, Patch,
        "Deployed programs get an error, and the builder is removed.";
    OPERATION_ADDED: "operation-added", None, Patch,
        "Deployed programs don't call it; a builder is added.";
    OPERATION_RENAMED: "operation-renamed", None, Patch,
        "The operationId isn't sent, but the builder is named after it.";
    OPERATION_PATH_CHANGED: "operation-path-changed", Major, None,
        "Deployed programs call the old URL; the path isn't part of the builder's signature.";
    OPERATION_METHOD_CHANGED: "operation-method-changed", Major, None,
        "Deployed programs use the old method; the method isn't part of the builder's signature.";
    PATH_PARAMETER_RENAMED: "path-parameter-renamed", None, Patch,
        "The name isn't sent, but the setter is named after it.";
    OPERATION_DEPRECATED: "operation-deprecated", None, Patch,
        "The operation still works, and the builder is marked `#[deprecated]`, which causes a compiler warning.";
    OPERATION_UNDEPRECATED: "operation-undeprecated", None, Patch,
        "The compiler warning disappears.";
    OPERATION_PROSE_CHANGED: "operation-prose-changed", None, Patch,
        "Summary, description, tags or external documentation: only documentation.";
    SUNSET_CHANGED: "sunset-changed", Minor, None,
        "`x-sunset`: the operation works until that date; deployed programs then get an error.";
    SUNSET_REMOVED: "sunset-removed", None, None,
        "`x-sunset`: the operation no longer ends.";
    STABILITY_DECREASED: "stability-decreased", Minor, None,
        "`x-stability-level`: the operation still works, but may change without notice.";
    STABILITY_INCREASED: "stability-increased", None, None,
        "`x-stability-level`: the operation works as before.";
    BASE_PATH_MOVED: "base-path-moved", None, Patch,
        "The base path moved from the server URL into the paths: the URLs are the same. A base URL with the old base path is understood by `ClientBuilder` if all paths begin with it.";
    BASE_PATH_ADDED: "base-path-added", None, Minor,
        "A part of the paths moved into the server URL: the URLs are the same. Programs that set a base URL have to add it when they are regenerated, or get 404.";
    HOST_CHANGED: "host-changed", Major, None,
        "Deployed programs call the old host; a regenerated client calls the new host by default.";
    AUTH_CHANGED: "auth-changed", Major, None,
        "Deployed programs send a credential that is no longer accepted; how the client sends it isn't part of its signatures.";
    AUTH_KEY_RENAMED: "auth-key-renamed", Major, None,
        "Deployed programs send the key under its old name; the name isn't part of the client's signatures.";
    AUTH_SCOPES_ADDED: "auth-scopes-added", Major, None,
        "The tokens of deployed programs may lack the scopes.";
    AUTH_LOOSENED: "auth-loosened", None, None,
        "The credentials that deployed programs send are still accepted.";
    TOKEN_SOURCE_CHANGED: "token-source-changed", Major, None,
        "URLs of OAuth 2 flows or OpenID Connect: deployed programs fetch tokens at the old URL, and whether these are still accepted isn't known. The client doesn't fetch tokens.";

    // Parameters.
    REQUIRED_PARAMETER_ADDED: "required-parameter-added", Major, Patch,
        "Deployed programs don't send it, and callers that don't set it get an error.";
    PARAMETER_ADDED: "parameter-added", None, Patch,
        "It is optional; a setter is added.";
    PARAMETER_REMOVED: "parameter-removed", Minor, Patch,
        "Most servers ignore unknown parameters, but it no longer has an effect; the setter is removed.";
    PARAMETER_REQUIRED: "parameter-required", Major, Patch,
        "Deployed programs and callers may omit it, and get an error from now on.";
    PARAMETER_OPTIONAL: "parameter-optional", None, Patch,
        "Requests with the parameter are still valid. The setter takes the same type; omitting it becomes possible.";
    PARAMETER_MOVED: "parameter-moved", Major, None,
        "Deployed programs send it in the old location (path, query, header, cookie); the location isn't part of the setter's signature.";
    PARAMETER_STYLE_CHANGED: "parameter-style-changed", Major, None,
        "Arrays or objects are serialized in another style; the style isn't part of the setter's signature.";
    PARAMETER_RESERVED_CHANGED: "parameter-reserved-changed", None, None,
        "`allowReserved`: the client always percent-encodes reserved characters, which servers decode to the same value.";
    PARAMETER_DEPRECATED: "parameter-deprecated", None, Patch,
        "It still works; its documentation marks it as deprecated.";
    PARAMETER_UNDEPRECATED: "parameter-undeprecated", None, Patch,
        "Its documentation no longer marks it as deprecated.";
    PARAMETER_PROSE_CHANGED: "parameter-prose-changed", None, Patch,
        "Description or example: only documentation.";

    // Request bodies.
    REQUIRED_BODY_ADDED: "required-body-added", Major, Patch,
        "Deployed programs don't send it, and callers that don't set it get an error.";
    BODY_ADDED: "body-added", None, Patch,
        "It is optional; a setter is added.";
    BODY_REMOVED: "body-removed", Minor, Patch,
        "Most servers ignore it, but it no longer has an effect; the setter is removed.";
    BODY_REQUIRED: "body-required", Major, Patch,
        "Deployed programs and callers may omit it, and get an error from now on.";
    BODY_OPTIONAL: "body-optional", None, Patch,
        "Requests with a body are still valid. The setter takes the same type; omitting it becomes possible.";
    BODY_MEDIA_TYPE_CHANGED: "body-media-type-changed", Major, None,
        "Deployed programs send a media type that is no longer accepted; the Rust type is unchanged.";
    BODY_KIND_CHANGED: "body-kind-changed", Major, Patch,
        "JSON, forms, text and bytes have different setters, and deployed programs send the old kind.";
    BODY_MEDIA_TYPE_REMOVED: "body-media-type-removed", Major, Patch,
        "Deployed programs may send this media type, which is no longer accepted; its setter is removed.";
    BODY_MEDIA_TYPES_CHANGED: "body-media-types-changed", None, None,
        "Media types were added, which get setters, or are the same JSON to the client.";
    BODY_ENCODING_CHANGED: "body-encoding-changed", Major, Patch,
        "`encoding` of a form: deployed programs write a part in a way that is no longer accepted.";
    BODY_PROSE_CHANGED: "body-prose-changed", None, Patch,
        "Description: only documentation.";

    // Responses.
    SUCCESS_STATUS_CHANGED: "success-status-changed", None, None,
        "The client accepts every 2xx status with a body that it can decode.";
    SUCCESS_BODY_ADDED: "success-body-added", None, Patch,
        "Deployed programs ignore it; the type of the response was `()`.";
    SUCCESS_BODY_REMOVED: "success-body-removed", Major, Patch,
        "Deployed programs can't decode a response without a body; the type of the response becomes `()`.";
    SUCCESS_ADDED: "success-added", Major, Patch,
        "Deployed programs don't expect this response; the type of the response becomes an enum or gets a variant.";
    SUCCESS_REMOVED: "success-removed", None, Patch,
        "Servers no longer send this response; a variant or the enum is removed.";
    RESPONSE_MEDIA_TYPE_CHANGED: "response-media-type-changed", Major, None,
        "Deployed programs request a media type that is no longer available; the Rust type is unchanged.";
    RESPONSE_KIND_CHANGED: "response-kind-changed", Major, Patch,
        "JSON, text, bytes and redirects have different Rust types, and deployed programs expect the old kind.";
    ERROR_MEDIA_TYPE_CHANGED: "error-media-type-changed", None, None,
        "Another media type of the same kind: the client decodes errors by their kind.";
    RESPONSE_MEDIA_TYPE_REMOVED: "response-media-type-removed", Major, Patch,
        "Deployed programs may request this media type, which is no longer sent; its method is removed.";
    RESPONSE_MEDIA_TYPES_CHANGED: "response-media-types-changed", None, None,
        "Media types were added, which get methods, or are the same JSON to the client.";
    ERROR_STATUS_ADDED: "error-status-added", None, None,
        "The client already treats this status as an error; the response has no typed body.";
    ERROR_STATUS_REMOVED: "error-status-removed", None, None,
        "The client still treats this status as an error; the response had no typed body.";
    ERROR_BODY_ADDED: "error-body-added", None, Patch,
        "`Error::body` gets a type for this status.";
    ERROR_BODY_REMOVED: "error-body-removed", None, Patch,
        "`Error::body` no longer has a type for this status; status and raw body are still available.";
    RESPONSE_HEADERS_CHANGED: "response-headers-changed", None, None,
        "Response headers have no types; all of them are available by name.";
    RESPONSE_PROSE_CHANGED: "response-prose-changed", None, Patch,
        "Description: only documentation.";

    UNUSED_SCHEMA_CHANGED: "unused-schema-changed", None, None,
        "The schema is that of text or bytes beside another media type: nothing is generated by it.";

    // Webhooks and callbacks, which programs receive.
    WEBHOOK_ADDED: "webhook-added", None, None,
        "Deployed programs receive it only if they register for it.";
    WEBHOOK_REMOVED: "webhook-removed", Minor, None,
        "Deployed programs no longer receive it.";
    CALLBACK_ADDED: "callback-added", None, None,
        "Deployed programs receive it only if they give a URL for it.";
    CALLBACK_REMOVED: "callback-removed", Minor, None,
        "Deployed programs no longer receive it.";
    RECEIVED_PARAMETER_OMITTED: "received-parameter-omitted", Major, None,
        "Deployed programs may rely on it, such as on a signature in a header.";
    RECEIVED_PARAMETERS_CHANGED: "received-parameters-changed", None, None,
        "Deployed programs ignore what they don't know, and don't rely on what is optional.";
    RECEIVED_BODY_ADDED: "received-body-added", None, None,
        "Deployed programs ignore it.";
    RECEIVED_BODY_REMOVED: "received-body-removed", Major, None,
        "Deployed programs expect a body, which is no longer sent or may be missing.";
    RECEIVED_MEDIA_TYPE_ADDED: "received-media-type-added", Major, None,
        "Deployed programs may receive a media type that they can't decode.";
    RECEIVED_MEDIA_TYPE_REMOVED: "received-media-type-removed", None, None,
        "Deployed programs receive fewer media types than they decode.";
    RECEIVED_STATUS_REMOVED: "received-status-removed", Major, None,
        "Deployed programs may respond with this status, which no longer counts as success.";
    RECEIVED_RESPONSE_CHANGED: "received-response-changed", Major, None,
        "Deployed programs respond without a body, or with another media type than is accepted now.";
    RECEIVED_STATUSES_CHANGED: "received-statuses-changed", None, None,
        "More statuses are accepted, or fewer that report an error.";

    // Properties.
    REQUEST_PROPERTY_REQUIRED_ADDED: "request-required-property-added", Major, Patch,
        "Deployed programs don't send it, and `new` gets another argument.";
    REQUEST_PROPERTY_ADDED: "request-property-added", None, Patch,
        "It is optional; a setter is added.";
    REQUEST_PROPERTY_REMOVED: "request-property-removed", Minor, Patch,
        "Most servers ignore unknown properties, but it no longer has an effect; the field is removed.";
    REQUEST_PROPERTY_FORBIDDEN: "request-property-forbidden", Major, Patch,
        "With `additionalProperties: false`, what deployed programs may send is refused; the field is removed.";
    RESPONSE_PROPERTY_RETYPED: "response-property-retyped", Major, Patch,
        "Deployed programs decode the property as an additional one, of another type, or can't.";
    REQUEST_PROPERTY_REQUIRED: "request-property-required", Major, Patch,
        "Deployed programs may omit it, and `new` gets another argument.";
    REQUEST_READ_ONLY_PROPERTY_REQUIRED: "request-read-only-property-required", None, Patch,
        "Requests may omit what is `readOnly`, even if it is required.";
    REQUEST_PROPERTY_OPTIONAL: "request-property-optional", None, Patch,
        "Requests with the property are still valid, but `new` loses an argument and the field's type changes.";
    RESPONSE_PROPERTY_ADDED: "response-property-added", None, Patch,
        "Deployed programs ignore properties that they don't know, or keep them with the additional ones; a field is added.";
    RESPONSE_PROPERTY_REMOVED: "response-property-removed", Major, Patch,
        "Deployed programs can't decode a response without it; the field is removed.";
    RESPONSE_OPTIONAL_PROPERTY_REMOVED: "response-optional-property-removed", Minor, Patch,
        "Deployed programs read it as absent, which they expect; the field is removed.";
    RESPONSE_PROPERTY_OPTIONAL: "response-property-optional", Major, Patch,
        "Deployed programs can't decode a response without it; the field becomes an `Option`.";
    RESPONSE_PROPERTY_REQUIRED: "response-property-required", None, Patch,
        "It is always present; the field is no longer an `Option`.";
    RESPONSE_DEFAULTED_PROPERTY_REQUIRED: "response-defaulted-property-required", None, None,
        "It is always present; the field was already filled with its default and keeps its type.";
    PROPERTY_DEPRECATED: "property-deprecated", None, Patch,
        "It still works, and the field is marked `#[deprecated]`, which causes a compiler warning.";
    PROPERTY_UNDEPRECATED: "property-undeprecated", None, Patch,
        "The compiler warning disappears.";
    RESPONSE_ADDITIONAL_PROPERTIES_WIDENED: "response-additional-properties-widened", Major, Patch,
        "Deployed programs can't decode additional properties of other types.";
    REQUEST_ADDITIONAL_PROPERTIES_DROPPED: "request-additional-properties-dropped", None, Patch,
        "Any additional property is still accepted; the field for them is removed.";
    ADDITIONAL_PROPERTIES_ADDED: "additional-properties-added", None, Patch,
        "A field for additional properties is added.";
    REQUEST_ADDITIONAL_PROPERTIES_REMOVED: "request-additional-properties-removed", Major, Patch,
        "With `additionalProperties: false`, deployed programs may send properties that are no longer accepted; the field for them is removed.";
    RESPONSE_ADDITIONAL_PROPERTIES_REMOVED: "response-additional-properties-removed", None, Patch,
        "The field for additional properties is removed.";
    ADDITIONAL_PROPERTIES_CHANGED: "additional-properties-changed", None, None,
        "`additionalProperties` changed, but the Rust type has no field for additional properties before and after.";

    // Types.
    REQUEST_TYPE_WIDENED: "request-type-widened", None, Patch,
        "All that deployed programs send is still accepted, and more. In parameters, values count as text: every integer is also a string.";
    RESPONSE_TYPE_NARROWED: "response-type-narrowed", None, Patch,
        "All that comes is what deployed programs expect, and less.";
    TYPE_CHANGED: "type-changed", Major, Patch,
        "The values of one type can't be shown to be values of the other: deployed programs send what may be refused, or can't decode what comes.";
    REQUEST_NULL_ADDED: "request-null-allowed", None, Patch,
        "Deployed programs don't send null, but the field's type changes.";
    REQUEST_NULL_REMOVED: "request-null-forbidden", Major, Patch,
        "Deployed programs may send null, and the field's type changes.";
    RESPONSE_NULL_ADDED: "response-null-allowed", Major, Patch,
        "Deployed programs can't decode null in a required property, an item or a body.";
    RESPONSE_OPTIONAL_NULL_ADDED: "response-optional-null-allowed", None, Patch,
        "Deployed programs read null in an optional property as an absent one.";
    RESPONSE_NULL_REMOVED: "response-null-forbidden", None, Patch,
        "Null is no longer sent, and the field's type changes.";
    NUMBER_FORMAT_CHANGED: "number-format-changed", None, Patch,
        "`float` or `double`: the JSON number is the same, but the Rust type changes.";
    REQUEST_INTEGER_WIDENED: "request-integer-widened", None, Patch,
        "The integers that deployed programs send are still accepted.";
    REQUEST_INTEGER_NARROWED: "request-integer-narrowed", Major, Patch,
        "Deployed programs may send integers that are no longer accepted.";
    RESPONSE_INTEGER_WIDENED: "response-integer-widened", Major, Patch,
        "Deployed programs can't decode integers beyond the range of their type.";
    RESPONSE_INTEGER_NARROWED: "response-integer-narrowed", None, Patch,
        "The integers that come fit the type of deployed programs.";
    FORMAT_CHANGED: "format-changed", Minor, Patch,
        "A format without a Rust type, such as `email` or `byte`: servers may check it, and deployed programs send and receive strings.";
    REQUEST_FORMAT_ADDED: "request-format-added", Major, Patch,
        "Deployed programs may send strings in another format; the Rust type changes from `String`.";
    RESPONSE_FORMAT_ADDED: "response-format-added", None, Patch,
        "Deployed programs decode it as a string; the Rust type changes from `String`.";
    REQUEST_FORMAT_REMOVED: "request-format-removed", None, Patch,
        "The strings that deployed programs send are still accepted; the Rust type becomes `String`.";
    RESPONSE_FORMAT_REMOVED: "response-format-removed", Major, Patch,
        "Deployed programs can't decode strings in another format; the Rust type becomes `String`.";
    ENUM_VALUE_ADDED: "enum-value-added", None, Patch,
        "Deployed programs keep values that they don't know (`Unrecognized`); a variant is added.";
    REQUEST_ENUM_VALUE_REMOVED: "request-enum-value-removed", Major, Patch,
        "Deployed programs may send it, and the variant is removed.";
    RESPONSE_ENUM_VALUE_REMOVED: "response-enum-value-removed", None, Patch,
        "It is no longer sent, and the variant is removed.";
    REQUEST_ENUM_ADDED: "request-enum-added", Major, Patch,
        "Deployed programs may send other values; the Rust type becomes an enum.";
    RESPONSE_ENUM_ADDED: "response-enum-added", None, Patch,
        "Fewer values are possible than before; the Rust type becomes an enum.";
    ENUM_REMOVED: "enum-removed", None, Patch,
        "Any value is allowed, and open enums preserve unknown values; the Rust type is no longer an enum.";
    UNION_VARIANT_ADDED: "union-variant-added", None, Patch,
        "Deployed programs keep members that they don't know as JSON (`Unrecognized`); a variant is added.";
    REQUEST_UNION_VARIANT_REMOVED: "request-union-variant-removed", Major, Patch,
        "Deployed programs may send it, and the variant is removed.";
    RESPONSE_UNION_VARIANT_REMOVED: "response-union-variant-removed", None, Patch,
        "It is no longer sent, and the variant is removed.";
    UNION_TAG_CHANGED: "union-tag-changed", Major, None,
        "Another property is the discriminator; its name isn't part of the Rust type.";
    REQUEST_UNION_TAG_ADDED: "request-union-tag-added", Major, Patch,
        "A discriminator whose values deployed programs may not send; the variants are named after them.";
    UNION_TAG_ADDED: "union-tag-added", None, Patch,
        "The variants are the same, but are named after the discriminator values.";
    UNION_TAG_REMOVED: "union-tag-removed", None, Patch,
        "The variants are the same, but are no longer named after discriminator values.";
    SCHEMA_RENAMED: "schema-renamed", None, Patch,
        "The name isn't sent, but the Rust type is named after it.";
    SCHEMA_MOVED: "schema-moved", None, Patch,
        "The schema is renamed, and its Rust type keeps its name.";
    TYPE_RENAMED: "type-renamed", None, Patch,
        "The structure is the same, but the Rust type has another name: an inline schema became a component or the reverse, or names collide.";

    // Constraints and annotations.
    REQUEST_TIGHTENED: "request-constraint-tightened", Major, Patch,
        "Deployed programs may send values that are no longer accepted. Rust types don't check constraints; their documentation lists them.";
    REQUEST_PATTERN_CHANGED: "request-pattern-changed", Major, Patch,
        "Neither pattern can be shown to include the other: deployed programs may send strings that are no longer accepted.";
    REQUEST_LOOSENED: "request-constraint-loosened", None, Patch,
        "The values that deployed programs send are still accepted; the documentation lists the constraint.";
    RESPONSE_CONSTRAINT_CHANGED: "response-constraint-changed", None, Patch,
        "Responses aren't validated against constraints; the documentation lists them.";
    RESPONSE_DEFAULT_ADDED: "response-default-added", None, Patch,
        "An optional field of a type that is only received is filled with its default, so it is no longer an `Option`.";
    RESPONSE_DEFAULT_REMOVED: "response-default-removed", Minor, Patch,
        "An optional field is no longer filled with its default, so it becomes an `Option`.";
    DEFAULT_CHANGED: "default-changed", Minor, Patch,
        "Requests without the value get other behaviour; the documentation lists the default.";
    ACCESS_CHANGED: "access-changed", Minor, Patch,
        "`readOnly` or `writeOnly`: the server treats the property differently; if it is required, its Rust type and the arguments of `new` change.";
    KEYWORD_CHANGED: "keyword-changed", Minor, Patch,
        "A keyword without a Rust counterpart (`not`, `if`, `patternProperties` …): the accepted values may change; the Rust type is unchanged.";
    PROSE_CHANGED: "prose-changed", None, Patch,
        "Title, description or example: only documentation.";
    INFO_CHANGED: "info-changed", None, Patch,
        "The title or description of the document: only documentation.";
}
