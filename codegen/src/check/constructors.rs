use super::{Checker, value};
use crate::{
    Mistake, names,
    source::FileId,
    spec::{Constructor, Operation, Parameter, Required},
};

/// Checks the ways to start a request.
pub(super) fn check(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    checker.distinct_in_rust(file, operation.constructors.iter().map(|it| &it.name), str::to_owned);
    for constructor in &operation.constructors {
        let snake = names::snake(&constructor.name) == constructor.name.as_str();
        if !snake || !names::is_identifier(&constructor.name) {
            let message = format!("`{}` is not the name of a function", constructor.name.as_str());
            checker.report(Mistake::at(file, &constructor.name, message).help("write snake case"));
        }
        checker.summary(file, &constructor.summary);
        check_constructor(checker, file, operation, constructor);
    }
}

fn check_constructor(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    constructor: &Constructor,
) {
    let settable = || operation.parameters.iter().filter(|it| it.scope.is_none());
    let set = constructor.set.iter().map(|(name, _)| name);
    for name in constructor.parameters.iter().chain(set).chain(&constructor.waives) {
        checker.known(file, name, "parameter", settable().map(|it| it.name.as_str()));
    }
    for (name, given) in constructor.set.iter() {
        let parameter = settable().find(|it| *it.name == **name);
        if let Some(problem) = parameter.and_then(|it| value::problem(it, given)) {
            checker.report(Mistake::at(file, given, problem));
        }
    }
    let set = constructor.set.iter().map(|(name, _)| name);
    let taken = constructor.parameters.iter().chain(set);
    checker.distinct(file, "parameter", taken, Clone::clone);
    let covers = |parameter: &Parameter| {
        let name = parameter.name.as_str();
        let listed = constructor.parameters.iter().chain(&constructor.waives);
        listed.into_iter().any(|it| it.as_str() == name) || constructor.set.get(name).is_some()
    };
    for parameter in settable().filter(|it| *it.required == Required::Always && !covers(it)) {
        let message = format!(
            "constructor `{}` leaves out the required parameter `{}`",
            constructor.name.as_str(),
            parameter.name.as_str()
        );
        let help = "take it, set it, or list it under `waives`";
        checker.report(Mistake::at(file, &constructor.name, message).help(help));
    }
}
