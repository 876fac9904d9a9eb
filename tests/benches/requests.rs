//! What building and signing costs, with the raw hash and copy of the same bytes beside it.
//!
//! `cargo bench -p imagesearch-tests`. Compare rows of one run only.

use std::{hint::black_box, sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use imagesearch_core::{
    Credentials, Error, Filter, Image,
    body::{Body, Segment},
    client::{CallOptions, Config, FromConfig, SignatureMethod, Transfer},
    exchange::{Answer, Effect, Entropy, Exchange, Now, PreparedCall, Shared},
    filter::{int_attr, str_attr},
    image::ImageLimits,
    requests::{RawRequest, SearchImageByNameRequest, SearchImageByPicRequest},
    v2018, v2019,
    values::Timestamp,
};
use imagesearch_tests::pictures::noise;
use sha2::{Digest, Sha256};

const PICTURE: usize = 3 * 1024 * 1024;

/// A client that is only its settings.
struct Settings(Config);

impl FromConfig for Settings {
    type HttpClient = ();

    fn from_config(config: Config, _http: Option<()>) -> Result<Self, Error> {
        Ok(Self(config))
    }
}

/// Randomness that costs nothing.
struct Counter(u128);

impl Entropy for Counter {
    fn draw(&mut self) -> Option<[u8; 16]> {
        self.0 += 1;
        Some(self.0.to_be_bytes())
    }
}

fn shared(signature: SignatureMethod, transfer: Transfer) -> Arc<Shared> {
    let settings: Settings = imagesearch_core::ClientBuilder::default()
        .with_region("cn-shanghai")
        .with_credentials(Credentials::access_key("testid", "testsecret"))
        .with_signature(signature)
        .with_transfer(transfer)
        // A generated picture has no format; looking at its header costs nothing measurable.
        .with_validation(false)
        .build()
        .expect("the settings are complete");
    Arc::new(Shared::new(settings.0))
}

/// Drives a call through all its hops and returns how many bytes it would have sent.
fn drive(shared: &Arc<Shared>, call: PreparedCall) -> u64 {
    drive_with(shared, call, Body::len)
}

/// Drives a call through all its hops, reading each body as a transport does.
fn drive_and_read(shared: &Arc<Shared>, call: PreparedCall) -> u64 {
    drive_with(shared, call, |body| body.chunks().map(|chunk| black_box(chunk).len() as u64).sum())
}

fn drive_with(shared: &Arc<Shared>, call: PreparedCall, read: impl Fn(&Body) -> u64) -> u64 {
    let now = Now::new(Duration::ZERO, Timestamp::from_millisecond(1_767_323_045_000));
    let mut exchange = Exchange::new(Arc::clone(shared), call, now).expect("it is valid");
    let mut entropy = Counter(0);
    let mut sent = 0;
    loop {
        match exchange.poll(now, &mut entropy, Waker::noop()) {
            Effect::Transmit(send) => {
                sent += read(send.request.body());
                let body = match send.request.uri().host() {
                    Some("openplatform.aliyuncs.com") => AUTHORIZATION,
                    _ => r#"{"RequestId":"R","Success":true,"Code":0}"#,
                };
                let answer = Answer::new(Bytes::from_static(body.as_bytes()));
                exchange.handle_response(send.id, now, answer);
            }
            Effect::Done(result) => {
                result.expect("every answer is good");
                return sent;
            }
            step => panic!("no answer leads to {step:?}"),
        }
    }
}

const AUTHORIZATION: &str = r#"{"AccessKeyId":"A","Bucket":"b","Endpoint":"oss-cn-shanghai.aliyuncs.com",
    "ObjectKey":"k/1","EncodedPolicy":"cG9saWN5","Signature":"c2ln","UseAccelerate":false}"#;

fn small_request(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("small request");
    let request = || {
        SearchImageByNameRequest::new("2092061_1", "2092061_1.jpg")
            .num(10)
            .filter(int_attr().ge(1000) & str_attr().eq("value1"))
    };
    for (name, signature) in [
        ("build and sign, ACS3-HMAC-SHA256", SignatureMethod::Acs3HmacSha256),
        ("build and sign, HMAC-SHA1", SignatureMethod::HmacSha1),
    ] {
        let shared = shared(signature, Transfer::Upload);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let options = CallOptions::default();
                drive(
                    &shared,
                    PreparedCall::request(request(), "shop", ImageLimits::DEFAULT, options),
                )
            });
        });
    }
    let text = vec![b'a'; 400];
    group.bench_function("raw: SHA-256 of 400 bytes, twice", |bencher| {
        bencher.iter(|| (Sha256::digest(black_box(&text)), Sha256::digest(black_box(&text))));
    });
    let shared = shared(SignatureMethod::Acs3HmacSha256, Transfer::Upload);
    group.bench_function("build and sign by name", |bencher| {
        bencher.iter(|| {
            let call = RawRequest::new("SearchImageByName")
                .parameter("ProductId", "2092061_1")
                .parameter("PicName", "2092061_1.jpg");
            let options = CallOptions::default();
            drive(&shared, PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, options))
        });
    });
    group.finish();
}

