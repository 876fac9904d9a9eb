use std::{
    sync::atomic::{AtomicUsize, Ordering},
    task::Wake,
};

use super::*;

const INTERVAL: Duration = Duration::from_millis(200);

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A call that asks for its turn.
struct Call {
    limiter: Arc<Limiter>,
    place: Option<Place>,
    woken: Arc<Woken>,
}

impl Call {
    fn new(limiter: &Arc<Limiter>) -> Self {
        Self { limiter: Arc::clone(limiter), place: None, woken: Arc::default() }
    }

    /// Asks, and tells when it will be its turn: now, at a time, or nobody knows.
    fn ask(&mut self, at_ms: u64) -> Option<u64> {
        let now = Duration::from_millis(at_ms);
        let waker = Waker::from(Arc::clone(&self.woken));
        let place = self.place.take().unwrap_or_else(|| self.limiter.join());
        let standing = place.standing(now, &waker);
        assert_eq!(place.start(INTERVAL, now, &waker), standing, "looking changes nothing");
        match standing {
            Standing::Due => Some(at_ms),
            Standing::Next(due) => {
                self.place = Some(place);
                Some(due.as_millis() as u64)
            }
            Standing::Behind => {
                self.place = Some(place);
                None
            }
        }
    }

    fn wakes(&self) -> usize {
        self.woken.0.load(Ordering::Relaxed)
    }
}

fn calls<const N: usize>() -> (Arc<Limiter>, [Call; N]) {
    let limiter = Arc::<Limiter>::default();
    let calls = std::array::from_fn(|_| Call::new(&limiter));
    (limiter, calls)
}

#[test]
fn starts_come_one_interval_apart_in_the_order_of_asking() {
    let (_, [mut a, mut b, mut c, mut d]) = calls();
    assert_eq!(a.ask(1_000), Some(1_000), "who comes to an idle limiter starts at once");
    assert_eq!(b.ask(1_000), Some(1_200));
    assert_eq!(c.ask(1_001), None);
    assert_eq!(d.ask(1_002), None);
    assert_eq!(c.ask(1_200), None, "nobody overtakes, even at the right time");
    assert_eq!(b.ask(1_210), Some(1_210));
    assert_eq!((c.wakes(), d.wakes()), (1, 0), "only the next is woken");
    assert_eq!(c.ask(1_210), Some(1_410), "a late start keeps the distance");
    assert_eq!(c.ask(1_410), Some(1_410));
    assert_eq!(d.ask(9_000), Some(9_000));
}

#[test]
fn who_leaves_the_front_wakes_the_next_and_who_leaves_the_middle_nobody() {
    let (_, [mut a, mut b, mut c, mut d]) = calls();
    a.ask(0);
    assert_eq!((b.ask(0), c.ask(0), d.ask(0)), (Some(200), None, None));
    drop(c.place.take());
    assert_eq!((b.wakes(), d.wakes()), (0, 0));
    drop(b.place.take());
    assert_eq!(d.wakes(), 1);
    assert_eq!(d.ask(10), Some(200), "the place was free, the time is not earlier");
    assert_eq!(c.ask(20), None, "who comes back is the last");
}

#[test]
fn who_steps_aside_lets_others_pass_and_comes_back_to_the_old_place() {
    let (_, [mut a, mut b, mut c, mut d]) = calls();
    a.ask(0);
    assert_eq!((b.ask(0), c.ask(0), d.ask(0)), (Some(200), None, None));
    b.place.as_ref().unwrap().step_aside();
    assert_eq!(c.wakes(), 1);
    assert_eq!(c.ask(200), Some(200));
    assert_eq!(d.ask(200), Some(400));
    assert_eq!(b.ask(300), Some(400), "before those that asked later");
    assert_eq!(d.ask(400), None);
    assert_eq!(b.ask(400), Some(400));
    assert_eq!(d.ask(600), Some(600));
}

#[test]
fn the_waker_of_the_last_time_is_called() {
    let (_, [mut a, mut b, mut c]) = calls();
    a.ask(0);
    b.ask(0);
    c.ask(0);
    let first = std::mem::take(&mut c.woken);
    c.ask(1);
    drop(b.place.take());
    assert_eq!((first.0.load(Ordering::Relaxed), c.wakes()), (0, 1));
}

#[test]
fn a_pause_holds_everyone_up_and_never_shortens_a_wait() {
    let (limiter, [mut a, mut b]) = calls();
    a.ask(0);
    assert_eq!(b.ask(0), Some(200));
    limiter.pause(Duration::from_millis(1_500));
    assert_eq!(b.ask(200), Some(1_500));
    limiter.pause(Duration::from_millis(700));
    assert_eq!(b.ask(700), Some(1_500));
    assert_eq!(b.ask(1_500), Some(1_500));
}

#[test]
fn thousands_are_served_in_order_if_others_leave() {
    let (limiter, [mut first]) = calls();
    first.ask(0);
    let mut queue: Vec<Call> = (0..5_000).map(|_| Call::new(&limiter)).collect();
    for call in &mut queue {
        call.ask(0);
    }
    let mut number = 0;
    queue.retain(|_| {
        number += 1;
        number % 3 != 0
    });
    let mut now = 200;
    for call in &mut queue {
        assert_eq!(call.ask(now), Some(now));
        now += 200;
    }
    assert!(limiter.is_idle(Duration::from_millis(now)));
}
