//! A world in virtual time: calls on clones of one client, a model of the service, and whatever goes
//! wrong between them, foreseen by a [`Plan`].
//!
//! Calls are asked only when there is a reason: they were woken, something has come back, or the time
//! has come that they named. So a wake-up that is lost shows as a call that sleeps on.

mod faults;
mod plan;
mod service;

pub use faults::{Fate, Fault};
pub use plan::{Action, Plan, PlannedCall, plans};
pub use service::{Arrival, ModelService};

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use imagesearch_core::{
    Error, Pacing, RetryPolicy,
    client::CallOptions,
    exchange::{PreparedCall, RawResponse},
    image::ImageLimits,
    retry::TokenBucket,
};

use crate::{
    fake::{FakeClient, Run, Turn, VirtualClock},
    wire::settings,
};

/// Where nothing is ever connected to.
const URL: &str = "http://127.0.0.1:1";

/// The instance that all calls are made of.
const INSTANCE: &str = "shop";

/// The result of a plan.
#[derive(Debug)]
pub struct Outcome {
    /// The result of each call: nothing if it was dropped.
    pub calls: Vec<Ended>,
    /// What the service saw.
    pub service: Rc<RefCell<ModelService>>,
    /// The rest of the retry budget.
    pub tokens_left: u32,
    /// The result of one more call, after all others and without faults.
    pub afterwards: Result<RawResponse, Error>,
}

/// The end of a call.
#[derive(Debug)]
pub struct Ended {
    /// When, since the start of the world.
    pub at: Duration,
    /// How; nothing if it was dropped.
    pub result: Option<Result<RawResponse, Error>>,
}

/// A call on its way.
#[derive(Debug)]
enum State {
    Planned,
    Running(Box<Running>),
    Over(Ended),
}

#[derive(Debug)]
struct Running {
    run: Run,
    /// When it wants to be asked again at the latest.
    until: Option<Duration>,
    /// How often it had been woken when it was asked last.
    wakes: usize,
}

impl Plan {
    /// Lets the plan happen.
    pub fn run(&self) -> Outcome {
        let bucket = Arc::new(TokenBucket::new(self.tokens, 5));
        let policy = RetryPolicy::default().with_budget(Arc::clone(&bucket));
        let mut builder = settings::<FakeClient>(URL)
            .with_attempt_timeout(self.attempt_timeout)
            .with_retry(policy.with_max_attempts(self.attempts))
            .with_pacing(self.searches.map(Pacing::from_plan).unwrap_or_default());
        if let Some(lifetime) = self.key_lifetime {
            builder = builder.with_credentials(service::TemporaryKeys { lifetime });
        }
        let client = builder.build().expect("is complete");
        let service = Rc::new(RefCell::new(ModelService::new(self, client.shared())));
        let mut world = World {
            plan: self,
            client,
            clock: VirtualClock::default(),
            service: Rc::clone(&service),
            calls: self.calls.iter().map(|_| State::Planned).collect(),
        };
        world.pass();
        let afterwards = world.one_more();
        let ended = world.calls.into_iter().map(|call| match call {
            State::Over(ended) => ended,
            State::Planned | State::Running(_) => panic!("a call has not ended: {call:?}"),
        });
        Outcome { calls: ended.collect(), service, tokens_left: bucket.available(), afterwards }
    }
}

struct World<'a> {
    plan: &'a Plan,
    client: FakeClient,
    clock: VirtualClock,
    service: Rc<RefCell<ModelService>>,
    calls: Vec<State>,
}

