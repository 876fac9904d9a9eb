//! A transport without a network and clocks without time: exchanges run by script.
//!
//! Time passes only where an exchange waits, so a test of a 60 s deadline takes microseconds and
//! says exactly when everything happened.

mod log;
mod script;

pub use log::{Log, Sent, Wait};
pub use script::{Outcome, Reaction, Script, Service, answer, hop_of};

use std::{
    cell::Cell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Wake, Waker},
    time::Duration,
};

use bytes::Bytes;
use imagesearch_core::{
    ClientBuilder, Error,
    client::{Config, FromConfig},
    exchange::{
        Answer, Effect, Entropy, Exchange, Failure, Id, LoadError, Now, PreparedCall, RawResponse,
        Shared,
    },
    values::Timestamp,
};

/// What the clock of the wall shows when a [`VirtualClock`] starts: 2026-01-02T03:04:05Z.
pub const START: Timestamp = Timestamp::from_millisecond(1_767_323_045_000);

/// A client without a transport; its exchanges are run by [`Run`].
#[derive(Clone, Debug)]
pub struct FakeClient {
    shared: Arc<Shared>,
}

impl FakeClient {
    /// Returns a builder.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::default()
    }

    /// Returns what exchanges of the client share.
    pub fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Begins a call that a script or another service answers.
    ///
    /// # Errors
    ///
    /// The exchange refuses the call before anything is sent.
    pub fn begin(
        &self,
        call: PreparedCall,
        clock: &VirtualClock,
        service: impl Service + 'static,
    ) -> Result<Run, Error> {
        let exchange = Exchange::new(self.shared(), call, clock.now())?;
        Ok(Run {
            exchange,
            clock: clock.clone(),
            entropy: CountingEntropy::default(),
            service: Box::new(service),
            outstanding: Vec::new(),
            wakes: Arc::default(),
            log: Log::default(),
        })
    }
}

impl FromConfig for FakeClient {
    type HttpClient = ();

    fn from_config(config: Config, _http: Option<()>) -> Result<Self, Error> {
        Ok(Self { shared: Arc::new(Shared::new(config)) })
    }
}

/// A clock that stands still until it is moved; its clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct VirtualClock {
    elapsed: Rc<Cell<Duration>>,
}

impl VirtualClock {
    /// Returns the time since the start.
    pub fn elapsed(&self) -> Duration {
        self.elapsed.get()
    }

    /// Moves to a time since the start.
    pub fn set(&self, elapsed: Duration) {
        assert!(elapsed >= self.elapsed.get(), "time does not go back");
        self.elapsed.set(elapsed);
    }

    /// Returns the time as an exchange reads it.
    pub fn now(&self) -> Now {
        Now::new(self.elapsed(), START.saturating_add(self.elapsed()))
    }
}

/// Numbers instead of randomness: different each time, and the same in every run.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingEntropy {
    drawn: u64,
}

impl Entropy for CountingEntropy {
    fn draw(&mut self) -> Option<[u8; 16]> {
        self.drawn += 1;
        // Multiplying by an odd constant spreads the count over all bits, jitter reads the highest.
        let spread = self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&spread.to_be_bytes());
        bytes[8..].copy_from_slice(&self.drawn.to_be_bytes());
        Some(bytes)
    }
}

/// One exchange, driven on a virtual clock.
///
/// Dropping it gives the call up, as dropping a future does.
#[derive(Debug)]
pub struct Run {
    exchange: Exchange,
    clock: VirtualClock,
    entropy: CountingEntropy,
    service: Box<dyn Service>,
    outstanding: Vec<Outstanding>,
    wakes: Arc<Wakes>,
    log: Log,
}

/// Something the exchange asked for, and when it will come back, if it will.
#[derive(Debug)]
struct Outstanding {
    id: Id,
    due: Option<Duration>,
    event: Event,
}

#[derive(Debug)]
enum Event {
    Answer(Answer),
    Failure(Failure),
    Loaded(Result<Bytes, LoadError>),
    Nothing,
}

