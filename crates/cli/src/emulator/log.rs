//! Writes the emulator's log without blocking the emulator on a slow reader.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// The capacity of the queue; further lines are dropped and counted.
const MOST_WAITING: usize = 1_024;

/// How long to wait for the last lines at exit: a reader may have stopped reading.
const TIME_AT_THE_END: Duration = Duration::from_secs(1);

/// Passes lines to its own thread. Dropping it waits for the last ones.
pub(super) struct Log {
    lines: Arc<Lines>,
    /// Ends when all lines are written.
    written: Receiver<()>,
}

struct Lines {
    waiting: Mutex<Option<SyncSender<String>>>,
    dropped: AtomicUsize,
}

impl Log {
    pub(super) fn to(mut out: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = sync_channel::<String>(MOST_WAITING);
        let (writing, written) = sync_channel::<()>(0);
        let waiting = Mutex::new(Some(sender));
        let lines = Arc::new(Lines { waiting, dropped: AtomicUsize::new(0) });
        let counted = Arc::clone(&lines);
        thread::Builder::new().name("imagesearch-log".to_owned()).spawn(move || {
            for line in receiver {
                // If writing fails, only the line is lost.
                let _ = writeln!(out, "{line}");
                let dropped = counted.dropped.swap(0, Ordering::Relaxed);
                if dropped > 0 {
                    let _ = writeln!(out, "lines dropped, since nothing read them: {dropped}");
                }
            }
            drop(writing);
        })?;
        Ok(Self { lines, written })
    }

    /// Creates a sink for lines that never blocks.
    pub(super) fn writer(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let lines = Arc::clone(&self.lines);
        move |line| lines.write(line)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // The thread ends after the last queued line.
        drop(self.lines.waiting().take());
        let _ = self.written.recv_timeout(TIME_AT_THE_END);
    }
}

impl Lines {
    fn write(&self, line: &str) {
        if let Some(waiting) = &*self.waiting()
            && waiting.try_send(line.to_owned()).is_err()
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Option<SyncSender<String>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Writes one piece per permit, and reports it.
    struct Slow {
        allowed: Receiver<()>,
        out: Sender<String>,
    }

    impl Write for Slow {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            // Without anybody to allow, everything is.
            let _ = self.allowed.recv();
            let _ = self.out.send(String::from_utf8_lossy(piece).into_owned());
            Ok(piece.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_beyond_those_that_may_wait_are_dropped_and_counted() {
        let ((allow, allowed), (out, written)) = (channel(), channel());
        let log = Log::to(Slow { allowed, out }).unwrap();
        let write = log.writer();
        write("first");
        allow.send(()).unwrap();
        assert_eq!(written.recv().unwrap(), "first");
        // The thread waits with the end of that line, and nobody allows it to go on.
        for number in 0..MOST_WAITING + 3 {
            write(&number.to_string());
        }
        drop(allow);
        drop(log);
        let rest: String = written.try_iter().collect();
        let lines: Vec<&str> = rest.lines().collect();
        assert_eq!(lines[..3], ["", "lines dropped, since nothing read them: 3", "0"]);
        assert_eq!(lines.last().copied(), Some((MOST_WAITING - 1).to_string().as_str()));
        assert_eq!(lines.len(), 2 + MOST_WAITING);
        write("nobody writes this any more");
    }
}
