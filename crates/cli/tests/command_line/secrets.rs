//! No secret is in what the program prints, wherever the program has it from and however it fails.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::Stdio,
};

use serde_json::Value;

use crate::{
    emulator::Running,
    program::{Ended, command, finish},
};

/// What every secret has in it, as those of `tests/src/leaks.rs` do.
const MARK: &str = "canary-9f3a";

const SECRET: &str = "canary-9f3a-secret";
const TOKEN: &str = "canary-9f3a-token";
const ADMIN_TOKEN: &str = "canary-9f3a-admin";

/// A URL with a password that nobody asked for.
const URL: &str = "http://user:canary-9f3a-password@127.0.0.1:1";

const KEY: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "emulator"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN),
];

/// Runs the program with secrets in its environment, and with a home directory.
fn run(arguments: &[&str], environment: &[(&str, &str)], home: &Path, input: &str) -> Ended {
    let mut command = command(arguments);
    command.env("HOME", home).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
    // Whatever names a proxy here, no test reaches another machine.
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    command.envs(environment.iter().copied());
    finish(command, input.as_bytes())
}

fn check(what: &str, status: i32, ended: &Ended) {
    let printed = format!("{}{}", ended.stdout, ended.stderr);
    // What is printed is not repeated here, where everyone can read it.
    assert!(!printed.contains(MARK), "{what} prints a secret");
    assert!(!printed.is_empty(), "{what} prints nothing, so nothing is checked");
    assert_eq!(ended.status, Some(status), "{what}: {printed}");
}

/// Arguments, an environment, and the exit status.
type Row<'a> = (Vec<&'a str>, &'a [(&'a str, &'a str)], i32);

