//! Somebody who makes one call after the other, on pictures that nobody else touches.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fastrand::Rng;
use imagesearch_core::{
    Error,
    client::Transfer,
    exchange::RawResponse,
    filter::{int_attr, str_attr},
};

use crate::errand::Errand;
use crate::ledger::Entry;
use crate::shop::{BUCKET, Shop};

/// What each picture is called within its product.
pub(crate) const PIC_NAME: &str = "front.jpg";

/// How long most calls may take.
const USUAL: Duration = Duration::from_secs(8);

/// How often each operation is called, of 100 calls.
const MIX: [(&str, u32); 14] = [
    ("AddImage", 30),
    ("SearchImageByPic", 10),
    ("SearchImageByName", 8),
    ("SearchImageByFilter", 6),
    ("SearchImageByText", 4),
    ("CheckImageExists", 6),
    ("CompareSimilarByImage", 4),
    ("UpdateImage", 8),
    ("DeleteImage", 6),
    ("Detail", 3),
    ("DumpMeta", 6),
    ("IncreaseInstance", 5),
    ("DumpMetaList", 2),
    ("IncreaseList", 2),
];

/// The state of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// That it was stored is acknowledged.
    Stored,
    /// A call that stored or deleted it failed and may have been carried out.
    Doubtful,
}

pub(crate) struct Worker {
    number: u64,
    rng: Rng,
    made: u64,
    pub(crate) products: BTreeMap<String, Known>,
    pub(crate) entries: Vec<Entry>,
}

/// Sets the options of a call, which both clients have by the same names.
macro_rules! options {
    ($instance:expr, $errand:expr) => {
        $instance
            .raw($errand.call.clone())
            .with_timeout($errand.timeout)
            .with_transfer($errand.transfer)
            .with_retry($errand.retry())
            .with_header("x-emulator-call", &$errand.id)
    };
}

impl Worker {
    pub(crate) fn new(number: u64, seed: u64, shop: &Shop) -> Self {
        // A batch that deletes what was never there.
        let line = r#"{"OperationType":"DELETE","ProductId":"nowhere"}"#;
        shop.emulator.put_object(BUCKET, &format!("{number}/increment.meta"), line).unwrap();
        Self {
            number,
            rng: Rng::with_seed(seed << 16 | number),
            made: 0,
            products: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    pub(crate) fn call_blocking(&mut self, instance: &imagesearch_blocking::Instance, shop: &Shop) {
        let errand = self.plan(shop);
        let started = Instant::now();
        let result = options!(instance, errand).send();
        self.note("blocking", &errand, &result, started.elapsed());
        shop.count();
    }

    pub(crate) async fn call_async(&mut self, instance: &imagesearch_async::Instance, shop: &Shop) {
        let errand = self.plan(shop);
        let started = Instant::now();
        let result = options!(instance, errand).await;
        self.note("async", &errand, &result, started.elapsed());
        shop.count();
    }

    /// Draws what to do next.
    fn plan(&mut self, shop: &Shop) -> Errand {
        let mut left = self.rng.u32(0..100);
        let drawn = MIX.iter().find(|(_, share)| {
            let found = left < *share;
            left = left.saturating_sub(*share);
            found
        });
        let mut name = drawn.unwrap().0;
        let stored = self.products.iter().filter(|(_, known)| **known == Known::Stored);
        let stored: Vec<String> = stored.map(|(product, _)| product.clone()).collect();
        let known = stored.get(self.rng.usize(0..stored.len().max(1))).cloned();
        let wants_one =
            ["SearchImageByName", "CheckImageExists", "UpdateImage", "DeleteImage"].contains(&name);
        if wants_one && known.is_none() {
            name = "AddImage";
        }
        self.made += 1;
        let id = format!("{}-{}", self.number, self.made);
        // Some calls have less time than they need.
        let short = self.rng.u64(0..10) == 0;
        let timeout = if short { Duration::from_millis(self.rng.u64(20..1_000)) } else { USUAL };
        let mut errand = Errand::new(name, id.clone(), timeout);
        if self.rng.u64(0..4) == 0 {
            errand.transfer = Transfer::Base64;
        }
        let mut picture = || shop.pictures[self.rng.usize(0..shop.pictures.len())].clone();
        let product = if name == "AddImage" { id } else { known.unwrap_or_default() };
        let call = errand.call;
        let on_one = |call: imagesearch_core::requests::RawRequest| {
            call.parameter("ProductId", product.as_str()).parameter("PicName", PIC_NAME)
        };
        errand.call = match name {
            "AddImage" => on_one(call)
                .parameter("PicContent", picture())
                .parameter("IntAttr", 7)
                .parameter("StrAttr", "red"),
            "UpdateImage" => on_one(call).parameter("IntAttr", 8),
            "SearchImageByName" | "CheckImageExists" | "DeleteImage" => on_one(call),
            "SearchImageByPic" => call.parameter("PicContent", picture()),
            "CompareSimilarByImage" => call
                .parameter("PrimaryPicContent", picture())
                .parameter("SecondaryPicContent", picture()),
            "SearchImageByFilter" => {
                call.parameter("Filter", int_attr().ge(8) & str_attr().eq("red"))
            }
            "SearchImageByText" => call.parameter("Text", "front"),
            "IncreaseInstance" => {
                call.parameter("BucketName", BUCKET).parameter("Path", format!("/{}", self.number))
            }
            _ => call,
        };
        if ["AddImage", "DeleteImage"].contains(&name) {
            errand.product = Some(product);
        }
        errand
    }

    /// Records the result of a call, and the state of its picture.
    fn note(
        &mut self,
        client: &'static str,
        errand: &Errand,
        result: &Result<RawResponse, Error>,
        elapsed: Duration,
    ) {
        self.entries.push(Entry::new(client, errand, result, elapsed));
        let Some(product) = &errand.product else { return };
        let adds = errand.operation.name == "AddImage";
        match result {
            Ok(_) if adds => self.products.insert(product.clone(), Known::Stored),
            Ok(_) => self.products.remove(product),
            Err(error) if error.may_have_been_applied() => {
                self.products.insert(product.clone(), Known::Doubtful)
            }
            Err(_) => None,
        };
    }
}
