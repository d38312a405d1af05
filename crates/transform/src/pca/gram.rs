//! Components from all inner products of the rows, or of the columns if those are fewer.
//!
//! ```text
//! G = X X^T  = U L U^T     s_i = root of l_i     C = X^T U, each column divided by its length
//! G = X^T X  = C L C^T                           Y = X C
//! ```
//!
//! Squaring loses the small singular values, so up to 64 are taken from the second product, which does not.

use nalgebra::DMatrix;

use super::kernel::{self, padded};
use super::mean::{Mean, mean_and_mixture};
use super::rows::{LARGEST, RowBlock, Rows, for_each_block};
use super::{Options, Pca, block_rows, check_memory, first_lanes, lanes_as_lines, thin};
use crate::error::{Result, filled};

/// Rows of a tile, and components that are computed together.
const GROUP: usize = 64;

/// Centred rows as lanes: columns x `padded(rows)`.
struct Tile {
    first: usize,
    lanes: usize,
    thin: Vec<f64>,
}

/// The first `count` components by the inner products of the rows.
///
/// # Errors
/// As [`super::analyse`].
pub(super) fn of_rows<R: Rows>(source: &mut R, count: usize, options: &Options) -> Result<Pca, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    let tile_rows = GROUP.min(block_rows::<R::Sample>(rows, columns, options.memory_bytes));
    let tile_bytes = 8 * columns as u128 * padded(tile_rows) as u128;
    let result = 8 * count as u128 * (columns as u128 + 2 * rows as u128);
    let fixed =
        result + 24 * (rows as u128).pow(2) + u128::from(options.memory_bytes / 8) + 64 * columns as u128;
    check_memory(fixed + tile_bytes, options)?;
    let left = (u128::from(options.memory_bytes) - fixed) / tile_bytes;
    let tiles_at_once = usize::try_from(left).unwrap_or(usize::MAX).clamp(1, rows.div_ceil(tile_rows));
    let Mean { mean, .. } = mean_and_mixture(source, 0, options.missing, tile_rows)?;
    let mut products = filled(rows * rows, 0.0)?;
    let mut squares = filled(rows, 0.0)?;
    let mut passes = 1;
    let span = tile_rows * tiles_at_once;
    for start in (0..rows).step_by(span) {
        let mut tiles: Vec<Tile> = Vec::new();
        for_each_block(source, tile_rows, |block| {
            if (start..start + span).contains(&block.first) {
                tiles.push(Tile::of(&block, &mean)?);
            }
            for tile in &tiles {
                let mut part = filled(block.rows * tile.lanes, 0.0)?;
                let squares = &mut squares[block.first..block.first + block.rows];
                kernel::forward(&block, &mean, &tile.thin, tile.lanes, (&mut part, squares));
                for (row, line) in (block.first..).zip(part.chunks_exact(tile.lanes)) {
                    for (column, product) in (tile.first..rows.min(tile.first + tile_rows)).zip(line) {
                        products[row * rows + column] = *product;
                        products[column * rows + row] = *product;
                    }
                }
            }
            Ok(())
        })?;
        passes += 1;
    }
    let (_, left_vectors) = thin::eigen(DMatrix::from_vec(rows, rows, products))?;
    let count = count.min(rows);
    let mut vectors = Vec::new();
    vectors.try_reserve_exact(count * columns).map_err(|_| memory(count * columns))?;
    let mut scores = filled(rows * count, 0.0)?;
    let mut singular_values = Vec::with_capacity(count);
    let groups: Vec<usize> = (0..count).step_by(GROUP).collect();
    for groups in groups.chunks(tiles_at_once) {
        let mut parts = groups
            .iter()
            .map(|&first| {
                let width = GROUP.min(count - first);
                let lanes = padded(width);
                let entry = |place: usize| {
                    let (row, lane) = (place / lanes, place % lanes);
                    if lane < width { left_vectors[(row, first + lane)] } else { 0.0 }
                };
                Ok((width, lanes, (0..rows * lanes).map(entry).collect(), filled(columns * lanes, 0.0)?))
            })
            .collect::<Result<Vec<(usize, usize, Vec<f64>, Vec<f64>)>>>()?;
        for_each_block(source, tile_rows, |block| {
            for (_, lanes, left, out) in &mut parts {
                let left = &left[block.first * *lanes..][..block.rows * *lanes];
                kernel::backward(&block, &mean, left, *lanes, out);
            }
            Ok(())
        })?;
        passes += 1;
        for (width, lanes, left, out) in parts {
            let first = singular_values.len();
            let (values, left, right) = if count <= GROUP {
                let (values, turn) = thin::singular_values(std::slice::from_ref(&out), lanes)?;
                (values[..width].to_vec(), turned(&left, lanes, &turn)?, turned(&out, lanes, &turn)?)
            } else {
                (lengths(&out, lanes, width), left, out)
            };
            for (lane, value) in values.iter().enumerate() {
                let places = scores.iter_mut().skip(first + lane).step_by(count);
                places.zip(left.iter().skip(lane).step_by(lanes)).for_each(|(score, u)| *score = u * value);
                let scale = if *value > 0.0 { 1.0 / value } else { 0.0 };
                vectors.extend(right.iter().skip(lane).step_by(lanes).map(|entry| entry * scale));
            }
            singular_values.extend(values);
        }
    }
    let mut pca = Pca { mean, singular_values, vectors, scores, squares, converged: true, passes };
    sort(&mut pca);
    Ok(pca)
}

