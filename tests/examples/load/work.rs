//! What clients do, and how long it took them.

use std::fmt;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use imagesearch_blocking::{
    Client, Credentials, Error, Image, Instance,
    client::Transfer,
    requests::{AddImageRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::{
    Emulator,
    similarity::{alterations, synthetic},
};
use imagesearch_tests::server_process::ServerProcess;
use serde_json::{Value, json};

use crate::Outcome;
use crate::numbers::Numbers;

/// How many clients call at a time.
pub(crate) const CLIENTS: usize = 4;

/// How many distinct pictures there are; each is stored under many names.
const PICTURES: u64 = 256;

/// Calls an emulator.
pub(crate) struct Work {
    instance: Instance,
    pictures: Vec<Image>,
}

impl Work {
    pub(crate) fn new(service: &ServerProcess) -> Outcome<Self> {
        let (id, secret) = (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
        let client = Client::builder()
            .with_emulator(service.url())
            .with_credentials(Credentials::access_key(id, secret))
            .with_transfer(Transfer::Base64)
            .build()?;
        Ok(Self { instance: client.instance(Emulator::INSTANCE), pictures: pictures() })
    }

    /// Stores pictures under numbers.
    pub(crate) fn add(&self, numbers: Range<usize>) -> Outcome<Figures> {
        side_by_side(numbers, |number| {
            let picture = self.picture(number);
            let request = AddImageRequest::new(number.to_string(), "front.jpg", picture);
            // A category of its own, or each call would search for one first.
            self.instance.add_image(request.category_id(88_888_888)).send().map(drop)
        })
    }

    /// Searches with pictures that are stored.
    pub(crate) fn search(&self, count: usize) -> Outcome<Figures> {
        side_by_side(0..count, |number| {
            let request = SearchImageByPicRequest::new(self.picture(number));
            let response = self.instance.search_image_by_pic(request).send()?;
            assert_eq!(response.auctions.first().and_then(|hit| hit.score), Some(1.0));
            Ok(())
        })
    }

    fn picture(&self, number: usize) -> Image {
        self.pictures[number % self.pictures.len()].clone()
    }
}

/// Creates the pictures.
pub(crate) fn pictures() -> Vec<Image> {
    let picture = |seed| {
        let small = alterations::square(&synthetic::picture(seed), 100);
        Image::from_bytes(Bytes::from(alterations::to_jpeg(&small, 85)))
    };
    (0..PICTURES).map(picture).collect()
}

/// Does something for each number, several at a time.
fn side_by_side(
    numbers: Range<usize>,
    call: impl Fn(usize) -> Result<(), Error> + Sync,
) -> Outcome<Figures> {
    let numbers = Numbers::new(numbers);
    let some = || {
        let mut times = Vec::new();
        while let Some(number) = numbers.take() {
            let started = Instant::now();
            call(number)?;
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let started = Instant::now();
    let times: Result<Vec<Vec<Duration>>, Error> = thread::scope(|scope| {
        let running: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(some)).collect();
        running.into_iter().map(|it| it.join().expect("does not panic")).collect()
    });
    let elapsed = started.elapsed();
    let mut times = times?.concat();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let rate = times.len() as f64 / elapsed.as_secs_f64();
    Ok(Figures { rate, median: at(50), slow: at(99) })
}

/// How fast calls were.
pub(crate) struct Figures {
    /// Calls a second.
    rate: f64,
    median: Duration,
    /// Of a hundred calls, 99 took less.
    slow: Duration,
}

impl Figures {
    pub(crate) fn json(&self) -> Value {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        json!({ "per_second": self.rate, "p50_ms": ms(self.median), "p99_ms": ms(self.slow) })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let width = formatter.width().unwrap_or(12);
        write!(
            formatter,
            "{:width$.0} {:5.1}ms {:5.1}ms",
            self.rate,
            ms(self.median),
            ms(self.slow)
        )
    }
}
