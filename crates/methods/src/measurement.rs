//! What was measured of one method on one stack: a row of a report.

use serde::{Deserialize, Serialize};
use stack_core::{ErrorBound, Errors};

use crate::ErrorSpread;

/// One row of a report: a method, a stack, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The method as its specification string prints it.
    pub method: String,
    /// The words that name the stack on the command line.
    pub dataset: String,
    /// The stack in words: `1728 frames of 201 x 301, u16`.
    pub stack: String,
    /// Bytes of the samples: frames x height x width x channels x bytes per sample.
    pub raw_bytes: u64,
    /// Number of samples.
    pub samples: u64,
    /// Bytes that the input takes on disk; `None` for a stack that is generated.
    pub disk_bytes_before: Option<u64>,
    /// What came of it.
    pub outcome: Outcome,
}

/// A result, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// Encoded, decoded and compared.
    Measured(Box<Figures>),
    /// The method cannot hold this stack, or its program is missing: the reason in words.
    NotRun {
        /// Why.
        reason: String,
    },
    /// The method started and failed: the error in words.
    Failed {
        /// What went wrong.
        reason: String,
    },
}

/// The figures of a method that ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Bytes of the finished file, everything included.
    pub stored_bytes: u64,
    /// Bytes of the file that are not compressed samples: headers, tables, index, seal.
    pub overhead_bytes: u64,
    /// What was really encoded, where that differs from the input: `H.264 High 10, gray10le`.
    pub encoded_as: Option<String>,
    /// What the method promised.
    pub promise: ErrorBound,
    /// What was measured between the decoded and the original samples.
    pub errors: Errors,
    /// How those errors are spread over frames and sizes; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<ErrorSpread>,
    /// User and system time of encoding, in seconds, child programs included.
    pub encode_cpu_seconds: f64,
    /// Wall time of encoding, in seconds.
    pub encode_wall_seconds: f64,
    /// User and system time of decoding, in seconds, child programs included.
    pub decode_cpu_seconds: f64,
    /// Wall time of decoding, in seconds.
    pub decode_wall_seconds: f64,
    /// Peak memory of the largest process while encoding, in bytes.
    pub encode_peak_memory: u64,
    /// Peak memory of the largest process while decoding, in bytes.
    pub decode_peak_memory: u64,
}

impl Measurement {
    /// The figures, if the method ran.
    pub fn figures(&self) -> Option<&Figures> {
        match &self.outcome {
            Outcome::Measured(figures) => Some(figures),
            Outcome::NotRun { .. } | Outcome::Failed { .. } => None,
        }
    }

    /// Raw bytes divided by stored bytes.
    pub fn ratio(&self) -> Option<f64> {
        self.figures().map(|figures| self.raw_bytes as f64 / figures.stored_bytes as f64)
    }

    /// Stored bits divided by samples.
    pub fn bits_per_sample(&self) -> Option<f64> {
        self.figures().map(|figures| figures.stored_bytes as f64 * 8.0 / self.samples as f64)
    }
}

impl Figures {
    /// Whether the measured errors keep the promise.
    pub fn promise_kept(&self) -> bool {
        self.errors.keeps(self.promise)
    }
}