impl Tile {
    fn of<T: Copy + Into<f64>>(block: &RowBlock<'_, T>, mean: &[f64]) -> Result<Self> {
        let (columns, lanes) = (mean.len(), padded(block.rows));
        let mut thin = filled(columns * lanes, 0.0)?;
        for (lane, row) in block.samples.chunks_exact(columns).enumerate() {
            let places = thin.iter_mut().skip(lane).step_by(lanes);
            places.zip(row).zip(mean).for_each(|((place, sample), mean)| *place = distance(*sample, *mean));
        }
        Ok(Self { first: block.first, lanes, thin })
    }
}

fn distance<T: Into<f64>>(sample: T, mean: f64) -> f64 {
    let value: f64 = sample.into();
    if value.abs() <= LARGEST { value - mean } else { 0.0 }
}

/// The first `count` components by the inner products of the columns.
///
/// # Errors
/// As [`super::analyse`].
pub(super) fn of_columns<R: Rows>(source: &mut R, count: usize, options: &Options) -> Result<Pca, R::Error> {
    let (rows, columns) = (source.rows(), source.columns());
    let lanes = padded(columns);
    let block_rows = GROUP.min(block_rows::<R::Sample>(rows, columns, options.memory_bytes));
    let result = 16 * padded(count) as u128 * (columns as u128 + rows as u128);
    let fixed = result + 24 * (lanes as u128).pow(2) + u128::from(options.memory_bytes / 8);
    check_memory(fixed + 8 * (lanes * block_rows) as u128, options)?;
    let Mean { mean, .. } = mean_and_mixture(source, 0, options.missing, block_rows)?;
    let mut products = filled(columns * lanes, 0.0)?;
    for_each_block(source, block_rows, |block| {
        let mut centred = filled(block.rows * lanes, 0.0)?;
        for (line, row) in centred.chunks_exact_mut(lanes).zip(block.samples.chunks_exact(columns)) {
            let places = line.iter_mut().zip(row).zip(&mean);
            places.for_each(|((place, sample), mean)| *place = distance(*sample, *mean));
        }
        kernel::backward(&block, &mean, &centred, lanes, &mut products);
        Ok(())
    })?;
    let (_, eigenvectors) =
        thin::eigen(DMatrix::from_fn(columns, columns, |row, column| products[row * lanes + column]))?;
    drop(products);
    let count = count.min(columns);
    let lanes = padded(count);
    let entry = |place: usize| {
        let (row, lane) = (place / lanes, place % lanes);
        if lane < count { eigenvectors[(row, lane)] } else { 0.0 }
    };
    let basis: Vec<f64> = (0..columns * lanes).map(entry).collect();
    let mut image = filled(rows * lanes, 0.0)?;
    let mut squares = filled(rows, 0.0)?;
    for_each_block(source, block_rows, |block| {
        let image = &mut image[block.first * lanes..][..block.rows * lanes];
        let squares = &mut squares[block.first..block.first + block.rows];
        kernel::forward(&block, &mean, &basis, lanes, (image, squares));
        Ok(())
    })?;
    let (singular_values, basis, image) = if count <= GROUP {
        let (values, turn) = thin::singular_values(std::slice::from_ref(&image), lanes)?;
        (values[..count].to_vec(), turned(&basis, lanes, &turn)?, turned(&image, lanes, &turn)?)
    } else {
        (lengths(&image, lanes, count), basis, image)
    };
    let (vectors, scores) = (lanes_as_lines(&basis, lanes, count), first_lanes(&image, lanes, count));
    let mut pca = Pca { mean, singular_values, vectors, scores, squares, converged: true, passes: 3 };
    sort(&mut pca);
    Ok(pca)
}

fn memory(entries: usize) -> crate::Error {
    crate::Error::Memory { entries, bytes: size_of::<f64>() }
}

/// A thin matrix times a square one.
fn turned(thin: &[f64], lanes: usize, turn: &DMatrix<f64>) -> Result<Vec<f64>> {
    let small: Vec<f64> = (0..lanes * lanes).map(|place| turn[(place / lanes, place % lanes)]).collect();
    let mut out = filled(thin.len(), 0.0)?;
    kernel::combine(thin, lanes, &small, &mut out, lanes);
    Ok(out)
}

/// Length of each of the first `count` lanes.
fn lengths(thin: &[f64], lanes: usize, count: usize) -> Vec<f64> {
    let mut squares = vec![0.0; count];
    for line in thin.chunks_exact(lanes) {
        squares.iter_mut().zip(line).for_each(|(sum, entry)| *sum += entry * entry);
    }
    squares.into_iter().map(libm::sqrt).collect()
}

/// Puts the components in the order of their singular values; but for rounding errors they are.
fn sort(pca: &mut Pca) {
    let (count, columns) = (pca.components(), pca.mean.len());
    for place in 0..count {
        let later = |best: usize, other: usize| {
            if pca.singular_values[other] > pca.singular_values[best] { other } else { best }
        };
        let best = (place..count).fold(place, later);
        if best == place {
            continue;
        }
        pca.singular_values.swap(place, best);
        pca.scores.chunks_exact_mut(count).for_each(|row| row.swap(place, best));
        let (head, tail) = pca.vectors.split_at_mut(best * columns);
        head[place * columns..][..columns].swap_with_slice(&mut tail[..columns]);
    }
}
