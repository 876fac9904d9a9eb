//! Credentials that come from a function of the program's own.

use std::{
    error::Error as _,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use imagesearch_core::{
    Credentials, Error, ErrorKind, client::ClientBuilder, errors::TimeoutPhase,
    requests::DetailRequest,
};
use imagesearch_tests::{
    fake::answer,
    wire::{SECRET, Wire, settings, until},
};
use tokio::sync::Semaphore;

const DETAIL: &str = r#"{"Success":true,"Instance":{"Name":"shop"}}"#;

fn key(number: usize) -> Credentials {
    Credentials::access_key(format!("vault{number}"), SECRET)
}

/// Lists the access keys that requests were signed with.
fn signed_with(wire: &Wire) -> Vec<String> {
    let requests = wire.take();
    let authorizations = requests.iter().map(|it| it.headers()["authorization"].to_str().unwrap());
    let keys = authorizations.map(|it| {
        let (_, rest) = it.split_once("Credential=").unwrap();
        rest.split(',').next().unwrap().to_owned()
    });
    keys.collect()
}

fn sealed() -> Error {
    let sealed = io::Error::other("sealed");
    Error::new(ErrorKind::Credentials, "the vault did not answer").with_source(sealed)
}

#[track_caller]
fn is_sealed(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    assert!(error.to_string().contains("the vault did not answer"), "{error}");
    assert_eq!(error.source().unwrap().to_string(), "sealed");
}

#[test]
fn the_blocking_client_asks_a_function_once_and_again_after_an_error() {
    let wire = Wire::start();
    wire.answer_with(|_| answer(200, DETAIL));
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let vault = imagesearch_blocking::credentials::from_fn(move || {
        match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Err(sealed().with_retryable(true)),
            number => Ok(key(number)),
        }
    });
    let builder: ClientBuilder<imagesearch_blocking::Client> = settings(&wire.uri());
    let client = builder.with_credentials(vault.clone()).build().unwrap();
    let shop = client.instance("shop");
    is_sealed(&shop.detail(DetailRequest::new()).send().unwrap_err());
    for _ in 0..3 {
        // A source that has failed is left alone for a while; another client does not know that.
        let client: imagesearch_blocking::Client =
            settings(&wire.uri()).with_credentials(vault.clone()).build().unwrap();
        client.instance("shop").detail(DetailRequest::new()).send().unwrap();
        client.instance("shop").detail(DetailRequest::new()).send().unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    let expected = [1, 1, 2, 2, 3, 3].map(|number| format!("vault{number}"));
    assert_eq!(signed_with(&wire), expected);
}

#[test]
fn the_async_client_awaits_a_function_and_shares_what_it_returns() {
    let wire = Wire::start();
    wire.answer_with(|_| answer(200, DETAIL));
    let (asked, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let vault = {
        let (asked, open) = (Arc::clone(&asked), Arc::clone(&open));
        imagesearch_async::credentials::from_fn(move || {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            let open = Arc::clone(&open);
            async move {
                // Only the waker of the call's task brings this on.
                open.acquire().await.unwrap().forget();
                if number == 0 { Err(sealed()) } else { Ok(key(number)) }
            }
        })
    };
    let client = || -> imagesearch_async::Client {
        settings(&wire.uri()).with_credentials(vault.clone()).build().unwrap()
    };
    let call = |client: &imagesearch_async::Client| {
        client.instance("shop").detail(DetailRequest::new()).send()
    };
    wire.runtime().block_on(async {
        let failing = tokio::spawn(call(&client()));
        open.add_permits(1);
        is_sealed(&failing.await.unwrap().unwrap_err());

        // The call that fetches is dropped: the one that waits for it fetches anew.
        let client = client();
        let dropped = tokio::spawn(call(&client));
        until(|| asked.load(Ordering::SeqCst) == 2).await;
        let waiting = tokio::spawn(call(&client));
        tokio::task::yield_now().await;
        dropped.abort();
        assert!(dropped.await.unwrap_err().is_cancelled());
        until(|| asked.load(Ordering::SeqCst) == 3).await;
        open.add_permits(1);
        waiting.await.unwrap().unwrap();
        call(&client).await.unwrap();
    });
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!(signed_with(&wire), ["vault2", "vault2"]);
}

#[test]
fn the_timeout_of_a_call_ends_an_async_function() {
    let wire = Wire::start();
    let never = imagesearch_async::credentials::from_fn(std::future::pending);
    let client: imagesearch_async::Client =
        settings(&wire.uri()).with_credentials(never).build().unwrap();
    let call = client.instance("shop").detail(DetailRequest::new());
    let call = call.with_timeout(Duration::from_millis(20)).send();
    let error = wire.runtime().block_on(call).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Credentials), "{error}");
    assert!(wire.take().is_empty());
}
