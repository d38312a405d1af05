//! Principal components of a matrix that does not fit in memory: the rows are frames, the columns samples.
//!
//! ```text
//! mean         m = 1/N * sum of the rows                         P numbers
//! components   X - 1 m^T = U S C^T,  s_1 >= s_2 >= ...           C: k orthonormal vectors of P numbers
//! scores       Y = (X - 1 m^T) C                                 N x k: what each frame has of each component
//! back         x_i ~ m + sum over j < k of y_ij c_j              the least square error that k numbers a frame allow
//! variance     s_j^2 / (N - 1)    of component j;    1/(N-1) sum |x_i - m|^2   of all
//! ```
//!
//! Like [`crate::klt`], with whole frames in place of blocks: then there are far more samples than frames, the
//! covariance of the samples cannot be held, and only the first components are wanted. The matrix is a [`Rows`] that
//! is read in passes. Two ways lead to the components, and [`Choice`] says which one is taken:
//!
//! - **Gram matrix**, where `min(N, P) <= 4 (k + 10)` or at most 64: all inner products of the rows (or of the columns,
//!   if those are fewer), their eigenvectors, and from them the other side. Rows: two passes and `N/64` more;
//!   `N^2 P + 2 N P k` operations.
//! - **Randomised block Krylov iteration** for all others. A random mixture of the rows, `k + 10` vectors, begins; every
//!   pass multiplies with `X^T X` and adds as many directions; Rayleigh and Ritz give the best components in the span
//!   of all. It stops when the residuals bound the relative error of every singular value by [`Options::tolerance`].
//!   One block is subspace iteration; keeping the earlier blocks needs far fewer passes where singular values fall
//!   slowly. `4 N P (k + 10)` operations a pass; stacks that are worth it take three to eight passes.
//!
//! Memory in bytes, beside the rows of one block, with `l = k + 10` rounded up to a multiple of eight, and b <= 6 blocks
//! (fewer where [`Options::memory_bytes`] asks for it): Krylov `8 l (b + 2) (N + P) + 16 k (N + P)`; Gram
//! `8 (P 64 + 3 m^2 + 2 k (N + P))` with `m = min(N, P)`.
//!
//! A component is unique up to its sign; here its entry of largest magnitude, the first of such, is positive. Components
//! beyond the rank of the matrix are not given, nor more than asked for: one frame, or frames that are all equal, have a
//! mean and no component.
//!
//! Samples that are NaN, infinite, or above 1e150 in magnitude are refused, or count as the mean of their column
//! ([`Missing`]).
//!
//! Sources: Jolliffe, *Principal Component Analysis* (2002); Halko, Martinsson and Tropp, SIAM Review 53 (2011); Musco and
//! Musco, NIPS 28 (2015); Saad, *Numerical Methods for Large Eigenvalue Problems* (2011), section 4.3.
//!
//! ```
//! use stack_transform::pca::{Options, RowsInMemory, Wanted, analyse};
//!
//! // Three frames of four samples: a pattern at three strengths, and nothing else.
//! let frames = [5.0, 1.0, 1.0, 1.0, 6.0, 1.0, 3.0, 1.0, 7.0, 1.0, 5.0, 1.0];
//! let mut rows = RowsInMemory::new(&frames, 4)?;
//! let pca = analyse(&mut rows, Wanted::Components(2), &Options::default())?;
//! let rounded = |numbers: &[f64]| numbers.iter().map(|x| (x * 1e4).round() / 1e4 + 0.0).collect::<Vec<_>>();
//! assert_eq!(pca.mean, [6.0, 1.0, 3.0, 1.0]);
//! assert_eq!(pca.components(), 1, "the second would explain nothing");
//! assert_eq!(rounded(pca.component(0)), [0.4472, 0.0, 0.8944, 0.0]);
//! assert_eq!(rounded(&pca.scores), [-2.2361, 0.0, 2.2361]);
//! assert_eq!(rounded(&pca.explained_shares()), [1.0]);
//! # Ok::<(), stack_transform::Error>(())
//! ```
//!
//! Exercise: a stack of noise has singular values that hardly fall. How many components does it take to explain half of
//! its variance, and what does that say about storing it this way?

mod errors;
mod gram;
mod kernel;
mod krylov;
mod mean;
mod rebuild;
mod rows;
mod thin;

