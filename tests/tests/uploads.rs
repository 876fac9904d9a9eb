//! Many uploads at a time: what they hold beyond the picture, and over how many connections they go.
//!
//! `cargo xtask uploads` measures the same with thousands of them. A binary of its own, since its
//! allocator counts, and one test, since there is one heap.

use std::thread;

use imagesearch_core::{Image, requests::AddImageRequest};
use imagesearch_tests::{
    heap_watch::HeapWatch,
    pictures::noisy_ppm,
    upload_sink,
    wire::{runtime, settings},
};
use peak_alloc::PeakAlloc;
use tokio::task::JoinSet;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const KIB: usize = 1024;

/// The default maximum of connections of the async client, and some more, but fewer than calls:
/// where threads do not run for long, some are not back in time and are replaced.
const MOST_CONNECTIONS: usize = 128 + 64;

#[test]
fn uploads_at_a_time_do_not_copy_the_picture() {
    let picture = Image::from_bytes(noisy_ppm(256 * KIB));
    of_the_async_client(&picture, 256);
    of_the_blocking_client(&picture, 32);
}

fn of_the_async_client(picture: &Image, calls: usize) {
    let server = upload_sink::start(1);
    let client: imagesearch_async::Client = settings(&server.uri()).build().unwrap();
    let heap = HeapWatch::start();
    runtime().block_on(async {
        let mut running = JoinSet::new();
        for number in 0..calls {
            running.spawn(client.instance("shop").add_image(request(number, picture)).send());
        }
        while let Some(call) = running.join_next().await {
            call.unwrap().unwrap();
        }
    });
    // A copy for each request that is under way would be 128 KiB for each call.
    let each = heap.peak() / calls;
    assert!(each < 80 * KIB, "each call takes {each} bytes beyond the picture");
    let connections = server.most_connections();
    assert!(connections <= MOST_CONNECTIONS, "{connections} connections at a time");
    assert_eq!(server.requests(), 3 * calls);
}

fn of_the_blocking_client(picture: &Image, threads: usize) {
    const CALLS: usize = 3;
    let server = upload_sink::start(threads);
    let client: imagesearch_blocking::Client = settings(&server.uri()).build().unwrap();
    let heap = HeapWatch::start();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for number in 0..CALLS {
                    let call = client.instance("shop").add_image(request(number, picture));
                    call.send().unwrap();
                }
            });
        }
    });
    let each = heap.peak() / threads;
    assert!(each < 128 * KIB, "each thread takes {each} bytes beyond the picture");
    assert_eq!(server.connections(), threads, "a thread has one, and it is used again");
    assert_eq!(server.requests(), 3 * CALLS * threads);
}

fn request(number: usize, picture: &Image) -> AddImageRequest {
    AddImageRequest::new(number.to_string(), "front.jpg", picture.clone())
}
