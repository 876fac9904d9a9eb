//! The async client, and reqwest by itself.

use std::{future::Future, sync::Arc, time::Instant};

use bytes::Bytes;
use imagesearch_async::{Client, requests::AddImageRequest};
use imagesearch_tests::{heap_watch::HeapWatch, wire::runtime};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{Outcome, client, figures::Figures, pictures::Pictures, requests, sink};

/// Makes all calls at a time with one client.
pub(crate) fn ours(pictures: &Pictures) -> Outcome<Figures> {
    let client = |url: &str| Ok(client::<Client>(url)?.instance("shop"));
    round(pictures, client, |shop, number, picture| {
        let request = AddImageRequest::new(number.to_string(), "front.jpg", picture);
        let call = shop.add_image(request).send();
        async { Ok(call.await.map(drop)?) }
    })
}

/// Sends the same with reqwest, over as many connections.
pub(crate) fn bare(pictures: &Pictures, together: usize) -> Outcome<Figures> {
    let client = |url: &str| {
        // reqwest insists on one, though nothing here is encrypted; a second time it is there.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Arc::new((http, Semaphore::new(together), url.to_owned())))
    };
    round(pictures, client, |shared, number, picture| {
        let shared = Arc::clone(shared);
        async move {
            let (http, connections, url) = &*shared;
            for request in requests::of_call(url, number, picture)? {
                let _connection = connections.acquire().await?;
                let answer = http.execute(request.try_into()?).await?;
                answer.error_for_status()?.bytes().await?;
            }
            Ok(())
        }
    })
}

fn round<C, F>(
    pictures: &Pictures,
    client: impl FnOnce(&str) -> Outcome<C>,
    call: impl Fn(&C, usize, Bytes) -> F,
) -> Outcome<Figures>
where
    F: Future<Output = Outcome<()>> + Send + 'static,
{
    let mut service = sink::start(1)?;
    let heap = HeapWatch::start();
    let started = Instant::now();
    let (runtime, client) = (runtime(), client(service.url())?);
    runtime.block_on(async {
        let mut calls = JoinSet::new();
        for (number, picture) in pictures.all().iter().enumerate() {
            calls.spawn(call(&client, number, picture.clone()));
        }
        while let Some(call) = calls.join_next().await {
            call??;
        }
        Outcome::Ok(())
    })?;
    let (elapsed, peak, kept) = (started.elapsed(), heap.peak(), heap.now());
    drop(client);
    drop(runtime);
    let left = heap.now();
    let (calls, counts) = (pictures.all().len(), sink::counts(&mut service)?);
    Ok(Figures { calls, peak, kept, left, elapsed, counts })
}
