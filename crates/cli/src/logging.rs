//! What `-v` says: events of the libraries, on standard error, with the time since the start.

use std::time::Instant;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// Seconds since the start.
struct SinceStart(Instant);

impl FormatTime for SinceStart {
    fn format_time(&self, into: &mut Writer<'_>) -> std::fmt::Result {
        write!(into, "{:9.3} s", self.0.elapsed().as_secs_f64())
    }
}

/// Starts listening to events: none, steps (`-v`), or all details (`-vv`).
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_timer(SinceStart(Instant::now()))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}
