//! A data folder that an earlier version wrote: this one opens it with everything in it.
//!
//! `tests/data/README.md` says what is in it, and which version wrote it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::answers::ServiceType;
use imagesearch_emulator::{Auth, Emulator, InstanceSettings};
use serde_json::{Value, json};

use crate::admin::admin;
use crate::pictures::small_jpeg;
use crate::roa::{RoaCall, with_pictures};
use crate::wire::{Answer, Unsigned, clock};

/// The snapshot that the folder has.
const SNAPSHOT: &str = "before";

/// The instances of the folder, and of its snapshot.
const INSTANCES: [&str; 3] = ["shop", "chairs", "demo"];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-1")
}

/// Opens a folder that keeps pictures, with a bucket `autumn` if there is a folder for it.
fn open(folder: &Path, bucket: Option<&Path>) -> Emulator {
    let builder = Emulator::builder().clock(clock()).auth(Auth::Off);
    let builder = match bucket {
        Some(bucket) => builder.bucket("autumn", bucket),
        None => builder,
    };
    builder.data(folder).keep_images(true).start().unwrap()
}

/// Calls an operation with parameters in the query, or in the form where it has a picture.
fn call(emulator: &Emulator, action: &str, instance: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("InstanceName", instance)];
    all.extend_from_slice(fields);
    let unsigned = Unsigned::new(action, &[], "n");
    let in_form = ["AddImage", "DeleteImage", "UpdateImage", "SearchImageByName"].contains(&action);
    let (query, form) = if in_form { (&[][..], &*all) } else { (&*all, &[][..]) };
    let answer = Unsigned { query, form, ..unsigned }.acs3(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{action} {fields:?} {answer:?}");
    answer
}

/// Tells all that an emulator with this folder tells of it.
fn told(emulator: &Emulator) -> Value {
    let mut told = json!({
        "instances": admin(emulator, "GET", "/instances", "").json()["instances"],
        "snapshots": emulator.snapshots().unwrap(),
    });
    for name in INSTANCES {
        let listed = admin(emulator, "GET", &format!("/instances/{name}/images"), "").json();
        let pictures = listed["images"].as_array().unwrap().iter();
        let pictures: Vec<_> = pictures.map(|row| told_of(emulator, name, row)).collect();
        told["pictures"][name] = json!(pictures);
        for (action, rows) in
            [("DumpMetaList", "/Data/DumpMetaList"), ("IncreaseList", "/Data/Increments/Instance")]
        {
            let list = call(emulator, action, name, &[]).json();
            told["tasks"][name][action] = list.pointer(rows).unwrap().clone();
        }
    }
    told
}

/// Tells a picture with its bytes, as far as a digest tells them, and the pictures that look like it.
fn told_of(emulator: &Emulator, instance: &str, row: &Value) -> Value {
    let name = |field: &str| row[field].as_str().unwrap().to_owned();
    let (product_id, pic_name) = (name("product_id"), name("pic_name"));
    let fields = [("ProductId", product_id.as_str()), ("PicName", &pic_name)];
    let found = call(emulator, "SearchImageByName", instance, &fields).json();
    let similar = found["Auctions"].as_array().unwrap().iter();
    let similar = similar.map(|hit| json!([hit["ProductId"], hit["PicName"], hit["Score"]]));
    let mut picture = row.clone();
    picture["similar"] = similar.collect();
    picture["region"] = found["PicInfo"]["Region"].clone();
    let mut thumbnail =
        crate::admin::asking(emulator, "GET", &format!("/instances/{instance}/thumbnail"), "");
    thumbnail.query = vec![
        ("product_id".to_owned(), product_id.clone()),
        ("pic_name".to_owned(), pic_name.clone()),
    ];
    picture["digest"] = json!(thumbnail.send(emulator).headers.get("etag"));
    picture
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn expected(file: &str) -> Value {
    serde_json::from_slice(&fs::read(data().join(file)).unwrap()).unwrap()
}

#[test]
fn a_folder_of_an_earlier_version_opens_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    copy(&data().join("data"), folder.path());
    let emulator = open(folder.path(), None);
    let now = expected("now.json");
    assert_eq!(told(&emulator), now);
    emulator.restore(SNAPSHOT).unwrap();
    assert_eq!(told(&emulator), expected("snapshot.json"));

    // What is written to it from now on stays as well, behind what was there.
    let picture = STANDARD.encode(small_jpeg(9));
    let fields = [("ProductId", "new"), ("PicName", "new"), ("PicContent", picture.as_str())];
    call(&emulator, "AddImage", "shop", &fields);
    emulator.snapshot("after").unwrap();
    let written = told(&emulator);
    emulator.shutdown();
    let emulator = open(folder.path(), None);
    assert_eq!(told(&emulator), written);
    assert_eq!(emulator.snapshots().unwrap(), ["after", SNAPSHOT]);
}

