//! Rounded mantissas against netCDF-C and the definition; information of bits against NumPy.

mod python;

use proptest::prelude::*;
use python::ask;
use stack_transform::bit_round::{Ties, granular, groom, round};
use stack_transform::information_bits::{BitPairs, Exponent};
use stack_transform::{Error, Float};

/// Numbers from a linear congruential generator.
fn noise(count: usize) -> impl Iterator<Item = u64> {
    let mut state = 7_u64;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ state >> 29
    })
}

/// What netCDF-C has where no fill value was set.
const NETCDF_FILL: f64 = 9.969_209_968_386_869e36;

/// Floats of all magnitudes, those next to powers of two and ten, with last bits that are halves, and fill values.
fn floats<T: Float>() -> Vec<T> {
    let mut samples: Vec<T> = noise(3000).map(|bits| T::of_bits(bits >> (64 - T::BITS))).collect();
    for exponent in -40..40 {
        for power in [10_f64.powi(exponent), 2_f64.powi(exponent), 2_f64.powi(exponent) * 1.625] {
            let bits = T::nearest(power).bits();
            samples.extend(
                (bits - 4..=bits + 4).flat_map(|bits| [T::of_bits(bits), T::of_bits(bits | T::SIGN)]),
            );
        }
    }
    for (index, bits) in noise(1000).enumerate() {
        // A one and zeros from some place on.
        let place = index as u32 % T::MANTISSA_BITS;
        let sample = T::of_bits((bits >> (64 - T::BITS) | 1 << place) & !((1 << place) - 1));
        samples.extend([sample, T::nearest(NETCDF_FILL)]);
    }
    samples.retain(|sample| sample.finite() && sample.bits() & !T::SIGN != 0);
    // What would round to infinity is cut off by us.
    samples.retain(|sample| (*sample).into().abs() < T::LARGEST / 4.0);
    samples
}

const NETCDF: &str = "
try:
    import netCDF4
except ImportError:
    sys.exit(0)
kind = np.dtype('KIND')
data = data.astype(kind)
for mode, counts in (('BitRound', BITS), ('BitGroom', DIGITS), ('GranularBitRound', DIGITS)):
    for count in range(1, counts + 1):
        with netCDF4.Dataset('memory', 'w', memory=1 << 20) as file:
            file.createDimension('x', data.size)
            v = file.createVariable('v', kind, ('x',), compression='zlib', complevel=1, quantize_mode=mode, significant_digits=count)
            v.set_auto_maskandscale(False)
            v[:] = data
            give(v[:])
";

fn netcdf_writes_the_same_bits<T: Float>(digits: u32) {
    let samples = floats::<T>();
    let kind = if T::BITS == 32 { "<f4" } else { "<f8" };
    let script = NETCDF
        .replace("KIND", kind)
        .replace("BITS", &T::MANTISSA_BITS.to_string())
        .replace("DIGITS", &digits.to_string());
    let wide: Vec<f64> = samples.iter().map(|sample| (*sample).into()).collect();
    let Some(theirs) = ask(&script, &wide) else { return };
    if theirs.is_empty() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no netCDF4; run cargo xtask setup");
        println!("skipped: Python has no netCDF4");
        return;
    }
    let fill = Some(T::nearest(NETCDF_FILL));
    let mut theirs = theirs.chunks_exact(samples.len());
    let mut compare = |what: &str, count: u32, change: &dyn Fn(&mut [T])| {
        let mut ours = samples.clone();
        change(&mut ours);
        for ((ours, theirs), sample) in ours.iter().zip(theirs.next().unwrap()).zip(&samples) {
            assert_eq!(ours.bits(), T::nearest(*theirs).bits(), "{what} {count} of {sample:?}");
        }
    };
    for bits in 1..=T::MANTISSA_BITS {
        compare("round", bits, &|ours| round(ours, bits, Ties::Away, fill).unwrap());
    }
    for digits in 1..=digits {
        compare("groom", digits, &|ours| groom(ours, digits, fill).unwrap());
    }
    for digits in 1..=digits {
        compare("granular", digits, &|ours| granular(ours, digits, fill).unwrap());
    }
    assert!(theirs.next().is_none());
}

#[test]
fn netcdf_writes_the_same_single_precision() {
    netcdf_writes_the_same_bits::<f32>(6);
}

#[test]
fn netcdf_writes_the_same_double_precision() {
    netcdf_writes_the_same_bits::<f64>(15);
}

#[test]
fn golden_bits() {
    let pi = [std::f32::consts::PI; 2];
    let bits = |samples: [f32; 2]| samples.map(f32::to_bits);
    let expected = [[0x4048_0000, 0x404b_ffff], [0x4049_0000, 0x4049_0fff], [0x4049_0fd8, 0x4049_0fdb]];
    for (digits, expected) in [1, 3, 6].into_iter().zip(expected) {
        let mut samples = pi;
        groom(&mut samples, digits, None).unwrap();
        assert_eq!(bits(samples), expected);
    }
}

