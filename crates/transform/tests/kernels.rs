//! Kernels: fast against the definition and SciPy, inverse, orthonormality, Parseval, bad input.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::{Basis, Error, Kernel, Size, dct, definition, walsh};

/// Samples that no basis vector is made of.
fn samples(count: usize) -> Vec<f64> {
    (0..count).map(|i| ((i * 7919 + 13) % 1009) as f64 / 4.0 - 100.0).collect()
}

fn assert_near(one: &[f64], other: &[f64], tolerance: f64) {
    assert_eq!(one.len(), other.len());
    for (index, (a, b)) in one.iter().zip(other).enumerate() {
        assert!((a - b).abs() <= tolerance, "{index}: {a} and {b}");
    }
}

/// Every kernel that exists for a size.
fn kernels(size: Size) -> Vec<Kernel> {
    let mut all =
        vec![Kernel::identity(size).unwrap(), Kernel::dct2(size).unwrap(), Kernel::dct3(size).unwrap()];
    if size.height().is_power_of_two() && size.width().is_power_of_two() {
        all.push(Kernel::walsh_hadamard(size).unwrap());
    }
    let area = size.area();
    let pictures = (0..area).flat_map(|k| (0..area).map(move |n| dct::basis(area, k, n))).collect();
    all.push(Kernel::general(size, pictures).unwrap());
    let reversed = |order: usize| {
        let vectors: Vec<f64> =
            (0..order).rev().flat_map(|k| (0..order).map(move |n| dct::basis(order, k, n))).collect();
        Basis::from_vectors(order, &vectors).unwrap()
    };
    all.push(Kernel::separable(reversed(size.height()), reversed(size.width())).unwrap());
    all
}

#[test]
fn fast_is_as_the_definition_and_the_inverse_brings_back() {
    for (height, width) in [(1, 1), (1, 5), (2, 3), (8, 8), (4, 8), (7, 6), (12, 1)] {
        let size = Size::new(height, width).unwrap();
        let block = samples(size.area());
        for kernel in kernels(size) {
            let coefficients = kernel.forward(&block).unwrap();
            assert_near(&coefficients, &definition::forward(&kernel, &block).unwrap(), 1e-10);
            assert_near(&kernel.inverse(&coefficients).unwrap(), &block, 1e-10);
            let slow = definition::inverse(&kernel, &coefficients).unwrap();
            assert_near(&kernel.inverse(&coefficients).unwrap(), &slow, 1e-10);
        }
    }
}

#[test]
fn lines_of_every_length_are_as_the_definition() {
    for order in (1..=40).chain([64, 96, 100, 256]) {
        let line = samples(order);
        let slow = dct::forward_by_definition(&line).unwrap();
        let plan = dct::FastDct::new(order).unwrap();
        let mut fast = line.clone();
        plan.forward(&mut fast).unwrap();
        assert_near(&fast, &slow, 1e-10);
        assert_near(&dct::inverse_by_definition(&slow).unwrap(), &line, 1e-10);
        plan.inverse(&mut fast).unwrap();
        assert_near(&fast, &line, 1e-10);
        assert_near(&Basis::dct2(order).unwrap().forward(&line).unwrap(), &slow, 1e-10);
        if order.is_power_of_two() {
            let mut fast = line.clone();
            walsh::forward(&mut fast).unwrap();
            assert_near(&fast, &walsh::forward_by_definition(&line).unwrap(), 1e-10);
        }
    }
}

#[test]
fn basis_pictures_are_orthonormal() {
    let size = Size::new(4, 8).unwrap();
    for kernel in kernels(size) {
        let pictures: Vec<f64> = (0..4)
            .flat_map(|v| (0..8).map(move |u| (u, v)))
            .flat_map(|(u, v)| kernel.basis_picture(u, v))
            .collect();
        let general = Kernel::general(size, pictures).expect("the pictures are orthonormal");
        assert!(!general.is_separable());
        let block = samples(32);
        assert_near(&general.forward(&block).unwrap(), &kernel.forward(&block).unwrap(), 1e-10);
    }
}

#[test]
fn walsh_vector_u_changes_its_sign_u_times() {
    for order in [1, 2, 8, 64] {
        let basis = Basis::walsh_hadamard(order).unwrap();
        for u in 0..order {
            assert_eq!(basis.vector(u).windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count(), u);
        }
    }
}

