use serde_json::Value;

use crate::{
    emulator::Running,
    program::{Ended, command, finish, run},
};

const CAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../similarity/photos/cat.jpg");
const ROCKET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../similarity/photos/rocket.jpg");

fn call(emulator: &Running, arguments: &[&str], input: &[u8]) -> Ended {
    let target = ["call", "--instance", "demo", "--emulator", emulator.url()];
    run(&[&target[..], arguments].concat(), input)
}

#[test]
fn adds_finds_changes_and_deletes() {
    let emulator = Running::start(&[]);
    let call = |arguments: &[&str], input: &[u8]| call(&emulator, arguments, input).json();
    let add = ["AddImage", "--product-id", "p1", "--pic-name", "cat.jpg", "--pic-content", CAT];
    let attributes = ["--str-attr", "a \"b\" + c", "--int-attr", "-7", "--crop", "false"];
    call(&[&add[..], &attributes].concat(), b"");
    // By wire names, in kebab case and from stdin.
    let rocket = std::fs::read(ROCKET).unwrap();
    let add = ["add-image", "--ProductId", "p2", "--PicName", "r.jpg", "--PicContent", "-"];
    call(&add, &rocket);

    let found = call(&["SearchImageByPic", "--pic-content", ROCKET, "--num", "1"], b"");
    assert_eq!(found["Auctions"][0]["ProductId"], "p2");
    let filter = ["SearchImageByFilter", "--filter", "int_attr < 0"];
    let found = call(&filter, b"");
    assert_eq!(found["Auctions"][0]["StrAttr"], "a \"b\" + c");
    assert_eq!(found["Auctions"].as_array().unwrap().len(), 1);

    call(&["UpdateImage", "--product-id", "p1", "--pic-name", "cat.jpg", "--int-attr3", "3"], b"");
    let check = ["CheckImageExists", "--product-id", "p1", "--pic-name", "cat.jpg"];
    assert_eq!(call(&check, b"")["Auctions"]["IntAttr3"], 3);
    call(&["DeleteImage", "--product-id", "p1"], b"");
    assert_eq!(call(&check, b"")["Exists"], Value::Bool(false));
}

#[test]
fn prints_lines_of_text_if_asked() {
    let emulator = Running::start(&[]);
    let mut told = command(&["call", "Detail", "--instance", "demo"]);
    told.env("IMAGESEARCH_EMULATOR", emulator.url());
    assert_eq!(finish(told, b"").status, Some(0), "the variable does what the option does");
    let ended = call(&emulator, &["Detail", "--output", "text", "--signature", "hmac-sha1"], b"");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("Instance.Name\tdemo\n"), "{}", ended.stdout);
}

#[test]
fn passes_on_parameters_that_it_does_not_know() {
    let emulator = Running::start(&[]);
    let more = ["Detail", "--query", "Newer=a=b", "--form", "Newest=1"];
    assert_eq!(call(&emulator, &more, b"").status, Some(0));
}

#[test]
fn tells_refusals_by_the_service_from_those_before_sending() {
    let emulator = Running::start(&[]);
    call(
        &emulator,
        &[
            "SearchImageByName",
            "--product-id",
            "p",
            "--pic-name",
            "n",
            "--num",
            "500",
            "--start",
            "-1",
        ],
        b"",
    )
    .refused(2, &["nothing was sent", "Num", "Start"]);
    call(
        &emulator,
        &[
            "SearchImageByName",
            "--product-id",
            "p",
            "--pic-name",
            "n",
            "--num",
            "500",
            "--no-validate",
        ],
        b"",
    )
    .refused(1, &["OverflowMaxReturnNum", "HTTP 400"]);
    call(&emulator, &["AddImage", "--pic-content", "/does/not/exist"], b"")
        .refused(2, &["PicContent", "/does/not/exist"]);
    let mut wrong =
        command(&["call", "Detail", "--instance", "demo", "--emulator", emulator.url()]);
    wrong.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "emulator");
    wrong.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    finish(wrong, b"").refused(1, &["SignatureDoesNotMatch"]);
}