#[test]
fn the_folder_has_all_kinds_of_what_is_stored() {
    let now = expected("now.json");
    let before = expected("snapshot.json");
    let pictures = |told: &Value, name: &str| told["pictures"][name].as_array().unwrap().clone();
    assert_eq!(INSTANCES.map(|name| pictures(&now, name).len()), [4, 1, 2]);
    assert_eq!(INSTANCES.map(|name| pictures(&before, name).len()), [4, 1, 1]);
    for field in [
        "category_id",
        "custom_content",
        "int_attr",
        "int_attr2",
        "int_attr3",
        "int_attr4",
        "str_attr",
        "str_attr2",
        "str_attr3",
        "str_attr4",
    ] {
        let has = |row: &Value| row.get(field).is_some();
        assert!(pictures(&now, "shop").iter().any(has), "{field}");
    }
    let statuses = |list: &str| {
        let rows = now["tasks"]["shop"][list].as_array().unwrap().iter();
        rows.map(|row| row["Status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses("DumpMetaList"), ["FAIL", "SUCCESS"]);
    assert_eq!(statuses("IncreaseList"), ["FAIL", "SUCCESS"]);
}

/// Writes the folder. It was run once, by the version that the folder is of, and is here for the next
/// format: a folder that an earlier version wrote is never written again.
#[test]
#[ignore = "writes a folder into the sources"]
fn write() {
    let to = data();
    assert!(
        !to.exists(),
        "{} is there already; a new format has a folder of its own",
        to.display()
    );
    let bucket = tempfile::tempdir().unwrap();
    fs::write(bucket.path().join("b.jpg"), small_jpeg(4)).unwrap();
    let lines = r#"{"OperationType":"ADD","ProductId":"batch","PicName":"b.jpg","IntAttr":1}"#;
    fs::write(bucket.path().join("increment.meta"), lines).unwrap();
    let folder = to.join("data");
    let running = tempfile::tempdir().unwrap();
    let emulator = open(running.path(), Some(bucket.path()));
    fill(&emulator);
    // While it runs, as if it had been killed: what was answered is on the disk.
    copy(running.path(), &folder);
    emulator.shutdown();
    // The data is read by another start, from a copy: an emulator changes the folder that it opens.
    let opened = tempfile::tempdir().unwrap();
    copy(&folder, opened.path());
    let emulator = open(opened.path(), None);
    let write = |file: &str| {
        let text = serde_json::to_string_pretty(&told(&emulator)).unwrap();
        fs::write(to.join(file), text + "\n").unwrap();
    };
    write("now.json");
    emulator.restore(SNAPSHOT).unwrap();
    write("snapshot.json");
}

fn fill(emulator: &Emulator) {
    let shop = InstanceSettings::new("shop").capacity(20_000).region("cn-hangzhou").qps(7);
    emulator.put_instance(shop.multimodal(true)).unwrap();
    emulator.clock().advance(Duration::from_secs(1));
    let chairs = InstanceSettings::new("chairs").service_type(ServiceType::Furniture);
    emulator.put_instance(chairs).unwrap();
    let add = |instance: &str, picture: &[u8], fields: &[(&str, &str)]| {
        let picture = STANDARD.encode(picture);
        let fields = [&[("PicContent", picture.as_str())], fields].concat();
        call(emulator, "AddImage", instance, &fields);
    };
    let bare = [("ProductId", "1"), ("PicName", "bare")];
    let full = [
        ("ProductId", "红色 shirt"),
        ("PicName", "a/b & c.png"),
        ("CategoryId", "0"),
        ("CustomContent", "k1:v1,k2:红"),
        ("Region", "5,95,5,95"),
        ("IntAttr", "1"),
        ("IntAttr2", "-2"),
        ("IntAttr3", "2147483647"),
        ("IntAttr4", "-2147483648"),
        ("StrAttr", "one"),
        ("StrAttr2", "红"),
        ("StrAttr3", "\"quoted\""),
        ("StrAttr4", "four"),
    ];
    add("shop", &small_jpeg(1), &bare);
    add("shop", &small_jpeg(1), &full);
    add("shop", &small_jpeg(2), &[("ProductId", "1"), ("PicName", "gone")]);
    add("shop", &small_jpeg(3), &[("ProductId", "1"), ("PicName", "replaced")]);
    add("chairs", &small_jpeg(5), &[("ProductId", "1"), ("PicName", "chairs")]);
    let item = with_pictures(
        &[("item_id", "cup"), ("cat_id", "7"), ("cust_content", "old"), ("int_attr", "5")],
        &[("side.jpg", small_jpeg(6))],
    );
    let item = RoaCall::v2018("/item/add", item).sign(emulator).send(emulator);
    assert_eq!(item.status, 200, "{item:?}");
    call(emulator, "DumpMeta", "shop", &[]);
    emulator.wait_for_tasks();
    emulator.snapshot(SNAPSHOT).unwrap();

    emulator.clock().advance(Duration::from_secs(60));
    call(emulator, "DeleteImage", "shop", &[("ProductId", "1"), ("PicName", "gone")]);
    add("shop", &small_jpeg(7), &[("ProductId", "1"), ("PicName", "replaced")]);
    let update = [("ProductId", "1"), ("PicName", "bare"), ("IntAttr", "9"), ("StrAttr4", "new")];
    call(emulator, "UpdateImage", "shop", &update);
    let picture = STANDARD.encode(small_jpeg(8));
    let older = [
        ("ProductId", "cup"),
        ("PicName", "top"),
        ("PicContent", picture.as_str()),
        ("StrAttr", "middle"),
    ];
    let older = RoaCall::v2019("/v2/image/add", &older).sign(emulator).send(emulator);
    assert_eq!(older.status, 200, "{older:?}");
    let batch =
        [("BucketName", "autumn"), ("Path", "/"), ("CallbackAddress", "http://127.0.0.1/called")];
    call(emulator, "IncreaseInstance", "shop", &batch);
    emulator.wait_for_tasks();
    let batch = [("BucketName", "absent"), ("Path", "/nowhere")];
    call(emulator, "IncreaseInstance", "shop", &batch);
    emulator.wait_for_tasks();
    // One that is running when the emulator ends.
    emulator.pause_tasks();
    call(emulator, "DumpMeta", "shop", &[]);
}
