//! The specification with every Rust name chosen and every reference resolved.
//!
//! It borrows what can be taken as it is, so that there is one place for each fact.

use crate::spec;

/// Everything that is rendered.
#[derive(Debug)]
pub struct Api<'a> {
    /// The tables that all generations share.
    pub spec: &'a spec::Spec,
    /// The generations of the API, the newest first.
    pub generations: Vec<Generation<'a>>,
    /// The error codes of gateway and generations, by code.
    pub errors: Vec<ErrorCode<'a>>,
    /// The bounds of pictures by the number of the service type.
    pub service_types: Vec<(i64, &'a spec::ServiceTypeSides)>,
}

/// An error code with what all tables say of it.
#[derive(Debug)]
pub struct ErrorCode<'a> {
    /// What the table of the newest generation that has it says, else that of the gateway.
    pub spec: &'a spec::ErrorCode,
    /// The statuses of all tables.
    pub http: Vec<u16>,
    /// The messages of all tables.
    pub messages: Vec<&'a str>,
}

/// One generation of the API.
#[derive(Debug)]
pub struct Generation<'a> {
    /// The version, such as `2020-12-14`.
    pub version: &'a str,
    /// The module of an older generation, such as `v2018`; the newest is at the root.
    pub module: Option<String>,
    /// Product, style and hosts.
    pub service: &'a spec::Service,
    /// The operations by wire name.
    pub operations: Vec<Operation<'a>>,
    /// The enumerations in the order of the file.
    pub enums: Vec<&'a spec::Enumeration>,
    /// The objects in the order of the file.
    pub objects: Vec<Object<'a>>,
}

/// One operation.
#[derive(Debug)]
pub struct Operation<'a> {
    /// What the file says.
    pub spec: &'a spec::Operation,
    /// The file below `api-spec/`.
    pub path: &'a str,
    /// The module and the method, such as `add_image`.
    pub snake: String,
    /// The constant, such as `ADD_IMAGE`.
    pub constant: String,
    /// The ways to start a request; the first is the usual one.
    pub constructors: Vec<Constructor<'a>>,
    /// The parameters that have a setter.
    pub setters: Vec<Setter<'a>>,
    /// The fields of the answer.
    pub fields: Vec<Field<'a>>,
    /// The fields that lead to the list of a page, where the operation pages.
    pub items: Option<Vec<String>>,
    /// The codes that are listed for it, those that a caller can mend first.
    pub errors: Vec<&'a spec::ErrorCode>,
    /// The index of the constructor that the example uses.
    pub example_constructor: usize,
}

impl Operation<'_> {
    /// Returns the name of the constant with the worked example, such as `ADD_IMAGE_EXAMPLE`.
    pub(crate) fn example_constant(&self) -> String {
        format!("{}_EXAMPLE", self.constant)
    }
}

/// One way to start a request.
#[derive(Debug)]
pub struct Constructor<'a> {
    /// The name of the function.
    pub name: &'a str,
    /// What it does.
    pub summary: &'a str,
    /// What it takes.
    pub arguments: Vec<Setter<'a>>,
    /// What it fixes.
    pub set: Vec<(&'a str, &'a spec::Scalar)>,
    /// Required parameters that may be absent.
    pub waives: Vec<&'a str>,
}

/// A parameter with the name of its setter or argument.
#[derive(Clone, Debug)]
pub struct Setter<'a> {
    /// The name in Rust.
    pub name: String,
    /// What the file says.
    pub spec: &'a spec::Parameter,
}

/// An object of the answers.
#[derive(Debug)]
pub struct Object<'a> {
    /// What the file says.
    pub spec: &'a spec::Object,
    /// Its fields.
    pub fields: Vec<Field<'a>>,
}

/// A field of an answer or an object.
#[derive(Debug)]
pub struct Field<'a> {
    /// The name in Rust.
    pub name: String,
    /// What the file says.
    pub spec: &'a spec::Field,
    /// What it holds.
    pub shape: Shape,
}

/// What a field holds, with the reader that tolerates what has been seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The function of `tolerant` that reads it.
    pub reader: &'static str,
    /// The type in Rust, without `Option` or `Vec`.
    pub item: Item,
    /// Whether it is a list.
    pub list: bool,
    /// Whether a number is written as a string.
    pub as_string: bool,
}

/// A type in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A type of the language.
    Builtin(&'static str),
    /// A type that the core crate writes by hand.
    Core(&'static str),
    /// A type of `types.yaml`.
    Generated(String),
}
