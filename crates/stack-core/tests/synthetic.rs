//! Synthetic stacks: the reference values, hashes that must never change, and what each kind promises.

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use stack_core::synthetic::{KINDS, SyntheticKind, Texture};
use stack_core::{
    FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, StackInMemory, Synthetic, with_samples,
};

fn parsed(spec: &str) -> Synthetic {
    spec.parse().unwrap_or_else(|error| panic!("{spec}: {error}"))
}

fn frame(spec: &str, index: usize) -> FrameBuf {
    let mut source = parsed(spec).source().unwrap();
    let mut frame = FrameBuf::for_header(source.header());
    source.read_frame(index, &mut frame).unwrap();
    frame
}

fn numbers(frame: &FrameBuf) -> Vec<f64> {
    with_samples!(frame, samples => samples.iter().map(|s| stack_core::Sample::to_f64(*s)).collect())
}

/// What NumPy 2.4.6 computes for one frame.
struct Row {
    frame: usize,
    /// Sums of the f32, u16 and u8 samples.
    sums: [f64; 3],
    /// The f32 samples [100, 150], [60, 90] and [0, 0].
    samples: [f64; 3],
}

const NUMPY: [Row; 7] = [
    Row {
        frame: 0,
        sums: [5890.2509341240, 385_987_229.0, 1_471_803.0],
        samples: [1.0, 0.0926680267, 0.057432048],
    },
    Row {
        frame: 1,
        sums: [3828.0960357860, 250_843_905.0, 945_857.0],
        samples: [1.0, 0.0536491424, 0.0167284813],
    },
    Row {
        frame: 12,
        sums: [5521.0097238272, 361_789_119.0, 1_377_573.0],
        samples: [1.0, 0.0856301337, 0.0367370099],
    },
    Row {
        frame: 144,
        sums: [6221.5421247482, 407_698_201.0, 1_556_257.0],
        samples: [1.0, 0.0981617644, 0.061545644],
    },
    Row {
        frame: 863,
        sums: [3224.8181074591, 211_328_347.0, 815_441.0],
        samples: [1.0, 0.000411443558, 0.0],
    },
    Row {
        frame: 1000,
        sums: [3765.1794582669, 246_731_087.0, 944_887.0],
        samples: [1.0, 0.0166688152, 3.65194533e-18],
    },
    Row {
        frame: 1727,
        sums: [5374.6970431049, 352_213_953.0, 1_359_047.0],
        samples: [1.0, 0.0288328938, 1.03126918e-23],
    },
];

#[test]
fn the_reference_stack_has_the_values_of_numpy() {
    for Row { frame: index, sums, samples } in NUMPY {
        let single = numbers(&frame("reference", index));
        // A unit in the last place of every sample would be 60501 * 2^-25 = 0.0018.
        assert!((single.iter().sum::<f64>() - sums[0]).abs() < 1e-6, "frame {index}");
        for (place, sample) in [100 * 301 + 150, 60 * 301 + 90, 0].into_iter().zip(samples) {
            let ours = single[place];
            assert!((ours - sample).abs() <= ours * 1e-7, "frame {index}, sample {place}: {ours} {sample}");
        }
        assert_eq!(
            numbers(&frame("reference:type=u16", index)).iter().sum::<f64>(),
            sums[1],
            "frame {index}"
        );
        assert_eq!(numbers(&frame("reference:type=u8", index)).iter().sum::<f64>(), sums[2], "frame {index}");
    }
}

/// The Python that `STACKPRESS_PYTHON` names, or the one of the workspace's own environment.
fn python() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    std::env::var_os("STACKPRESS_PYTHON").map(PathBuf::from).or_else(|| own.exists().then_some(own))
}

