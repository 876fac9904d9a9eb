use bytes::Bytes;

use super::*;
use crate::{
    body::Body,
    error::{ErrorKind, Hop},
    io::{Outgoing, Source, Waiting, try_join},
};

const SECOND: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(60);

struct Ones;

impl Entropy for Ones {
    fn draw(&mut self) -> Option<[u8; 16]> {
        Some([1; 16])
    }
}

fn poll<T>(task: &mut Task<T>, seconds: u64) -> Effect<T> {
    let now = Now::new(Duration::from_secs(seconds), Default::default());
    task.poll(now, &mut Ones, Waker::noop(), |_| Error::config("too late"))
}

fn loading(effect: &Effect<impl Sized>) -> (Id, &'static str) {
    match effect {
        Effect::Load { id, source: Source::Environment(name) } => (*id, name),
        _ => panic!("loads nothing"),
    }
}

fn sending(effect: &Effect<impl Sized>) -> Id {
    match effect {
        Effect::Transmit(transmit) => transmit.id,
        _ => panic!("sends nothing"),
    }
}

fn until(effect: &Effect<impl Sized>) -> Duration {
    match effect {
        Effect::Wait { until } => *until,
        _ => panic!("does not wait"),
    }
}

fn outgoing() -> Outgoing {
    Outgoing {
        request: http::Request::new(Body::default()),
        connect_timeout: 2 * SECOND,
        timeout: 10 * SECOND,
        max_body_bytes: 10,
        bypass_proxy: false,
        fresh_connection: false,
    }
}

async fn load(io: &Io, name: &'static str) -> Result<Bytes, Error> {
    io.load(Source::Environment(name)).await.map_err(|error| Error::config(error.to_string()))
}

#[test]
fn asks_in_the_order_of_the_block_and_hands_replies_in() {
    let mut task = Task::new(DEADLINE, |io| async move {
        let first = load(&io, "A").await?;
        assert_eq!(io.random().await, Some([1; 16]));
        io.sleep_until(5 * SECOND).await;
        assert_eq!(io.now().monotonic, 5 * SECOND);
        let second = load(&io, "B").await?;
        Ok([first, second])
    });
    let (id, name) = loading(&poll(&mut task, 3));
    assert_eq!(name, "A");
    task.handle_loaded(id, Ok(Bytes::from_static(b"x")));
    assert_eq!(until(&poll(&mut task, 3)), 5 * SECOND);
    let (id, name) = loading(&poll(&mut task, 5));
    assert_eq!(name, "B");
    task.handle_loaded(id, Ok(Bytes::from_static(b"y")));
    let Effect::Done(Ok(loaded)) = poll(&mut task, 5) else { panic!("is not done") };
    assert_eq!(loaded, ["x", "y"]);
    assert!(matches!(poll(&mut task, 5), Effect::Done(Err(_))), "polled after its end");
}

#[test]
fn a_driver_that_hands_in_another_kind_of_outcome_gets_an_error() {
    let mut task = Task::new(DEADLINE, |io| async move { load(&io, "A").await });
    let (id, _) = loading(&poll(&mut task, 0));
    task.handle_response(id, Now::default(), Answer::default());
    let Effect::Done(Err(error)) = poll(&mut task, 0) else { panic!("goes on") };
    assert!(error.to_string().contains("result of the wrong kind"), "{error}");

    let mut task = Task::new(DEADLINE, |io| async move {
        let exchanged = io.transmit(outgoing()).answer().await;
        exchanged.result.map_err(|failure| Error::config(failure.source.to_string()))
    });
    let id = sending(&poll(&mut task, 0));
    task.handle_loaded(id, Ok(Bytes::new()));
    let Effect::Done(Err(error)) = poll(&mut task, 0) else { panic!("goes on") };
    assert!(error.to_string().contains("result of the wrong kind"), "{error}");
}

#[test]
fn a_driver_that_polls_instead_of_handing_in_waits() {
    let mut task = Task::new(DEADLINE, |io| async move { load(&io, "A").await });
    let (id, _) = loading(&poll(&mut task, 0));
    assert_eq!(until(&poll(&mut task, 1)), DEADLINE);
    task.handle_loaded(Id(id.0 + 1), Ok(Bytes::new()));
    assert_eq!(until(&poll(&mut task, 1)), DEADLINE, "the outcome of nothing counts for nothing");
    task.handle_loaded(id, Ok(Bytes::new()));
    assert!(matches!(poll(&mut task, 1), Effect::Done(Ok(_))));
}

