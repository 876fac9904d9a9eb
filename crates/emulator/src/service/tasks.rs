//! Runs exports and batch tasks in the background.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::clock::Clock;
use super::log::Log;
use super::refusal::{Refusal, task_failure};
use super::task_results::Results;
use crate::store::StoreError;
use crate::store::instance::Instance;
use crate::store::tasks::{Busy, Job, Progress, Task};

/// Starts tasks and sees them through.
#[derive(Debug)]
pub(crate) struct TaskRunner {
    results: Results,
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

/// A task that is running, as its work sees it.
pub(crate) struct Run<'a> {
    mode: &'a watch::Sender<Mode>,
}

impl Run<'_> {
    /// Fails a task whose emulator is shutting down.
    pub(crate) fn go_on(&self) -> Result<(), Refusal> {
        match *self.mode.borrow() {
            Mode::Stopped => Err(task_failure("the emulator ended")),
            Mode::Running | Mode::AtOnce | Mode::Paused => Ok(()),
        }
    }
}

impl TaskRunner {
    pub(crate) fn new(clock: Clock, log: Log) -> Self {
        let (mode, _) = watch::channel(Mode::Running);
        Self { results: Results::default(), clock, log, mode, turn: Mutex::default() }
    }

    /// Starts a task, unless one of its kind is running, and returns while it is running; or when it has
    /// ended, if tasks run at once.
    ///
    /// The work writes the file that the task leaves behind; what comes after it receives the
    /// result of the task. Both may block. So does this, which must be called on the runtime.
    pub(crate) fn start(
        self: &Arc<Self>,
        instance: &Arc<Instance>,
        job: Job,
        work: impl FnOnce(&Run<'_>, &mut dyn Write) -> Result<(), Refusal> + Send + 'static,
        after: impl FnOnce(&Task) + Send + 'static,
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
        let seen_through = runner.see_through(instance, task.id, work, after);
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

    /// Returns where the file of a task is, without its signature, if it has one that is still
    /// there: files go when the emulator ends, but the record of a task may stay longer.
    pub(crate) fn results_path(&self, instance: &Instance, task: &Task) -> Option<String> {
        self.results.path(&instance.settings.name, task.id)
    }

    /// Opens the file of a task by its name.
    pub(crate) fn open_results(&self, name: &str) -> io::Result<File> {
        self.results.open(name)
    }

    async fn see_through(
        self: Arc<Self>,
        instance: Arc<Instance>,
        id: i64,
        work: impl FnOnce(&Run<'_>, &mut dyn Write) -> Result<(), Refusal> + Send + 'static,
        after: impl FnOnce(&Task) + Send + 'static,
    ) {
        let working = {
            let (runner, name) = (Arc::clone(&self), instance.settings.name.clone());
            tokio::task::spawn_blocking(move || runner.work(&name, id, work))
        };
        // A task that panicked must not look as if it went on for ever.
        let worked = working.await.unwrap_or_else(|_| Err(task_failure("the task panicked")));
        let progress = match worked {
            Ok(()) => Progress::Succeeded,
            Err(Refusal { code, message, .. }) => Progress::Failed { code, message },
        };
        let ended = instance.tasks.end(id, progress, self.clock.now());
        if let Some(task) = ended {
            self.keep(&instance, &task);
            if tokio::task::spawn_blocking(move || after(&task)).await.is_err() {
                self.log.write(&format!("what comes after task {id} panicked"));
            }
        }
        instance.tasks.settle();
    }

    /// Creates the end of a task durable; the task has ended even if that fails.
    fn keep(&self, instance: &Instance, task: &Task) {
        if let Err(error) = tokio::task::block_in_place(|| instance.keep_task(task)) {
            self.log
                .write(&format!("the end of task {} is not in the data folder: {error}", task.id));
        }
    }

    fn work(
        &self,
        instance: &str,
        id: i64,
        work: impl FnOnce(&Run<'_>, &mut dyn Write) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut mode = self.mode.subscribe();
        let started = mode.wait_for(|mode| *mode != Mode::Paused);
        // The sender is part of `self`, so that waiting does not fail.
        let _ = Handle::current().block_on(started);
        let mut file = self.results.create(instance, id)?;
        work(&Run { mode: &self.mode }, file.writer())?;
        file.finish()
    }
}
