//! All pages and rows of a search through both clients, against an emulator with more matches than the
//! service shows.

use std::fs;

use http::Request;
use imagesearch_core::{
    Credentials, Error, ErrorKind, Image,
    answers::Auction,
    body::Body,
    client::{ClientBuilder, FromConfig},
    errors::Hop,
    exchange::Answer,
    filter::int_attr,
    requests::{SearchImageByFilterRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{
    fake::{answer, hop_of},
    pictures::{png, ppm},
    scenario::authorization,
    wire::{Wire, runtime, settings},
};
use serde_json::json;

/// How many matches a filter has, by the value that it asks for.
const MATCHES: [(i32, usize); 2] = [(1, 520), (2, 37)];

/// What the pages and the rows of one search were.
#[derive(Debug, PartialEq)]
struct Seen {
    pages: Vec<usize>,
    rows: usize,
    /// How pages and rows ended, if with an error.
    ends: [Option<ErrorKind>; 2],
}

#[test]
fn pages_and_rows_end_where_they_should() {
    let emulator = emulator();
    let blocking: imagesearch_blocking::Client = client(&emulator);
    let asynchronous: imagesearch_async::Client = client(&emulator);
    for (value, _) in MATCHES {
        let truncated = [Some(ErrorKind::Truncated); 2];
        let expected = match value {
            1 => Seen { pages: vec![100; 5], rows: 500, ends: truncated },
            _ => Seen { pages: vec![37], rows: 37, ends: [None; 2] },
        };
        assert_eq!(of_the_blocking_client(&blocking, value), expected);
        let seen = runtime().block_on(of_the_async_client(&asynchronous, value));
        assert_eq!(seen, expected);
    }
    an_error_ends_pages_and_rows(&blocking);
}

fn an_error_ends_pages_and_rows(client: &imagesearch_blocking::Client) {
    let call = || client.instance("nobody's").search_image_by_filter(request(1));
    let kinds = |errors: Vec<Option<Error>>| -> Vec<_> {
        errors.into_iter().map(|it| it.map(|error| error.kind())).collect()
    };
    assert_eq!(kinds(call().pages().map(Result::err).collect()), [Some(ErrorKind::Service)]);
    assert_eq!(kinds(call().items().map(Result::err).collect()), [Some(ErrorKind::Service)]);
}

fn emulator() -> Emulator {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.ppm"), ppm(100, 100)).unwrap();
    let lines: Vec<String> = MATCHES
        .into_iter()
        .flat_map(|(value, count)| (0..count).map(move |number| (value, number)))
        .map(|(value, number)| {
            let product = format!("{value}-{number}");
            json!({ "file": "a.ppm", "product_id": product, "int_attr": value }).to_string()
        })
        .collect();
    fs::write(folder.path().join("seed.jsonl"), lines.join("\n")).unwrap();
    let emulator = Emulator::builder().start().unwrap();
    let report = emulator.seed("demo", folder.path()).unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused.first());
    emulator
}

fn client<C: FromConfig>(emulator: &Emulator) -> C {
    let (id, secret) = (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    let builder = ClientBuilder::<C>::default().with_emulator(emulator.url());
    builder.with_credentials(Credentials::access_key(id, secret)).build().unwrap()
}

fn request(value: i32) -> SearchImageByFilterRequest {
    SearchImageByFilterRequest::new(int_attr().eq(value)).num(100)
}

fn of_the_blocking_client(client: &imagesearch_blocking::Client, value: i32) -> Seen {
    let demo = client.instance("demo");
    let pages = demo.search_image_by_filter(request(value)).pages();
    let pages: Vec<_> = pages.map(|page| page.map(|page| page.auctions.len())).collect();
    let rows: Vec<_> = demo.search_image_by_filter(request(value)).items().collect();
    seen(&pages, &rows)
}

async fn of_the_async_client(client: &imagesearch_async::Client, value: i32) -> Seen {
    let demo = client.instance("demo");
    let (mut pages, mut rows) = (Vec::new(), Vec::new());
    let mut stream = demo.search_image_by_filter(request(value)).pages();
    while let Some(page) = stream.next_page().await {
        pages.push(page.map(|page| page.auctions.len()));
    }
    let mut stream = demo.search_image_by_filter(request(value)).items();
    while let Some(row) = stream.next_item().await {
        rows.push(row);
    }
    seen(&pages, &rows)
}

fn seen(pages: &[Result<usize, Error>], rows: &[Result<Auction, Error>]) -> Seen {
    let mut products: Vec<_> = rows.iter().flatten().map(|it| it.product_id.clone()).collect();
    products.sort();
    products.dedup();
    let kind = |error: Option<&Error>| error.map(Error::kind);
    Seen {
        pages: pages.iter().flatten().copied().collect(),
        // No row comes twice.
        rows: products.len(),
        ends: [
            kind(pages.last().and_then(|it| it.as_ref().err())),
            kind(rows.last().and_then(|it| it.as_ref().err())),
        ],
    }
}

/// Three pages of two hits, two hits and one, of which the third is refused at first.
fn three_pages(request: &Request<Body>, authority: &str, searches: &mut usize) -> Answer {
    let hits = |count| {
        let hits: Vec<_> = (0..count).map(|it| json!({ "ProductId": it.to_string() })).collect();
        json!({ "Success": true, "Auctions": hits }).to_string()
    };
    match hop_of(request) {
        Hop::Authorize => answer(200, &authorization(authority)),
        Hop::Upload => answer(201, ""),
        _ => {
            *searches += 1;
            match searches {
                1 | 2 => answer(200, &hits(2)),
                3 => answer(400, r#"{"Code":"InvalidPicUrl","Message":"gone","RequestId":"R"}"#),
                _ => answer(200, &hits(1)),
            }
        }
    }
}

#[test]
fn a_picture_is_uploaded_once_for_all_pages_and_again_if_the_service_has_lost_it() {
    let wire = Wire::start();
    let authority = wire.uri().strip_prefix("http://").unwrap().to_owned();
    let request = || SearchImageByPicRequest::new(Image::from(png(100, 100))).num(2);
    let blocking: imagesearch_blocking::Client = settings(&wire.uri()).build().unwrap();
    let asynchronous: imagesearch_async::Client = settings(&wire.uri()).build().unwrap();
    let with_blocking = || -> Vec<usize> {
        let pages = blocking.instance("demo").search_image_by_pic(request()).pages();
        pages.map(|page| page.unwrap().auctions.len()).collect()
    };
    let with_async = || {
        wire.runtime().block_on(async {
            let mut pages = asynchronous.instance("demo").search_image_by_pic(request()).pages();
            let mut counts = Vec::new();
            while let Some(page) = pages.next_page().await {
                counts.push(page.unwrap().auctions.len());
            }
            counts
        })
    };
    let runs: [&dyn Fn() -> Vec<usize>; 2] = [&with_blocking, &with_async];
    for run in runs {
        let (authority, mut searches) = (authority.clone(), 0);
        wire.answer_with(move |request| three_pages(request, &authority, &mut searches));
        assert_eq!(run(), [2, 2, 1]);
        let (authorize, upload, invoke) = (Hop::Authorize, Hop::Upload, Hop::Invoke);
        let hops: Vec<Hop> = wire.take().iter().map(hop_of).collect();
        assert_eq!(hops, [authorize, upload, invoke, invoke, invoke, authorize, upload, invoke]);
    }
}
