//! The blocking client, and ureq by itself.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Instant,
};

use bytes::{Buf, Bytes};
use imagesearch_blocking::{Client, requests::AddImageRequest};
use imagesearch_tests::heap_watch::HeapWatch;
use ureq::{Agent, SendBody};

use crate::{Outcome, client, figures::Figures, pictures::Pictures, requests, sink};

/// Creates the calls with one client that so many threads share.
pub(crate) fn ours(pictures: &Pictures, together: usize) -> Outcome<Figures> {
    let client = |url: &str| Ok(client::<Client>(url)?.instance("shop"));
    round(pictures, together, client, |shop, number, picture| {
        let request = AddImageRequest::new(number.to_string(), "front.jpg", picture);
        Ok(shop.add_image(request).send().map(drop)?)
    })
}

/// Sends the same with ureq as it comes.
pub(crate) fn bare(pictures: &Pictures, together: usize) -> Outcome<Figures> {
    let client = |url: &str| {
        let agent: Agent = Agent::config_builder().proxy(None).build().into();
        Ok((agent, url.to_owned()))
    };
    round(pictures, together, client, |(agent, url), number, picture| {
        for request in requests::of_call(url, number, picture)? {
            let request = request.map(|body| match body.len() {
                0 => SendBody::none(),
                _ => SendBody::from_owned_reader(body.reader()),
            });
            agent.run(request)?.body_mut().read_to_vec()?;
        }
        Ok(())
    })
}

fn round<C: Sync>(
    pictures: &Pictures,
    together: usize,
    client: impl FnOnce(&str) -> Outcome<C>,
    call: impl Fn(&C, usize, Bytes) -> Outcome<()> + Sync,
) -> Outcome<Figures> {
    let mut service = sink::start(together)?;
    let heap = HeapWatch::start();
    let started = Instant::now();
    let client = client(service.url())?;
    let next = AtomicUsize::new(0);
    let some = || -> Outcome<()> {
        loop {
            let number = next.fetch_add(1, Relaxed);
            let Some(picture) = pictures.all().get(number) else { return Ok(()) };
            call(&client, number, picture.clone())?;
        }
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..together).map(|_| scope.spawn(some)).collect();
        running.into_iter().try_for_each(|it| it.join().expect("does not panic"))
    })?;
    let (elapsed, peak, kept) = (started.elapsed(), heap.peak(), heap.now());
    drop(client);
    let left = heap.now();
    let counts = sink::counts(&mut service)?;
    Ok(Figures { calls: together, peak, kept, left, elapsed, counts })
}
