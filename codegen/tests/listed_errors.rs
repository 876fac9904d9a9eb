//! The order in which an operation lists its error codes, and what that order depends on.

use std::path::Path;

use imagesearch_codegen::{
    Generated, generate, lower, parse,
    source::{self, SourceFiles},
};

fn read(folder: &str) -> SourceFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    source::read(&folder).expect("the specification is readable")
}

#[test]
fn codes_that_a_caller_can_mend_come_first() {
    let files = read("../api-spec");
    let (spec, mistakes) = parse(&files);
    assert!(mistakes.is_empty(), "{}", files.report(&mistakes));
    let api = lower(&spec, &files);
    let newest = &api.generations[0];
    let codes = |name: &str| -> Vec<&str> {
        let operation = newest.operations.iter().find(|it| it.spec.name.as_str() == name);
        let errors = &operation.unwrap_or_else(|| panic!("{name} is there")).errors;
        errors.iter().map(|error| error.code.as_str()).collect()
    };
    for (operation, first) in [
        ("AddImage", "InstanceOverQuota"),
        ("CompareSimilarByImage", "InvalidPicContent"),
        ("DumpMeta", "Console.TaskAlreadyExist"),
        ("IncreaseInstance", "Console.IncrementStatusError"),
        ("SearchImageByName", "PicNotExist"),
        ("SearchImageByText", "InvalidFilterClause"),
        ("UpdateImage", "PicNotExist"),
    ] {
        assert_eq!(codes(operation)[0], first, "{operation}");
    }
    let codes = codes("AddImage");
    let place = |code: &str| {
        codes.iter().position(|it| *it == code).unwrap_or_else(|| panic!("{code} is listed"))
    };
    let order = [
        "InstanceOverQuota",
        "UnsupportedPicPixels",
        "InvalidCustomContent",
        "NoSpecifiedProductId",
        "InstanceStatusError",
        "NoPermission",
        "DeniedRequest",
        "InternalOssError",
        "NoCaretSeperator",
    ];
    let places: Vec<usize> = order.iter().map(|code| place(code)).collect();
    assert!(places.is_sorted(), "{order:?} are at {places:?} of {codes:?}");
    assert!(place("InvalidRequestId") > place("DeniedRequest"), "{codes:?}");
}

#[test]
fn another_operation_changes_no_file_of_the_others() {
    let course = read("tests/obstacle-course");
    let nothing = "2020-02-02/operations/nothing.yaml";
    let text = course.paths().find(|(_, path)| *path == nothing).expect("is there");
    let another = course.text(text.0).replace("Nothing", "Another") + "errors: [Type, '403']\n";
    // Besides its own file, an operation needs an entry in what is said of the emulator.
    let texts = course.paths().filter(|(_, path)| *path != "emulator.yaml");
    let texts = texts.map(|(file, path)| (path, course.text(file)));
    let path = "2020-02-02/operations/another.yaml";
    let more = SourceFiles::from_iter(texts.chain([(path, another.as_str())]));
    let files_of_operations = |files: &SourceFiles| -> Vec<(String, String)> {
        let Generated { sources, .. } =
            generate(files).unwrap_or_else(|mistakes| panic!("{}", files.report(&mistakes)));
        let sources = sources.into_iter().filter(|it| it.path.contains("/operations/"));
        sources.map(|it| (it.path, it.tokens.to_string())).collect()
    };
    let (before, after) = (files_of_operations(&course), files_of_operations(&more));
    assert_eq!(after.len(), before.len() + 1);
    assert!(before.iter().all(|file| after.contains(file)));
}