#[test]
fn the_reference_stack_agrees_with_numpy_itself() {
    let Some(python) = python() else {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no Python with NumPy");
        println!("skipped: no Python with NumPy; set STACKPRESS_PYTHON");
        return;
    };
    const SCRIPT: &str = "
import sys, numpy as np
for t in (5, 300, 777, 1400):
    i, j, k = t // 144, t // 12 % 12, t % 12
    px, py = (0.2 + j * 3 / 12) / 2, (0.2 + k * 3 / 12) / 2
    across = ((np.linspace(-100, 100, 301) / 30) ** 2) ** px
    down = ((np.linspace(-100, 100, 201) / (10 + i * 30 / 12)) ** 2) ** py
    sys.stdout.buffer.write(np.exp(-(across[None, :] + down[:, None])).astype('<f8').tobytes())
";
    let output = Command::new(&python).args(["-c", SCRIPT]).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Vec<f64> =
        output.stdout.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
    let ours: Vec<f64> =
        [5, 300, 777, 1400].iter().flat_map(|t| numbers(&frame("reference:type=f64", *t))).collect();
    assert_eq!(ours.len(), theirs.len());
    let mut truncated_apart = 0;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        // Where the exponent is large, one unit in the last place of pow moves exp by as many units.
        assert!((ours - theirs).abs() <= 1e-13 * theirs, "{ours} {theirs}");
        truncated_apart += usize::from((ours * 65535.0).trunc() != (theirs * 65535.0).trunc());
    }
    assert!(truncated_apart <= 20, "{truncated_apart} of {} u16 samples", ours.len());
}

/// A small stack of each kind and the BLAKE3 hash of its samples, little-endian. These may never change: stacks
/// that were stored under their specification must stay what they were.
const GOLDEN: &[(&str, &str)] = &[
    ("reference:frames=20,size=21x31,type=f32", "605b6e70f232d739db07cd4333d43e4d"),
    ("reference:steps=3,size=21x31,type=f64", "090699c03b9c7fd7b5ec67b47e6457c7"),
    ("reference:steps=3,size=40x30,type=u8", "120e99f961d2a2c92824dd78240d5eed"),
    ("reference:steps=3,size=40x30,type=u16", "ee5fa06da8ee71ff4751536efe1a571b"),
    ("reference:steps=2,size=40x30,type=i16", "2dd1b0c25768cf70c06aa241b750b4ff"),
    ("reference:steps=2,size=40x30,type=i32", "b3ef177f40a59282c79ffd19b05a7460"),
    ("reference:steps=2,size=40x30,type=u16,bits=12", "71bc29a3065a1756c9449a36f9e8f9fc"),
    ("gradient:frames=7,size=19x23,type=u8", "6b36d09af58827ef7555aee3c6439be1"),
    ("gradient:frames=7,size=19x23x3,type=u16", "d8d20246d2f2de326c2b8426644abfb0"),
    ("gradient:frames=7,size=19x23,type=i16", "87bfdab94196e7d1c22e4d3457a015da"),
    ("gradient:frames=7,size=19x23,type=i32", "8ca6645cfa4c58b442145b26be7149ab"),
    ("gradient:frames=7,size=19x23,type=f32", "445c2c8a83ccaeae0abc3a94172217d4"),
    ("gradient:frames=7,size=19x23x4,type=f64", "347d4b1e27ba3c610c094684a1572bba"),
    ("noise-uniform:frames=5,size=17x15x3,type=u8,seed=0", "d4de421166312cd48ca8d17a4534e532"),
    ("noise-uniform:frames=5,size=17x15,type=u16,seed=1", "faa770a041f18203e90dee2ccd9e73f4"),
    ("noise-uniform:frames=5,size=17x15,type=i16,seed=2", "9dffeaf0988cdd9632459e378dc08f07"),
    ("noise-uniform:frames=5,size=17x15,type=i32,seed=3", "03294bac54972180b10df1a1ff66704e"),
    ("noise-uniform:frames=5,size=17x15,type=f32,seed=4", "dcfc3904759ff769d8bdba9cc4a17920"),
    ("noise-uniform:frames=5,size=17x15,type=f64,seed=5", "de81b17c106c09ce5e7a39979ed936e8"),
    ("noise-uniform:frames=5,size=17x15,type=u16,bits=10", "7b7e4ca8510b17ff8ddf7cd4b3ee1c40"),
    ("noise-gaussian:frames=5,size=17x15x3,type=u8,seed=0", "8d233458254b96be885ab25847d640bd"),
    ("noise-gaussian:frames=5,size=17x15,type=u16,seed=1", "09a56734e59b55a179d12713b0c03bbe"),
    ("noise-gaussian:frames=5,size=17x15,type=i16,seed=2", "f05e213df5c69e467a4581bf5985b4bf"),
    ("noise-gaussian:frames=5,size=17x15,type=i32,seed=3", "6e167683fed04bcc3273c97fd9d54dcd"),
    ("noise-gaussian:frames=5,size=17x15,type=f32,seed=4", "7f852225a8338a93c289625121d83985"),
    ("noise-gaussian:frames=5,size=17x15,type=f64,seed=5", "8d15ad79c571d6c7ee9f0c154a0829b8"),
    ("noise-gaussian:frames=5,size=17x15,type=u8,sigma=3,mean=20", "388c02f65a5d463cb4fc677843b1a4b4"),
    ("texture:frames=6,size=33x47x3,type=u8,seed=0", "413a181bed1f0755ff7215ad1d9659c4"),
    ("texture:frames=6,size=33x47,type=u16,seed=1", "4fa8c24b4922993223a6c0e2efa33255"),
    ("texture:frames=6,size=33x47,type=i16,seed=2", "d09db606b63ddf01573701b8717ca4e5"),
    ("texture:frames=6,size=33x47,type=i32,seed=3", "bd8162baebf19f0722a3711cc262fceb"),
    ("texture:frames=6,size=33x47,type=f32,seed=4", "133ebe34b6c5548d958b6f855a142743"),
    ("texture:frames=6,size=33x47,type=f64,seed=5", "765ecb8e0455783ced011314ed13769d"),
    (
        "texture:frames=6,size=33x47,type=u16,bits=12,scale=9.5,drift=-1.25x0.5,life=3,sigma=20",
        "00d9241c1d20d17c10b07654d091e4f0",
    ),
];

