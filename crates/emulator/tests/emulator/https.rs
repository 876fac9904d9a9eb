//! HTTPS on the port of HTTP, with the emulator's own authority.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use bytes::Bytes;
use imagesearch_blocking::{Client, Credentials};
use imagesearch_core::{
    Error, Image,
    requests::{AddImageRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::{Emulator, StartError};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, Stream, crypto::ring};

use crate::pictures::png;
use crate::wire::exchange;

fn client(url: &str, root: Option<Vec<u8>>) -> Client {
    let mut builder = Client::builder().with_emulator(url).with_credentials(
        Credentials::access_key(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET),
    );
    if let Some(root) = root {
        builder = builder.with_tls_roots([Bytes::from(root)]);
    }
    builder.build().unwrap()
}

fn add(client: &Client) -> Result<(), Error> {
    let picture = AddImageRequest::new("1", "1", Image::from(png(1)));
    client.instance("demo").add_image(picture).send().map(|_| ())
}

fn start_in(folder: &Path) -> Result<Emulator, StartError> {
    Emulator::builder().ca_dir(folder).start()
}

#[test]
fn both_protocols_reach_the_same_pictures_through_one_port() {
    let emulator = Emulator::builder().start().unwrap();
    add(&client(&emulator.https_url(), Some(emulator.ca_der()))).unwrap();
    let search = SearchImageByPicRequest::new(Image::from(png(1)));
    let plain = client(emulator.url(), None).instance("demo");
    assert_eq!(plain.search_image_by_pic(search).send().unwrap().auctions[0].score, Some(1.0));
}

#[test]
fn the_authority_can_be_asked_for() {
    let emulator = Emulator::builder().start().unwrap();
    let request = b"GET /_emulator/ca.pem HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = exchange(&emulator, request);
    assert_eq!((answer.status, answer.body.as_str()), (200, emulator.ca_pem()));
    assert!(emulator.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(emulator.ca_file(), None);
}

#[test]
fn another_authority_is_not_trusted() {
    let emulator = Emulator::builder().start().unwrap();
    let other = Emulator::builder().start().unwrap();
    for root in [None, Some(other.ca_der())] {
        let error = add(&client(&emulator.https_url(), root)).unwrap_err();
        assert!(format!("{error:#}").contains("certificate"), "{error}");
    }
}

#[test]
fn a_folder_keeps_the_authority_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new");
    let first = start_in(&folder).unwrap();
    let trusted = first.ca_der();
    assert_eq!(first.ca_file(), Some(&*folder.join("ca.pem")));
    assert_eq!(fs::read_to_string(folder.join("ca.pem")).unwrap(), first.ca_pem());
    first.shutdown();
    let second = start_in(&folder).unwrap();
    add(&client(&second.https_url(), Some(trusted.clone()))).unwrap();
    // The key is what counts; the certificate is made of it again.
    fs::remove_file(folder.join("ca.pem")).unwrap();
    let third = start_in(&folder).unwrap();
    add(&client(&third.https_url(), Some(trusted))).unwrap();
    add(&client(&third.https_url(), Some(third.ca_der()))).unwrap();
    let files = fs::read_dir(&folder).unwrap().count();
    assert_eq!(files, 2, "nothing but the two files is left");
}

#[test]
fn certificates_are_for_the_public_host() {
    let emulator = Emulator::builder().public_host("oss.emulator:443").start().unwrap();
    let roots = roots(&emulator);
    for (name, trusted) in [
        ("oss.emulator", true),
        ("127.0.0.1", true),
        ("::1", true),
        ("localhost", true),
        // The certificate has it; rustls and OpenSSL take no wildcard right below the root.
        ("bucket.localhost", false),
        ("other.emulator", false),
        ("10.0.0.1", false),
    ] {
        assert_eq!(handshake(&emulator, &roots, name), trusted, "{name}");
    }
}

fn roots(emulator: &Emulator) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(emulator.ca_der().into()).unwrap();
    roots
}

/// Returns whether a client that looks for a name gets through the handshake.
fn handshake(emulator: &Emulator, roots: &RootCertStore, name: &'static str) -> bool {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots.clone())
        .with_no_client_auth();
    let mut tls = ClientConnection::new(config.into(), name.try_into().unwrap()).unwrap();
    let mut socket = TcpStream::connect(emulator.local_addr()).unwrap();
    let mut stream = Stream::new(&mut tls, &mut socket);
    let request = b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = Vec::new();
    stream.write_all(request).is_ok()
        && stream.read_to_end(&mut answer).is_ok()
        && answer.starts_with(b"HTTP/1.1 200")
}

#[test]
fn folders_that_do_not_fit_are_refused() {
    let refused = |spoil: fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        start_in(folder.path()).unwrap().shutdown();
        spoil(folder.path());
        start_in(folder.path()).unwrap_err().to_string()
    };
    let another_key = refused(|folder| {
        let other = tempfile::tempdir().unwrap();
        start_in(other.path()).unwrap().shutdown();
        fs::copy(other.path().join("ca.pem"), folder.join("ca.pem")).unwrap();
    });
    assert!(another_key.contains("does not vouch"), "{another_key}");
    let no_key = refused(|folder| fs::write(folder.join("ca-key.pem"), "hush").unwrap());
    assert!(no_key.contains("no private key") && !no_key.contains("hush"), "{no_key}");
    let no_certificate = refused(|folder| fs::write(folder.join("ca.pem"), "x").unwrap());
    assert!(no_certificate.contains("no certificate"), "{no_certificate}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let not_a_folder = start_in(file.path()).unwrap_err().to_string();
    assert!(not_a_folder.contains("is unusable"), "{not_a_folder}");
}

#[cfg(unix)]
#[test]
fn the_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    start_in(folder.path()).unwrap().shutdown();
    let key = folder.path().join("ca-key.pem");
    let mode = fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = start_in(folder.path()).unwrap_err().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
}

#[test]
fn a_client_that_only_connects_does_not_hold_up_the_end() {
    let emulator = Emulator::builder().start().unwrap();
    let silent = TcpStream::connect(emulator.local_addr()).unwrap();
    let mut begun = TcpStream::connect(emulator.local_addr()).unwrap();
    begun.write_all(&[0x16, 3, 1]).unwrap();
    let mut broken = TcpStream::connect(emulator.local_addr()).unwrap();
    broken.write_all(b"\x16not TLS at all").unwrap();
    // It ends with an alert, or is cut off; that it ends is what counts.
    let _ = broken.read_to_end(&mut Vec::new());
    emulator.shutdown();
    drop((silent, begun));
}
