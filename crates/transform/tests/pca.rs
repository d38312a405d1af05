//! Principal components: against scikit-learn, against each other, and at the edges.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::pca::{
    Choice, Missing, Options, Rows, RowsInMemory, Wanted, analyse, errors_by_count, measured_errors, rebuild,
};
use stack_transform::{Error, Pca};

const CHOICES: [Choice; 3] = [Choice::GramOfRows, Choice::GramOfColumns, Choice::Krylov];

/// Numbers by chance, between -0.5 and 0.5.
fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        })
        .collect()
}

/// A few patterns of falling strength on a large mean, and weak noise.
fn patterns(rows: usize, columns: usize) -> Vec<f64> {
    let (left, right) = (noise(rows * 6, 1), noise(columns * 6, 2));
    let mut matrix = noise(rows * columns, 3);
    for (place, entry) in matrix.iter_mut().enumerate() {
        let (row, column) = (place / columns, place % columns);
        let signal: f64 =
            (0..6).map(|j| left[row * 6 + j] * right[column * 6 + j] * 0.3_f64.powi(j as i32)).sum();
        *entry = 100.0 + 50.0 * signal + 0.01 * *entry;
    }
    matrix
}

fn find(matrix: &[f64], columns: usize, wanted: Wanted, choice: Option<Choice>) -> Pca {
    let options = Options { choice, tolerance: 1e-9, ..Options::default() };
    analyse(&mut RowsInMemory::new(matrix, columns).unwrap(), wanted, &options).unwrap()
}

fn bits(pca: &Pca) -> Vec<u64> {
    let all = [&pca.mean, &pca.singular_values, &pca.vectors, &pca.scores, &pca.squares];
    all.into_iter().flatten().map(|number| number.to_bits()).collect()
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs())
}

#[test]
fn scikit_learn_finds_the_same() {
    let script = "
from sklearn.decomposition import PCA
rows, columns, count = int(data[0]), int(data[1]), int(data[2])
X = data[3:].reshape(rows, columns)
pca = PCA(count, svd_solver='full').fit(X)
signs = np.sign(np.take_along_axis(pca.components_, np.abs(pca.components_).argmax(1)[:, None], 1))
give(np.concatenate([pca.mean_, pca.singular_values_, pca.explained_variance_, pca.explained_variance_ratio_,
                     (signs * pca.components_).ravel(), (pca.transform(X) * signs.T).ravel()]))
";
    for (rows, columns) in [(40, 90), (90, 40)] {
        let (count, matrix) = (6, patterns(rows, columns));
        let sent = [&[rows as f64, columns as f64, count as f64], &matrix[..]].concat();
        let Some(theirs) = ask(script, &sent) else { return };
        for choice in CHOICES {
            let ours = find(&matrix, columns, Wanted::Components(count), Some(choice));
            let variance = ours.explained_variance();
            let shares = ours.explained_shares();
            let mine = [&ours.mean, &ours.singular_values, &variance, &shares, &ours.vectors, &ours.scores];
            let mine: Vec<f64> = mine.into_iter().flatten().copied().collect();
            assert_eq!(mine.len(), theirs.len(), "{choice:?}");
            let exact = columns + 3 * count;
            for (place, (a, b)) in mine.iter().zip(&theirs).enumerate() {
                let right = if place < exact { close(*a, *b, 1e-9) } else { (a - b).abs() < 1e-4 };
                assert!(right, "{choice:?}, {rows} x {columns}, number {place}: {a} and {b}");
            }
        }
    }
}

#[test]
fn slowly_falling_singular_values_are_found_too() {
    // Noise: the hardest case of iterations, with a gap of under one percent.
    let (rows, columns) = (200, 300);
    let matrix = noise(rows * columns, 5);
    let exact = find(&matrix, columns, Wanted::Components(8), Some(Choice::GramOfRows));
    let mut source = RowsInMemory::new(&matrix, columns).unwrap();
    let options = Options { choice: Some(Choice::Krylov), ..Options::default() };
    let found = analyse(&mut source, Wanted::Components(8), &options).unwrap();
    assert!(found.converged && found.passes < 25, "{} passes", found.passes);
    for (a, b) in found.singular_values.iter().zip(&exact.singular_values) {
        assert!(close(*a, *b, 1e-6), "{a} and {b}");
    }
    // With room for one block it is plain subspace iteration; with room for two it starts anew often.
    for memory_bytes in [420_000, 520_000] {
        let options = Options { memory_bytes, most_passes: 400, ..options };
        let found = analyse(&mut source, Wanted::Components(8), &options).unwrap();
        assert!(found.converged, "{memory_bytes}: {} passes", found.passes);
        for (a, b) in found.singular_values.iter().zip(&exact.singular_values) {
            assert!(close(*a, *b, 1e-5), "{memory_bytes}: {a} and {b}");
        }
    }
    let options = Options { memory_bytes: 100_000, ..options };
    let refused = analyse(&mut source, Wanted::Components(8), &options);
    assert!(matches!(refused, Err(Error::Memory { entries, .. }) if entries > 100_000));
}

