//! Histograms, information and distributions.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::distributions::{Bernoulli, Geometric};
use stack_entropy::histogram::{Histogram, byte_counts, word_counts};
use stack_entropy::information::{
    conditional_entropy, conditional_entropy_by_definition, cross_entropy, entropy, entropy_of_counts,
    joint_entropy, kullback_leibler, mutual_information, self_information,
};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

proptest! {
    #[test]
    fn dense_tables_are_the_histogram(values in prop::collection::vec(any::<u8>(), 0..300)) {
        let histogram = Histogram::of(&values);
        let counts = byte_counts(&values);
        prop_assert!((0..=255).all(|byte| counts[usize::from(byte)] == histogram.count(&byte)));
        let words: Vec<u16> = values.iter().map(|&value| u16::from(value) * 200).collect();
        let counts = word_counts(&words);
        prop_assert_eq!(counts.iter().sum::<u64>(), words.len() as u64);
        prop_assert!(Histogram::of(&words).iter().all(|(word, count)| counts[usize::from(word)] == count));
    }

    #[test]
    fn the_laws_of_information_hold(pairs in prop::collection::vec((0_u8..5, -2_i64..3), 1..200)) {
        let (first, second): (Vec<u8>, Vec<i64>) = pairs.iter().copied().unzip();
        let joint = Histogram::joint(&first, &second).unwrap();
        let conditional = conditional_entropy(&joint);
        prop_assert!(close(conditional, conditional_entropy_by_definition(&joint)));
        let (h_first, h_second) = (entropy_of_counts(joint.first().counts()), entropy_of_counts(joint.second().counts()));
        prop_assert!(conditional <= h_first + 1e-9, "knowing more never hurts");
        prop_assert!(joint_entropy(&joint) <= h_first + h_second + 1e-9);
        prop_assert!(close(mutual_information(&joint), h_first + h_second - joint_entropy(&joint)));
        let p: Vec<f64> = (0..5).map(|value| joint.first().probability(&value)).collect();
        prop_assert!(close(entropy(&p).unwrap(), h_first));
        let q = [0.1, 0.2, 0.3, 0.25, 0.15];
        let divergence = kullback_leibler(&p, &q).unwrap();
        prop_assert!(divergence >= -1e-12);
        prop_assert!(close(cross_entropy(&p, &q).unwrap(), h_first + divergence));
    }

    #[test]
    fn formulas_of_distributions_are_their_sums(p in 0.05_f64..0.55, q in 0.05_f64..0.55) {
        let (a, b) = (Bernoulli::new(p).unwrap(), Bernoulli::new(q).unwrap());
        prop_assert!(close(a.entropy(), entropy(&[p, 1.0 - p]).unwrap()));
        prop_assert!(close(a.kullback_leibler(&b), kullback_leibler(&[p, 1.0 - p], &[q, 1.0 - q]).unwrap()));
        let (a, b) = (Geometric::new(p).unwrap(), Geometric::new(q).unwrap());
        let terms = || (0..800).map(|k| (a.probability(k), b.probability(k)));
        prop_assert!(close(a.entropy(), terms().map(|(p, _)| -p * p.log2()).sum()));
        prop_assert!(close(a.kullback_leibler(&b), terms().map(|(p, q)| p * (p / q).log2()).sum()));
        prop_assert!((a.mean() - (0..800).map(|k| f64::from(k) * a.probability(k)).sum::<f64>()).abs() < 1e-6);
        prop_assert!(close(Geometric::with_mean(a.mean()).unwrap().p(), p));
    }
}

#[test]
fn edges_have_values_and_nonsense_is_refused() {
    assert_eq!(self_information(1.0).unwrap().to_bits(), 0);
    assert_eq!(self_information(0.0).unwrap(), f64::INFINITY);
    assert_eq!(self_information(0.25).unwrap(), 2.0);
    assert_eq!((Bernoulli::new(0.0).unwrap().entropy(), Bernoulli::new(1.0).unwrap().entropy()), (0.0, 0.0));
    assert_eq!(kullback_leibler(&[0.5, 0.5], &[1.0, 0.0]).unwrap(), f64::INFINITY);
    assert_eq!(kullback_leibler(&[1.0, 0.0], &[0.5, 0.5]).unwrap(), 1.0);
    assert_eq!(entropy_of_counts([]), 0.0);
    assert_eq!(entropy_of_counts([0, 9]), 0.0);
    assert_eq!(Histogram::<i32>::default().probability(&3), 0.0);
    for wrong in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(self_information(wrong), Err(Error::Probability { .. })));
        assert!(matches!(Bernoulli::new(wrong), Err(Error::Probability { .. })));
        assert!(matches!(Geometric::new(wrong), Err(Error::Probability { .. })));
    }
    assert!(
        Geometric::new(0.0).is_err()
            && Geometric::with_mean(f64::NAN).is_err()
            && Geometric::with_mean(-1.0).is_err()
    );
    let complaint = entropy(&[0.5, 0.4]).unwrap_err().to_string();
    assert_eq!(complaint, "the sum of probabilities is 0.9; it must be 1");
    assert!(matches!(kullback_leibler(&[1.0], &[0.5, 0.5]), Err(Error::Lengths { first: 1, second: 2, .. })));
    assert!(matches!(Histogram::joint(&[1], &[1, 2]), Err(Error::Lengths { .. })));
}

#[test]
fn numpy_finds_the_same_entropy() {
    let bytes = super::support::laplacian(20_000, 3);
    let script = "import sys, numpy as np\n\
                  c = np.bincount(np.fromfile(sys.argv[1], np.uint8)); p = c[c > 0] / c.sum()\n\
                  print(repr(float(-(p * np.log2(p)).sum())))";
    let Some(printed) = super::support::python(script, &bytes) else { return };
    assert!(close(printed.trim().parse().unwrap(), entropy_of_counts(byte_counts(&bytes))));
}
