//! An executor that comes late to an async call: what has arrived in time still counts.

use std::{
    future::{Future, IntoFuture, poll_fn},
    io::{Read, Write},
    net::TcpListener,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use imagesearch_core::{RetryPolicy, requests::RawRequest};
use imagesearch_tests::wire::{runtime, settings};

const TIMEOUT: Duration = Duration::from_secs(1);

const ANSWER: &[u8] =
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[test]
fn an_answer_that_is_there_counts_however_late_the_poll() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (arrived, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (answer, told) = mpsc::channel();
    let server = thread::spawn({
        let (arrived, taken) = (Arc::clone(&arrived), Arc::clone(&taken));
        move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
            arrived.store(true, Ordering::SeqCst);
            told.recv().unwrap();
            stream.write_all(ANSWER).unwrap();
            // The client closes once it has read the answer.
            stream.read_to_end(&mut Vec::new()).ok();
            taken.store(true, Ordering::SeqCst);
        }
    });
    let client: imagesearch_async::Client =
        settings(&url).with_retry(RetryPolicy::never()).build().unwrap();
    let call = client.instance("shop").raw(RawRequest::new("Detail")).with_timeout(TIMEOUT);
    let mut call = call.into_future();
    runtime().block_on(async {
        while !arrived.load(Ordering::SeqCst) {
            let poll = poll_fn(|context| Poll::Ready(Pin::new(&mut call).poll(context)));
            assert!(poll.await.is_pending(), "nothing was answered yet");
            tokio::task::yield_now().await;
        }
        // The call's time has begun by now.
        let late = Instant::now() + TIMEOUT;
        answer.send(()).unwrap();
        // The runtime's threads take the answer meanwhile, and nobody polls the call.
        while !taken.load(Ordering::SeqCst) || Instant::now() < late {
            tokio::task::yield_now().await;
        }
        let error = call.await.unwrap_err();
        assert_eq!(error.http_status(), Some(500), "{error}");
    });
    server.join().unwrap();
}
