//! Exports and batch tasks: their lists, their files, and what ends them.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::values::Timestamp;
use imagesearch_emulator::{Auth, Clock, Emulator, EmulatorBuilder, InstanceSettings};
use serde_json::{Value, json};

use crate::pictures::png;
use crate::wire::{Answer, Unsigned, clock, exchange};

/// Starts an emulator with a bucket `shop` in a folder.
fn with_bucket(folder: &Path, builder: EmulatorBuilder) -> Emulator {
    builder.clock(clock()).auth(Auth::Off).bucket("shop", folder).start().unwrap()
}

fn call(emulator: &Emulator, action: &str, query: &[(&str, &str)]) -> Answer {
    let mut all = vec![("InstanceName", "demo")];
    all.extend_from_slice(query);
    Unsigned { query: &all, ..Unsigned::new(action, &[], "n") }.acs3(emulator).send(emulator)
}

fn add(emulator: &Emulator, fields: &[(&str, &str)]) {
    let picture = STANDARD.encode(png(1));
    let mut form = vec![("InstanceName", "demo"), ("PicContent", picture.as_str())];
    form.extend_from_slice(fields);
    let answer = Unsigned::new("AddImage", &form, "n").acs3(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Starts a batch task over the folder of a path, waits for it, and returns its row.
fn increase(emulator: &Emulator, path: &str) -> Value {
    let started = call(emulator, "IncreaseInstance", &[("BucketName", "shop"), ("Path", path)]);
    assert_eq!(started.status, 200, "{started:?}");
    emulator.wait_for_tasks();
    call(emulator, "IncreaseList", &[]).json()["Data"]["Increments"]["Instance"][0].clone()
}

/// Downloads a file by its signed address.
fn download(emulator: &Emulator, url: &str) -> Answer {
    let path = url.strip_prefix(emulator.url()).unwrap_or_else(|| panic!("{url}"));
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    exchange(emulator, request.as_bytes())
}

fn rows(file: &str) -> Vec<Value> {
    file.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn count(emulator: &Emulator) -> Value {
    call(emulator, "Detail", &[]).json()["Instance"]["TotalCount"].clone()
}

#[test]
fn an_export_lists_every_picture_with_its_attributes() {
    let emulator = crate::wire::start(Emulator::builder().auth(Auth::Off));
    add(&emulator, &[("ProductId", "1"), ("PicName", "a"), ("CategoryId", "3")]);
    let attributes =
        [("IntAttr", "1"), ("IntAttr4", "-4"), ("StrAttr2", "红"), ("CustomContent", "c")];
    add(&emulator, &[&[("ProductId", "2"), ("PicName", "b")], &attributes[..]].concat());
    emulator.pause_tasks();
    let started = call(&emulator, "DumpMeta", &[]).json();
    assert_eq!(started["Success"], true);
    assert_eq!(started["Data"], json!({ "Id": "1", "DumpMetaStatus": "PROCESSING" }));
    let row =
        |emulator| call(emulator, "DumpMetaList", &[]).json()["Data"]["DumpMetaList"][0].clone();
    assert_eq!(row(&emulator)["Status"], "PROCESSING");
    assert_eq!(row(&emulator)["MetaUrl"], Value::Null);
    emulator.resume_tasks();
    emulator.wait_for_tasks();
    let row = row(&emulator);
    for (field, expected) in [
        ("Id", json!(1)),
        ("Status", json!("SUCCESS")),
        ("Code", json!("0")),
        ("Msg", json!("success")),
        ("UtcCreate", json!("1767323045000")),
        ("UtcModified", json!(1_767_323_045_000_i64)),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    let file = download(&emulator, row["MetaUrl"].as_str().unwrap());
    assert_eq!(file.status, 200);
    assert_eq!(
        rows(&file.body),
        [
            json!({ "ProductId": "1", "PicName": "a", "CategoryId": 3 }),
            json!({
                "ProductId": "2", "PicName": "b", "CategoryId": 3, "CustomContent": "c",
                "IntAttr": 1, "IntAttr4": -4, "StrAttr2": "红",
            }),
        ]
    );
}

#[test]
fn tasks_are_listed_after_a_start_without_the_files_that_went_with_the_last() {
    let data = tempfile::tempdir().unwrap();
    let start = || crate::wire::start(Emulator::builder().auth(Auth::Off).data(data.path()));
    let row = |emulator: &Emulator| {
        call(emulator, "DumpMetaList", &[]).json()["Data"]["DumpMetaList"][0].clone()
    };
    let emulator = start();
    assert_eq!(call(&emulator, "DumpMeta", &[]).status, 200);
    emulator.wait_for_tasks();
    let before = row(&emulator);
    assert!(before["MetaUrl"].is_string(), "{before}");
    emulator.shutdown();

    let emulator = start();
    let after = row(&emulator);
    for field in ["Id", "Status", "Code", "Msg", "UtcCreate", "UtcModified"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(after["MetaUrl"], Value::Null);
    assert_eq!(call(&emulator, "DumpMeta", &[]).json()["Data"]["Id"], "2");
}

#[test]
fn an_address_is_good_for_two_hours_and_fresh_in_each_list() {
    let clock = Clock::manual(Timestamp::from_millisecond(0));
    let emulator = Emulator::builder().auth(Auth::Off).clock(clock.clone()).start().unwrap();
    call(&emulator, "DumpMeta", &[]);
    emulator.wait_for_tasks();
    let list = || {
        let row = call(&emulator, "DumpMetaList", &[]).json()["Data"]["DumpMetaList"][0].clone();
        row["MetaUrl"].as_str().unwrap().to_owned()
    };
    let url = list();
    clock.advance(std::time::Duration::from_secs(7_200));
    assert_eq!(download(&emulator, &url).status, 200);
    clock.advance(std::time::Duration::from_secs(1));
    let expired = download(&emulator, &url);
    assert_eq!(expired.status, 403);
    assert!(expired.body.contains("<Code>AccessDenied</Code>"), "{expired:?}");
    assert_eq!(download(&emulator, &list()).status, 200);
    let (bare, _) = url.split_once('?').unwrap();
    let other = list().replace("-1.jsonl", "-2.jsonl");
    for (url, code) in [(bare, "SignatureDoesNotMatch"), (&other, "SignatureDoesNotMatch")] {
        let refused = download(&emulator, url);
        assert!(refused.body.contains(&format!("<Code>{code}</Code>")), "{refused:?}");
    }
}

#[test]
fn one_task_of_a_kind_runs_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("increment.meta"), "").unwrap();
    let emulator = with_bucket(folder.path(), Emulator::builder());
    let batch = [("BucketName", "shop"), ("Path", "/")];
    emulator.pause_tasks();
    for (action, query, code) in [
        ("DumpMeta", &[][..], "Console.TaskAlreadyExist"),
        ("IncreaseInstance", &batch, "Console.IncrementStatusError"),
    ] {
        assert_eq!(call(&emulator, action, query).status, 200, "{action}");
        assert_eq!(call(&emulator, action, query).error(), (409, code.to_owned()), "{action}");
    }
    emulator.resume_tasks();
    emulator.wait_for_tasks();
    assert_eq!(call(&emulator, "DumpMeta", &[]).json()["Data"]["Id"], "3");
    assert_eq!(call(&emulator, "IncreaseInstance", &batch).json()["Data"]["Id"], "4");
    emulator.wait_for_tasks();
}

#[test]
fn tasks_at_once_have_ended_when_they_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("increment.meta"), "").unwrap();
    let emulator = with_bucket(folder.path(), Emulator::builder());
    emulator.run_tasks_at_once();
    let batch = [("BucketName", "shop"), ("Path", "/")];
    for (action, query, list, place) in [
        ("DumpMeta", &[][..], "DumpMetaList", "/Data/DumpMetaList/0/Status"),
        ("IncreaseInstance", &batch, "IncreaseList", "/Data/Increments/Instance/0/Status"),
    ] {
        // Together, so that each would be refused for another if they overlapped.
        std::thread::scope(|scope| {
            let start = || assert_eq!(call(&emulator, action, query).status, 200, "{action}");
            let starting: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            starting.into_iter().for_each(|it| it.join().unwrap());
        });
        let listed = call(&emulator, list, &[]).json();
        assert_eq!(listed.pointer(place), Some(&json!("SUCCESS")), "{listed}");
    }
}

#[test]
fn a_batch_adds_deletes_and_tells_which_lines_it_could_not_carry_out() {
    let folder = tempfile::tempdir().unwrap();
    let autumn = folder.path().join("shop/autumn");
    fs::create_dir_all(autumn.join("girls")).unwrap();
    fs::write(autumn.join("a.png"), png(1)).unwrap();
    fs::write(autumn.join("girls/b.png"), png(2)).unwrap();
    fs::write(folder.path().join("root.png"), png(3)).unwrap();
    fs::write(autumn.join("text.png"), "no picture").unwrap();
    fs::write(autumn.join("large.png"), vec![0; 4 * 1024 * 1024 + 1]).unwrap();
    let lines = [
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"a.png","CategoryId":3,"IntAttr":7,"StrAttr4":"four","CustomContent":"k1:v1","Region":"10,90,10,90"}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"girls/b.png","Crop":false}"#,
        r#"{"OperationType":"ADD","ProductId":"2","PicName":"root.png"}"#,
        "",
        r#"{"operator":"ADD","item_id":"3","cat_id":0,"cust_content":"old","pic_list":["a.png","girls/b.png"]}"#,
        "no JSON",
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"absent.png"}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"../../root.png"}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"a"}"#,
        r#"{"OperationType":"ADD","PicName":"a.png"}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"a.png","IntAttr":99999999999}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"text.png"}"#,
        r#"{"OperationType":"ADD","ProductId":"1","PicName":"large.png"}"#,
        r#"{"OperationType":"MOVE","ProductId":"1","PicName":"a.png"}"#,
        r#"{"OperationType":"DELETE","ProductId":"3","PicName":"a.png"}"#,
        r#"{"OperationType":"DELETE","ProductId":"2"}"#,
        r#"{"OperationType":"DELETE"}"#,
    ];
    fs::write(autumn.join("increment.meta"), lines.join("\r\n")).unwrap();
    let emulator = with_bucket(folder.path(), Emulator::builder());
    let row = increase(&emulator, "/shop/autumn");
    for (field, expected) in [
        ("Id", json!(1)),
        ("Status", json!("SUCCESS")),
        ("Code", json!("0")),
        ("BucketName", json!("shop")),
        ("Path", json!("/shop/autumn")),
        ("CallbackAddress", Value::Null),
    ] {
        assert_eq!(row[field], expected, "{field} {row}");
    }
    let errors = download(&emulator, row["ErrorUrl"].as_str().unwrap());
    let errors: Vec<(u64, String)> = rows(&errors.body)
        .iter()
        .map(|row| (row["Line"].as_u64().unwrap(), row["Code"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        (6, "InvalidMetaItem"),
        (7, "PicNotExist"),
        (8, "PicNotExist"),
        (9, "InvalidPicName"),
        (10, "NoSpecifiedProductId"),
        (11, "InvalidIntAttr"),
        (12, "UnsupportedPicFormat"),
        (13, "InvalidPicContent"),
        (14, "InvalidMetaItem"),
        (17, "NoSpecifiedProductId"),
    ];
    assert_eq!(errors, expected.map(|(line, code)| (line, code.to_owned())));
    assert_eq!(count(&emulator), 3);
    let check = |product, name| {
        let form = [("InstanceName", "demo"), ("ProductId", product), ("PicName", name)];
        let answer = Unsigned::new("CheckImageExists", &form, "n").acs3(&emulator).send(&emulator);
        answer.json()["Auctions"].clone()
    };
    assert_eq!(
        check("1", "a.png"),
        json!({
            "ProductId": "1", "PicName": "a.png", "CategoryId": 3, "CustomContent": "k1:v1",
            "IntAttr": 7, "StrAttr4": "four",
        })
    );
    assert_eq!(check("3", "girls/b.png")["CustomContent"], "old");
    for (product, name) in [("3", "a.png"), ("2", "root.png")] {
        assert_eq!(check(product, name), Value::Null, "{product}");
    }
}

#[test]
fn a_batch_without_a_readable_file_fails() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("folder/increment.meta")).unwrap();
    let emulator = with_bucket(folder.path(), Emulator::builder());
    for (bucket, path, code) in [
        ("absent", "/", "NoSuchBucket"),
        ("shop", "/", "NoSuchKey"),
        ("shop", "/nowhere", "NoSuchKey"),
        ("shop", "/folder", "NoSuchKey"),
        ("shop", "/../x", "InvalidObjectName"),
    ] {
        let started =
            call(&emulator, "IncreaseInstance", &[("BucketName", bucket), ("Path", path)]);
        assert_eq!(started.status, 200, "{started:?}");
        emulator.wait_for_tasks();
        let list = call(&emulator, "IncreaseList", &[("PageSize", "1")]).json();
        let row = &list["Data"]["Increments"]["Instance"][0];
        assert_eq!((&row["Status"], &row["Code"]), (&json!("FAIL"), &json!(code)), "{row}");
        assert!(row["Msg"].as_str().is_some_and(|text| !text.is_empty()), "{row}");
        assert_eq!(row["ErrorUrl"], Value::Null);
    }
}

