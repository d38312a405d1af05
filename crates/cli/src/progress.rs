//! The bar on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use stack_core::{Error, Progress, Result};

use crate::arguments::Global;
use crate::shown::escaped;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// After the first Ctrl-C work stops cleanly; the second ends the program at once.
pub(crate) fn listen_for_interrupts() -> Result<()> {
    ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })
    .map_err(|error| {
        Error::unavailable("Ctrl-C handling", error.to_string(), "start stackpress from another shell")
    })
}

/// Whether Ctrl-C was pressed.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// A bar with rate and time left on a terminal, nothing in a pipe.
pub(crate) struct Bar {
    label: String,
    shown: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bar {
    /// A bar for the work on `label`.
    pub(crate) fn new(label: &str, global: &Global) -> Self {
        // Lines of -v and a bar would write over each other.
        let shown = !global.quiet && global.verbose == 0 && std::io::stderr().is_terminal();
        Self { label: escaped(label), shown, bar: Mutex::new(None) }
    }

    /// Removes the bar from the terminal.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.bar.lock().expect("no thread panics while it holds the bar").take() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn phase(&self, name: &str, total: u64) {
        self.clear();
        if !self.shown {
            return;
        }
        let style = ProgressStyle::with_template(
            "{prefix} {msg:9} [{bar:30}] {pos}/{len} frames  {per_sec}  {eta} left",
        )
        .expect("the template is valid")
        .progress_chars("=> ");
        let bar = ProgressBar::new(total).with_style(style).with_prefix(self.label.clone());
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        *self.bar.lock().expect("no thread panics while it holds the bar") = Some(bar);
    }

    fn advance(&self, frames: u64, _: u64) {
        if let Some(bar) = self.bar.lock().expect("no thread panics while it holds the bar").as_ref() {
            bar.inc(frames);
        }
    }

    fn stopped(&self) -> bool {
        stopped()
    }
}

/// An error that came because Ctrl-C reached a child program too is the user's wish, not a fault.
pub(crate) fn or_cancelled<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| if stopped() { Error::Cancelled } else { error })
}