/// What an exchange does after all that can be done at one time.
#[derive(Debug)]
pub enum Turn {
    /// It is over.
    Over(Result<RawResponse, Error>),
    /// It waits until then, or for what is outstanding.
    Waits(Duration),
}

impl Run {
    /// Draws other numbers than the runs that begin elsewhere.
    #[must_use]
    pub fn drawing_from(mut self, start: u64) -> Self {
        self.entropy.drawn = start;
        self
    }

    /// Does all that can be done without time passing.
    pub fn turn(&mut self) -> Turn {
        let waker = Waker::from(Arc::clone(&self.wakes));
        loop {
            self.deliver();
            let now = self.clock.now();
            match self.exchange.poll(now, &mut self.entropy, &waker) {
                Effect::Transmit(transmit) => {
                    let sent = Sent::new(&transmit, now);
                    let reaction = self.service.react(&sent);
                    let due = reaction.after.map(|after| now.monotonic.saturating_add(after));
                    let event = match reaction.outcome {
                        Outcome::Answer(answer) => Event::Answer(answer),
                        Outcome::Failure(failure) => Event::Failure(failure),
                        Outcome::Silence => Event::Nothing,
                    };
                    self.outstanding.push(Outstanding { id: transmit.id, due, event });
                    self.log.sent.push(sent);
                    if let Some(phase) = reaction.reached {
                        self.exchange.handle_progress(transmit.id, phase);
                    }
                }
                Effect::Load { id, source } => {
                    let event = Event::Loaded(self.service.load(&source));
                    let due = Some(now.monotonic.saturating_add(self.service.load_time()));
                    self.outstanding.push(Outstanding { id, due, event });
                    self.log.loaded.push(source);
                }
                Effect::Cancel(id) => {
                    let before = self.outstanding.len();
                    self.outstanding.retain(|it| it.id != id);
                    assert_eq!(
                        self.outstanding.len() + 1,
                        before,
                        "gave up what was not under way"
                    );
                    self.log.cancelled += 1;
                }
                Effect::Wait { until } => return Turn::Waits(until),
                Effect::Done(result) => {
                    assert!(self.outstanding.is_empty(), "ended with {:?}", self.outstanding);
                    self.log.ended = now.monotonic;
                    return Turn::Over(result);
                }
            }
        }
    }

    /// Runs to the end, time passing where the exchange waits.
    pub fn finish(mut self) -> (Result<RawResponse, Error>, Log) {
        for _ in 0..1_000 {
            match self.turn() {
                Turn::Over(result) => return (result, self.log),
                Turn::Waits(until) => {
                    let from = self.clock.elapsed();
                    let events = self.outstanding.iter().filter_map(|it| it.due);
                    let to = events.chain([until]).min().expect("waits for something");
                    assert!(to > from, "waits for a time that has come: {to:?} at {from:?}");
                    let idle = self.outstanding.is_empty();
                    self.log.waits.push(Wait { from, to, idle });
                    self.clock.set(to);
                }
            }
        }
        panic!("the exchange does not end: {:?}", self.log);
    }

    /// Returns when the next outstanding thing comes back.
    pub fn next_due(&self) -> Option<Duration> {
        self.outstanding.iter().filter_map(|it| it.due).min()
    }

    /// Counts how often the exchange's waker was called.
    pub fn wakes(&self) -> usize {
        self.wakes.0.load(Ordering::Relaxed)
    }

    /// Returns what has happened so far.
    pub fn log(&self) -> &Log {
        &self.log
    }

    fn deliver(&mut self) {
        let now = self.clock.now();
        while let Some(index) =
            self.outstanding.iter().position(|it| it.due.is_some_and(|due| due <= now.monotonic))
        {
            let Outstanding { id, event, .. } = self.outstanding.remove(index);
            match event {
                Event::Answer(answer) => self.exchange.handle_response(id, now, answer),
                Event::Failure(failure) => self.exchange.handle_failure(id, now, failure),
                Event::Loaded(result) => self.exchange.handle_loaded(id, result),
                Event::Nothing => {}
            }
        }
    }
}

#[derive(Debug, Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