#[test]
fn pictures_that_do_not_fit_into_the_plan_are_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.png"), png(1)).unwrap();
    let line =
        |product| format!(r#"{{"OperationType":"ADD","ProductId":"{product}","PicName":"a.png"}}"#);
    let lines: Vec<String> = (1..=3).map(line).collect();
    fs::write(folder.path().join("increment.meta"), lines.join("\n")).unwrap();
    let instance = InstanceSettings::new("demo").capacity(2);
    let emulator = with_bucket(folder.path(), Emulator::builder().instance(instance));
    let row = increase(&emulator, "/");
    let errors = download(&emulator, row["ErrorUrl"].as_str().unwrap());
    let errors = rows(&errors.body);
    assert_eq!(errors.len(), 1);
    assert_eq!((&errors[0]["Line"], &errors[0]["Code"]), (&json!(3), &json!("InstanceOverQuota")));
    assert_eq!(errors[0]["Message"], "The number of items exceeds the limit.");
}

#[test]
fn lists_are_paged_and_narrowed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("increment.meta"), "").unwrap();
    }
    let builder = Emulator::builder().bucket("other", folder.path());
    let emulator = with_bucket(folder.path(), builder);
    for (bucket, path) in [("shop", "/a"), ("other", "/a"), ("shop", "/b")] {
        call(&emulator, "IncreaseInstance", &[("BucketName", bucket), ("Path", path)]);
        emulator.wait_for_tasks();
    }
    for _ in 0..12 {
        call(&emulator, "DumpMeta", &[]);
        emulator.wait_for_tasks();
    }
    let ids = |action: &str, query: &[(&str, &str)]| {
        let data = call(&emulator, action, query).json()["Data"].clone();
        let list = match action {
            "DumpMetaList" => &data["DumpMetaList"],
            _ => &data["Increments"]["Instance"],
        };
        let ids: Vec<i64> =
            list.as_array().unwrap().iter().map(|it| it["Id"].as_i64().unwrap()).collect();
        (ids, json!([data["PageNumber"], data["PageSize"], data["TotalCount"]]))
    };
    for (action, query, expected, page) in [
        ("IncreaseList", &[][..], vec![3, 2, 1], json!([1, 10, 3])),
        ("IncreaseList", &[("Id", "2")], vec![2], json!([1, 10, 1])),
        ("IncreaseList", &[("Id", "9")], vec![], json!([1, 10, 0])),
        ("IncreaseList", &[("BucketName", "shop")], vec![3, 1], json!([1, 10, 2])),
        ("IncreaseList", &[("Path", "/a")], vec![2, 1], json!([1, 10, 2])),
        ("IncreaseList", &[("BucketName", "shop"), ("Path", "/a")], vec![1], json!([1, 10, 1])),
        ("IncreaseList", &[("PageSize", "2")], vec![3, 2], json!([1, 2, 3])),
        ("IncreaseList", &[("PageSize", "2"), ("PageNumber", "2")], vec![1], json!([2, 2, 3])),
        ("IncreaseList", &[("PageNumber", "9")], vec![], json!([9, 10, 3])),
        ("DumpMetaList", &[], (6..=15).rev().collect(), json!([1, 10, 12])),
        ("DumpMetaList", &[("PageNumber", "2")], vec![5, 4], json!([2, 10, 12])),
        ("DumpMetaList", &[("Id", "5")], vec![5], json!([1, 10, 1])),
        ("DumpMetaList", &[("Id", "1")], vec![], json!([1, 10, 0])),
    ] {
        assert_eq!(ids(action, query), (expected, page), "{action} {query:?}");
    }
    for (action, query) in [
        ("IncreaseList", ("PageNumber", "0")),
        ("IncreaseList", ("PageSize", "0")),
        ("IncreaseList", ("Path", "a")),
        ("IncreaseList", ("Id", "x")),
        ("DumpMetaList", ("PageNumber", "31")),
        ("DumpMetaList", ("PageSize", "31")),
    ] {
        let refused = call(&emulator, action, &[query]).error();
        assert_eq!(refused, (400, "Console.BadRequest".to_owned()), "{action} {query:?}");
    }
}