#[test]
fn stacks_are_the_same_on_every_machine_and_in_every_version() {
    for (spec, expected) in GOLDEN {
        let mut source = parsed(spec).source().unwrap();
        let mut hash = blake3::Hasher::new();
        let stack = StackInMemory::collect(&mut source).unwrap();
        for frame in stack.frames() {
            hash.update(&frame.le_bytes());
        }
        assert_eq!(&hash.finalize().to_hex()[..32], *expected, "{spec}");
    }
    for kind in KINDS {
        assert!(GOLDEN.iter().any(|(spec, _)| spec.starts_with(kind.name)), "{} has no hash", kind.name);
    }
}

#[test]
fn uniform_noise_takes_every_value_equally_often() {
    let mut counts = [0_u32; 64];
    for value in numbers(&frame("noise-uniform:type=u16,bits=6,size=256x256", 3)) {
        counts[value as usize] += 1;
    }
    // Chi-squared with 63 degrees of freedom: above 117 once in 30,000 seeds; this seed is fixed.
    let chi: f64 = counts.iter().map(|&count| (f64::from(count) - 1024.0).powi(2) / 1024.0).sum();
    assert!(chi < 117.0, "{chi}");
    for float in ["f32", "f64"] {
        let values = numbers(&frame(&format!("noise-uniform:type={float}"), 0));
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
    }
}

#[test]
fn gaussian_noise_has_its_mean_and_sigma_and_stays_in_range() {
    let values = numbers(&frame("noise-gaussian:type=i16,mean=-100,sigma=50", 1));
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    assert!((mean + 100.0).abs() < 1.0 && (variance.sqrt() - 50.0).abs() < 1.0, "{mean} {variance}");
    let clamped = numbers(&frame("noise-gaussian:type=u16,bits=4,mean=15,sigma=9", 0));
    assert!(clamped.iter().all(|value| (0.0..=15.0).contains(value)));
    assert!(clamped.contains(&0.0) && clamped.contains(&15.0));
}

