//! The exports and batch tasks of an instance, as their lists tell of them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use imagesearch_core::answers::TaskStatus;
use imagesearch_core::values::Timestamp;
use serde::{Deserialize, Serialize};

/// How many tasks of an instance are remembered; beyond it the oldest that have ended go.
const MOST: usize = 1_000;

/// Holds the tasks of an instance. One of each kind runs at a time.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    held: Mutex<Held>,
    settled: Condvar,
}

#[derive(Debug, Default)]
struct Held {
    /// In the order in which they were started.
    tasks: VecDeque<Task>,
    last_id: i64,
    /// How many have not settled: they run, or their callback has not returned.
    unsettled: usize,
}

/// One task: what it is to do, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Task {
    pub(crate) id: i64,
    pub(crate) job: Job,
    pub(crate) progress: Progress,
    /// When it was started, in milliseconds since the Unix epoch.
    pub(crate) created: i64,
    /// When its progress last changed, likewise.
    pub(crate) modified: i64,
}

/// What a task is to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Job {
    /// Writes the data of all pictures to a file.
    DumpMeta,
    /// Adds and deletes the pictures that a file in a bucket lists.
    Increase {
        bucket: String,
        /// The folder of `increment.meta`, as the caller wrote it: with a slash in front.
        path: String,
        /// What to call at the end; it may hold a secret of the caller's.
        callback: Option<String>,
    },
}

/// How far a task has come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Progress {
    Running,
    Succeeded,
    Failed { code: String, message: String },
}

/// Tells that a task of the same kind is still running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Job {
    /// Returns whether two jobs are of one kind, so that they cannot run at the same time.
    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Progress {
    /// Returns status, code and message as lists have them; those of a running task are assumed.
    pub(crate) fn listed(&self) -> (TaskStatus, &str, &str) {
        match self {
            Self::Running => (TaskStatus::Processing, "0", "processing"),
            Self::Succeeded => (TaskStatus::Success, "0", "success"),
            Self::Failed { code, message } => (TaskStatus::Fail, code, message),
        }
    }
}

impl Tasks {
    /// Restores stored tasks. A task that was running when the emulator ended has failed.
    pub(crate) fn restored(tasks: impl IntoIterator<Item = Task>) -> Self {
        let mut tasks: VecDeque<Task> = tasks.into_iter().collect();
        for task in tasks.iter_mut().filter(|task| task.progress == Progress::Running) {
            task.progress = Progress::Failed {
                code: "Console.InternalError".to_owned(),
                message: "The emulator ended while the task was running.".to_owned(),
            };
        }
        let last_id = tasks.iter().map(|task| task.id).max().unwrap_or(0);
        Self {
            held: Mutex::new(Held { tasks, last_id, unsettled: 0 }),
            settled: Condvar::default(),
        }
    }

    /// Starts a task, unless one of its kind is running.
    pub(crate) fn start(&self, job: Job, now: Timestamp) -> Result<Task, Busy> {
        let mut held = self.lock();
        let busy = |task: &Task| task.progress == Progress::Running && task.job.is_like(&job);
        if held.tasks.iter().any(busy) {
            return Err(Busy);
        }
        held.last_id += 1;
        held.unsettled += 1;
        let now = now.as_millisecond();
        let task = Task {
            id: held.last_id,
            job,
            progress: Progress::Running,
            created: now,
            modified: now,
        };
        held.tasks.push_back(task.clone());
        Ok(task)
    }

    /// Forgets the oldest task that has ended, if there are too many; returns its id.
    pub(crate) fn forget_one(&self) -> Option<i64> {
        let mut held = self.lock();
        if held.tasks.len() <= MOST {
            return None;
        }
        let place = held.tasks.iter().position(|task| task.progress != Progress::Running)?;
        held.tasks.remove(place).map(|task| task.id)
    }

    /// Notes how a task ended; returns it as it is now.
    pub(crate) fn end(&self, id: i64, progress: Progress, now: Timestamp) -> Option<Task> {
        let mut held = self.lock();
        let task = held.tasks.iter_mut().find(|task| task.id == id)?;
        task.progress = progress;
        task.modified = now.as_millisecond();
        Some(task.clone())
    }

    /// Takes back a task that was started and cannot be run.
    pub(crate) fn withdraw(&self, id: i64) {
        self.lock().tasks.retain(|task| task.id != id);
        self.settle();
    }

    /// Notes that nothing more comes of a task that has ended.
    pub(crate) fn settle(&self) {
        let mut held = self.lock();
        held.unsettled = held.unsettled.saturating_sub(1);
        self.settled.notify_all();
    }