#[test]
fn a_request_ends_by_its_own_time_and_is_aborted() {
    let mut task = Task::new(DEADLINE, |io| async move {
        let exchanged = io.transmit(outgoing()).answer().await;
        let failure = exchanged.result.expect_err("nothing answers");
        assert!(failure.timed_out);
        assert_eq!(failure.phase, FailurePhase::Body);
        Ok(io.now().monotonic)
    });
    let Effect::Transmit(transmit) = poll(&mut task, 7) else { panic!("sends nothing") };
    assert_eq!((transmit.connect_deadline, transmit.deadline), (9 * SECOND, 17 * SECOND));
    task.handle_progress(transmit.id, FailurePhase::Body);
    assert_eq!(until(&poll(&mut task, 8)), 17 * SECOND);
    let Effect::Cancel(id) = poll(&mut task, 17) else { panic!("aborts nothing") };
    assert_eq!(id, transmit.id);
    assert!(matches!(poll(&mut task, 17), Effect::Done(Ok(at)) if at == 17 * SECOND));
}

#[test]
fn the_deadline_ends_the_block_unless_its_answer_is_there() {
    let task = || {
        Task::new(DEADLINE, |io| async move {
            io.transmit(outgoing()).answer().await.result.map_err(|_| Error::config("failed"))
        })
    };
    let mut silent = task();
    let id = sending(&poll(&mut silent, 55));
    assert!(matches!(poll(&mut silent, 60), Effect::Cancel(cancelled) if cancelled == id));
    let Effect::Done(Err(error)) = poll(&mut silent, 60) else { panic!("goes on") };
    assert_eq!(error.to_string(), "too late");

    let mut answered = task();
    let id = sending(&poll(&mut answered, 55));
    answered.handle_response(id, Now::default(), Answer::default());
    assert!(matches!(poll(&mut answered, 60), Effect::Done(Ok(_))), "it came in time");

    let mut never_sent = task();
    assert!(matches!(poll(&mut never_sent, 60), Effect::Done(Err(_))), "nothing is sent so late");
}

#[test]
fn parts_run_side_by_side_and_the_first_failure_ends_the_others() {
    let task = || {
        Task::new(DEADLINE, |io| async move {
            let part = |name| -> Pin<Box<dyn Future<Output = _> + Send + '_>> {
                let io = &io;
                Box::pin(async move { load(io, name).await })
            };
            try_join(&io, vec![part("A"), part("B"), part("C")]).await
        })
    };
    let mut all = task();
    let ids: Vec<Id> = ["A", "B", "C"]
        .into_iter()
        .map(|expected| {
            let (id, name) = loading(&poll(&mut all, 0));
            assert_eq!(name, expected);
            id
        })
        .collect();
    for (id, value) in ids.iter().zip(["a", "b", "c"]).rev() {
        all.handle_loaded(*id, Ok(Bytes::from_static(value.as_bytes())));
    }
    let Effect::Done(Ok(values)) = poll(&mut all, 0) else { panic!("is not done") };
    assert_eq!(values, ["a", "b", "c"]);

    let mut failing = task();
    let (first, _) = loading(&poll(&mut failing, 0));
    let (second, _) = loading(&poll(&mut failing, 0));
    failing.handle_loaded(second, Err(LoadError::NotFound));
    assert!(matches!(poll(&mut failing, 0), Effect::Cancel(id) if id == first), "C never began");
    assert!(matches!(poll(&mut failing, 0), Effect::Done(Err(_))));
}

#[test]
fn says_what_it_waits_for() {
    for (waiting, phase) in [
        (Waiting::Credentials, "while waiting for credentials"),
        (Waiting::Pacing, "while waiting for its turn"),
        (Waiting::Backoff, "before the next attempt"),
    ] {
        let mut task = Task::<()>::new(DEADLINE, move |io| async move {
            let activity = io.activity(Hop::Invoke);
            activity.sending(2, "host");
            activity.set(waiting);
            io.sleep_until(Duration::MAX).await;
            Ok(())
        });
        let mut standing = None;
        let now = Now::new(DEADLINE, Default::default());
        task.poll(now, &mut Ones, Waker::noop(), |io| {
            standing = Some(io.standing());
            Error::new(ErrorKind::Config, "late")
        });
        let standing = standing.expect("is late");
        assert_eq!(standing.phase.to_string(), phase);
        assert!(!standing.invoked);
    }
}

#[test]
fn a_block_that_neither_loads_nor_sends_ends_at_its_deadline() {
    let mut drawing = Task::<()>::new(DEADLINE, |io| async move {
        loop {
            io.random().await;
        }
    });
    assert_eq!(until(&poll(&mut drawing, 1)), SECOND, "time has to pass");
    assert!(matches!(poll(&mut drawing, 60), Effect::Done(Err(_))));

    let mut reading = Task::<()>::new(DEADLINE, |io| async move {
        loop {
            io.read_clock().await;
        }
    });
    assert_eq!(until(&poll(&mut reading, 1)), SECOND);
    assert_eq!(until(&poll(&mut reading, 2)), 2 * SECOND);
    assert!(matches!(poll(&mut reading, 60), Effect::Done(Err(_))));
}