#[test]
fn a_gradient_runs_from_end_to_end() {
    for (format, low, high) in [
        ("type=u8", 0.0, 255.0),
        ("type=u16,bits=12", 0.0, 4095.0),
        ("type=i32", f64::from(i32::MIN), f64::from(i32::MAX)),
        ("type=f32", 0.0, 1.0),
    ] {
        let spec = format!("gradient:frames=5,size=7x9,{format}");
        let (first, last) = (numbers(&frame(&spec, 0)), numbers(&frame(&spec, 4)));
        assert_eq!((first[0], *last.last().unwrap()), (low, high), "{spec}");
        assert!(first.windows(2).take(8).all(|pair| pair[0] < pair[1]), "{spec}");
        assert!(first.iter().zip(&last).all(|(first, last)| first < last), "{spec}");
    }
    let colours = numbers(&frame("gradient:frames=1,size=2x3x3,type=f64", 0));
    assert_eq!(colours[..3], [0.0, 2.0 / 3.0, 1.0 / 3.0]);
    assert_eq!(numbers(&frame("gradient:frames=1,size=1x1", 0)), [0.0]);
}

#[test]
fn a_texture_without_life_only_moves() {
    let at = |frame: &[f64], y: usize, x: usize| frame[y * 40 + x];
    let spec = "texture:size=30x40,drift=1x2,life=0,scale=16,type=f64";
    let (first, fourth) = (numbers(&frame(spec, 0)), numbers(&frame(spec, 3)));
    for y in 0..27 {
        for x in 0..34 {
            assert_eq!(at(&fourth, y, x), at(&first, y + 3, x + 6), "{y} {x}");
        }
    }
    let living = spec.replace("life=0", "life=20");
    assert_ne!(numbers(&frame(&living, 3))[0], at(&numbers(&frame(&living, 0)), 3, 6));
}

#[test]
fn a_texture_is_smooth_until_noise_is_added() {
    let steepest = |spec: &str| {
        numbers(&frame(spec, 2))
            .chunks(64)
            .flat_map(|row| row.windows(2))
            .map(|p| (p[0] - p[1]).abs())
            .fold(0.0, f64::max)
    };
    // The steepest slope of one octave is 2 w_o 4/3 / s_o a pixel: 8/3 sum w_o / s_o in all.
    assert!(steepest("texture:size=64x64,scale=16,type=f64") < 8.0 / 3.0 * (4.0 / 7.0 / 16.0 * 3.0));
    assert!(steepest("texture:size=64x64,scale=16,type=f64,sigma=0.2") > 0.4);
}

#[test]
fn every_kind_has_every_type_and_any_order_of_frames() {
    for kind in KINDS {
        for pixel in PixelType::ALL {
            let spec = format!("{}:frames=4,size=9x11,type={pixel}", kind.name);
            let mut source = parsed(&spec).source().unwrap();
            let stack = StackInMemory::collect(&mut source).unwrap();
            let mut frame = FrameBuf::U8(Vec::new());
            for index in [3, 0, 2] {
                source.read_frame(index, &mut frame).unwrap();
                assert_eq!(&frame, &stack.frames()[index], "{spec}");
            }
            assert_ne!(stack.frames()[0], stack.frames()[1], "{spec}");
            assert!(source.read_frame(4, &mut frame).is_err());
            assert_eq!(source.header().meta.properties[Synthetic::PROPERTY], parsed(&spec).to_string());
        }
    }
}

#[test]
fn colour_channels_differ() {
    for kind in ["gradient", "noise-uniform", "noise-gaussian", "texture"] {
        let values = numbers(&frame(&format!("{kind}:size=16x16x3,type=u8"), 0));
        for pair in [(0, 1), (1, 2), (0, 2)] {
            assert!(values.chunks(3).any(|pixel| pixel[pair.0] != pixel[pair.1]), "{kind}");
        }
    }
}