#[test]
fn what_is_no_number_stays() {
    let specials =
        [f32::NAN, -f32::NAN, f32::from_bits(0x7fff_ffff), f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1e20];
    type Change = fn(&mut [f32]);
    let changes: [Change; 4] = [
        |samples| round(samples, 3, Ties::Away, Some(1e20)).unwrap(),
        |samples| round(samples, 3, Ties::ToEven, Some(1e20)).unwrap(),
        |samples| groom(samples, 2, Some(1e20)).unwrap(),
        |samples| granular(samples, 2, Some(1e20)).unwrap(),
    ];
    for change in changes {
        // Grooming takes turns: both.
        for shift in 0..2 {
            let mut samples = [&[1.1; 2][..shift], &specials].concat();
            change(&mut samples);
            let bits: Vec<u32> = samples[shift..].iter().map(|sample| sample.to_bits()).collect();
            assert_eq!(bits, specials.map(f32::to_bits));
            let mut largest = [f32::MAX, f32::MIN, f32::MAX, f32::MIN];
            change(&mut largest);
            assert!(largest.iter().all(|sample| sample.is_finite()));
        }
    }
}

#[test]
fn impossible_counts_are_refused() {
    let mut samples = [1.0_f32];
    for digits in [0, 7] {
        assert!(matches!(groom(&mut samples, digits, None), Err(Error::Parameter { .. })));
        assert!(matches!(granular(&mut samples, digits, None), Err(Error::Parameter { .. })));
    }
    assert!(matches!(granular(&mut [1.0_f64], 16, None), Err(Error::Parameter { .. })));
    assert!(matches!(round(&mut samples, 24, Ties::ToEven, None), Err(Error::Parameter { .. })));
    assert!(
        round(&mut samples, 23, Ties::ToEven, None).is_ok()
            && round(&mut samples, 0, Ties::Away, None).is_ok()
    );
}

proptest! {
    #[test]
    fn the_nearest_mantissa_is_taken(bits in any::<u64>(), keep in 0_u32..=52) {
        let x = f64::from_bits(bits);
        prop_assume!(x.is_normal() && x.abs() < f64::MAX / 4.0);
        let [mut even, mut away] = [[x]; 2];
        round(&mut even, keep, Ties::ToEven, None).unwrap();
        round(&mut away, keep, Ties::Away, None).unwrap();
        // By the definition: the mantissa as a number of steps, 1 to 2 times 2^keep.
        let step = f64::from_bits(bits & 0x7ff0_0000_0000_0000) / 2_f64.powi(keep as i32);
        prop_assume!(step.is_normal());
        prop_assert_eq!(even[0], (x / step).round_ties_even() * step);
        prop_assert_eq!(away[0], (x / step).round() * step);
    }

    #[test]
    fn digits_stay(x in prop_oneof![-1e30_f64..1e30, -1.0..1.0], digits in 1_u32..=15) {
        prop_assume!(x.abs() > 1e-300);
        let mut samples = [x; 4];
        groom(&mut samples[..2], digits, None).unwrap();
        granular(&mut samples[2..], digits, None).unwrap();
        // Half a unit of the last of the digits.
        let unit = 10_f64.powi(x.abs().log10().floor() as i32 + 1 - digits as i32);
        for sample in samples {
            prop_assert!((sample - x).abs() <= unit * 0.5 * (1.0 + 1e-9), "{sample} for {x}");
        }
    }

    #[test]
    fn information_is_that_of_the_definition(samples in prop::collection::vec(prop_oneof![
        -2.5_f32..2.5, Just(f32::NAN), any::<u32>().prop_map(f32::from_bits),
    ], 2..300)) {
        let mut pairs = BitPairs::new(Exponent::Biased);
        pairs.along_rows(&samples, samples.len()).unwrap();
        let numbers: Vec<[f32; 2]> = samples.windows(2).map(|pair| [pair[0], pair[1]])
            .filter(|pair| pair.iter().all(|sample| !sample.is_nan())).collect();
        prop_assert_eq!(pairs.len(), numbers.len() as u64);
        let information = pairs.information();
        for bit in 0..32 {
            let share = |test: &dyn Fn(u32, u32) -> bool| {
                let found = numbers.iter().filter(|[a, b]| test(a.to_bits() >> (31 - bit) & 1, b.to_bits() >> (31 - bit) & 1));
                found.count() as f64 / numbers.len() as f64
            };
            let mut expected = 0.0;
            for r in 0..2 {
                for s in 0..2 {
                    let joint = share(&|a, b| a == r && b == s);
                    if joint > 0.0 {
                        expected += joint * (joint / (share(&|a, _| a == r) * share(&|_, b| b == s))).log2();
                    }
                }
            }
            prop_assert!((information[bit] - expected).abs() < 1e-12, "bit {}: {} and {}", bit, information[bit], expected);
        }
    }
}

