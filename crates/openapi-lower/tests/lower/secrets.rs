//! Recognition of secret properties and parameters.

use openapi_lower::{
    Config, Document,
    ir::{ClientModel, TypeName},
};

use crate::{document, generate, lower, with_operations, with_schemas};

fn model(schemas: &str) -> ClientModel {
    lower(&with_schemas(schemas)).unwrap().model
}

/// Collapses whitespace: the line breaks in macros depend on their length.
fn on_one_line(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The secret properties of `Thing`.
fn secrets(schemas: &str) -> Vec<String> {
    let model = model(schemas);
    let thing = model.objects.iter().find(|object| object.rust == "Thing").unwrap();
    thing.fields.iter().filter(|field| field.secret).map(|field| field.name.clone()).collect()
}

/// Whether a property with this name and schema is secret.
fn is_secret(name: &str, schema: &str) -> bool {
    let thing =
        format!("Thing: {{ type: object, properties: {{ '{name}': {schema}, other: {{}} }} }}");
    secrets(&thing) == [name]
}

#[test]
fn passwords_by_format_and_write_only_text_are_secrets() {
    let secrets = secrets(
        "
Thing:
  type: object
  properties:
    a: { type: string, format: password }
    b: { type: string, writeOnly: true }
    c: { type: [string, 'null'], format: password }
    d: { type: array, items: { type: string, format: password } }
    e: { $ref: '#/components/schemas/Pass' }
    f: { $ref: '#/components/schemas/Described', writeOnly: true }
    g: { type: object, additionalProperties: { $ref: '#/components/schemas/Pass' } }
    h: { oneOf: [{ type: integer }, { type: string, format: password }] }
    shown: { type: string }
    flag: { type: boolean, writeOnly: true }
    read: { type: string, readOnly: true }
    described: { $ref: '#/components/schemas/Described' }
Pass: { type: string, format: password }
Described: { type: object, properties: { a: { type: string } } }",
    );
    assert_eq!(secrets, ["a", "b", "c", "d", "e", "f", "g", "h"]);
}

#[test]
fn secret_names_are_recognized_in_every_convention() {
    for name in [
        "password",
        "userPassword",
        "user_password",
        "USER_PASSWORD",
        "User-Password",
        "password2",
        "password_2",
        "passwords",
        "passphrase",
        "pwd",
        "secret",
        "clientSecret",
        "secrets",
        "token",
        "accessToken",
        "OAuthToken",
        "tokens",
        "apiKey",
        "APIKey",
        "api_key",
        "X-API-Key",
        "apikey",
        "apiKeys",
        "privateKey",
        "secretKey",
        "accessKeys",
        "cookie",
        "sessionCookies",
        "credential",
        "credentials",
        "credentialData",
        "cookie_value",
        "passwordHash",
        "Authorization",
        "signedUrl",
        "presigned_url",
        "shareLink",
        "inviteLinks",
        "magicUrl",
    ] {
        assert!(is_secret(name, "{ type: string }"), "{name}");
    }
}

#[test]
fn names_about_secrets_are_not_secret() {
    for name in [
        "tokenCount",
        "tokenType",
        "token_id",
        "secretId",
        "secretName",
        "passwordUpdatedAt",
        "passwordPolicy",
        "credentialsToDelete",
        "cookieDomain",
        "apiKeyId",
        "publicKey",
        "primaryKey",
        "key",
        "keys",
        "data",
        "value",
        "hash",
        "nextPageToken",
        "pageToken",
        "next_token",
        "continuationToken",
        "broken",
        "secretary",
        "cookies_enabled",
        "url",
        "link",
        "documentUrl",
        "shareUrlCount",
    ] {
        assert!(!is_secret(name, "{ type: string }"), "{name}");
    }
}

#[test]
fn names_are_secret_only_for_text() {
    for schema in [
        "{ type: string }",
        "{}",
        "{ type: [string, 'null'] }",
        "{ type: array, items: { type: string } }",
        "{ type: array }",
        "{ type: object, additionalProperties: { type: string } }",
        "{ type: object, properties: { user: { type: string } } }",
        "{ oneOf: [{ type: integer }, { type: string }] }",
        "{ type: string, format: uuid }",
    ] {
        assert!(is_secret("token", schema), "{schema}");
    }
    for schema in [
        "{ type: integer }",
        "{ type: boolean }",
        "{ type: [number, 'null'] }",
        "{ type: array, items: { type: integer } }",
        "{ type: string, enum: [bearer, basic] }",
        "{ type: array, items: { type: string, enum: [bearer, basic] } }",
        "{ oneOf: [{ type: integer }, { type: boolean }] }",
    ] {
        assert!(!is_secret("token", schema), "{schema}");
    }
}

#[test]
fn secret_parameters_are_redacted() {
    let document = with_operations(
        "
get:
  parameters:
    - { name: token, in: query, schema: { type: string } }
    - { name: X-Session, in: header, schema: { type: string, format: password } }
    - { name: pageToken, in: query, schema: { type: string } }
    - { name: tokens, in: query, schema: { type: integer } }
  responses: { '200': { description: ok } }",
    );
    let model = lower(&document).unwrap().model;
    let secrets: Vec<_> =
        model.operations[0].parameters.iter().map(|one| (one.name.as_str(), one.secret)).collect();
    let expected = [("token", true), ("X-Session", true), ("pageToken", false), ("tokens", false)];
    assert_eq!(secrets, expected);
    // `Debug` of the builder shows the other parameters.
    let code = on_one_line(&generate(&document));
    for shown in [
        r#".field("token", runtime::redacted(self.token.is_some()))"#,
        r#".field("x_session", runtime::redacted(self.x_session.is_some()))"#,
        r#".field("page_token", &self.page_token)"#,
        r#".field("tokens", &self.tokens)"#,
    ] {
        assert!(code.contains(shown), "{code}");
    }
}

#[test]
fn the_config_adds_secrets() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { pin: { type: string }, a: { $ref: '#/components/schemas/My.Other' } } }
My.Other: { type: object, properties: { pin: { type: string }, b.c: { type: string } } }",
    );
    let code = |config: &Config| on_one_line(&config.generate_from(&document).unwrap().code);
    assert!(!code(&crate::config()).contains("runtime::redacted("));
    let secrets = ["My.Other.pin", "Nobody.pin", "Thing.nothing", "pin", ""];
    let code = code(&crate::config().secrets(secrets));
    assert_eq!(code.matches("runtime::redacted(").count(), 1, "{code}");
    let debug = "f.debug_struct(\"MyOther\") \
                 .field(\"pin\", runtime::redacted(self.pin.is_some())) \
                 .field(\"b_c\", &self.b_c) .finish()";
    assert!(code.contains(debug), "{code}");
}

