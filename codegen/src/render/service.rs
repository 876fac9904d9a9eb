//! Writes what the emulator serves: the typed input of each operation, a trait with a method an
//! operation, and the way from the name of an operation to its method.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Rendered,
    docs::{Docs, one_line},
};
use crate::{
    ir::{Api, Generation, Operation},
    names,
    spec::{self, ParameterType, Required},
};

/// The folder of the emulator's sources.
const EMULATOR: &str = "crates/emulator/src";

/// Writes all of it, if the specification speaks of the emulator.
pub(super) fn files(api: &Api<'_>) -> Vec<Rendered> {
    let Some(emulator) = &api.spec.emulator else {
        return Vec::new();
    };
    let emulator = &emulator.content;
    let served: Vec<Method<'_>> = api
        .generations
        .iter()
        .flat_map(|generation| {
            let operations = generation.operations.iter();
            operations.map(move |operation| Method::of(generation, operation, emulator))
        })
        .collect();
    let inputs = api.generations.iter().map(inputs);
    inputs.chain([methods(&served), dispatch(&served)]).collect()
}

/// An operation as the emulator serves it.
struct Method<'a> {
    generation: &'a Generation<'a>,
    operation: &'a Operation<'a>,
    /// The type of what it comes to; none if it is not served.
    outcome: Option<&'a str>,
}

impl<'a> Method<'a> {
    fn of(
        generation: &'a Generation<'a>,
        operation: &'a Operation<'a>,
        emulator: &'a spec::Emulator,
    ) -> Self {
        let key = format!("{}/{}", generation.version, operation.spec.name.as_str());
        let said = emulator.operations.get(&key);
        let outcome = said.and_then(|it| it.outcome.as_ref()).map(|it| it.as_str());
        Self { generation, operation, outcome }
    }

    /// Names the method; those of older versions have the version in front.
    fn name(&self) -> proc_macro2::Ident {
        let snake = &self.operation.snake;
        match &self.generation.module {
            Some(module) => names::ident(&format!("{module}_{snake}")),
            None => names::ident(snake),
        }
    }

