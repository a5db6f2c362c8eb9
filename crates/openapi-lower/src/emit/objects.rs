//! Objects as structs: fields, constructors and setters, and how they are read and written.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs::{self, TypeDocs},
    fields::StructField,
    ident::ident,
    impls, literals,
    schema_type::schema_type,
    structs::{Structs, sibling_tag},
};
use crate::{
    collect::Collect,
    ir::{ClientModel, Direction, Object, SiblingTag},
    lower::names::{TakenNames, type_name, unique, value_name},
    order::sort,
    progenitor::signature::Core,
    text_map::TextMap,
};

/// The emitted objects and the modules that they share.
pub(super) struct Objects<'a> {
    structs: &'a Structs<'a>,
    /// The types of constants by their values in JSON.
    constants: TextMap<String, (Ident, TokenStream)>,
    /// The functions of default values.
    defaults: Vec<TokenStream>,
    /// The names of these functions.
    functions: TakenNames,
    items: Vec<TokenStream>,
}

impl<'a> Objects<'a> {
    /// Emits all objects; `Err` names a property without a type.
    pub(super) fn emit(
        model: &ClientModel,
        structs: &'a Structs<'a>,
        docs: &TypeDocs<'_>,
        core: &Core,
    ) -> Result<Self, String> {
        let mut objects = Self {
            structs,
            constants: TextMap::new(),
            defaults: Vec::new(),
            functions: TakenNames::default(),
            items: Vec::new(),
        };
        let mut taken = TakenNames::default();
        for constant in model.objects.iter().flat_map(|object| &object.constants) {
            let text = constant.value.to_string();
            if !objects.constants.contains_key(&text) {
                let name = ident(&unique(&type_name(&text), &mut taken));
                objects.constants.insert(text, (name, literals::tag(&constant.value)));
            }
        }
        for object in &model.objects {
            objects.add(object, docs, core).map_err(|why| format!("`{}`: {why}", object.rust))?;
        }
        Ok(objects)
    }

    /// The shared modules and the structs.
    pub(super) fn into_tokens(self) -> TokenStream {
        let Self { constants, defaults, items, .. } = self;
        let mut constants = constants.into_iter().collect_vec();
        sort(&mut constants, &|(text, _)| (0, text.clone()));
        let mut markers = TokenStream::new();
        for (_, (name, value)) in &constants {
            markers.extend(quote! {
                pub struct #name;

                impl runtime::ConstantValue for #name {
                    const VALUE: runtime::TagValue = #value;
                }
            });
        }
        let constants = (!constants.is_empty()).then(|| {
            quote! {
                mod constants {
                    use super::runtime;

                    #markers
                }
            }
        });
        let defaults = (!defaults.is_empty()).then(|| {
            quote! {
                mod defaults {
                    use super::runtime;

                    #(#defaults)*
                }
            }
        });
        quote! {
            #constants
            #defaults
            #(#items)*
        }
    }

    /// Emits one object.
    fn add(&mut self, object: &Object, docs: &TypeDocs<'_>, core: &Core) -> Result<(), String> {
        let name = ident(&object.rust);
        let doc = docs.describe(object.description.as_deref(), &object.rust);
        let mut parts = StructParts::default();
        for constant in &object.constants {
            // No other field has this name, since a constant property is not a field.
            let field = ident(&value_name(&constant.name));
            let (marker, _) = &self.constants[&constant.value.to_string()];
            parts.add_constant(&constant.name, field, marker);
        }
        for field in &object.fields {
            let mut field = StructField::new(field, core, self.structs)?;
            if let Some(default) = field.default_value() {
                field.default = Some(self.add_default(object, &field, default));
            }
            parts.add(&field);
        }
        if let Some((extra, schema)) = &object.extra {
            let extra = ident(extra);
            let (value, read) = match schema {
                Value::Object(map) if !map.is_empty() => {
                    (schema_type(schema, core)?, "read_additional")
                }
                _ => (quote!(runtime::serde_json::Value), "read_undeclared"),
            };
            parts.add_extra(&extra, &value, &ident(read));
        }
        let sibling_tagged = sibling_tag(object).map(|tag| sibling_tagged(tag, &name));
        let deserialize = match sibling_tagged {
            Some(_) => "deserialize_sibling_tagged",
            None => "deserialize_object",
        };
        let deserialize = impls::deserialize(&name, deserialize);
        let serialize = parts.serialize(&name);
        let read = parts.read(&name);
        let has_secrets = object.fields.iter().any(|field| field.secret);
        let constructors = parts.constructors(&name, object.direction);
        let is_default = object.direction.is_sent() && parts.arguments.is_empty();
        let StructParts { fields, shown, .. } = parts;
        let default_derive = is_default.then(|| quote!(Default,));
        let debug_derive = (!has_secrets).then(|| quote!(Debug,));
        let debug = has_secrets.then(|| {
            let text = &object.rust;
            impls::debug(&name, &quote!(f.debug_struct(#text)#(#shown)*.finish()))
        });
        self.items.push(quote! {
            #doc
            #[derive(Clone, #debug_derive #default_derive PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
            }

            #constructors
            #debug
            #read
            #sibling_tagged
            #serialize
            #deserialize
        });
        Ok(())
    }

    /// Emits the function of the default of an absent property.
    fn add_default(
        &mut self,
        object: &Object,
        field: &StructField<'_>,
        value: TokenStream,
    ) -> Ident {
        let name = value_name(&format!("{}_{}", object.rust, field.field.rust_name));
        let create = ident(&unique(&name, &mut self.functions));
        let ty = &field.ty;
        self.defaults.push(quote! {
            pub fn #create() -> #ty {
                #value
            }
        });
        create
    }
}