pub use errors::{errors_by_count, measured_errors};
pub use rebuild::rebuild;
pub use rows::{LARGEST, Rows, RowsInMemory, Visit};

use crate::error::{Error, Result};

/// More directions than components are iterated, because the last of them converge slowly.
const OVERSAMPLING: usize = 10;
/// Gram matrices up to this size are cheap whatever is wanted.
const SMALL: usize = 64;
/// Components that are tried first where a share of the variance is wanted.
const FIRST_GUESS: usize = 16;

/// How many components are wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// So many, or as many as the matrix has.
    Components(usize),
    /// The fewest that explain such a share of the variance, above 0 and at most 1.
    Share(f64),
    /// All of them.
    All,
}

/// What happens to samples that are NaN, infinite, or above [`LARGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// They are an error that names the first of them.
    #[default]
    Refused,
    /// They count as the mean of their column.
    AsMean,
}

/// The ways to the components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Eigenvectors of the inner products of the rows.
    GramOfRows,
    /// Eigenvectors of the inner products of the columns.
    GramOfColumns,
    /// Randomised block Krylov iteration.
    Krylov,
}

impl Choice {
    /// The way that is taken for a matrix of `rows` x `columns` and so many components.
    #[must_use]
    pub fn of(rows: usize, columns: usize, components: usize) -> Self {
        let smaller = rows.min(columns);
        if smaller > SMALL && smaller > components.saturating_add(OVERSAMPLING).saturating_mul(4) {
            Self::Krylov
        } else if rows <= columns {
            Self::GramOfRows
        } else {
            Self::GramOfColumns
        }
    }
}

/// How the components are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Relative error of the singular values that ends the iteration.
    pub tolerance: f64,
    /// Most passes of the iteration; after them the components are as good as they are.
    pub most_passes: usize,
    /// Most bytes to be held. With less the iteration keeps fewer blocks; what needs more at least is refused.
    pub memory_bytes: u64,
    /// What happens to samples that are not finite.
    pub missing: Missing,
    /// The way; `None` leaves it to [`Choice::of`].
    pub choice: Option<Choice>,
}

impl Default for Options {
    /// 1e-6, 40 passes, 2 GiB, no sample missing.
    fn default() -> Self {
        Self {
            tolerance: 1e-6,
            most_passes: 40,
            memory_bytes: 2 << 30,
            missing: Missing::Refused,
            choice: None,
        }
    }
}

/// Mean, components and scores of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// Mean of each column.
    pub mean: Vec<f64>,
    /// Singular values of the centred matrix, falling.
    pub singular_values: Vec<f64>,
    /// The components, one after the other, each as long as a row.
    pub vectors: Vec<f64>,
    /// What each row has of each component, row after row.
    pub scores: Vec<f64>,
    /// Square of each row's distance from the mean.
    pub squares: Vec<f64>,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// How often the matrix was read.
    pub passes: usize,
}

impl Pca {
    /// Number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.singular_values.len()
    }

    /// Component `index`, as long as a row.
    ///
    /// # Panics
    /// If there is no such component.
    #[must_use]
    pub fn component(&self, index: usize) -> &[f64] {
        &self.vectors[index * self.mean.len()..][..self.mean.len()]
    }

    /// The scores of row `index`.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn scores_of(&self, index: usize) -> &[f64] {
        &self.scores[index * self.components()..][..self.components()]
    }

    /// Sum of the squares of all distances from the mean.
    #[must_use]
    pub fn total_squares(&self) -> f64 {
        self.squares.iter().sum()
    }

    /// The variance along each component, `s^2 / (N - 1)`; zero for a single row.
    #[must_use]
    pub fn explained_variance(&self) -> Vec<f64> {
        let degrees = (self.squares.len().max(2) - 1) as f64;
        self.singular_values.iter().map(|value| value * value / degrees).collect()
    }

    /// The share of the whole variance that each component explains.
    #[must_use]
    pub fn explained_shares(&self) -> Vec<f64> {
        let total = self.total_squares();
        let share = |value: &f64| if total > 0.0 { value * value / total } else { 0.0 };
        self.singular_values.iter().map(share).collect()
    }

    /// Keeps the first `count` components only.
    pub fn truncate(&mut self, count: usize) {
        let before = self.components();
        if count >= before {
            return;
        }
        self.scores = self.scores.chunks_exact(before).flat_map(|row| &row[..count]).copied().collect();
        self.vectors.truncate(count * self.mean.len());
        self.singular_values.truncate(count);
    }
}

