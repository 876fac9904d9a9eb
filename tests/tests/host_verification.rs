//! A server with a trusted certificate of another name is not talked to.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use bytes::Bytes;
use imagesearch_core::{
    ClientBuilder, ErrorKind, Region, client::FromConfig, requests::RawRequest,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::wire::{Async, Blocking, Caller, runtime, settings};

/// Starts a proxy that leads every tunnel to one address, as a man in the middle could.
fn misleading_proxy(target: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let target = target.clone();
            thread::spawn(move || tunnel(&client, &target).ok());
        }
    });
    format!("http://{address}")
}

fn tunnel(client: &TcpStream, target: &str) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let server = TcpStream::connect(target)?;
    let mut writer = client;
    writer.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut there, mut back) = (client.try_clone()?, server.try_clone()?);
    thread::scope(|scope| {
        scope.spawn(|| io::copy(&mut there, &mut &server));
        io::copy(&mut back, &mut writer).map(drop)
    })
}

fn client<C: FromConfig>(endpoint: &str, proxy: &str, root: Vec<u8>) -> C {
    let builder: ClientBuilder<C> = settings(endpoint);
    builder
        .with_region(Region::CN_SHANGHAI)
        .with_credentials(imagesearch_core::Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .with_proxy(proxy)
        .with_tls_roots([Bytes::from(root)])
        .build()
        .unwrap()
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let emulator = Emulator::builder().start().unwrap();
    let target = emulator.url().strip_prefix("http://").unwrap().to_owned();
    let port = target.rsplit_once(':').unwrap().1;
    let proxy = misleading_proxy(target.clone());
    let runtime = runtime();
    for (endpoint, verified) in [
        (format!("https://localhost:{port}"), true),
        ("https://imagesearch.cn-shanghai.aliyuncs.com".to_owned(), false),
        ("https://localhost.example.com".to_owned(), false),
        ("https://192.0.2.1".to_owned(), false),
    ] {
        let root = || emulator.ca_der();
        let clients: [Box<dyn Caller>; 2] = [
            Box::new(Blocking(client(&endpoint, &proxy, root()))),
            Box::new(Async(client(&endpoint, &proxy, root()), &runtime)),
        ];
        for client in clients {
            let who = format!("{endpoint} ({})", client.name());
            let result = client.call(Emulator::INSTANCE, RawRequest::new("Detail"));
            match (verified, result) {
                (true, result) => drop(result.unwrap_or_else(|error| panic!("{who}: {error}"))),
                (false, Ok(_)) => panic!("{who}: talked to a host that is not the one"),
                (false, Err(error)) => {
                    assert_eq!(error.kind(), ErrorKind::Connect, "{who}: {error}");
                    let text = format!("{error:#}").to_lowercase();
                    assert!(text.contains("certificate"), "{who}: {error}");
                }
            }
        }
    }
}