/// The parts of a struct that are made of its properties.
#[derive(Default)]
struct StructParts {
    fields: Vec<TokenStream>,
    setters: Vec<TokenStream>,
    /// The arguments of `new` and their names, by which they are sorted: their order doesn't depend
    /// on that of the properties in the document, which may change.
    arguments: Vec<(String, TokenStream)>,
    /// The initializers in `new`.
    values: Vec<TokenStream>,
    /// The calls that show the fields in `Debug`.
    shown: Vec<TokenStream>,
    /// The names of the declared properties in JSON.
    names: Vec<String>,
    /// The variables that the fields are read into, with the names of the fields.
    variables: Vec<TokenStream>,
    /// The indices of required properties whose variables have a default.
    checked: Vec<Literal>,
    /// The indices and variables of the other required properties.
    unwrapped: Vec<(Literal, Ident)>,
    /// The arms that read the declared properties, by their indices in `names`.
    reads: Vec<TokenStream>,
    /// The expression that reads an undeclared property, if that is kept.
    undeclared: Option<TokenStream>,
    /// The initializers of the fields, made of the variables.
    finished: Vec<TokenStream>,
    /// The statements that write the properties.
    writes: Vec<TokenStream>,
}

impl StructParts {
    fn add_constant(&mut self, property: &str, field: Ident, marker: &Ident) {
        self.fields.push(quote!(#field: runtime::Constant<constants::#marker>,));
        self.values.push(quote!(#field: ::std::default::Default::default(),));
        self.show(&field, quote!(&self.#field));
        // Where the object is a member of a union, the union has taken the tag out already.
        self.variables.push(quote!(let mut #field = ::std::default::Default::default();));
        let read = quote!(__properties.read(&mut runtime::ConstantField(&mut #field)));
        self.add_property(property, read);
        self.finished.push(quote!(#field,));
        self.writes.push(quote!(object.write(#property, &self.#field);));
    }

    fn add(&mut self, field: &StructField<'_>) {
        let name = &field.name;
        self.fields.push(field.declaration());
        self.setters.push(field.setters());
        let argument = field.argument();
        self.arguments.extend(argument.map(|argument| (name.to_string(), argument)));
        self.values.push(field.initializer());
        self.show(name, field.debug());
        self.variables.push(field.variable());
        let index = index(self.names.len());
        match field.required() {
            Some(true) => self.unwrapped.push((index, name.clone())),
            Some(false) => self.checked.push(index),
            None => {}
        }
        self.add_property(&field.field.name, field.read());
        self.finished.push(field.finished());
        self.writes.push(field.write());
    }

    fn add_property(&mut self, property: &str, read: TokenStream) {
        let index = index(self.names.len());
        self.names.push(property.to_owned());
        self.reads.push(quote!(#index => #read,));
    }

    fn add_extra(&mut self, extra: &Ident, value: &TokenStream, read: &Ident) {
        self.fields.push(quote! {
            /// Additional properties.
            pub #extra: ::std::collections::HashMap<::std::string::String, #value>,
        });
        self.values.push(quote!(#extra: ::std::collections::HashMap::new(),));
        // An additional property may be a secret like the declared ones.
        self.show(extra, quote!(&runtime::Redacted));
        self.variables.push(quote!(let mut #extra = ::std::collections::HashMap::new();));
        self.undeclared = Some(quote!(__properties.#read(&mut #extra)));
        self.finished.push(quote!(#extra,));
        self.writes.push(quote!(object.write_all(&self.#extra);));
    }

    /// The function that reads the properties. No property has a name with two underscores.
    fn read(&self, name: &Ident) -> TokenStream {
        let Self { names, variables, reads, .. } = self;
        let (next, other) = match &self.undeclared {
            Some(read) => ("next_or_undeclared", read.clone()),
            None => ("next", quote!(__properties.skip())),
        };
        let next = ident(next);
        let result = self.result();
        quote! {
            impl runtime::Object for #name {
                const NAMES: &'static [&'static str] = &[#(#names),*];

                fn read<'de, R: runtime::ObjectReader<'de>>(
                    __properties: &mut R,
                ) -> ::std::result::Result<Self, R::Error> {
                    #(#variables)*
                    while let ::std::option::Option::Some(__index) = __properties.#next()? {
                        match __index {
                            #(#reads)*
                            _ => #other,
                        }?
                    }
                    #result
                }
            }
        }
    }

    /// The statements that check the required properties and make the struct. There is one exit
    /// for all that have a default, and one for all others, since rustc compiles code for each exit
    /// of a function. The variables aren't matched as a tuple, into which they would be moved.
    fn result(&self) -> TokenStream {
        let Self { checked, unwrapped, finished, .. } = self;
        let check = (!checked.is_empty()).then(|| quote!(__properties.require(&[#(#checked),*])?;));
        let result = quote!(::std::result::Result::Ok(Self { #(#finished)* }));
        if unwrapped.is_empty() {
            return quote!(#check #result);
        }
        let (indices, variables): (Vec<&Literal>, Vec<&Ident>) =
            unwrapped.iter().map(|(index, variable)| (index, variable)).unzip();
        quote! {
            #check
            'missing: {
                #(
                    let ::std::option::Option::Some(#variables) = #variables else {
                        break 'missing;
                    };
                )*
                return #result;
            }
            ::std::result::Result::Err(__properties.missing(&[#(#indices),*]))
        }
    }

    /// The implementation of `Serialize`.
    fn serialize(&self, name: &Ident) -> TokenStream {
        let writes = &self.writes;
        let body = quote! {
            let mut object = runtime::ObjectWriter::new(serializer);
            #(#writes)*
            object.end()
        };
        impls::serialize(name, &body)
    }

    /// `new` and the setters; none for a type that is only received, which may get further required
    /// properties.
    fn constructors(&self, name: &Ident, direction: Direction) -> Option<TokenStream> {
        if !direction.is_sent() {
            return None;
        }
        let Self { setters, values, .. } = self;
        let mut arguments: Vec<&(String, TokenStream)> = self.arguments.iter().collect_vec();
        sort(&mut arguments, &|(name, _)| (0, name.clone()));
        let doc = match arguments.is_empty() {
            true => "Creates an instance without any property.",
            false => "Creates an instance with the required properties; all others are absent.",
        };
        let doc = docs::attribute(doc);
        let arguments = arguments.into_iter().map(|(_, argument)| argument);
        Some(quote! {
            impl #name {
                #doc
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#values)* }
                }

                #(#setters)*
            }
        })
    }

    fn show(&mut self, field: &Ident, value: TokenStream) {
        let text = field.to_string();
        self.shown.push(quote!(.field(#text, #value)));
    }
}

fn index(index: usize) -> Literal {
    Literal::usize_unsuffixed(index)
}

/// The implementation of an object in which one property tells the type of another.
fn sibling_tagged(sibling: &SiblingTag, name: &Ident) -> TokenStream {
    let SiblingTag { tag, property, .. } = sibling;
    let field = ident(&sibling.field);
    let union = ident(&sibling.union);
    let values = sibling.variants.iter().map(|(value, _)| value);
    let variants = sibling.variants.iter().map(|(_, variant)| ident(variant));
    quote! {
        impl runtime::SiblingTagged for #name {
            type Member = types::#union;

            const TAG: &'static str = #tag;
            const PROPERTY: &'static str = #property;

            fn decode_union(
                tag: &str,
                value: &runtime::serde_json::Value,
            ) -> ::std::option::Option<types::#union> {
                match tag {
                    #(#values => runtime::decode_variant(value, types::#union::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn set_union(&mut self, union: types::#union) {
                self.#field = union;
            }
        }
    }
}
