//! What predictors leave: the entropy of the residual codes, and their size under a Huffman code with its table.

use rayon::prelude::*;
use serde::Serialize;
use stack_core::{Error, Progress, Result};
use stack_entropy::huffman::{BYTE_CODE_LENGTH, Code};
use stack_predict::ranking::{Candidate, candidates, measure};
use stack_predict::{Key, Predictor, Shape};

use super::excerpt::{Excerpt, Stored};
use super::failed;

/// The longest code word for 16-bit codes; 65,536 of them need 16 bits at least.
const WORD_CODE_LENGTH: u32 = 20;

/// One predictor on all channels.
#[derive(Serialize)]
pub(super) struct Predicted {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<&'static str>,
    /// Bits a sample of the codes by the ranking of stack-predict.
    pub(super) bits: f64,
    /// Bytes under a Huffman code for each channel, tables included; `None` where something is stored beside the codes.
    pub(super) huffman_bytes: Option<u64>,
}

/// All predictors, those that leave least first.
pub(super) fn all<S: Stored>(excerpt: &Excerpt<S>, progress: &dyn Progress) -> Result<Vec<Predicted>> {
    let extent = excerpt.extent;
    let shape = Shape::new(extent.height, extent.width).map_err(failed("prediction"))?;
    let candidates = candidates(shape);
    progress.phase("predicting", (candidates.len() * extent.frames) as u64);
    let one = |&candidate: &Candidate| {
        let (mut bits, mut huffman) = (0.0, Some(0));
        for planes in &excerpt.channels {
            progress.check()?;
            let frames: Vec<&[S]> = planes.iter().map(Vec::as_slice).collect();
            let mut counts = Counts::new(S::Key::BITS);
            let ranked = measure(shape, &frames, candidate, |codes| {
                codes.iter().for_each(|code| counts.add(code.widened()));
            });
            bits += ranked.map_err(failed("prediction"))?.bits / excerpt.channels.len() as f64;
            huffman = match huffman {
                Some(sum) if is_stored_alone(candidate) => Some(sum + counts.huffman_bits()?),
                _ => None,
            };
        }
        progress.advance(extent.frames as u64, 0);
        let formula =
            if let Candidate::Fixed(fixed) = candidate { Some(Predictor::formula(fixed)) } else { None };
        let huffman_bytes = huffman.map(|bits| bits.div_ceil(8));
        Ok(Predicted { name: candidate.to_string(), formula, bits, huffman_bytes })
    };
    let mut found = candidates.par_iter().map(one).collect::<Result<Vec<Predicted>>>()?;
    found.sort_by(|a, b| a.bits.total_cmp(&b.bits));
    Ok(found)
}

/// Whether nothing is stored beside the codes: a Huffman code holds no weights and no vectors.
fn is_stored_alone(candidate: Candidate) -> bool {
    matches!(
        candidate,
        Candidate::Fixed(_)
            | Candidate::RunningMean
            | Candidate::Nlms
            | Candidate::NlmsMean
            | Candidate::Blend
    )
}

/// How often each code occurs; of codes above 16 bits, each byte by its place.
struct Counts {
    tables: Vec<Vec<u64>>,
    longest: u32,
}

impl Counts {
    fn new(bits: u32) -> Self {
        match bits {
            0..=8 => Self { tables: vec![vec![0; 256]], longest: BYTE_CODE_LENGTH },
            9..=16 => Self { tables: vec![vec![0; 1 << 16]], longest: WORD_CODE_LENGTH },
            _ => Self { tables: vec![vec![0; 256]; bits as usize / 8], longest: BYTE_CODE_LENGTH },
        }
    }

    fn add(&mut self, code: u128) {
        if let [table] = &mut self.tables[..] {
            table[code as usize] += 1;
            return;
        }
        for (table, byte) in self.tables.iter_mut().zip(code.to_le_bytes()) {
            table[usize::from(byte)] += 1;
        }
    }

    fn huffman_bits(&self) -> Result<u64, Error> {
        self.tables.iter().map(|counts| huffman_bits(counts, self.longest)).sum()
    }
}

/// Bits of symbols with these counts under their canonical Huffman code, and of its stored table.
pub(super) fn huffman_bits(counts: &[u64], longest: u32) -> Result<u64> {
    let code = Code::from_counts(counts, longest).map_err(failed("entropy coding"))?;
    Ok(code.message_bits(counts) + code.table_bits())
}
