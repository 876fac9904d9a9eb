//! The emulator, and clients of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use imagesearch_core::{
    ClientBuilder, Credentials, Image, client::FromConfig, requests::CheckImageExistsRequest,
    values::Timestamp,
};
use imagesearch_emulator::{
    Emulator, InstanceSettings,
    similarity::{alterations, synthetic},
};
use imagesearch_tests::{leaks::canary, metrics::Metrics};

use crate::rules::rules;
use crate::worker::PIC_NAME;

/// The bucket that batches come from.
pub(crate) const BUCKET: &str = "shop";

/// How many distinct pictures there are.
const PICTURES: u64 = 16;

/// How long one attempt may take. What the emulator delays most takes longer.
const ATTEMPT: Duration = Duration::from_secs(2);

/// By how many seconds the service's clock is ahead, in turn. A time stamp may be 900 off, and uploads
/// that are an hour old are gone.
const OFFSETS: [i64; 8] = [0, 1_200, -1_500, 1_800, 600, -1_200, 960, 0];

/// What calls are made against.
pub(crate) struct Shop {
    pub(crate) emulator: Emulator,
    pub(crate) pictures: Vec<Image>,
    calls: u64,
    made: AtomicU64,
    clock_changes: AtomicU64,
}

impl Shop {
    /// Starts an emulator that takes keys with secrets which can be recognised.
    pub(crate) fn open(calls: u64, seed: u64) -> Self {
        let (secret, token) = (canary("access key secret"), canary("security token"));
        let instance = InstanceSettings::new(Emulator::INSTANCE).multimodal(true);
        let emulator = Emulator::builder()
            .instance(instance)
            .account("lasting", secret)
            .sts_account("temporary", secret, token)
            .faults(rules(seed))
            .start()
            .unwrap();
        emulator.run_tasks_at_once();
        let pictures = (0..PICTURES).map(|seed| {
            let small = alterations::square(&synthetic::picture(seed), 100);
            Image::from_bytes(Bytes::from(alterations::to_jpeg(&small, 85)))
        });
        Self {
            emulator,
            pictures: pictures.collect(),
            calls,
            made: AtomicU64::new(0),
            clock_changes: AtomicU64::new(0),
        }
    }

    /// Counts a call that has ended; every so often the service's clock changes.
    pub(crate) fn count(&self) {
        let made = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        let period = (self.calls / OFFSETS.len() as u64).max(1);
        if made.is_multiple_of(period) && made < self.calls {
            let offset = OFFSETS[(made / period) as usize % OFFSETS.len()];
            let now = Timestamp::from(SystemTime::now()).as_millisecond();
            let ahead = Timestamp::from_millisecond(now + offset * 1_000);
            self.emulator.clock().run_from(ahead);
            self.clock_changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Returns how often the service's clock was changed.
    pub(crate) fn clock_changes(&self) -> u64 {
        self.clock_changes.load(Ordering::SeqCst)
    }

    /// Lets nothing go wrong any more, waits for what is still under way, and returns what has.
    ///
    /// All clients must be gone by then, so that only requests that they gave up keep connections open.
    pub(crate) fn quieten(&self) -> BTreeMap<String, u64> {
        let hits = self.emulator.fault_hits();
        self.emulator.set_faults([]).unwrap();
        self.emulator.clock().follow_system();
        for _ in 0..3_000 {
            // The one that asks is open as well.
            if self.open_connections() <= 1 {
                return hits;
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        panic!("requests that were given up go on for ever");
    }

    fn open_connections(&self) -> u64 {
        let metrics = Metrics::of(self.emulator.url()).unwrap();
        metrics.get("open_connections").unwrap()
    }

    /// Creates a client with a lasting key.
    pub(crate) fn blocking(&self) -> imagesearch_blocking::Instance {
        let client: imagesearch_blocking::Client =
            self.client(Credentials::access_key("lasting", canary("access key secret")));
        client.instance(Emulator::INSTANCE)
    }

    /// Creates a client with a temporary key.
    pub(crate) fn asynchronous(&self) -> imagesearch_async::Instance {
        let (secret, token) = (canary("access key secret"), canary("security token"));
        let client: imagesearch_async::Client =
            self.client(Credentials::sts("temporary", secret, token));
        client.instance(Emulator::INSTANCE)
    }

    /// Returns whether a picture is stored.
    pub(crate) fn has(instance: &imagesearch_blocking::Instance, product: &str) -> bool {
        let request = CheckImageExistsRequest::new(product, PIC_NAME);
        instance.check_image_exists(request).send().unwrap().exists.unwrap()
    }

    fn client<C: FromConfig>(&self, credentials: Credentials) -> C {
        let builder = ClientBuilder::default()
            .with_emulator(self.emulator.url())
            .with_credentials(credentials)
            .with_attempt_timeout(ATTEMPT);
        builder.build().unwrap()
    }
}