#[test]
fn commands_print_no_secret_of_the_environment_or_of_their_arguments() {
    let emulator = Running::start(&[]);
    let home = tempfile::tempdir().unwrap();
    let url = emulator.url();
    let call = ["call", "Detail", "--instance", "demo"];
    let of_call = |more: &[&'static str]| [&call[..], more].concat();
    let request = ["request", "Detail", "--params", "-", "--region", "cn-shanghai"];
    let of_request = |more: &[&'static str]| [&request[..], more].concat();
    let argument = "--access-key-secret=canary-9f3a-secret";
    let away = ["--endpoint", "https://127.0.0.1:1", "--open-platform-endpoint", "127.0.0.1:1"];
    let refused = |more: &[&'static str]| [&of_call(more)[..], &["--emulator", url]].concat();
    let table: [Row<'_>; 27] = [
        (refused(&[]), &KEY, 1),
        (refused(&[]), &KEY[..2], 1),
        (refused(&["--signature", "hmac-sha1"]), &KEY[..2], 1),
        (refused(&["--output", "text"]), &KEY, 1),
        (refused(&["--form", "SecurityToken=x"]), &KEY, 1),
        (of_call(&["--emulator", "http://127.0.0.1:1"]), &KEY, 1),
        (of_call(&away), &KEY, 1),
        (of_call(&[]), &KEY, 2),
        (of_call(&["--timeout", "0"]), &KEY, 2),
        (of_call(&[argument]), &KEY, 2),
        (of_call(&["--emulator", URL]), &KEY, 2),
        (of_call(&["--endpoint", URL]), &KEY, 2),
        (of_call(&[]), &[KEY[0], KEY[1], ("IMAGESEARCH_EMULATOR", URL)], 2),
        (of_call(&[]), &[KEY[0], KEY[1], ("IMAGESEARCH_ENDPOINT", URL)], 2),
        (of_call(&["--region", "cn-shanghai"]), &[KEY[0], KEY[1], ("ALL_PROXY", URL)], 1),
        (of_call(&["--help"]), &KEY, 0),
        (of_request(&[]), &KEY[..2], 0),
        (of_request(&["--signature", "hmac-sha1"]), &KEY[..2], 0),
        (of_request(&[argument, "--access-key-id", "id"]), &[], 0),
        (of_request(&[argument, "--nonsense"]), &[], 2),
        (of_request(&["--signature", "roa"]), &KEY, 2),
        (of_request(&["--endpoint", URL]), &KEY, 2),
        (of_request(&["--help"]), &KEY, 0),
        (vec!["emulator", "--help"], &[("IMAGESEARCH_EMULATOR_ADMIN_TOKEN", ADMIN_TOKEN)], 0),
        (vec!["emulator", "health"], &[("IMAGESEARCH_EMULATOR", URL)], 2),
        (vec!["emulator", "health", "--help"], &[("IMAGESEARCH_EMULATOR", URL)], 0),
        (vec!["emulator", "env", "--lang", "rust", "--url", URL], &KEY, 2),
    ];
    for (arguments, environment, status) in table {
        let ended = run(&arguments, environment, home.path(), "{\"InstanceName\":\"demo\"}");
        let names: Vec<_> = environment.iter().map(|(name, _)| name).collect();
        check(&format!("{arguments:?} with {names:?}").replace(MARK, ""), status, &ended);
    }
    let limits = r#"{"InstanceName": "demo", "ProductId": "p", "PicName": "n", "Num": 500}"#;
    let arguments = ["request", "SearchImageByName", "--params", "-", "--region", "cn-shanghai"];
    check("a broken limit", 2, &run(&arguments, &KEY, home.path(), limits));
    check("parameters cut off", 2, &run(&arguments, &KEY, home.path(), &limits[..20]));
}

#[test]
fn a_signed_request_shows_the_token_that_it_carries_and_not_the_secret() {
    let arguments = ["request", "Detail", "--params", "-", "--region", "cn-shanghai"];
    let ended = run(&arguments, &KEY, Path::new("/nowhere"), r#"{"InstanceName":"demo"}"#);
    assert!(ended.stdout.contains(TOKEN), "its help says so");
    check("all but the token", 0, &Ended { stdout: ended.stdout.replace(TOKEN, ""), ..ended });
}

#[test]
fn calls_print_no_secret_of_a_file_or_of_what_gives_credentials() {
    let emulator = Running::start(&[]);
    let home = tempfile::tempdir().unwrap();
    let half = home.path().join("half");
    fs::write(&half, format!(r#"{{"mode":"AK","access_key_id":"a","access_key_secret":"{SECRET}"#))
        .unwrap();
    let half = half.to_str().unwrap();
    let key = format!(r#""access_key_id":"emulator","access_key_secret":"{SECRET}""#);
    let profile = |values: &str| {
        let text = format!(r#"{{"current":"a","profiles":[{{"name":"a",{values}}}]}}"#);
        (".aliyun/config.json", text)
    };
    let external =
        |command: &str| profile(&format!(r#""mode":"External","process_command":"{command}""#));
    let shared = |text: &str| (".alibabacloud/credentials.ini", format!("[default]\n{text}\n"));
    let uri = format!(r#""mode":"CredentialsURI","credentials_uri":"{URL}/?{TOKEN}""#);
    let nearby = uri.replace("user:canary-9f3a-password@", "");
    for ((path, text), status) in [
        (profile(&format!(r#""mode":"AK",{key}"#)), 1),
        (profile(&format!(r#""mode":"StsToken",{key},"sts_token":"{TOKEN}""#)), 1),
        (profile(&format!(r#""mode":"{SECRET}",{key}"#)), 2),
        (profile(&format!(r#""mode":"RsaKeyPair","private_key":"{SECRET}""#)), 2),
        (profile(&format!(r#""mode":"AK",{key}"#).replace(':', "")), 2),
        (external(&format!("cat '{half}'")), 2),
        (external(&format!("sh -c 'exit 3' {TOKEN}")), 2),
        (external(&format!("no-such-program {TOKEN}")), 2),
        (external(&format!("cat '{TOKEN}")), 2),
        (profile(&uri), 2),
        (profile(&nearby), 2),
        (shared(&format!("type=access_key\naccess_key_id=a\naccess_key_secret={SECRET}")), 1),
        (shared(&format!("type={SECRET}\naccess_key_id=a")), 2),
        (shared(&format!("type=access_key\n{SECRET}")), 2),
        (shared(&format!("type=access_key\naccess_key_secret={SECRET}")), 2),
    ] {
        let file = home.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
        let hosts = ["--endpoint", emulator.url(), "--open-platform-endpoint", emulator.url()];
        let call = ["call", "Detail", "--instance", "demo", "--region", "cn-shanghai"];
        let ended = run(&[&call[..], &hosts].concat(), &[], home.path(), "");
        check(&format!("{path} {text}").replace(MARK, ""), status, &ended);
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn an_emulator_prints_no_secret_of_its_accounts_and_not_the_token_that_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = folder.path().join("accounts.json");
    let file = accounts.to_str().unwrap();
    for text in [
        format!(r#"["{SECRET}"]"#),
        format!(r#"[{{"access_key_id":"emulator","access_key_secret":["{SECRET}"]}}]"#),
        format!(r#"[{{"access_key_id":"emulator","{SECRET}":1}}]"#),
        format!(r#"[{{"access_key_id":"emulator","access_key_secret":"{SECRET}"#),
        format!(r#"[{{"access_key_id":"","access_key_secret":"{SECRET}"}}]"#),
    ] {
        fs::write(&accounts, &text).unwrap();
        let ended = run(&["emulator", "--accounts", file], &[], folder.path(), "");
        check(&format!("accounts {text}").replace(MARK, ""), 2, &ended);
    }
    let accounts_of_both_kinds = format!(
        r#"[{{"access_key_id":"emulator","access_key_secret":"{SECRET}"}},
            {{"access_key_id":"sts","access_key_secret":"{SECRET}","security_token":"{TOKEN}"}}]"#
    );
    fs::write(&accounts, accounts_of_both_kinds).unwrap();
    for auth in ["strict", "lax"] {
        let mut emulator = command(&["emulator", "--accounts", file, "--auth", auth]);
        emulator.env("IMAGESEARCH_EMULATOR_ADMIN_TOKEN", ADMIN_TOKEN);
        let mut emulator = emulator.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(emulator.stdout.take().unwrap());
        let mut printed = String::new();
        stdout.read_line(&mut printed).unwrap();
        let announced: Value = serde_json::from_str(&printed).unwrap();
        let url = announced["url"].as_str().unwrap();
        let call = ["call", "Detail", "--instance", "demo", "--emulator", url];
        let right = run(&call, &KEY[..2], folder.path(), "");
        assert_eq!(right.status, Some(0), "the account is known");
        for (id, secret, token) in [
            ("emulator", "other", None),
            ("sts", SECRET, Some("other")),
            ("sts", "other", Some(TOKEN)),
        ] {
            let mut wrong = vec![(KEY[0].0, id), (KEY[1].0, secret)];
            wrong.extend(token.map(|token| (KEY[2].0, token)));
            let ended = run(&call, &wrong, folder.path(), "");
            assert_eq!(ended.status == Some(0), auth == "lax", "{id} {auth}");
        }
        emulator.kill().unwrap();
        stdout.read_to_string(&mut printed).unwrap();
        let mut stderr = String::new();
        emulator.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        emulator.wait().unwrap();
        assert!(!stderr.is_empty(), "{auth} explains nothing");
        check(auth, 0, &Ended { status: Some(0), stdout: printed, stderr });
    }
}