/// The principal components of a matrix.
///
/// # Errors
/// Those of the source; [`Error::NotFinite`] for samples that are not; [`Error::Memory`] where more is needed than
/// [`Options::memory_bytes`]; [`Error::Parameter`] for a share outside 0 to 1; [`Error::Length`] for a matrix without
/// rows or columns; [`Error::Overflow`], [`Error::NoConvergence`].
pub fn analyse<R: Rows>(source: &mut R, wanted: Wanted, options: &Options) -> Result<Pca, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    if rows == 0 || columns == 0 {
        return Err(Error::Length { what: "the matrix", expected: 1, found: 0 }.into());
    }
    let most = rows.min(columns);
    match wanted {
        Wanted::Components(count) => find(source, count.clamp(1, most), options),
        Wanted::All => find(source, most, options),
        Wanted::Share(share) if share > 0.0 && share <= 1.0 => {
            let mut guess = FIRST_GUESS.min(most);
            loop {
                let mut pca = find(source, guess, options)?;
                let mut explained = 0.0;
                let needed = pca.explained_shares().iter().position(|part| {
                    explained += part;
                    explained >= share
                });
                if let Some(last) = needed {
                    pca.truncate(last + 1);
                    return Ok(pca);
                }
                if pca.components() < guess || guess == most {
                    return Ok(pca);
                }
                guess = guess.saturating_mul(4).min(most);
            }
        }
        Wanted::Share(share) => {
            Err(Error::parameter("the share of the variance", share, "it is above 0 and at most 1").into())
        }
    }
}

fn find<R: Rows>(source: &mut R, count: usize, options: &Options) -> Result<Pca, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    let mut found = match options.choice.unwrap_or(Choice::of(rows, columns, count)) {
        Choice::Krylov => krylov::find(source, count, options)?,
        Choice::GramOfRows => gram::of_rows(source, count, options)?,
        Choice::GramOfColumns => gram::of_columns(source, count, options)?,
    };
    let first = found.singular_values.first().copied().unwrap_or(0.0);
    let least = first * f64::EPSILON * rows.max(columns) as f64;
    let rank = found.singular_values.iter().take_while(|value| **value > least).count();
    found.truncate(rank.min(count));
    turn_positive(&mut found);
    Ok(found)
}

/// Makes the first entry of largest magnitude of every component positive.
fn turn_positive(pca: &mut Pca) {
    let count = pca.components();
    let columns = pca.mean.len();
    for (index, component) in pca.vectors.chunks_exact_mut(columns).enumerate() {
        let larger = |best: f64, entry: &f64| if entry.abs() > best.abs() { *entry } else { best };
        if component.iter().fold(0.0, larger) < 0.0 {
            component.iter_mut().for_each(|entry| *entry = -*entry);
            pca.scores.iter_mut().skip(index).step_by(count).for_each(|score| *score = -*score);
        }
    }
}

/// Rows of a block that is read at once: enough for all cores, and little beside what is held anyway.
fn block_rows<T>(rows: usize, columns: usize, memory_bytes: u64) -> usize {
    let most = usize::try_from(memory_bytes / 8).unwrap_or(usize::MAX).min(256 << 20);
    let wanted = 64 * rayon::current_num_threads().clamp(1, 16);
    (most / size_of::<T>().max(1) / columns.max(1)).clamp(1, wanted.min(rows.max(1)))
}

/// Refuses to need more bytes than may be held.
fn check_memory(needed: u128, options: &Options) -> Result<()> {
    if needed <= u128::from(options.memory_bytes) {
        return Ok(());
    }
    Err(Error::Memory { entries: usize::try_from(needed).unwrap_or(usize::MAX), bytes: 1 })
}

/// Thin matrices of `lanes` as lines of `count` entries: the first `count` lanes, one after the other.
fn lanes_as_lines(thin: &[f64], lanes: usize, count: usize) -> Vec<f64> {
    let rows = thin.len() / lanes;
    let mut lines = Vec::with_capacity(rows * count);
    for lane in 0..count {
        lines.extend(thin.iter().skip(lane).step_by(lanes));
    }
    lines
}

/// The first `count` lanes of every row.
fn first_lanes(thin: &[f64], lanes: usize, count: usize) -> Vec<f64> {
    thin.chunks_exact(lanes).flat_map(|row| &row[..count]).copied().collect()
}