    fn input(&self) -> TokenStream {
        let module = names::ident(&names::module(self.generation.version));
        let name = names::ident(&self.operation.spec.name);
        quote! { #module::#name }
    }
}

/// Writes the inputs of a generation.
fn inputs(generation: &Generation<'_>) -> Rendered {
    let items = generation.operations.iter().map(|operation| input(operation, generation));
    let items: Vec<TokenStream> = items.collect();
    let imports = imports(generation);
    Rendered {
        path: format!("{EMULATOR}/service/generated/{}.rs", names::module(generation.version)),
        origin: format!("{}/operations", generation.version),
        summary: format!(
            "What the operations of {} are given, beside the instance.",
            generation.version
        ),
        tokens: quote! { #imports #(#items)* },
    }
}

/// Writes the imports that the inputs of a generation need.
fn imports(generation: &Generation<'_>) -> TokenStream {
    let parameters = generation.operations.iter().flat_map(|it| &it.spec.parameters);
    let parameters: Vec<_> = parameters.filter(|it| it.scope.is_none()).collect();
    let types = [
        ("BoundingBox", &[ParameterType::BoundingBox][..]),
        ("CategoryId", &[ParameterType::Category]),
        ("Filter", &[ParameterType::Filter]),
        ("Image", &[ParameterType::Image, ParameterType::InlineImage]),
        ("Picture", &[ParameterType::Pictures]),
        ("ScoreThreshold", &[ParameterType::ScoreThreshold]),
        ("TaskId", &[ParameterType::TaskId]),
    ];
    let types = types
        .into_iter()
        .filter(|(_, kinds)| parameters.iter().any(|parameter| kinds.contains(&parameter.kind)));
    let types = types.map(|(name, _)| name);
    let required = parameters.iter().any(|it| *it.required == Required::Always);
    let optional = parameters.iter().any(|it| *it.required != Required::Always);
    let waived = generation.operations.iter().any(|it| !waived(it).is_empty());
    let readers = [("optional", optional || waived), ("required", required)];
    let readers = readers.into_iter().filter(|(_, used)| *used);
    let readers = readers.map(|(name, _)| names::ident(name));
    let values = ["BoundingBox", "CategoryId", "ScoreThreshold", "TaskId"];
    let (values, others): (Vec<_>, Vec<_>) = types.partition(|name| values.contains(name));
    let ident = |name: &&str| names::ident(name);
    let values: Vec<_> = values.iter().map(ident).collect();
    let values =
        (!values.is_empty()).then(|| quote! { use imagesearch_core::values::{#(#values),*}; });
    let pictures = others.contains(&"Picture").then(|| quote! { , Picture });
    let others = others.iter().filter(|name| **name != "Picture").map(ident);
    quote! {
        use imagesearch_core::operation::Operation;
        use imagesearch_core::parameters::{Parameters #pictures};
        use imagesearch_core::requests::Request;
        #values
        #(use imagesearch_core::#others;)*

        use crate::service::decode::{Input, #(#readers),*};
        use crate::service::refusal::Refusal;
    }
}

/// Writes what an operation is given.
fn input(operation: &Operation<'_>, generation: &Generation<'_>) -> TokenStream {
    let name = names::ident(&operation.spec.name);
    let request = of_core(generation, "requests", &format!("{}Request", *operation.spec.name));
    let waived = waived(operation);
    let parameters = operation.spec.parameters.iter().filter(|it| it.scope.is_none());
    let parameters: Vec<_> = parameters.collect();
    let field = |parameter: &spec::Parameter| names::ident(&names::snake(&parameter.name));
    let is_required = |parameter: &spec::Parameter| {
        *parameter.required == Required::Always && !waived.contains(&parameter.name.as_str())
    };
    let fields = parameters.iter().map(|parameter| {
        let docs = Docs::summary(&one_line(&parameter.summary)).render();
        let (name, kind) = (field(parameter), value_type(*parameter.kind));
        let kind = if is_required(parameter) {
            kind
        } else {
            quote! { Option<#kind> }
        };
        quote! { #docs pub(crate) #name: #kind }
    });
    let reads = parameters.iter().map(|parameter| {
        let (name, wire) = (field(parameter), parameter.name.as_str());
        let reader = names::ident(if is_required(parameter) { "required" } else { "optional" });
        quote! { #name: #reader::<Self, _>(parameters, #wire)? }
    });
    let docs = format!("What `{}` is given.", operation.spec.name.as_str());
    let docs = Docs::summary(&docs).render();
    let (shape, reads, given) = if parameters.is_empty() {
        (quote! { ; }, quote! { Self }, quote! { _parameters })
    } else {
        (quote! { { #(#fields),* } }, quote! { Self { #(#reads),* } }, quote! { parameters })
    };
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub(crate) struct #name #shape

        impl Input for #name {
            const OPERATION: &'static Operation = <#request as Request>::OPERATION;
            const WAIVED: &'static [&'static str] = &[#(#waived),*];

            fn read(#given: &Parameters) -> Result<Self, Refusal> {
                Ok(#reads)
            }
        }
    }
}

/// Names a type of core: that of an older version in its module, that of the newest on a page.
fn of_core(generation: &Generation<'_>, page: &str, name: &str) -> TokenStream {
    let module = names::ident(generation.module.as_deref().unwrap_or(page));
    let name = names::ident(name);
    quote! { imagesearch_core::#module::#name }
}

/// Lists the required parameters that one way of calling leaves out.
fn waived<'a>(operation: &Operation<'a>) -> Vec<&'a str> {
    let mut waived: Vec<&str> =
        operation.constructors.iter().flat_map(|it| it.waives.iter().copied()).collect();
    waived.sort_unstable();
    waived.dedup();
    waived
}

fn value_type(kind: ParameterType) -> TokenStream {
    match kind {
        ParameterType::String => quote! { String },
        ParameterType::Int32 => quote! { i32 },
        ParameterType::Int64 => quote! { i64 },
        ParameterType::Bool => quote! { bool },
        ParameterType::Filter => quote! { Filter },
        ParameterType::Image | ParameterType::InlineImage => quote! { Image },
        ParameterType::Pictures => quote! { Vec<Picture> },
        ParameterType::PictureNames => quote! { Vec<String> },
        ParameterType::Category => quote! { CategoryId },
        ParameterType::BoundingBox => quote! { BoundingBox },
        ParameterType::ScoreThreshold => quote! { ScoreThreshold },
        ParameterType::TaskId => quote! { TaskId },
    }
}

/// Writes the trait.
fn methods(methods: &[Method<'_>]) -> Rendered {
    let generations = modules(methods);
    let unserved = methods.iter().any(|it| it.outcome.is_none());
    let never = unserved.then(|| quote! { use std::convert::Infallible; });
    let not_served = unserved.then(|| quote! { , not_served });
    let methods = methods.iter().map(|method| {
        let operation = method.operation.spec.name.as_str();
        let version = method.generation.version;
        let (name, input) = (method.name(), method.input());
        match method.outcome {
            Some(outcome) => {
                let docs = format!("Carries out `{operation}` of {version}.");
                let docs = Docs::summary(&docs).render();
                let outcome = names::ident(outcome);
                quote! {
                    #docs
                    fn #name(
                        &self,
                        call: Call<#input>,
                    ) -> impl Future<Output = Result<outcome::#outcome, Refusal>> + Send;
                }
            }
            None => {
                let docs = format!("Refuses `{operation}` of {version}, which is not served.");
                let docs = Docs::summary(&docs).render();
                quote! {
                    #docs
                    fn #name(
                        &self,
                        _call: Call<#input>,
                    ) -> impl Future<Output = Result<Infallible, Refusal>> + Send {
                        async { Err(not_served(#operation)) }
                    }
                }
            }
        }
    });
    Rendered {
        path: format!("{EMULATOR}/service/generated/image_search.rs"),
        origin: "emulator.yaml".to_owned(),
        summary: "The operations of the service, a method each.".to_owned(),
        tokens: quote! {
            #never

            use super::{#(#generations),*};
            use crate::service::call::Call;
            use crate::service::outcome;
            use crate::service::refusal::{Refusal #not_served};

            /// Does what the operations say; those of older versions have the version in front.
            pub(crate) trait ImageSearch {
                #(#methods)*
            }
        },
    }
}

/// Writes the way from the name of an operation to its method, and from there to its answer.
fn dispatch(methods: &[Method<'_>]) -> Rendered {
    let arms = methods.iter().map(|method| {
        let operation = method.operation.spec.name.as_str();
        let version = method.generation.version;
        let name = method.name();
        let served = quote! { service.#name(decode(service, sent)?).await? };
        let answered = match method.outcome {
            Some(_) => {
                let response = format!("{operation}Response");
                let response = of_core(method.generation, "answers", &response);
                quote! {{
                    let outcome = #served;
                    Ok(presenter.answer::<#response, _>(outcome))
                }}
            }
            None => quote! { match #served {} },
        };
        quote! { (#version, #operation) => #answered }
    });
    Rendered {
        path: format!("{EMULATOR}/http/gateway/generated/dispatch.rs"),
        origin: "emulator.yaml".to_owned(),
        summary: "From the name of an operation to its method and its answer.".to_owned(),
        tokens: quote! {
            use crate::http::gateway::present::{Json, Presenter};
            use crate::service::Service;
            use crate::service::decode::{Sent, decode};
            use crate::service::generated::image_search::ImageSearch;
            use crate::service::refusal::{Refusal, not_served};

            /// Decodes what was sent, carries it out, and answers in the shape of the operation.
            pub(crate) async fn dispatch(
                service: &Service,
                sent: &Sent<'_>,
                presenter: &Presenter<'_>,
            ) -> Result<Json, Refusal> {
                match (sent.operation.version, sent.operation.name) {
                    #(#arms,)*
                    (_, other) => Err(not_served(other)),
                }
            }
        },
    }
}

/// Names the modules of the generations, each once.
fn modules(methods: &[Method<'_>]) -> Vec<proc_macro2::Ident> {
    let mut modules: Vec<String> =
        methods.iter().map(|method| names::module(method.generation.version)).collect();
    modules.sort_unstable();
    modules.dedup();
    modules.iter().map(|module| names::ident(module)).collect()
}
