//! All pages and rows of a search through both clients, against an emulator with more matches than the
//! service shows.

use std::fs;

use imagesearch_core::{
    Credentials, Error, ErrorKind,
    answers::Auction,
    client::{ClientBuilder, FromConfig},
    filter::int_attr,
    requests::SearchImageByFilterRequest,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{pictures::ppm, wire::runtime};
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
    let pages = pages.map(|page| page.map(|page| page.auctions.len())).collect();
    let rows = demo.search_image_by_filter(request(value)).items().collect();
    seen(pages, rows)
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
    seen(pages, rows)
}

fn seen(pages: Vec<Result<usize, Error>>, rows: Vec<Result<Auction, Error>>) -> Seen {
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
