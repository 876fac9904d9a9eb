use super::*;

fn operation(name: &str) -> &'static Operation {
    Operation::find("2020-12-14", name).unwrap()
}

/// The parameters that every request of the operation needs, all of them good.
fn base(name: &str) -> Parameters {
    let parameters = Parameters::new().with("InstanceName", "demo");
    match name {
        "AddImage" => parameters
            .with("ProductId", "1")
            .with("PicName", "a.jpg")
            .with("PicContent", Image::from_url("http://bucket.oss.aliyuncs.com/key")),
        "SearchImageByName" | "UpdateImage" => {
            parameters.with("ProductId", "1").with("PicName", "a.jpg")
        }
        "IncreaseInstance" => parameters.with("BucketName", "b").with("Path", "/a/b"),
        "SearchImageByFilter" => parameters.with("Filter", Filter::raw("int_attr=1")),
        _ => parameters,
    }
}

fn violations(name: &str, parameters: &Parameters) -> Vec<Violation> {
    validate(operation(name), parameters, &ImageLimits::DEFAULT, &[])
}

#[test]
fn accepts_what_is_within_the_limits() {
    let ok = |name: &str, parameters: Parameters| {
        assert_eq!(violations(name, &parameters), [], "{name} {parameters:?}");
    };
    ok("SearchImageByName", base("SearchImageByName"));
    ok("SearchImageByName", base("SearchImageByName").with("Num", 100).with("Start", 400));
    ok("SearchImageByName", base("SearchImageByName").with("ScoreThreshold", "1.00"));
    ok("SearchImageByName", base("SearchImageByName").with("CategoryId", 4711));
    ok("AddImage", base("AddImage").with("StrAttr", "a$b").with("Region", "1,2,3,4"));
    ok("AddImage", base("AddImage").with("ProductId", "品".repeat(256)));
    ok("DeleteImage", base("DeleteImage").with("ProductId", "1"));
    ok(
        "SearchImageByFilter",
        base("SearchImageByFilter").with("Filter", Filter::raw("whatever ~")),
    );
    ok("IncreaseList", base("IncreaseList").with("PageSize", 400));
}

#[test]
fn accepts_that_a_waived_parameter_is_absent() {
    let whole = Parameters::new().with("InstanceName", "d").with("ProductId", "1");
    assert_eq!(violations("UpdateImage", &whole).len(), 1);
    let update = operation("UpdateImage");
    assert_eq!(validate(update, &whole, &ImageLimits::DEFAULT, &["PicName"]), []);
}

#[test]
fn names_each_broken_limit_with_its_code() {
    let long = |length: usize| "x".repeat(length);
    for (name, parameter, value, code, words) in [
        ("AddImage", "ProductId", Value::from(long(257)), "InvalidProductId", "at most 256"),
        ("AddImage", "PicName", long(257).into(), "InvalidPicName", "257 characters"),
        ("AddImage", "CustomContent", long(4097).into(), "InvalidCustomContent", "at most 4096"),
        ("AddImage", "StrAttr3", long(129).into(), "InvalidStrAttr3", "at most 128"),
        ("AddImage", "IntAttr", (1_i64 << 40).into(), "InvalidIntAttr", "32 bits"),
        ("AddImage", "IntAttr", "ten".into(), "InvalidIntAttr", "`ten`"),
        ("AddImage", "Region", "9,1,2,3".into(), "InvalidRegion", "x1,x2,y1,y2"),
        ("AddImage", "PicContent", "ftp://x".into(), "InvalidPicUrl", "PicContent"),
        ("SearchImageByName", "Num", 0.into(), "InvalidNumParameter", "at least 1"),
        ("SearchImageByName", "Start", (-1).into(), "InvalidStartParameter", "at least 0"),
        ("SearchImageByName", "Filter", "int_atr=1".into(), "InvalidFilterClause", "int_attr"),
        ("SearchImageByName", "ProductId", "".into(), "NoSpecifiedProductId", "must be set"),
        ("IncreaseInstance", "Path", "a/b/".into(), "", "`a/b/`"),
        ("IncreaseInstance", "CallbackAddress", "gopher://x".into(), "", "CallbackAddress"),
    ] {
        let found = violations(name, &base(name).with(parameter, value));
        let [violation] = &found[..] else { panic!("{name} {parameter}: {found:?}") };
        assert_eq!(violation.parameter, parameter);
        if !code.is_empty() {
            assert_eq!(violation.code, Some(code), "{violation}");
        }
        assert!(violation.to_string().contains(words), "{violation}");
        assert!(violation.documentation.starts_with("https://"));
    }
}

#[test]
fn finds_all_violations_at_once() {
    let parameters = Parameters::new()
        .with("InstanceName", "x".repeat(21))
        .with("Num", 101)
        .with("Start", 450)
        .with("ScoreThreshold", "1.5")
        .with("Nmu", 1);
    let found = violations("SearchImageByName", &parameters);
    let mut names: Vec<&str> = found.iter().map(|it| it.parameter.as_str()).collect();
    names.sort_unstable();
    let expected =
        ["InstanceName", "Nmu", "Num", "PicName", "ProductId", "ScoreThreshold", "Start + Num"];
    assert_eq!(names, expected);
    let unknown = found.iter().find(|it| it.parameter == "Nmu").unwrap();
    assert!(unknown.to_string().contains("did you mean `Num`"), "{unknown}");
}

#[test]
fn follows_rules_across_parameters() {
    let delete = || base("DeleteImage");
    for (parameters, broken) in [
        (delete(), Some("ProductId")),
        (delete().with("IsDeleteByFilter", false), Some("ProductId")),
        (delete().with("IsDeleteByFilter", true), Some("Filter")),
        (delete().with("IsDeleteByFilter", true).with("ProductId", "1"), Some("Filter")),
        (delete().with("IsDeleteByFilter", true).with("Filter", "int_attr=1"), None),
        (delete().with("ProductId", "1").with("Filter", "int_attr in (1)"), Some("Filter")),
    ] {
        let found = violations("DeleteImage", &parameters);
        let name = found.first().map(|violation| violation.parameter.as_str());
        assert_eq!(name, broken, "{parameters:?}: {found:?}");
    }
}

#[test]
fn predicts_the_codes_of_a_comparison_by_picture() {
    let parameters = Parameters::new()
        .with("InstanceName", "demo")
        .with("PrimaryPicContent", Image::from_bytes(vec![0; 5 * 1024 * 1024]))
        .with("SecondaryPicContent", Image::from_bytes(&b"hello"[..]));
    let found = violations("CompareSimilarByImage", &parameters);
    let codes: Vec<_> = found.iter().map(|it| (it.parameter.as_str(), it.code.unwrap())).collect();
    assert!(codes.contains(&("PrimaryPicContent", "InvalidPrimaryPicContent")), "{found:?}");
    assert!(codes.contains(&("SecondaryPicContent", "UnsupportedPicFormat")), "{found:?}");
}