/// A field with noise in its last bits, and without numbers in a corner.
fn field() -> Vec<f64> {
    let mut noise = noise(200 * 100);
    (0..200 * 100)
        .map(|i| {
            let (y, x) = (i / 200, i % 200);
            let wave = ((x as f64 / 40.0).sin() + (y as f64 / 25.0).cos()) * 3.0;
            let noisy = wave + noise.next().unwrap() as f64 / 2_f64.powi(72);
            if x < 20 && y < 30 { f64::NAN } else { f64::from(noisy as f32) }
        })
        .collect()
}

const MUTUAL_INFORMATION: &str = "
field = data.astype('<f4').reshape(100, 200)
from scipy.stats import norm
for signed in (False, True):
    for axis in (1, 0):
        u = field.view('<u4').astype(np.int64)
        if signed:
            exponent = (u >> 23 & 255) - 127
            u = u & 0x807fffff | np.where(exponent < 0, 128, 0) + abs(exponent) % 129 << 23
        first, second = (u[:, :-1], u[:, 1:]) if axis else (u[:-1], u[1:])
        nan = np.isnan(field)
        good = ~((nan[:, :-1] | nan[:, 1:]) if axis else (nan[:-1] | nan[1:]))
        first, second = first[good], second[good]
        n = first.size
        p1 = min(1, 0.5 + norm.ppf(0.995) / 2 / np.sqrt(n))
        chance = 1 + p1 * np.log2(p1) + (1 - p1) * np.log2(1 - p1)
        information = []
        for bit in range(31, -1, -1):
            joint = np.histogram2d(first >> bit & 1, second >> bit & 1, bins=2, range=((0, 2), (0, 2)))[0] / n
            independent = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
            some = joint > 0
            value = (joint[some] * np.log2(joint[some] / independent[some])).sum()
            information.append(value)
        information = np.array(information)
        kept = []
        for least in (1.5 * information[-4:].max(), chance):
            some = np.where(information > least, information, 0)
            shares = np.cumsum(some) / np.sum(some)
            kept += [max(0, int(np.argmax(shares > share)) - 8) for share in (0.99, 0.999)]
        give(np.array([n, *some, *kept]))
";

#[test]
fn numpy_finds_the_same_information() {
    let field = field();
    let Some(theirs) = ask(MUTUAL_INFORMATION, &field) else { return };
    let samples: Vec<f32> = field.iter().map(|x| *x as f32).collect();
    let mut theirs = theirs.chunks_exact(37);
    for exponent in [Exponent::Biased, Exponent::Signed] {
        for axis in [1, 0] {
            let theirs = theirs.next().unwrap();
            let mut pairs = BitPairs::new(exponent);
            if axis == 1 {
                pairs.along_rows(&samples, 200).unwrap();
            } else {
                pairs.along_columns(&samples, 200).unwrap();
            }
            assert_eq!(pairs.len() as f64, theirs[0]);
            let ours = pairs.significant(0.99).unwrap();
            for (bit, (ours, theirs)) in ours.as_slice().iter().zip(&theirs[1..33]).enumerate() {
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{exponent:?} axis {axis} bit {bit}: {ours} and {theirs}"
                );
            }
            assert!(ours.total() > 3.0);
            let kept = [pairs.information().above_last_bits(), ours].map(|information| {
                [0.99, 0.999].map(|share| f64::from(information.kept_mantissa_bits(share)))
            });
            assert_eq!(kept.as_flattened(), &theirs[33..]);
        }
    }
}

#[test]
fn information_of_extremes() {
    let constant = [2.5_f64; 100];
    let mut pairs = BitPairs::new(Exponent::Signed);
    assert!(pairs.is_empty());
    assert_eq!(pairs.significant(0.99).unwrap().kept_mantissa_bits(0.99), 0);
    pairs.along_rows(&constant, 10).unwrap();
    assert_eq!((pairs.len(), pairs.information().total()), (90, 0.0));
    assert_eq!(pairs.information().kept_mantissa_bits(0.99), 0);
    assert_eq!(pairs.information().kept_mantissa_bits(1.0), 52);
    pairs.along_columns(&constant, 10).unwrap();
    assert_eq!(pairs.len(), 180);
    pairs.along_columns(&constant[..0], 10).unwrap();
    assert!(matches!(pairs.along_rows(&constant, 0), Err(Error::Length { .. })));
    assert!(matches!(pairs.along_columns(&constant, 7), Err(Error::Length { .. })));
    assert!(matches!(pairs.push(&constant, &constant[1..]), Err(Error::Length { .. })));
    for confidence in [0.0, 1.0, -1.0, f64::NAN] {
        assert!(matches!(pairs.significant(confidence), Err(Error::Parameter { .. })));
    }
}