    /// Blocks until every task has settled.
    pub(crate) fn wait(&self) {
        let mut held = self.lock();
        while held.unsettled > 0 {
            held = self.settled.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lists a page of those that are wanted, newest first, and counts them all.
    pub(crate) fn page(
        &self,
        wanted: impl Fn(&Task) -> bool,
        skip: usize,
        count: usize,
    ) -> (Vec<Task>, usize) {
        let held = self.lock();
        let wanted: Vec<&Task> = held.tasks.iter().rev().filter(|task| wanted(task)).collect();
        let page = wanted.iter().skip(skip).take(count).map(|task| (*task).clone()).collect();
        (page, wanted.len())
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millisecond(1_000);

    fn increase() -> Job {
        Job::Increase { bucket: "b".to_owned(), path: "/".to_owned(), callback: None }
    }

    #[test]
    fn one_of_each_kind_runs_at_a_time() {
        let tasks = Tasks::default();
        let dump = tasks.start(Job::DumpMeta, NOW).unwrap();
        assert_eq!(tasks.start(Job::DumpMeta, NOW), Err(Busy));
        let batch = tasks.start(increase(), NOW).unwrap();
        assert_eq!((dump.id, batch.id), (1, 2));
        let later = Timestamp::from_millisecond(2_000);
        let ended = tasks.end(1, Progress::Succeeded, later).unwrap();
        assert_eq!((ended.created, ended.modified), (1_000, 2_000));
        assert_eq!(tasks.start(Job::DumpMeta, later).unwrap().id, 3);
        assert_eq!(tasks.start(increase(), later), Err(Busy));
    }

    #[test]
    fn one_that_is_withdrawn_is_not_waited_for() {
        let tasks = Tasks::default();
        let task = tasks.start(increase(), NOW).unwrap();
        tasks.withdraw(task.id);
        tasks.wait();
        assert_eq!(tasks.page(|_| true, 0, 10), (vec![], 0));
        assert!(tasks.start(increase(), NOW).is_ok());
    }

    #[test]
    fn pages_begin_with_the_newest() {
        let tasks = Tasks::default();
        for id in 1..=5 {
            tasks.start(Job::DumpMeta, NOW).unwrap();
            tasks.end(id, Progress::Succeeded, NOW);
        }
        for (skip, count, expected) in
            [(0, 2, vec![5, 4]), (4, 2, vec![1]), (5, 2, vec![]), (0, 9, vec![5, 4, 3, 2, 1])]
        {
            let (page, total) = tasks.page(|_| true, skip, count);
            let ids: Vec<i64> = page.iter().map(|task| task.id).collect();
            assert_eq!((ids, total), (expected, 5), "{skip} {count}");
        }
        let (page, total) = tasks.page(|task| task.id == 3, 0, 10);
        assert_eq!((page.len(), total), (1, 1));
    }

    #[test]
    fn the_oldest_that_have_ended_are_forgotten() {
        let tasks = Tasks::default();
        tasks.start(increase(), NOW).unwrap();
        for id in 2..=MOST as i64 + 1 {
            assert_eq!(tasks.forget_one(), None);
            tasks.start(Job::DumpMeta, NOW).unwrap();
            tasks.end(id, Progress::Succeeded, NOW);
        }
        assert_eq!([tasks.forget_one(), tasks.forget_one()], [Some(2), None]);
        let (page, total) = tasks.page(|_| true, 0, MOST);
        assert_eq!(total, MOST);
        assert_eq!(page.last().map(|task| task.id), Some(1), "the one that runs stays");
    }

    #[test]
    fn what_ran_when_it_was_kept_has_failed() {
        let tasks = Tasks::default();
        tasks.start(Job::DumpMeta, NOW).unwrap();
        tasks.end(1, Progress::Succeeded, NOW);
        tasks.start(increase(), NOW).unwrap();
        let (kept, _) = tasks.page(|_| true, 0, 10);
        let kept = serde_json::to_string(&kept).unwrap();
        let kept: Vec<Task> = serde_json::from_str(&kept).unwrap();
        let restored = Tasks::restored(kept.into_iter().rev());
        restored.wait();
        let (page, _) = restored.page(|_| true, 0, 10);
        assert!(matches!(page[0].progress, Progress::Failed { .. }), "{page:?}");
        assert_eq!(page[1].progress, Progress::Succeeded);
        assert_eq!(restored.start(increase(), NOW).unwrap().id, 3);
    }
}
