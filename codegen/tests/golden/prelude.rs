//! The hand-written side of generated code, as far as its signatures go.

pub mod operation {
    use crate::filter::AllowedOperators;

    #[derive(Debug)]
    pub struct Operation {
        pub name: &'static str,
        pub version: &'static str,
        pub style: Style,
        pub method: http::Method,
        pub summary: &'static str,
        pub documentation: &'static str,
        pub parameters: &'static [Parameter],
        pub rules: &'static [Rule],
        pub filter: Option<AllowedOperators>,
        pub access: Access,
        pub ram_action: &'static str,
        pub ram_resource: &'static str,
        pub idempotency: Idempotency,
        pub quota: Quota,
        pub errors: &'static [&'static str],
        pub paging: Option<Paging>,
    }

    #[derive(Debug)]
    pub enum Style {
        Rpc,
        Roa { path: &'static str },
    }

    #[derive(Debug)]
    pub enum Access {
        Read,
        Write,
    }

    #[derive(Debug)]
    pub enum Idempotency {
        Idempotent,
        NotIdempotent,
    }

    #[derive(Debug)]
    pub struct Quota(QuotaGroup, Option<u32>, &'static [u32], &'static str);

    impl Quota {
        pub const fn new(
            group: QuotaGroup,
            rate: Option<u32>,
            plans: &'static [u32],
            text: &'static str,
        ) -> Self {
            Self(group, rate, plans, text)
        }
    }

    #[derive(Debug)]
    pub enum QuotaGroup {
        Search,
        Describe,
        Task,
    }

    #[derive(Debug)]
    pub enum Paging {
        Offset { start: &'static str, size: &'static str, default_size: u32, window: u32 },
        Number { page: &'static str, size: &'static str, default_size: u32, last_page: Option<u32> },
    }

    type Pairs<T> = &'static [(&'static str, T)];

    #[derive(Debug)]
    pub struct Example(
        Pairs<ExampleValue>,
        Pairs<&'static str>,
        Pairs<&'static str>,
        &'static str,
        Option<&'static str>,
    );

    impl Example {
        pub const fn new(
            parameters: Pairs<ExampleValue>,
            query: Pairs<&'static str>,
            form: Pairs<&'static str>,
            response: &'static str,
        ) -> Self {
            Self(parameters, query, form, response, None)
        }

        pub const fn with_caret(mut self, body: &'static str) -> Self {
            self.4 = Some(body);
            self
        }
    }

    #[derive(Debug)]
    pub enum ExampleValue {
        Text(&'static str),
        Integer(i64),
        Boolean(bool),
        InlineImage(&'static str),
        Pictures(Pairs<&'static str>),
        Names(&'static [&'static str]),
    }

    #[derive(Debug)]
    pub struct Parameter {
        pub name: &'static str,
        pub location: Location,
        pub kind: Kind,
        pub required: Required,
        pub limits: &'static [Limit],
        pub missing_code: Option<&'static str>,
        pub default: Option<&'static str>,
        pub always_sent: bool,
        pub since: Option<&'static str>,
        pub sensitive: bool,
        pub scope: bool,
        pub summary: &'static str,
    }

    impl Parameter {
        pub const fn new(
            name: &'static str,
            location: Location,
            kind: Kind,
            summary: &'static str,
        ) -> Self {
            Self {
                name,
                location,
                kind,
                required: Required::No,
                limits: &[],
                missing_code: None,
                default: None,
                always_sent: false,
                since: None,
                sensitive: false,
                scope: false,
                summary,
            }
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub enum Location {
        Query,
        Form,
        Caret,
    }

    #[derive(Clone, Copy, Debug)]
    pub enum Kind {
        String,
        Integer32,
        Integer64,
        Boolean,
        Filter,
        Image,
        InlineImage,
        Pictures,
        PictureNames,
        Category,
        BoundingBox,
        ScoreThreshold,
        TaskId,
    }

    #[derive(Clone, Copy, Debug)]
    pub enum Required {
        Always,
        Sometimes { when: &'static str },
        No,
    }

    #[derive(Debug)]
    pub struct Limit(Check, Enforce, Option<&'static str>);

    impl Limit {
        pub const fn reject(check: Check, code: Option<&'static str>) -> Self {
            Self(check, Enforce::Reject, code)
        }

        pub const fn document(check: Check, code: Option<&'static str>) -> Self {
            Self(check, Enforce::Document, code)
        }
    }

    #[derive(Debug)]
    pub enum Enforce {
        Reject,
        Document,
    }

    #[derive(Debug)]
    pub enum Check {
        Min(i64),
        Max(i64),
        MinLength(u32),
        MaxLength(u32),
        MinItems(u32),
        Format(Format),
        OneOfIntegers(&'static [i64]),
        ForbiddenCharacters(&'static str),
    }

    #[derive(Debug)]
    pub enum Format {
        Ascii,
    }

    #[derive(Debug)]
    pub enum Rule {
        SumAtMost {
            parameters: Pairs<i64>,
            limit: i64,
            enforce: Enforce,
            code: Option<&'static str>,
        },
        RequiredIf {
            parameter: &'static str,
            condition: Condition,
            enforce: Enforce,
            code: Option<&'static str>,
        },
    }

    #[derive(Debug)]
    pub struct Condition(&'static str, &'static str, bool);

    impl Condition {
        pub const fn equals(parameter: &'static str, value: &'static str) -> Self {
            Self(parameter, value, true)
        }

        pub const fn differs(parameter: &'static str, value: &'static str) -> Self {
            Self(parameter, value, false)
        }
    }
}

pub mod filter {
    #[derive(Debug)]
    pub struct AllowedOperators {
        pub integer: &'static [Operator],
        pub string: &'static [Operator],
    }

    #[derive(Debug)]
    pub enum Operator {
        Equal,
        NotEqual,
        Greater,
        GreaterOrEqual,
        Less,
        LessOrEqual,
        In,
        NotIn,
    }

    pub struct Filter(pub String);

    #[derive(Debug)]
    pub struct FieldDescription {
        pub name: &'static str,
        pub camel_name: &'static str,
        pub parameter: &'static str,
        pub kind: FieldKind,
    }

    #[derive(Debug)]
    pub enum FieldKind {
        Integer,
        String,
    }

    pub struct IntegerField(&'static FieldDescription);

    impl IntegerField {
        pub const fn new(description: &'static FieldDescription) -> Self {
            Self(description)
        }
    }

    pub struct StringField(&'static FieldDescription);

    impl StringField {
        pub const fn new(description: &'static FieldDescription) -> Self {
            Self(description)
        }
    }
}

pub mod image {
    pub struct Image(String);

    impl From<&str> for Image {
        fn from(url: &str) -> Self {
            Self(url.to_owned())
        }
    }

    pub struct ImageLimits {
        pub max_bytes: u64,
        pub min_side: u32,
        pub max_side: u32,
        pub formats: &'static [ImageFormat],
    }

    pub enum ImageFormat {
        Png,
        Webp,
    }
}

pub mod parameters {
    use crate::image::Image;

    pub struct Picture(pub String, pub Image);

    impl<N: Into<String>, I: Into<Image>> From<(N, I)> for Picture {
        fn from((name, image): (N, I)) -> Self {
            Self(name.into(), image.into())
        }
    }

    /// Remembers names only; a waived one with a minus.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Parameters(Vec<String>);

    impl Parameters {
        pub fn new() -> Self {
            Self::default()
        }

        pub fn set<T>(&mut self, name: &'static str, _: T) {
            self.0.push(name.to_owned());
        }

        pub fn set_option<T>(&mut self, name: &'static str, value: Option<T>) {
            if let Some(value) = value {
                self.set(name, value);
            }
        }

        pub fn with<T>(mut self, name: &'static str, value: T) -> Self {
            self.set(name, value);
            self
        }

        pub fn names(&self) -> impl Iterator<Item = &str> {
            self.0.iter().map(String::as_str)
        }
    }
}

pub mod request {
    use crate::{operation::Operation, parameters::Parameters};

    pub trait Request {
        type Response;

        const OPERATION: &'static Operation;

        fn parameters(&self) -> &Parameters;

        fn into_parameters(self) -> Parameters;

        fn waived(&self) -> &'static [&'static str] {
            &[]
        }
    }

    pub trait PagedRequest: Request {
        type Item;

        fn from_parameters(parameters: Parameters) -> Self;

        fn items(response: &Self::Response) -> &[Self::Item];

        fn into_items(response: Self::Response) -> Vec<Self::Item>;
    }
}

pub mod values {
    use serde::{Deserialize, Serialize};

    macro_rules! values {
        ($($name:ident($inner:ty)),*) => {
            $(
                #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
                pub struct $name(pub $inner);
            )*
        };
    }

    values!(
        BoundingBox(String),
        CategoryId(i32),
        ScoreThreshold(String),
        SortExprValues(String),
        TaskId(i64),
        Timestamp(i64)
    );

    impl CategoryId {
        pub const fn new(id: i32) -> Self {
            Self(id)
        }
    }

    pub struct Region(pub &'static str);

    impl Region {
        pub const fn from_static(id: &'static str) -> Self {
            Self(id)
        }
    }
}

pub mod tolerant {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    macro_rules! readers {
        ($($name:ident),*) => {
            $(
                pub fn $name<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
                    from: D,
                ) -> Result<Option<T>, D::Error> {
                    Option::deserialize(from)
                }
            )*
        };
    }

    readers!(
        string,
        int32,
        int64,
        boolean,
        float,
        double,
        object,
        first_of_list,
        bare_list,
        timestamp,
        category,
        bounding_box,
        sort_expr_values,
        task_id,
        text_enum,
        number_enum
    );

    pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        Vec::deserialize(from)
    }

    pub fn as_string<S: Serializer, T: Serialize>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(to)
    }
}
