//! A host that drops packets to the metadata service is distinguished from a slow service.
#![cfg(target_os = "linux")]

use std::{
    net::{TcpListener, TcpStream},
    time::Duration,
};

use imagesearch_core::{credentials::EcsRamRoleProvider, requests::RawRequest};
use imagesearch_tests::wire::{Async, Blocking, Caller, runtime, settings};

/// A listener that drops what wants to connect, since nobody accepts those that wait before.
fn full_listener() -> (TcpListener, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
    let waiting: Vec<_> = std::iter::from_fn(connect).take(10_000).collect();
    assert!(waiting.len() < 10_000, "the listener is never full");
    (listener, waiting)
}

#[test]
fn where_no_connection_comes_about_there_is_probably_no_ecs_instance() {
    let (listener, _waiting) = full_listener();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let runtime = runtime();
    let provider = || EcsRamRoleProvider::new().with_metadata_endpoint(url.parse().unwrap());
    let blocking = settings(&url).with_credentials(provider()).build().unwrap();
    let asynchronous = settings(&url).with_credentials(provider()).build().unwrap();
    let clients: [Box<dyn Caller>; 2] =
        [Box::new(Blocking(blocking)), Box::new(Async(asynchronous, &runtime))];
    for client in clients {
        let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
        let hint = error.to_string().contains("this is probably not an ECS instance");
        assert!(hint, "{}: {error}", client.name());
    }
}
