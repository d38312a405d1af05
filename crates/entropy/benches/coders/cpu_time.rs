//! CPU time of this thread instead of time on the wall, so that other programs on the machine disturb less.

use std::time::Instant;

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};

/// Nanoseconds on a CPU where the system tells them (Linux), on the wall elsewhere.
pub(crate) struct CpuTime {
    started: Instant,
}

impl CpuTime {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Measurement for CpuTime {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let on_cpu = told.and_then(|text| text.split(' ').next()?.parse().ok());
        on_cpu.unwrap_or_else(|| self.started.elapsed().as_nanos() as u64)
    }

    fn end(&self, before: u64) -> u64 {
        self.start() - before
    }

    fn add(&self, a: &u64, b: &u64) -> u64 {
        a + b
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, nanoseconds: &u64) -> f64 {
        *nanoseconds as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// Bytes for each second, as everywhere in this crate: 1 MB is a million.
pub(crate) fn bytes(count: usize) -> Throughput {
    Throughput::BytesDecimal(count as u64)
}