#[test]
fn scipy_has_the_same_coefficients() {
    let script = "
from scipy.fft import dctn, idctn
from scipy.linalg import hadamard
for height, width in [(8, 8), (5, 12), (32, 32), (1, 7)]:
    block, data = data[:height * width].reshape(height, width), data[height * width:]
    give(dctn(block, type=2, norm='ortho'))
    give(dctn(block, type=3, norm='ortho'))
def sequency(order):
    rows = hadamard(order) / np.sqrt(order)
    return rows[np.argsort([np.count_nonzero(np.diff(np.sign(row))) for row in rows])]
block = data.reshape(8, 16)
give(sequency(8) @ block @ sequency(16).T)
";
    let sizes = [(8, 8), (5, 12), (32, 32), (1, 7)].map(|(h, w)| Size::new(h, w).unwrap());
    let walsh = Size::new(8, 16).unwrap();
    let blocks: Vec<f64> = sizes.iter().chain([&walsh]).flat_map(|size| samples(size.area())).collect();
    let Some(theirs) = ask(script, &blocks) else { return };
    let mut ours = Vec::new();
    for size in sizes {
        ours.extend(Kernel::dct2(size).unwrap().forward(&samples(size.area())).unwrap());
        ours.extend(Kernel::dct3(size).unwrap().forward(&samples(size.area())).unwrap());
    }
    ours.extend(Kernel::walsh_hadamard(walsh).unwrap().forward(&samples(128)).unwrap());
    assert_near(&ours, &theirs, 1e-10);
}

#[test]
fn wrong_arguments_are_told() {
    let size = Size::square(8).unwrap();
    let kernel = Kernel::dct2(size).unwrap();
    let mut block = samples(64);
    assert_eq!(
        kernel.forward(&block[..63]),
        Err(Error::Length { what: "the block", expected: 64, found: 63 })
    );
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        block[17] = value;
        assert!(matches!(kernel.forward(&block), Err(Error::NotFinite { index: 17, .. })));
        assert!(matches!(kernel.inverse(&block), Err(Error::NotFinite { index: 17, .. })));
        assert!(matches!(definition::forward(&kernel, &block), Err(Error::NotFinite { index: 17, .. })));
        assert!(matches!(dct::forward_by_definition(&block), Err(Error::NotFinite { .. })));
        assert!(matches!(walsh::forward(&mut block.clone()), Err(Error::NotFinite { .. })));
    }
    assert!(matches!(kernel.forward(&[f64::MAX; 64]), Err(Error::Overflow { index: 0 })));
    assert!(matches!(definition::forward(&kernel, &[f64::MAX; 64]), Err(Error::Overflow { index: 0 })));
    assert!(matches!(Kernel::walsh_hadamard(Size::square(6).unwrap()), Err(Error::Parameter { .. })));
    assert!(matches!(Basis::dct2(0), Err(Error::Parameter { .. })));
    assert!(matches!(Basis::identity(4097), Err(Error::Parameter { .. })));
    assert!(matches!(dct::FastDct::new(0), Err(Error::Parameter { .. })));
    assert!(matches!(dct::FastDct::new(4099), Err(Error::Parameter { .. })));
    assert!(matches!(Size::new(0, 8), Err(Error::Size { .. })));
    assert!(matches!(Size::new(usize::MAX, usize::MAX), Err(Error::Size { .. })));
    let skew = Basis::from_vectors(2, &[1.0, 0.0, 0.6, 0.8]);
    assert_eq!(skew.unwrap_err(), Error::NotOrthonormal { first: 1, second: 0, product: 0.6 });
    assert!(matches!(Kernel::general(Size::square(65).unwrap(), Vec::new()), Err(Error::Size { .. })));
}

proptest! {
    #[test]
    fn energy_is_kept(block in prop::collection::vec(-1e6..1e6, 8 * 4)) {
        let energy: f64 = block.iter().map(|x| x * x).sum();
        for kernel in kernels(Size::new(8, 4).unwrap()) {
            let coefficients = kernel.forward(&block).unwrap();
            let kept: f64 = coefficients.iter().map(|x| x * x).sum();
            prop_assert!((kept - energy).abs() <= 1e-12 * energy);
            let back = kernel.inverse(&coefficients).unwrap();
            prop_assert!(back.iter().zip(&block).all(|(a, b)| (a - b).abs() < 1e-8));
        }
    }
}