#[test]
fn unusable_specifications_are_refused_with_a_remedy() {
    for (spec, message) in [
        ("", "use one of reference, gradient"),
        ("noise", "there is no such kind"),
        ("gradient:", "option \"\": there is no value; write options as name=value"),
        ("gradient:frames", "write options as name=value"),
        ("gradient:frames=0", "frames: a stack has no frames"),
        ("gradient:frames=-1", "frames=-1: not a usable value; give a number of frames"),
        ("gradient:frames=2,frames=2", "frames is given twice"),
        ("gradient:seed=1", "gradient has no such option"),
        ("gradient:size=3", "size=3: not a usable value; give height x width"),
        ("gradient:size=3x0", "a dimension is zero"),
        ("gradient:size=1x2x3x4", "not a usable value"),
        ("gradient:size=9999999999x9999999999", "the number of samples overflows"),
        ("gradient:type=u12", "use one of u8, u16"),
        ("gradient:type=i16,bits=4", "do not fit the sample type"),
        ("reference:frames=1729", "the reference stack of 12 steps has 1728 frames"),
        ("reference:steps=0", "use 1 to 1000"),
        ("reference:steps=99999999999", "use 1 to 1000"),
        ("reference:size=8x8x3", "the reference stack has one channel"),
        ("noise-gaussian:sigma=-1", "sigma=-1: outside its range; give a finite number of at least 0"),
        ("noise-gaussian:mean=inf", "give a finite number"),
        ("noise-gaussian:sigma=NaN", "outside its range"),
        ("texture:scale=0.5", "give a number from 1 to 65536"),
        ("texture:drift=1", "drift=1: not a usable value"),
        ("texture:drift=1x2000", "give a number from -1000 to 1000"),
        ("texture:life=0.5", "give a number from 1 to 1000000000"),
    ] {
        let error = spec.parse::<Synthetic>().expect_err(spec).to_string();
        assert!(error.contains(message), "{spec:?}: {error}");
    }
}

fn kinds() -> impl Strategy<Value = SyntheticKind> {
    let number = || -1e6..1e6;
    prop_oneof![
        (1_usize..40).prop_map(|steps| SyntheticKind::Reference { steps }),
        Just(SyntheticKind::Gradient),
        Just(SyntheticKind::UniformNoise),
        (number(), 0.0..1e6).prop_map(|(mean, sigma)| SyntheticKind::GaussianNoise { mean, sigma }),
        (1.0..300.0, (-9.0..9.0, -9.0..9.0), prop_oneof![Just(0.0), 1.0..99.0], 0.0..9.0)
            .prop_map(|(scale, drift, life, sigma)| Texture { scale, drift, life, sigma })
            .prop_map(SyntheticKind::Texture),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn specifications_print_and_parse_back(
        kind in kinds(),
        (height, width, channels, frames) in (1_usize..20, 1_usize..20, 1_usize..=4, 1_usize..200),
        pixel in prop::sample::select(PixelType::ALL.to_vec()),
        bits in 1_u8..=8,
        seed in any::<u64>(),
    ) {
        let gray = matches!(kind, SyntheticKind::Reference { .. });
        let random = kind.info().options.iter().any(|option| option.name == "seed");
        let unsigned = matches!(pixel, PixelType::U8 | PixelType::U16);
        let stack = Synthetic {
            kind,
            frames: if let SyntheticKind::Reference { steps } = kind { frames.min(steps.pow(3)) } else { frames },
            shape: FrameShape::new(height, width, if gray { 1 } else { channels }).unwrap(),
            format: SampleFormat::new(pixel, if unsigned { bits } else { pixel.bits() }).unwrap(),
            seed: if random { seed } else { 0 },
        };
        let text = stack.to_string();
        let back: Synthetic = text.parse().unwrap();
        prop_assert_eq!(&back, &stack, "{}", text);
        prop_assert_eq!(back.to_string(), text);
        let mut source = stack.source().unwrap();
        let mut frame = FrameBuf::U8(Vec::new());
        source.read_frame(stack.frames - 1, &mut frame).unwrap();
        let highest = (1_u64 << stack.format.significant_bits().min(32)) - 1;
        prop_assert!(!unsigned || numbers(&frame).iter().all(|value| *value <= highest as f64));
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "(texture|reference|noise-gaussian|gradient)?:?[a-z0-9=x,.:-]{0,40}") {
        if let Ok(stack) = text.parse::<Synthetic>() {
            prop_assert_eq!(stack.to_string().parse::<Synthetic>().unwrap(), stack);
        }
    }
}