#[test]
fn what_cannot_be_started_is_refused() {
    let emulator = crate::wire::start(Emulator::builder().auth(Auth::Off));
    for query in [
        &[][..],
        &[("Path", "/")],
        &[("BucketName", "b")],
        &[("BucketName", "b"), ("Path", "a")],
        &[("BucketName", "b"), ("Path", "/a/")],
        &[("BucketName", "b"), ("Path", "/"), ("CallbackAddress", "ftp://a.example")],
    ] {
        let refused = call(&emulator, "IncreaseInstance", query).error();
        assert_eq!(refused, (400, "Console.BadRequest".to_owned()), "{query:?}");
    }
    for action in ["DumpMeta", "DumpMetaList", "IncreaseList"] {
        let query = [("InstanceName", "nowhere")];
        let request = Unsigned { query: &query, ..Unsigned::new(action, &[], "n") };
        let refused = request.acs3(&emulator).send(&emulator).error();
        assert_eq!(refused, (400, "InvalidInstance".to_owned()), "{action}");
    }
}

#[test]
fn an_allowed_host_is_called_at_the_end_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("increment.meta"), "").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/done?token=hush", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut part = [0; 1024];
        while !request.ends_with(b"}") {
            let read = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..read]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
        String::from_utf8(request).unwrap()
    });
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = {
        let lines = Arc::clone(&lines);
        move |line: &str| lines.lock().unwrap().push(line.to_owned())
    };
    let builder = Emulator::builder().allow_fetch("127.0.0.1").log(log);
    let emulator = with_bucket(folder.path(), builder);
    for callback in [address.as_str(), "https://elsewhere.example/?token=hush"] {
        let query = [("BucketName", "shop"), ("Path", "/"), ("CallbackAddress", callback)];
        assert_eq!(call(&emulator, "IncreaseInstance", &query).status, 200);
        emulator.wait_for_tasks();
    }
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /done?token=hush HTTP/1.1\r\n"), "{request}");
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({
            "InstanceName": "demo", "Id": 1, "BucketName": "shop", "Path": "/",
            "Status": "SUCCESS", "Code": "0", "Msg": "success",
        })
    );
    let lines = lines.lock().unwrap().clone();
    assert_eq!(
        lines,
        [
            "callback of batch task 1: answered 204",
            "callback of batch task 2: not called: host elsewhere.example is not allowed; allow the host with \
             --allow-fetch (allow_fetch in code)",
        ]
    );
    let list = call(&emulator, "IncreaseList", &[("Id", "1")]).json();
    let row = &list["Data"]["Increments"]["Instance"][0];
    assert_eq!(row["CallbackAddress"], address.as_str());
}

#[test]
fn an_emulator_stops_while_tasks_wait() {
    let emulator = crate::wire::start(Emulator::builder().auth(Auth::Off));
    emulator.pause_tasks();
    assert_eq!(call(&emulator, "DumpMeta", &[]).status, 200);
    emulator.shutdown();
}
