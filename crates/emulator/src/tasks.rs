//! Runs exports and batch tasks in the background.

mod dump_meta;
mod increase;
mod increment_line;
mod results;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::answer::Refusal;
use crate::clock::Clock;
use crate::compute::Compute;
use crate::fetch::Fetcher;
use crate::log::Log;
use crate::oss::Buckets;
use crate::store::StoreError;
use crate::store::instance::Instance;
use crate::store::tasks::{Busy, Job, Progress, Task};
use results::Results;

#[cfg(any(test, fuzzing))]
pub(crate) use increment_line::read as read_increment_line;
pub(crate) use results::{RESULTS_ROUTE, serve_results};

/// Starts tasks and sees them through.
#[derive(Debug)]
pub(crate) struct TaskRunner {
    pub(crate) buckets: Buckets,
    results: Results,
    compute: Compute,
    fetcher: Fetcher,
    clock: Clock,
    log: Log,
    mode: watch::Sender<Mode>,
    /// Held by the task that is running while they run at once.
    turn: Mutex<()>,
}

/// When tasks do their work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In the background.
    Running,
    /// Before the call that starts them is answered, one after the other.
    AtOnce,
    /// Not before the mode is another.
    Paused,
    /// Not any more.
    Stopped,
}

impl TaskRunner {
    pub(crate) fn new(
        buckets: Buckets,
        compute: Compute,
        fetcher: Fetcher,
        clock: Clock,
        log: Log,
    ) -> Self {
        let (mode, _) = watch::channel(Mode::Running);
        Self {
            buckets,
            results: Results::default(),
            compute,
            fetcher,
            clock,
            log,
            mode,
            turn: Mutex::default(),
        }
    }

    /// Starts a task, unless one of its kind is running, and returns while it is running; or when it has
    /// ended, if tasks run at once.
    ///
    /// It blocks, and must be called on the runtime.
    pub(crate) fn start(
        self: &Arc<Self>,
        instance: &Arc<Instance>,
        job: Job,
    ) -> Result<Result<Task, Busy>, StoreError> {
        let at_once = *self.mode.borrow() == Mode::AtOnce;
        // None is refused for another that is about to end.
        let _turn = at_once.then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        let task = match instance.start_task(job, self.clock.now())? {
            Ok(task) => task,
            Err(busy) => return Ok(Err(busy)),
        };
        while let Some(id) = instance.tasks.forget_one() {
            self.results.remove(&instance.settings.name, id);
            if let Err(error) = instance.forget_task(id) {
                self.log.write(&format!("task {id} is still in the data folder: {error}"));
            }
        }
        let (runner, instance) = (Arc::clone(self), Arc::clone(instance));
        let seen_through = runner.see_through(instance, task.clone());
        if at_once {
            Handle::current().block_on(seen_through);
        } else {
            tokio::spawn(seen_through);
        }
        Ok(Ok(task))
    }

    /// Changes when tasks do their work. Those that are stopped stay so, and end at their next step.
    pub(crate) fn switch(&self, to: Mode) {
        self.mode.send_if_modified(|mode| {
            let changes = *mode != Mode::Stopped && *mode != to;
            if changes {
                *mode = to;
            }
            changes
        });
    }

    /// Tells where the file of a task is, without its signature, if it has one that is still there:
    /// files go when the emulator ends, and what is known of a task may stay longer.
    pub(crate) fn results_path(&self, instance: &Instance, task: &Task) -> Option<String> {
        self.results.path(&instance.settings.name, task.id)
    }

    async fn see_through(self: Arc<Self>, instance: Arc<Instance>, task: Task) {
        let work = {
            let (runner, instance, task) = (Arc::clone(&self), Arc::clone(&instance), task.clone());
            tokio::task::spawn_blocking(move || runner.work(&instance, &task))
        };
        // A task that panicked must not look as if it went on for ever.
        let worked = work.await.unwrap_or_else(|_| Err(failure("the task panicked")));
        let progress = match worked {
            Ok(()) => Progress::Succeeded,
            Err(Refusal { code, message, .. }) => Progress::Failed { code, message },
        };
        let ended = instance.tasks.end(task.id, progress, self.clock.now());
        if let Some(task) = ended {
            self.keep(&instance, &task);
            self.call_back(&instance, task).await;
        }
        instance.tasks.settle();
    }

    /// Makes the end of a task durable; the task has ended even if that fails.
    fn keep(&self, instance: &Instance, task: &Task) {
        if let Err(error) = tokio::task::block_in_place(|| instance.keep_task(task)) {
            self.log
                .write(&format!("the end of task {} is not in the data folder: {error}", task.id));
        }
    }

    fn work(&self, instance: &Instance, task: &Task) -> Result<(), Refusal> {
        let mut mode = self.mode.subscribe();
        let started = mode.wait_for(|mode| *mode != Mode::Paused);
        // The sender is part of `self`, so that waiting does not fail.
        let _ = Handle::current().block_on(started);
        let mut file = self.results.create(&instance.settings.name, task.id)?;
        match &task.job {
            Job::DumpMeta => dump_meta::run(self, instance, file.writer())?,
            Job::Increase { bucket, path, .. } => {
                increase::run(self, instance, bucket, path, file.writer())?;
            }
        }
        file.finish()
    }

    /// Fails a task whose emulator has been told to stop.
    fn go_on(&self) -> Result<(), Refusal> {
        match *self.mode.borrow() {
            Mode::Stopped => Err(failure("the emulator ended")),
            Mode::Running | Mode::AtOnce | Mode::Paused => Ok(()),
        }
    }

    /// Calls the address that the caller of a batch task named, if its host was allowed.
    async fn call_back(self: &Arc<Self>, instance: &Instance, task: Task) {
        let Job::Increase { bucket, path, callback: Some(address) } = task.job else {
            return;
        };
        let (status, code, message) = task.progress.listed();
        let body = json!({
            "InstanceName": instance.settings.name, "Id": task.id, "BucketName": bucket,
            "Path": path, "Status": status.as_str(), "Code": code, "Msg": message,
        });
        let runner = Arc::clone(self);
        let id = task.id;
        let called = tokio::task::spawn_blocking(move || runner.fetcher.notify(&address, &body));
        let outcome = match called.await {
            Ok(Ok(status)) => format!("answered {status}"),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "panicked".to_owned(),
        };
        self.log.write(&format!("callback of batch task {id}: {outcome}"));
    }
}

/// Fails a task for a reason of the emulator's own.
fn failure(reason: &str) -> Refusal {
    Refusal::of("Console.InternalError").with_message(format!("The task failed: {reason}."))
}