fn picture(criterion: &mut Criterion) {
    let bytes: Bytes = (0..PICTURE).map(|index| (index * 31 % 251) as u8).collect();
    let mut group = criterion.benchmark_group("3 MiB picture");
    group.throughput(Throughput::Bytes(PICTURE as u64));
    group.sample_size(20);
    for (name, transfer) in [
        ("upload, all three hops", Transfer::Upload),
        ("Base64 in the form, hashed", Transfer::Base64),
    ] {
        let shared = shared(SignatureMethod::Acs3HmacSha256, transfer);
        let image = Image::from_bytes(bytes.clone());
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = SearchImageByPicRequest::new(image.clone());
                let options = CallOptions::default();
                drive(
                    &shared,
                    PreparedCall::request(request, "shop", ImageLimits::DEFAULT, options),
                )
            });
        });
    }
    group.bench_function("raw: one copy", |bencher| {
        bencher.iter(|| black_box(&bytes[..]).to_vec());
    });
    group.bench_function("raw: SHA-256", |bencher| {
        bencher.iter(|| Sha256::digest(black_box(&bytes[..])));
    });
    group.finish();
}

/// Pictures that travel inside the request, read to the end as a transport reads them.
fn inline_picture(criterion: &mut Criterion) {
    let bytes = noise(PICTURE);
    let mut group = criterion.benchmark_group("3 MiB picture inside the request");
    group.throughput(Throughput::Bytes(PICTURE as u64));
    group.sample_size(20);
    let image = Image::from_bytes(bytes.clone());
    let acs3 = shared(SignatureMethod::Acs3HmacSha256, Transfer::Upload);
    let roa = shared(SignatureMethod::HmacSha1, Transfer::Upload);
    for (name, shared) in [("2019 form, ACS3", &acs3), ("2019 form, ROA", &roa)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = v2019::SearchImageRequest::by_pic(image.clone());
                let options = CallOptions::default();
                let call = PreparedCall::request(request, "shop", ImageLimits::DEFAULT, options);
                drive_and_read(shared, call)
            });
        });
    }
    for (name, shared) in [("2018 `^` body, ACS3", &acs3), ("2018 `^` body, ROA", &roa)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = v2018::SearchItemRequest::new(image.clone());
                let options = CallOptions::default();
                let call = PreparedCall::request(request, "shop", ImageLimits::DEFAULT, options);
                drive_and_read(shared, call)
            });
        });
    }
    // What a body that is encoded twice instead, for its length and into one buffer, would cost.
    let one_buffer = |bytes: &Bytes| Body::new([Segment::form_base64(bytes.clone())]).to_bytes();
    group.bench_function("2019 form in one buffer, SHA-256", |bencher| {
        bencher.iter(|| {
            let body = one_buffer(&bytes);
            black_box(Sha256::digest(&body));
            body.chunks(64 * 1024).map(|chunk| black_box(chunk).len()).sum::<usize>()
        });
    });
    group.bench_function("raw: SHA-256 and one copy", |bencher| {
        bencher.iter(|| {
            black_box(Sha256::digest(black_box(&bytes[..])));
            black_box(&bytes[..]).to_vec()
        });
    });
    let encoded = one_buffer(&bytes);
    group.bench_function("raw: SHA-256 and one copy of the form", |bencher| {
        bencher.iter(|| {
            black_box(Sha256::digest(black_box(&encoded[..])));
            black_box(&encoded[..]).to_vec()
        });
    });
    group.finish();
}

fn filter(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("filter");
    let short = r#"int_attr=1000 AND (str_attr="value1" OR int_attr2 in (1,2,3))"#.to_owned();
    let clause = r#"int_attr>=100 AND str_attr2!="a value of some length" OR "#;
    let long = format!("{}int_attr=1", clause.repeat(4_000 / clause.len()));
    for (name, text) in [("parse, short", &short), ("parse, 4 kB", &long)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| Filter::parse(black_box(text)).expect("it is a filter"));
        });
    }
    let parsed = Filter::parse(&long).expect("it is a filter");
    group.bench_function("print, 4 kB", |bencher| bencher.iter(|| black_box(&parsed).to_string()));
    group.bench_function("raw: copy of 4 kB", |bencher| {
        bencher.iter(|| black_box(&long).clone());
    });
    group.finish();
}

criterion_group!(benches, small_request, picture, inline_picture, filter);
criterion_main!(benches);
