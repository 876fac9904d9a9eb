use std::fs;

use super::folder::{files, inside};
use super::*;

#[test]
fn files_are_listed_by_path() {
    let folder = tempfile::tempdir().unwrap();
    for (file, content) in [("b.png", ""), ("a/c.png", ""), ("a/.hidden", ""), (".git/x", "")] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    assert_eq!(files(folder.path()).unwrap(), ["a/c.png", "b.png"]);
    assert!(files(&folder.path().join("none")).is_err());
}

#[test]
fn no_path_leads_out() {
    let folder = Path::new("/seed");
    for (file, expected) in [
        ("a/b.png", Some("/seed/a/b.png")),
        ("../b.png", None),
        ("a/../../b.png", None),
        ("/etc/passwd", None),
        ("./a.png", None),
        ("", None),
    ] {
        assert_eq!(inside(folder, file), expected.map(PathBuf::from), "{file}");
    }
}