#[test]
fn finds_credentials_in_profiles_and_programs() {
    let emulator = Running::start(&[]);
    let url = emulator.url();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".aliyun");
    std::fs::create_dir(&folder).unwrap();
    let printed = folder.join("my key.json");
    let key =
        |secret: &str| format!(r#""access_key_id":"emulator","access_key_secret":"{secret}""#);
    std::fs::write(&printed, format!(r#"{{"mode":"AK",{}}}"#, key("emulator-secret"))).unwrap();
    let external =
        format!(r#""mode":"External","process_command":"cat '{}'""#, printed.to_str().unwrap());
    for (profile, refused) in [
        (format!(r#""mode":"AK",{}"#, key("emulator-secret")), None),
        (format!(r#""mode":"AK",{}"#, key("wrong-secret")), Some((1, "SignatureDoesNotMatch"))),
        (external, None),
        (r#""mode":"External","process_command":"false""#.to_owned(), Some((2, "`false` failed"))),
    ] {
        let config = format!(r#"{{"current":"a","profiles":[{{"name":"a",{profile}}}]}}"#);
        std::fs::write(folder.join("config.json"), config).unwrap();
        let target = ["call", "Detail", "--instance", "demo", "--region", "cn-shanghai"];
        let hosts = ["--endpoint", url, "--open-platform-endpoint", url];
        let mut command = command(&[&target[..], &hosts].concat());
        command.env("HOME", home.path());
        let ended = finish(command, b"");
        assert!(!ended.stderr.contains("wrong-secret"), "{}", ended.stderr);
        match refused {
            None => assert_eq!(ended.json()["Instance"]["Name"], "demo", "{profile}"),
            Some((status, words)) => ended.refused(status, &[words]),
        }
    }
}

#[test]
fn refuses_wrong_usage_with_status_2() {
    run(&["call", "Detail", "--region", "cn-shanghai"], b"").refused(2, &["--instance"]);
    let target = ["call", "--instance", "demo"];
    let run = |more: &[&str]| run(&[&target[..], more].concat(), b"");
    run(&["Detail"]).refused(2, &["region"]);
    run(&["Detail", "--region", "cn-shanghai"]).refused(2, &["ALIBABA_CLOUD_ACCESS_KEY_ID"]);
    run(&["AddImag"]).refused(2, &["AddImage"]);
    run(&["Detail", "--emulator", "ftp://x"]).refused(2, &["ftp://x"]);
    let public = ["Detail", "--endpoint", "http://api.example", "--region", "cn-shanghai"];
    run(&public).refused(2, &["http://api.example", "not be encrypted", "--insecure-http"]);
    // Allowed, it gets as far as the request, which is wrong so that nothing is sent.
    let many = ["SearchImageByName", "--product-id", "p", "--pic-name", "n", "--num", "500"];
    let allowed = ["--endpoint", "http://api.example", "--insecure-http"];
    run(&[&many[..], &allowed].concat()).refused(2, &["nothing was sent", "Num"]);
    run(&["Detail", "--timeout", "0"]).refused(2, &["above 0"]);
    run(&["Detail", "--query", "x"]).refused(2, &["NAME=VALUE"]);
}

#[test]
fn shows_limits_defaults_and_an_example_in_the_help() {
    let ended = run(&["call", "SearchImageByName", "--help"], b"");
    assert_eq!(ended.status, Some(0));
    let help = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "required; 1 to 512 characters",
        "1 to 100",
        "default: 10",
        "0.00 to 1.00",
        "Start + Num is at most 500",
        "imagesearch call SearchImageByName",
        "\"RequestId\"",
    ] {
        assert!(help.contains(words), "no `{words}` in {help}");
    }
}

#[test]
fn documents_its_exit_status_and_version() {
    for arguments in [&["--help"][..], &["call", "--help"]] {
        assert!(run(arguments, b"").stdout.contains("Exit status:"));
    }
    let version = run(&["--version"], b"").stdout;
    assert_eq!(version, concat!("imagesearch ", env!("CARGO_PKG_VERSION"), "\n"));
}