#[test]
fn threads_and_block_sizes_change_no_bit() {
    let (rows, columns) = (150, 1100);
    let matrix = patterns(rows, columns);
    let run = |threads: usize, choice| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        bits(&pool.install(|| find(&matrix, columns, Wanted::Components(9), Some(choice))))
    };
    for choice in [Choice::GramOfRows, Choice::Krylov] {
        let one = run(1, choice);
        assert!(one == run(4, choice) && one == run(3, choice), "{choice:?}");
    }
}

#[test]
fn every_machine_finds_these_bits() {
    // FNV-1a of all bits; another machine or another order of sums gives another number.
    let digest = |pca: &Pca| {
        bits(pca).iter().flat_map(|word| word.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let matrix = patterns(30, 70);
    let found = CHOICES.map(|choice| digest(&find(&matrix, 70, Wanted::Components(4), Some(choice))));
    assert_eq!(found, [0xbedd_5dd7_c9d5_a470, 0x98e3_a304_1f5a_c930, 0x75bd_8c26_f84b_0431], "{found:#x?}");
}

#[test]
fn no_more_components_than_there_are() {
    let matrix = noise(5 * 12, 8);
    let found = find(&matrix, 12, Wanted::Components(100), None);
    assert_eq!(found.components(), 4, "centred rows are one rank short");
    let all = find(&matrix, 12, Wanted::All, None);
    assert_eq!(bits(&all), bits(&found));
    for (row, samples) in matrix.chunks_exact(12).enumerate() {
        let mut built = [0.0; 12];
        rebuild(&all.mean, &all.vectors, all.scores_of(row), &mut built).unwrap();
        assert!(built.iter().zip(samples).all(|(a, b)| (a - b).abs() < 1e-12));
    }
    for choice in CHOICES {
        let one = find(&[3.0, 4.0, 5.0], 3, Wanted::Components(2), Some(choice));
        assert_eq!((one.components(), &one.mean[..]), (0, &[3.0, 4.0, 5.0][..]));
        assert_eq!(one.explained_variance().len() + one.scores.len() + one.vectors.len(), 0);
        let equal = find(&[0.1, 0.7].repeat(50), 2, Wanted::Components(2), Some(choice));
        assert_eq!((equal.components(), &equal.mean[..]), (0, &[0.1, 0.7][..]));
        assert_eq!(errors_by_count(&equal), [0.0]);
    }
}

#[test]
fn a_share_of_the_variance_is_reached_with_the_fewest() {
    let matrix = patterns(120, 200);
    let all = find(&matrix, 200, Wanted::All, None);
    for share in [0.5, 0.9, 0.999, 0.999_999, 1.0] {
        let found = find(&matrix, 200, Wanted::Share(share), None);
        let explained: f64 = found.explained_shares().iter().sum();
        let without_last: f64 = found.explained_shares()[..found.components() - 1].iter().sum();
        assert!(explained >= share - 1e-12 && without_last < share, "{share}: {explained}");
        assert!(found.components() <= all.components());
    }
    for share in [0.0, -1.0, 1.1, f64::NAN] {
        let refused =
            analyse(&mut RowsInMemory::new(&matrix, 200).unwrap(), Wanted::Share(share), &Options::default());
        assert!(matches!(refused, Err(Error::Parameter { .. })), "{share}");
    }
}

#[test]
fn missing_samples_are_refused_or_count_as_the_mean() {
    let mut matrix = patterns(20, 30);
    matrix[0] = f64::NAN;
    matrix[2 * 30 + 7] = f64::INFINITY;
    matrix[3 * 30 + 7] = 1e200;
    let mut source = RowsInMemory::new(&matrix, 30).unwrap();
    let refused = analyse(&mut source, Wanted::Components(3), &Options::default());
    assert!(matches!(refused, Err(Error::NotFinite { index: 0, .. })));
    let mean = |column: usize| {
        let there = matrix.iter().skip(column).step_by(30).filter(|value| value.abs() < 1e150);
        there.clone().sum::<f64>() / there.count() as f64
    };
    let mut filled = matrix.clone();
    (filled[0], filled[67], filled[97]) = (mean(0), mean(7), mean(7));
    let options = Options { missing: Missing::AsMean, ..Options::default() };
    let found = analyse(&mut source, Wanted::Components(3), &options).unwrap();
    let wanted = find(&filled, 30, Wanted::Components(3), None);
    let pairs =
        found.mean.iter().zip(&wanted.mean).chain(found.singular_values.iter().zip(&wanted.singular_values));
    pairs.for_each(|(a, b)| assert!(close(*a, *b, 1e-12), "{a} and {b}"));
}

#[test]
fn errors_by_energy_are_those_that_are_measured() {
    let matrix = patterns(40, 60);
    let found = find(&matrix, 60, Wanted::All, None);
    let by_energy = errors_by_count(&found);
    let mut source = RowsInMemory::new(&matrix, 60).unwrap();
    let measured = measured_errors(&mut source, &found, |sample| sample).unwrap();
    assert_eq!(by_energy.len(), found.components() + 1);
    for (a, b) in by_energy.iter().zip(&measured) {
        assert!((a - b).abs() <= 1e-10 * by_energy[0], "{a} and {b}");
    }
    assert!(by_energy.is_sorted_by(|a, b| a >= b));
    let rounded = measured_errors(&mut source, &found, f64::round).unwrap();
    assert!((rounded[found.components()] - 1.0 / 12.0).abs() < 0.01, "{rounded:?}");
}

#[test]
fn a_source_that_gives_other_rows_than_it_says_is_refused() {
    struct Liar(usize);
    impl Rows for Liar {
        type Sample = u8;
        type Error = Error;
        fn rows(&self) -> usize {
            4
        }
        fn columns(&self) -> usize {
            3
        }
        fn pass(&mut self, visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
            visit(&vec![7; self.0])
        }
    }
    for given in [0, 9, 11, 13, 15, 24, 300] {
        let refused = analyse(&mut Liar(given), Wanted::Components(1), &Options::default());
        assert!(matches!(refused, Err(Error::Length { .. })), "{given}");
    }
    assert!(analyse(&mut Liar(12), Wanted::Components(1), &Options::default()).is_ok());
    assert!(RowsInMemory::new(&[1.0; 5], 2).is_err() && RowsInMemory::<f64>::new(&[], 2).is_err());
    assert!(RowsInMemory::new(&[1.0; 5], 0).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn components_are_orthonormal_and_build_the_rows(
        rows in 1_usize..20, columns in 1_usize..20, samples in prop::collection::vec(any::<i16>(), 400), which in 0_usize..3,
    ) {
        let matrix = &samples[..rows * columns];
        let options = Options { choice: Some(CHOICES[which]), ..Options::default() };
        let found = analyse(&mut RowsInMemory::new(matrix, columns).unwrap(), Wanted::All, &options).unwrap();
        prop_assert!(found.components() <= rows.min(columns));
        for a in 0..found.components() {
            for b in 0..=a {
                let product: f64 = found.component(a).iter().zip(found.component(b)).map(|(a, b)| a * b).sum();
                prop_assert!((product - f64::from(u8::from(a == b))).abs() < 1e-7, "{a}, {b}: {product}");
            }
            let largest = found.component(a).iter().fold(0.0, |best: f64, x| if x.abs() > best.abs() { *x } else { best });
            prop_assert!(largest > 0.0);
        }
        for (row, samples) in matrix.chunks_exact(columns).enumerate() {
            let mut built = vec![0.0; columns];
            rebuild(&found.mean, &found.vectors, found.scores_of(row), &mut built).unwrap();
            for (a, b) in built.iter().zip(samples) {
                prop_assert!((a - f64::from(*b)).abs() < 1e-2, "{a} and {b}");
            }
        }
    }
}
