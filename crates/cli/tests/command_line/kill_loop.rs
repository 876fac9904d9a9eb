//! The emulator killed again and again while pictures are written: `cargo xtask kill-loop`.
//!
//! Whatever was acknowledged must be there after the next start, what was deleted must not, and the one
//! write of each client that was not answered must have been made as a whole or not at all.

mod model;
mod writer;

use std::sync::mpsc;
use std::thread;

use imagesearch_blocking::{Client, Credentials, Instance, RetryPolicy};
use imagesearch_core::{
    Image,
    requests::{DetailRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::Emulator;

use crate::emulator::Running;
use model::pictures;
use writer::Writer;

/// How many clients write at the same time.
const WRITERS: usize = 4;

/// The environment variable that sets the number of kills, and the number unless it is set.
const KILLS: (&str, u64) = ("IMAGESEARCH_KILLS", 3);

/// How many pictures are searched for after each start.
const SAMPLES: usize = 3;

#[test]
fn kill_loop() {
    let kills = std::env::var(KILLS.0).map_or(KILLS.1, |text| text.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().expect("the path is UTF-8");
    let pictures = pictures(WRITERS);
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    let (mut answered, mut unanswered, mut made) = (0, 0, 0);
    for round in 0..=kills {
        let running = Running::start(&["--data", folder, "--keep-images"]);
        let demo = demo(running.url());
        for writer in &mut writers {
            if let Some(was_made) = writer.settle(&demo) {
                unanswered += 1;
                made += usize::from(was_made);
            }
        }
        check(&demo, &writers, &pictures, round);
        if round == kills {
            break;
        }
        // A different number of answers each time, so that the end comes at any point of a write.
        let patience = 1 + (round * 7 + 3) % 40;
        let (acknowledge, acknowledged) = mpsc::channel();
        answered += thread::scope(|scope| {
            let writing: Vec<_> = writers
                .iter_mut()
                .map(|writer| {
                    let (demo, pictures) = (demo.clone(), &pictures);
                    let acknowledge = acknowledge.clone();
                    scope.spawn(move || writer.write_until_it_fails(&demo, pictures, &acknowledge))
                })
                .collect();
            drop(acknowledge);
            let waited = acknowledged.iter().take(patience as usize).count();
            assert_eq!(waited as u64, patience, "the emulator ended by itself");
            drop(running);
            writing.into_iter().map(|it| it.join().expect("the writer ends")).sum::<usize>()
        });
    }
    assert!(answered as u64 >= kills, "{answered} writes were answered");
    println!(
        "{kills} kills, {answered} writes answered and none lost; {unanswered} not answered, of \
         which {made} had been made and none by half"
    );
}

/// Creates a client that tries once: a write that is repeated would hide one that was lost.
fn demo(url: &str) -> Instance {
    let client = Client::builder()
        .with_emulator(url)
        .with_credentials(Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .with_retry(RetryPolicy::never())
        .build();
    client.expect("the client can be built").instance(Emulator::INSTANCE)
}

/// Checks that nothing else is stored, and that some pictures are found by what they look like.
fn check(demo: &Instance, writers: &[Writer], pictures: &[Image], round: u64) {
    let stored: Vec<_> = writers.iter().flat_map(|writer| &writer.model).collect();
    let detail = demo.detail(DetailRequest::new()).send().unwrap();
    let count = detail.instance.as_ref().unwrap().total_count;
    assert_eq!(count, Some(stored.len() as i64), "after kill {round}");
    for sample in 0..SAMPLES.min(stored.len()) {
        let (key, row) = stored[(round as usize * SAMPLES + sample) % stored.len()];
        let picture = pictures[key.picture(row.look)].clone();
        let request = SearchImageByPicRequest::new(picture);
        let found = demo.search_image_by_pic(request).send().unwrap();
        let best = found.auctions.first().expect("something is found");
        assert_eq!(best.score, Some(1.0), "after kill {round}");
        let names = (best.product_id.clone(), best.pic_name.clone());
        assert_eq!(names, (Some(key.product_id()), Some(key.pic_name())), "after kill {round}");
    }
}