impl World<'_> {
    /// Lets time pass until every call has ended.
    fn pass(&mut self) {
        for _ in 0..10_000 {
            while (0..self.calls.len()).any(|index| self.advance(index)) {}
            if self.plan.curious {
                self.ask_without_reason();
            }
            let Some(next) = (0..self.calls.len()).filter_map(|index| self.due(index)).min() else {
                return;
            };
            assert!(next > self.clock.elapsed(), "somebody waits for a time that has come");
            self.clock.set(next);
        }
        panic!("the world does not end");
    }

    /// Takes a call further if there is a reason to; returns whether there was.
    fn advance(&mut self, index: usize) -> bool {
        let (now, planned) = (self.clock.elapsed(), &self.plan.calls[index]);
        match &mut self.calls[index] {
            State::Planned if planned.starts <= now => {
                let options = timeout(planned.timeout);
                let run = self.begin(index, planned.action, options);
                self.ask(index, Box::new(run));
            }
            State::Running(running) => {
                let left = planned.dropped_at().is_some_and(|at| at <= now);
                if left {
                    self.calls[index] = State::Over(Ended { at: now, result: None });
                } else if running.has_reason(now) {
                    let running = std::mem::replace(&mut self.calls[index], State::Planned);
                    let State::Running(running) = running else { unreachable!("was matched") };
                    self.ask(index, running);
                } else {
                    return false;
                }
            }
            State::Planned | State::Over(_) => return false,
        }
        true
    }

    fn begin(&self, index: usize, action: Action, options: CallOptions) -> Running {
        let call = PreparedCall::raw(action.call(), INSTANCE, ImageLimits::DEFAULT, options);
        let service = ModelService::seen_by(&self.service, index);
        let run = self.client.begin(call, &self.clock, service).expect("breaks no limit");
        Running { run: run.drawing_from(index as u64 * 1_000_000), until: None, wakes: 0 }
    }

    fn ask(&mut self, index: usize, mut running: Box<Running>) {
        running.wakes = running.run.wakes();
        self.calls[index] = match running.run.turn() {
            Turn::Waits(until) => {
                running.until = Some(until);
                State::Running(running)
            }
            Turn::Over(result) => {
                State::Over(Ended { at: self.clock.elapsed(), result: Some(result) })
            }
        };
    }

    /// Asks every call, though nothing has happened: a call that has something to do was not woken.
    fn ask_without_reason(&mut self) {
        for state in &mut self.calls {
            let State::Running(running) = state else { continue };
            let before = (running.run.log().sent.len(), running.run.log().loaded.len());
            let turn = running.run.turn();
            let Turn::Waits(until) = turn else { panic!("ends without a reason: {turn:?}") };
            let after = (running.run.log().sent.len(), running.run.log().loaded.len());
            assert_eq!(before, after, "a wake-up was lost");
            (running.until, running.wakes) = (Some(until), running.run.wakes());
        }
    }

    /// Returns when a call has to be looked at again.
    fn due(&self, index: usize) -> Option<Duration> {
        let planned = &self.plan.calls[index];
        match &self.calls[index] {
            State::Planned => Some(planned.starts),
            State::Running(running) => {
                let times = [running.until, running.run.next_due(), planned.dropped_at()];
                times.into_iter().flatten().min()
            }
            State::Over(_) => None,
        }
    }

    /// Makes one more call, now that nothing goes wrong any more.
    fn one_more(&self) -> Result<RawResponse, Error> {
        self.service.borrow_mut().heal();
        // A source of credentials that failed is left alone for a minute at most.
        self.clock.set(self.clock.elapsed() + Duration::from_secs(60));
        let mut options = timeout(Duration::from_secs(1_000));
        // A clock that is still wrong takes a second attempt.
        options.retry = Some(RetryPolicy::default());
        self.begin(self.calls.len(), Action::SearchImageByName, options).run.finish().0
    }
}

fn timeout(timeout: Duration) -> CallOptions {
    let mut options = CallOptions::default();
    options.timeout = Some(timeout);
    options
}

impl Running {
    fn has_reason(&self, now: Duration) -> bool {
        let times = [self.until, self.run.next_due()];
        times.into_iter().flatten().any(|time| time <= now) || self.run.wakes() > self.wakes
    }
}