#[test]
fn unions_with_secrets_redact_unrecognized_values() {
    let document = document(
        "
paths:
  /thing:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  deep: { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] }
                  shape: { anyOf: [{ $ref: '#/components/schemas/Holder' }, { type: integer }] }
                  open: { oneOf: [{ $ref: '#/components/schemas/B' }, { $ref: '#/components/schemas/C' }] }
components:
  schemas:
    A: { type: object, required: [kind], properties: { kind: { const: a }, held: { type: array, items: { $ref: '#/components/schemas/Middle' } } } }
    B: { type: object, required: [kind], properties: { kind: { const: b } } }
    C: { type: object, required: [kind], properties: { kind: { const: c } } }
    Middle: { type: object, properties: { inner: { $ref: '#/components/schemas/Holder' } } }
    Holder: { type: object, properties: { password: { type: string }, again: { $ref: '#/components/schemas/Holder' } } }",
    );
    let code = on_one_line(&generate(&document));
    let redacted = "Self::Unrecognized(_) => { f.debug_tuple(\"Unrecognized\").field(&runtime::Redacted).finish() }";
    assert_eq!(code.matches(redacted).count(), 2, "{code}");
    for (name, derives) in [("Deep", ""), ("Shape", ""), ("Open", "Debug, ")] {
        let definition = format!(
            "#[derive(Clone, {derives}PartialEq)] #[non_exhaustive] pub enum GetThingResponse{name} {{"
        );
        assert!(code.contains(&definition), "{name}: {code}");
    }
}

#[test]
fn the_proxy_password_of_the_fixture_is_redacted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents-1.8.7.yaml");
    let document = Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let code = on_one_line(&generate(&document));
    let debug = "f.debug_struct(\"CustomProxyConfigInput\") \
                 .field(\"password\", &runtime::Redacted) .field(\"server\", &self.server)";
    assert!(code.contains(debug), "{path}");
}

/// Each entry of the SDK's list is a property of at least one version, and is redacted there.
#[test]
fn the_secrets_of_the_sdk_are_redacted() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let list = std::fs::read_to_string(format!("{root}/spec/secrets.toml")).unwrap();
    let entries = list.lines().filter_map(|line| line.strip_prefix('"')?.split_once("\" = "));
    let entries: Vec<&str> = entries.map(|(entry, _)| entry).collect();
    assert!(entries.contains(&"Agents.Vault.VaultShareLinkCreated.recipientUrl"), "{entries:?}");
    let versions = ["1.8.7", "1.8.77", "1.8.201", "1.9.167"].map(|version| {
        let path = format!("{root}/tests/fixtures/agents-{version}.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        let document = Document::parse(&text).unwrap();
        let config = crate::config().secrets(entries.iter().copied());
        let code = on_one_line(&config.generate_from(&document).unwrap().code);
        let types = lower(&document).unwrap().model.types;
        (document, types, code)
    });
    for entry in entries {
        let (schema, property) = entry.rsplit_once('.').unwrap();
        let pointer = format!("/components/schemas/{schema}/properties/{property}");
        let is_known = |version: &&(Document, _, _)| version.0.node_at(&pointer).is_some();
        let known: Vec<_> = versions.iter().filter(is_known).collect();
        assert!(!known.is_empty(), "{entry} is in no version");
        for (_, types, code) in known {
            let is_schema = |name: &&TypeName| name.component.as_deref() == Some(schema);
            // A schema that no operation uses has no type.
            let Some(name) = types.iter().find(is_schema) else { continue };
            let debug = code.split(&format!("f.debug_struct(\"{}\")", name.rust)).nth(1);
            let debug = debug.unwrap_or_else(|| panic!("{entry}: {}", name.rust));
            let fields = debug.split('}').next().unwrap().replace([' ', '\n'], "");
            let field = heck::ToSnakeCase::to_snake_case(property);
            let redacted = [
                format!(".field(\"{field}\",&runtime::Redacted"),
                format!(".field(\"{field}\",runtime::redacted(self.{field}.is_some())"),
            ];
            assert!(redacted.iter().any(|secret| fields.contains(secret)), "{entry}: {fields}");
        }
    }
}
