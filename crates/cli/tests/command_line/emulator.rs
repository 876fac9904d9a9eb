use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::Value;

use crate::program::{command, run};

/// An emulator in a process of its own; dropping it ends it.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) announcement: Value,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, Stdio::null())
    }

    fn start_with(arguments: &[&str], stderr: Stdio) -> Self {
        let mut child = command(&[&["emulator"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the emulator starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line is printed");
        Self {
            child,
            stdout,
            announcement: serde_json::from_str(&line).expect("the first line is JSON"),
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.announcement["url"].as_str().expect("the url is a text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn announces_itself_and_ends_on_signals() {
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&["--instance", "shop"]);
        assert!(running.url().starts_with("http://127.0.0.1:"));
        assert_eq!(running.announcement["instance"], "shop");
        assert_eq!(running.announcement["access_key_id"], "emulator");
        let id = running.child.id().to_string();
        let sent = std::process::Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(running.child.wait().unwrap().code(), Some(0), "{signal}");
        let mut rest = String::new();
        running.stdout.read_line(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn keeps_its_authority_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let running = Running::start(&["--ca-dir", path]);
        let file = running.announcement["ca_file"].as_str().expect("the file is named");
        seen.push(std::fs::read_to_string(file).unwrap());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(Running::start(&[]).announcement["ca_file"], Value::Null);
}

#[test]
fn says_why_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    run(&["emulator", "--listen", &address], b"").refused(1, &[&address]);
    run(&["emulator", "--listen", "nowhere"], b"").refused(2, &["nowhere"]);
    run(&["emulator", "--listen", "[::1]:0"], b"").refused(2, &["[::1]:0", "public host"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    let file = file.path().to_str().unwrap();
    run(&["emulator", "--ca-dir", file], b"").refused(1, &[file]);
    run(&["emulator", "--bucket", "b"], b"").refused(2, &["BUCKET=FOLDER"]);
    run(&["emulator", "--bucket", "b=/nowhere/at/all"], b"").refused(2, &["/nowhere/at/all"]);
    run(&["emulator", "--max-memory", "1GB"], b"").refused(2, &["GiB"]);
    run(&["emulator", "--allow-fetch", "a:80"], b"").refused(2, &["`a:80`"]);
    run(&["emulator", "--public-host", "localhost:1"], b"").refused(2, &["localhost:1"]);
    run(&["emulator", "--instance", "a b"], b"").refused(2, &["letters, digits"]);
    run(&["emulator", "--instance", "a,qps=0"], b"").refused(2, &["qps must be 1"]);
    run(&["emulator", "--throttle", "fast"], b"").refused(2, &["`fast`"]);
    run(&["emulator", "--admin-token", "a b"], b"").refused(2, &["without blanks"]);
    run(&["emulator", "--no-admin", "--admin-token", "a"], b"").refused(2, &["--no-admin"]);
    run(&["emulator", "--seed", "/nowhere/at/all"], b"").refused(2, &["/nowhere/at/all"]);
    run(&["emulator", "--ready-file", "/nowhere/at/all"], b"").refused(1, &["/nowhere/at/all"]);
    run(&["emulator", "--accounts", "/nowhere/at/all"], b"").refused(2, &["/nowhere/at/all"]);
    let accounts = tempfile::tempdir().unwrap();
    let accounts = accounts.path().join("accounts.json");
    for (text, part) in [
        ("[]", "at least one"),
        ("{}", "line 1, column 0: it must be a JSON array"),
        (r#"[{"access_key_id": "a"}]"#, "access_key_secret"),
        (r#"[{"access_key_id": "", "access_key_secret": "b"}]"#, "not be empty"),
    ] {
        std::fs::write(&accounts, text).unwrap();
        run(&["emulator", "--accounts", accounts.to_str().unwrap()], b"").refused(2, &[part]);
    }
}

/// Sends a request without a body and returns the whole answer.
fn ask(running: &Running, request: &str) -> String {
    let authority = running.url().strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let head = format!("{request} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn goes_on_and_ends_although_nobody_reads_what_it_logs() {
    let mut running = Running::start_with(&["--auth", "lax"], Stdio::piped());
    let call = "POST /?Action=Detail&Version=2020-12-14&InstanceName=demo";
    // Each is noted in a line: many more than a pipe holds.
    for _ in 0..1_500 {
        let answer = ask(&running, call);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    assert!(ask(&running, "POST /_emulator/shutdown").starts_with("HTTP/1.1 200 "));
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let mut noted = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut noted).unwrap();
    assert!(noted.len() > 32 << 10 && noted.contains("served anyway: POST /"), "{}", noted.len());
}

#[test]
fn ends_when_the_admin_api_is_told_so() {
    let mut running = Running::start(&[]);
    assert_eq!(running.announcement["admin_token"], Value::Null);
    assert!(ask(&running, "POST /_emulator/shutdown").starts_with("HTTP/1.1 200 "));
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn draws_a_token_where_others_reach_it() {
    let drawn = Running::start(&["--listen", "0.0.0.0:0"]);
    assert_eq!(drawn.announcement["admin_token"].as_str().unwrap().len(), 32);
    assert!(ask(&drawn, "GET /_emulator/info").starts_with("HTTP/1.1 401 "));
    // One that was given is not repeated.
    let given = Running::start(&["--admin-token", "hush"]);
    assert_eq!(given.announcement["admin_token"], Value::Null);
    assert!(ask(&given, "GET /_emulator/info").starts_with("HTTP/1.1 401 "));
    let off = Running::start(&["--no-admin"]);
    assert!(ask(&off, "GET /_emulator/info").starts_with("HTTP/1.1 404 "));
    assert!(ask(&off, "GET /_emulator/health").starts_with("HTTP/1.1 200 "));
}

#[test]
fn starts_with_accounts_instances_and_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let accounts = r#"[{"access_key_id": "me", "access_key_secret": "hush"}]"#;
    std::fs::write(path("accounts.json"), accounts).unwrap();
    std::fs::create_dir(path("seed")).unwrap();
    let photo = image::DynamicImage::new_rgb8(120, 120);
    photo.save(folder.path().join("seed/a.png")).unwrap();
    std::fs::write(path("ready"), "of an earlier one").unwrap();
    let running = Running::start(&[
        "--accounts",
        &path("accounts.json"),
        "--instance",
        "cloth,qps=1,multimodal",
        "--instance",
        "shop",
        "--seed",
        &path("seed"),
        "--throttle",
        "instance",
        "--ready-file",
        &path("ready"),
    ]);
    let announced = &running.announcement;
    assert_eq!(
        (&announced["instance"], &announced["access_key_id"]),
        (&"cloth".into(), &"me".into())
    );
    assert_eq!(announced["access_key_secret"], Value::Null);
    let ready = std::fs::read_to_string(path("ready")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&ready).unwrap(), *announced);
    let listed = ask(&running, "GET /_emulator/instances");
    let (_, listed) = listed.split_once("\r\n\r\n").unwrap();
    let listed: Value = serde_json::from_str(listed).unwrap();
    let cloth = &listed["instances"][0];
    assert_eq!(
        (&cloth["qps"], &cloth["multimodal"], &cloth["images"]),
        (&1.into(), &true.into(), &1.into())
    );
    assert_eq!(listed["instances"][1]["name"], "shop");
}

#[test]
fn goes_on_with_the_instances_of_its_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), folder.path().join("seed"));
    std::fs::create_dir(&seed).unwrap();
    let photo = image::DynamicImage::new_rgb8(120, 120);
    let arguments = ["--data", data.to_str().unwrap()];
    let seeded = ["--instance", "shop", "--seed", seed.to_str().unwrap()];
    let instances = |more: &[&str]| -> Vec<Value> {
        let running = Running::start(&[&arguments[..], more].concat());
        assert_eq!(running.announcement["instance"], "shop", "{more:?}");
        let listed = ask(&running, "GET /_emulator/instances");
        let (_, listed) = listed.split_once("\r\n\r\n").unwrap();
        let listed: Value = serde_json::from_str(listed).unwrap();
        listed["instances"].as_array().unwrap().iter().map(|it| it["images"].clone()).collect()
    };
    let one = [Value::from(1)];
    photo.save(seed.join("a.png")).unwrap();
    assert_eq!(instances(&seeded), one);
    photo.save(seed.join("b.png")).unwrap();
    assert_eq!(instances(&seeded), one, "what was there before stays as it is");
    assert_eq!(instances(&[]), one, "no other instance is made");
}

#[test]
fn warns_of_what_is_not_checked() {
    for (choice, word) in [("lax", "served even if"), ("off", "not checked")] {
        let mut child = command(&["emulator", "--auth", choice])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("warning: ") && line.contains(word), "{choice}: {line}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn prints_what_to_paste_for_each_language() {
    let running = Running::start(&[]);
    let authority = running.url().strip_prefix("http://").unwrap().to_owned();
    for (language, open_platform) in [
        ("python", format!("client._open_platform_endpoint = \"{authority}\"")),
        ("node", format!("client._openPlatformEndpoint = '{authority}'")),
        ("go", format!("client.OpenPlatformEndpoint = dara.String(\"{authority}\")")),
        ("java", format!("client._openPlatformEndpoint = \"{authority}\"")),
        ("rust", format!(".with_emulator(\"http://{authority}\")")),
    ] {
        let url = ["--url", running.url()];
        let arguments =
            [&["emulator", "env", "--lang", language, "--ca-file", "x/ca.pem"], &url[..]].concat();
        let ended = run(&arguments, b"");
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
        for part in [&*open_platform, "emulator-secret", "x/ca.pem"] {
            assert!(ended.stdout.contains(part), "no `{part}` in {}", ended.stdout);
        }
        assert!(!ended.stdout.contains("{{"), "{}", ended.stdout);
    }
    run(&["emulator", "env"], b"").refused(2, &["--lang"]);
    run(&["emulator", "env", "--lang", "go", "--url", "x"], b"")
        .refused(2, &["must be http://HOST:PORT"]);
    run(&["emulator", "env", "--lang", "go", "--ca-file", "a\"b"], b"").refused(2, &["quotes"]);
    run(&["emulator", "--auth", "off", "env", "--lang", "go"], b"").refused(2, &["env"]);
}

#[test]
fn tells_whether_an_emulator_is_ready() {
    let running = Running::start(&[]);
    let ended = run(&["emulator", "health", "--url", running.url()], b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "ready\n"), "{ended:?}");
    // Bound but not listened on by an emulator: it is closed as soon as the test ends.
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    let answers = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        assert_ne!(stream.read(&mut [0; 1024]).unwrap(), 0);
        stream.write_all(b"HTTP/1.1 503 Loading\r\n\r\n").unwrap();
    });
    run(&["emulator", "health", "--url", &url], b"").refused(1, &["503 Loading"]);
    answers.join().unwrap();
    let ended = run(&["emulator", "env", "--lang", "rust", "--url", &url], b"");
    assert!(ended.stderr.contains("no emulator is running"), "{ended:?}");
    assert!(ended.stderr.contains("/_emulator/ca.pem"), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_request_that_has_begun_is_answered_before_the_end() {
    use std::io::{Read, Write};

    let mut running = Running::start(&[]);
    let authority = running.url().strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    let head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    // It asks for the body, so the request is being served by now.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    let id = running.child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
    assert!(sent.unwrap().success());
    stream.write_all(b"a=b&").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.ends_with('}'), "{answer}");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}
