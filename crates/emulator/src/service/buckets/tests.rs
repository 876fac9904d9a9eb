use std::fs;

use super::*;

fn content(buckets: &Buckets, bucket: &str, key: &str) -> Result<String, String> {
    let mut object = buckets.open(bucket, key).map_err(|refusal| refusal.code)?;
    let mut content = String::new();
    object.content.read_to_string(&mut content).unwrap();
    Ok(content)
}

fn put(buckets: &Buckets, bucket: &str, key: &str) -> Result<(), String> {
    buckets.put(bucket, key, Bytes::from(format!("of {key}"))).map_err(|refusal| refusal.code)
}

#[test]
fn objects_are_put_listed_and_read_in_folders_and_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let buckets = Buckets::new([("kept".to_owned(), folder.path().to_owned())]).unwrap();
    for bucket in ["kept", "memory"] {
        for key in ["b.jpg", "a/b/红.jpg", "a/c", "b.jpg"] {
            put(&buckets, bucket, key).unwrap();
        }
        assert_eq!(content(&buckets, bucket, "a/b/红.jpg").unwrap(), "of a/b/红.jpg");
        assert_eq!(content(&buckets, bucket, "a/b"), Err("NoSuchKey".to_owned()));
        assert_eq!(content(&buckets, bucket, "b.jpg/x"), Err("NoSuchKey".to_owned()));
        let keys = |prefix: &str| {
            let listed = buckets.list(bucket, prefix).unwrap();
            listed.into_iter().map(|it| it.key).collect::<Vec<_>>()
        };
        assert_eq!(keys(""), ["a/b/红.jpg", "a/c", "b.jpg"]);
        assert_eq!(keys("a/b"), ["a/b/红.jpg"]);
    }
    assert_eq!(fs::read_to_string(folder.path().join("a/c")).unwrap(), "of a/c");
    assert_eq!(content(&buckets, "absent", "a"), Err("NoSuchBucket".to_owned()));
}

#[test]
fn keys_that_could_leave_a_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let buckets = Buckets::new([("kept".to_owned(), folder.path().to_owned())]).unwrap();
    let long = "x".repeat(MAX_KEY_BYTES + 1);
    for key in
        ["", "/", "/a", "a/", "..", "../a", "a/../b", "./a", "a//b", "a\\b", "C:a", "a\0", &long]
    {
        for bucket in ["kept", "memory"] {
            let expected = Err("InvalidObjectName".to_owned());
            assert_eq!(put(&buckets, bucket, key), expected, "{key}");
            assert_eq!(content(&buckets, bucket, key).map(drop), expected, "{key}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_only() {
    use std::os::unix::fs::symlink;

    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret"), "secret").unwrap();
    fs::write(folder.path().join("plain"), "plain").unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink(outside.path().join("secret"), folder.path().join("file")).unwrap();
    symlink("plain", folder.path().join("in")).unwrap();
    symlink(".", folder.path().join("circle")).unwrap();
    let buckets = Buckets::new([("kept".to_owned(), folder.path().to_owned())]).unwrap();
    let denied = || Err("AccessDenied".to_owned());
    assert_eq!(content(&buckets, "kept", "in").unwrap(), "plain");
    assert_eq!(content(&buckets, "kept", "file"), denied());
    assert_eq!(content(&buckets, "kept", "out/secret"), denied());
    assert_eq!(put(&buckets, "kept", "out/new"), denied().map(drop));
    assert_eq!(put(&buckets, "kept", "out/deep/new"), denied().map(drop));
    assert!(!outside.path().join("new").exists() && !outside.path().join("deep").exists());
    let listed = buckets.list("kept", "").unwrap();
    let keys: Vec<&str> = listed.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["in", "plain"]);
    put(&buckets, "kept", "file").unwrap();
    assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
    assert_eq!(content(&buckets, "kept", "file").unwrap(), "of file");
}

#[test]
fn a_folder_must_be_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for path in [file.path().to_owned(), file.path().join("absent")] {
        let error = Buckets::new([("b".to_owned(), path.clone())]).unwrap_err().to_string();
        assert!(
            error.starts_with("bucket b: ") && error.contains(path.to_str().unwrap()),
            "{error}"
        );
    }
}
