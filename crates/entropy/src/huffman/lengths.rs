//! Lengths of code words that cost least under a limit: package-merge.
//!
//! A symbol with a code word of `l` bits buys `l` coins, one of each denomination `2^-1` to `2^-l`, each for the price of
//! its count; the cheapest set of coins worth `n - 1` is the best code. From the smallest denomination on, coins are
//! paired to packages, which compete with the single coins of the next one.
//!
//! Source: L. L. Larmore, D. S. Hirschberg, *A fast algorithm for optimal length-limited Huffman codes*, Journal of the
//! ACM 37, 1990.

use super::MAX_CODE_LENGTH;
use crate::Error;
use crate::error::in_range;

/// Most that counts may sum to, so that the price of a package fits its word.
const MOST_TOTAL: u64 = u64::MAX / 64;

/// The length of each symbol's code word, 0 for symbols that do not occur, none above `limit` bits.
///
/// One symbol alone gets one bit. `n` symbols take `n log n + n limit` steps.
///
/// # Errors
///
/// [`Error::OutOfRange`] for a limit of 0 or above [`MAX_CODE_LENGTH`], for more than `2^limit` symbols that occur, for
/// more than 65,536 symbols, and for counts that sum to more than `2^58`.
pub fn code_lengths(counts: &[u64], limit: u32) -> Result<Vec<u8>, Error> {
    let leaves = sorted_leaves(counts, limit)?;
    let mut lengths = vec![0; counts.len()];
    if let [(_, symbol)] = leaves[..] {
        lengths[symbol] = 1;
    }
    if leaves.len() < 2 {
        return Ok(lengths);
    }
    // For each denomination, which of its offers in ascending order of price are packages.
    let wanted = 2 * leaves.len() - 2;
    let mut levels: Vec<Vec<bool>> = Vec::with_capacity(limit as usize);
    let mut packages: Vec<u64> = Vec::new();
    for _ in 0..limit {
        let mut is_package = Vec::with_capacity(wanted);
        let mut offers = Vec::with_capacity(wanted);
        let (mut coin, mut package) = (0, 0);
        while offers.len() < wanted && (coin < leaves.len() || package < packages.len()) {
            // At the same price the coin comes first, which keeps the longest code word short.
            let take_coin =
                package == packages.len() || coin < leaves.len() && leaves[coin].0 <= packages[package];
            offers.push(if take_coin { leaves[coin].0 } else { packages[package] });
            is_package.push(!take_coin);
            *(if take_coin { &mut coin } else { &mut package }) += 1;
        }
        packages = offers.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect();
        levels.push(is_package);
    }
    // Back from the largest denomination: a package that was bought stands for two offers of the one below.
    let mut bought = wanted;
    for is_package in levels.iter().rev() {
        let packages = is_package[..bought].iter().filter(|&&is_package| is_package).count();
        for &(_, symbol) in &leaves[..bought - packages] {
            lengths[symbol] += 1;
        }
        bought = 2 * packages;
    }
    Ok(lengths)
}

/// The same lengths by the definition: every package carries the list of its coins.
///
/// # Errors
///
/// As [`code_lengths`].
pub fn code_lengths_by_definition(counts: &[u64], limit: u32) -> Result<Vec<u8>, Error> {
    let leaves = sorted_leaves(counts, limit)?;
    let mut lengths = vec![0; counts.len()];
    if let [(_, symbol)] = leaves[..] {
        lengths[symbol] = 1;
        return Ok(lengths);
    }
    let coins: Vec<(u64, Vec<usize>)> = leaves.iter().map(|&(count, symbol)| (count, vec![symbol])).collect();
    let mut offers = coins.clone();
    for _ in 1..limit {
        let packages = offers
            .chunks_exact(2)
            .map(|pair| (pair[0].0 + pair[1].0, pair.iter().flat_map(|offer| offer.1.clone()).collect()));
        offers = coins.iter().cloned().chain(packages).collect();
        offers.sort_by_key(|&(price, _)| price);
    }
    for (_, coins) in offers.iter().take(2 * leaves.len().saturating_sub(1)) {
        for &symbol in coins {
            lengths[symbol] += 1;
        }
    }
    Ok(lengths)
}

/// Symbols that occur with their counts, the rarest first, ties by symbol.
fn sorted_leaves(counts: &[u64], limit: u32) -> Result<Vec<(u64, usize)>, Error> {
    in_range("the longest code word allowed", u64::from(limit), 1, u64::from(MAX_CODE_LENGTH))?;
    in_range("the number of symbols", counts.len() as u64, 0, 1 << 16)?;
    let total = counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count)).unwrap_or(u64::MAX);
    in_range("the sum of counts", total, 0, MOST_TOTAL)?;
    let mut leaves: Vec<(u64, usize)> = counts
        .iter()
        .enumerate()
        .filter(|&(_, &count)| count > 0)
        .map(|(symbol, &count)| (count, symbol))
        .collect();
    in_range("the number of symbols that occur", leaves.len() as u64, 0, 1 << limit)?;
    leaves.sort_unstable();
    Ok(leaves)
}
