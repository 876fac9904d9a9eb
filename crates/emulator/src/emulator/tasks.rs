//! Exports and batch tasks, and the objects that they read, for the program that runs the emulator.

use bytes::Bytes;

use crate::emulator::Emulator;
use crate::service::buckets::BucketError;
use crate::service::tasks::Mode;

impl Emulator {
    /// Blocks until every export and batch task has ended, and its callback has been called.
    ///
    /// Tasks that are [paused](Self::pause_tasks) do not end, so it does not return then.
    pub fn wait_for_tasks(&self) {
        self.context.service.store.wait_for_tasks();
    }

    /// Keeps new tasks in `PROCESSING`, for tests of clients that wait.
    ///
    /// A task that has started its work continues; a new one waits before its first step.
    pub fn pause_tasks(&self) {
        self.context.service.tasks.switch(Mode::Paused);
    }

    /// Runs each task to its end before the call that starts it returns.
    ///
    /// So no task is refused because another of its kind is running, unless that started before: a
    /// call that is carried out twice by mistake shows as two tasks. The responses say
    /// `PROCESSING`, as usual.
    pub fn run_tasks_at_once(&self) {
        self.context.service.tasks.switch(Mode::AtOnce);
    }

    /// Runs tasks in the background, the default, and resumes paused ones.
    pub fn resume_tasks(&self) {
        self.context.service.tasks.switch(Mode::Running);
    }

    /// Stores an object in a bucket, replacing one of the same key.
    ///
    /// A bucket has the folder of [`EmulatorBuilder::bucket`](super::EmulatorBuilder::bucket), or
    /// is in memory and created with its first object. A key has at most 1,023 bytes.
    ///
    /// ```
    /// use imagesearch_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().start()?;
    /// let line = r#"{"OperationType":"DELETE","ProductId":"1000"}"#;
    /// emulator.put_object("shop", "autumn/increment.meta", line)?;
    /// assert_eq!(emulator.object("shop", "autumn/increment.meta")?, line);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The key is malformed or leads out of the folder, the file cannot be written, or the 256 MiB
    /// of memory are full.
    pub fn put_object(
        &self,
        bucket: &str,
        key: &str,
        content: impl Into<Bytes>,
    ) -> Result<(), BucketError> {
        Ok(self.context.service.buckets.put(bucket, key, content.into())?)
    }

    /// Returns an object of a bucket.
    ///
    /// # Errors
    ///
    /// There is no such bucket or object, the key is malformed or leads out of the folder, or the file
    /// cannot be read.
    pub fn object(&self, bucket: &str, key: &str) -> Result<Bytes, BucketError> {
        Ok(self.context.service.buckets.read(bucket, key)?.into())
    }
}
