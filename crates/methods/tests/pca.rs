//! The method `pca`: what it keeps, what NumPy makes of its arrays, and what it does with damaged files.
#![cfg(feature = "hdf5")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stack_core::synthetic::Synthetic;
use stack_core::{
    Error, ErrorBound, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, Silent,
    StackHeader, StackInMemory,
};
use stack_methods::pca::open_components;
use stack_methods::{CompressOptions, Compressed, compress, method, open_stack, verify};

fn synthetic(spec: &str) -> StackInMemory {
    let mut source = spec.parse::<Synthetic>().unwrap().source().unwrap();
    StackInMemory::collect(&mut source).unwrap()
}

fn store(stack: &mut StackInMemory, spec: &str, file: &Path) -> stack_core::Result<Compressed> {
    let options = CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() };
    compress(stack, method(spec).unwrap().as_ref(), file, &options, &Silent)
}

fn frames(file: &Path) -> Vec<FrameBuf> {
    let mut reader = open_stack(file, &Limits::default()).unwrap();
    StackInMemory::collect(&mut reader).unwrap().frames().to_vec()
}

#[test]
fn every_promise_is_kept_on_every_type() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    for pixel in PixelType::ALL {
        let unit = if pixel.is_float() { 0.01 } else { 1.0 };
        let mut stack = synthetic(&format!("texture:frames=12,size=15x22x3,type={pixel}"));
        for (residual, bound) in [
            (",residual=lossless".to_owned(), ErrorBound::Lossless),
            (format!(",residual={}", 2.0 * unit), ErrorBound::MaxAbs(2.0 * unit)),
            (String::new(), ErrorBound::Unbounded),
        ] {
            let done = store(&mut stack, &format!("pca:components=3{residual}"), &file).unwrap();
            let errors = done.errors.unwrap();
            assert!(errors.keeps(bound), "{pixel}{residual}");
            assert_eq!(errors.bit_exact(), bound == ErrorBound::Lossless, "{pixel}{residual}");
            let reader = open_stack(&file, &Limits::default()).unwrap();
            assert_eq!(reader.envelope().promise, bound);
            let told = reader.encoded_as().unwrap();
            assert!(
                told.starts_with("3 components explain ") && told.ends_with(" % of the variance"),
                "{told}"
            );
            assert!(verify(&file, Some(&mut stack), &Limits::default(), &Silent).is_ok());
        }
    }
}

#[test]
fn more_components_leave_less_and_the_file_tells_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let mut stack = synthetic("texture:frames=40,size=31x43,type=f32");
    let mut last = f64::INFINITY;
    for count in [1, 2, 5, 20, 39] {
        let done = store(&mut stack, &format!("pca:components={count}"), &file).unwrap();
        let components = open_components(&file, &Limits::default()).unwrap();
        assert_eq!(components.count(), count);
        let told = components.errors_by_count()[count];
        let measured = done.errors.unwrap().rmse.powi(2);
        assert!((told - measured).abs() <= 1e-3 * measured + 1e-9, "{count}: {told} and {measured}");
        assert!(measured < last);
        last = measured;
    }
    store(&mut stack, "pca:energy=0.9", &file).unwrap();
    let components = open_components(&file, &Limits::default()).unwrap();
    let shares = components.explained_shares();
    assert!(shares.iter().sum::<f64>() >= 0.9 && shares[..shares.len() - 1].iter().sum::<f64>() < 0.9);
    // More than there are: as many as there are.
    store(&mut stack, "pca:components=1000", &file).unwrap();
    assert_eq!(open_components(&file, &Limits::default()).unwrap().count(), 39);
    let done = store(&mut stack, "pcaself", &file).unwrap();
    assert!(done.errors.unwrap().max_abs < 1e-5);
}

#[test]
fn frames_that_do_not_differ_have_no_components() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let one = synthetic("texture:frames=1,size=9x8,type=u16");
    let header = StackHeader::new(4, one.header().shape, one.header().format).unwrap();
    let same = StackInMemory::new(header, vec![one.frames()[0].clone(); 4]).unwrap();
    for mut stack in [one, same] {
        for spec in ["pca", "pca:energy=0.5", "pca:residual=lossless"] {
            assert!(store(&mut stack, spec, &file).unwrap().errors.unwrap().bit_exact(), "{spec}");
            let told = open_stack(&file, &Limits::default()).unwrap().encoded_as().unwrap();
            assert_eq!(told, "the mean alone: the frames do not differ");
        }
    }
}

#[test]
fn samples_that_are_no_numbers_are_refused_or_kept_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let mut stack = synthetic("texture:frames=6,size=10x12,type=f32");
    let mut all = stack.frames().to_vec();
    let FrameBuf::F32(samples) = &mut all[4] else { unreachable!() };
    samples[7] = f32::from_bits(0x7fc0_1234);
    samples[8] = f32::NEG_INFINITY;
    samples[9] = f32::MAX;
    stack = StackInMemory::new(stack.header().clone(), all).unwrap();
    let error = store(&mut stack, "pca", &file).unwrap_err();
    let told = error.to_string();
    assert!(matches!(error, Error::Unsupported { .. }), "{told}");
    assert!(told.contains("frame 4 has NaN") && told.contains("residual=lossless"), "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(store(&mut stack, "pca:residual=lossless", &file).unwrap().errors.unwrap().bit_exact());
    let done = store(&mut stack, "pca:residual=0.25", &file).unwrap();
    assert!(done.errors.unwrap().keeps(ErrorBound::MaxAbs(0.25)));
}

#[test]
fn samples_stay_within_their_significant_bits() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let format = SampleFormat::new(PixelType::U16, 10).unwrap();
    let header = StackHeader::new(3, FrameShape::gray(1, 4).unwrap(), format).unwrap();
    let all =
        [[0, 1023, 1023, 5], [0, 0, 1023, 900], [1023, 1023, 0, 1]].map(|row| FrameBuf::U16(row.to_vec()));
    let mut stack = StackInMemory::new(header, all.to_vec()).unwrap();
    store(&mut stack, "pca:components=1", &file).unwrap();
    for frame in frames(&file) {
        let FrameBuf::U16(samples) = frame else { panic!() };
        assert!(samples.iter().all(|sample| *sample <= 1023), "{samples:?}");
    }
}

#[test]
fn equal_frames_have_one_row_and_any_order_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (once, twice) = (folder.path().join("once.stack.h5"), folder.path().join("twice.stack.h5"));
    let mut stack = synthetic("texture:frames=20,size=30x40,type=u16");
    let header = StackHeader::new(60, stack.header().shape, stack.header().format).unwrap();
    let repeated = (0..60).map(|frame| stack.frames()[frame * 7 % 20].clone()).collect();
    let mut repeated = StackInMemory::new(header, repeated).unwrap();
    for spec in ["pca:components=5", "pca:components=5,residual=lossless"] {
        let (small, large) =
            (store(&mut stack, spec, &once).unwrap(), store(&mut repeated, spec, &twice).unwrap());
        assert_eq!(large.errors.unwrap().bit_exact(), spec.contains("lossless"));
        assert!(large.stored_bytes < small.stored_bytes + 60 * 40 + 4096, "{spec}");
        let (a, b) = (
            open_components(&once, &Limits::default()).unwrap(),
            open_components(&twice, &Limits::default()).unwrap(),
        );
        // Three of each: the same components, and three times the variance.
        for (one, three) in a.singular_values().iter().zip(b.singular_values()) {
            assert!((one * 3_f64.sqrt() / three - 1.0).abs() < 1e-5);
        }
        assert_eq!(b.scores(7), b.scores(27));
        for order in ["hash", "nearest"] {
            let done = store(&mut repeated, &format!("{spec},order={order}"), &twice).unwrap();
            assert_eq!(done.errors.unwrap().bit_exact(), spec.contains("lossless"), "{order}");
        }
    }
}

#[test]
fn threads_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let mut stack = synthetic("texture:frames=150,size=40x30,type=u16");
    let mut written = Vec::new();
    for (threads, spec) in [(1, "pca:residual=lossless"), (4, "pca:residual=lossless")] {
        let file = folder.path().join(format!("{threads}.stack.h5"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| store(&mut stack, spec, &file)).unwrap();
        written.push(fs::read(&file).unwrap());
    }
    assert!(written[0] == written[1]);
}

#[test]
fn the_arrays_of_a_small_file_are_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let mut stack = synthetic("gradient:frames=5,size=3x4,type=u8");
    store(&mut stack, "pca:components=2,residual=1.0", &file).unwrap();
    let components = open_components(&file, &Limits::default()).unwrap();
    let mut bytes = components.mean().le_bytes().into_owned();
    (0..2).for_each(|index| bytes.extend_from_slice(&components.component(index).unwrap().le_bytes()));
    (0..5).for_each(|frame| {
        bytes.extend(components.scores(frame).unwrap().iter().flat_map(|score| score.to_le_bytes()));
    });
    assert!(components.component(2).is_none() && components.scores(5).is_none());
    let digest = blake3::hash(&bytes).to_hex();
    assert_eq!(&digest[..16], "34b2652ff1475ca4", "the numbers in the file are others");
}

#[test]
fn what_needs_more_memory_than_it_may_have_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.stack.h5");
    let mut stack = synthetic("texture:frames=100,size=64x64,type=u8");
    let limits = Limits { memory_bytes: 1_000_000, ..Limits::default() };
    let options = CompressOptions { limits, keep_larger: true, ..CompressOptions::default() };
    let error = compress(&mut stack, method("pca").unwrap().as_ref(), &file, &options, &Silent).unwrap_err();
    let told = error.to_string();
    assert!(matches!(error, Error::Limit { .. }) && told.contains("fewer components"), "{told}");
    store(&mut stack, "pca", &file).unwrap();
    let limits = Limits { memory_bytes: 100_000, ..Limits::default() };
    assert!(matches!(open_stack(&file, &limits), Err(Error::Limit { .. })));
    assert!(open_components(&folder.path().join("none"), &Limits::default()).is_err());
    store(&mut stack, "hdf5", &file).unwrap();
    let told = open_components(&file, &Limits::default()).unwrap_err().to_string();
    assert!(told.contains("-m pca"), "{told}");
}

/// Everything that can be done with a file; whatever it holds, this returns.
fn read_all(file: &Path, limits: &Limits) -> stack_core::Result<()> {
    let mut reader = open_stack(file, limits)?;
    let mut frame = FrameBuf::U8(Vec::new());
    for index in 0..reader.header().frames {
        reader.read_frame(index, &mut frame)?;
        reader.check_frame(index, &frame)?;
    }
    Ok(())
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let (file, damaged) = (folder.path().join("a.stack.h5"), folder.path().join("b.stack.h5"));
    let mut stack = synthetic("texture:frames=4,size=9x8,type=i16");
    let limits = Limits { memory_bytes: 1 << 24, metadata_bytes: 1 << 20, ..Limits::default() };
    for spec in ["pca:components=2,residual=lossless", "pca:components=3"] {
        store(&mut stack, spec, &file).unwrap();
        read_all(&file, &limits).unwrap();
        let whole = fs::read(&file).unwrap();
        for length in (0..whole.len() - 48).step_by(37) {
            fs::write(&damaged, &whole[..length]).unwrap();
            assert!(read_all(&damaged, &limits).is_err(), "cut at {length}");
        }
        let mut unnoticed = 0;
        for byte in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[byte] ^= 1 << (byte % 8);
            fs::write(&damaged, &flipped).unwrap();
            // Without the seal: the parts themselves must notice, or be of no account (words, unused space).
            unnoticed += usize::from(read_all(&damaged, &limits).is_ok());
            if byte % 16 == 0 {
                let found = verify(&damaged, None, &limits, &Silent);
                assert!(found.is_err() || found.is_ok_and(|verified| !verified.sealed), "byte {byte}");
            }
        }
        println!("{spec}: {unnoticed} of {} flips change no sample", whole.len());
    }
}

fn python() -> Option<PathBuf> {
    let found = std::env::var_os("STACKPRESS_PYTHON").map(PathBuf::from).or_else(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
        let local = workspace.join("target/venv/bin/python");
        local.is_file().then_some(local)
    });
    if found.is_none() {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no Python; run cargo xtask setup");
        println!("skipped: no Python (set STACKPRESS_PYTHON, or run cargo xtask setup)");
    }
    found
}

#[test]
fn numpy_builds_the_frames_from_the_arrays() {
    const SCRIPT: &str = "
import sys, h5py, numpy as np
for name in sys.argv[1:]:
    with h5py.File(name) as f:
        mean, components, scores, values = (f[n][...] for n in ('mean', 'components', 'scores', 'singular_values'))
        wide = mean.dtype == np.float64
        assert all(a.dtype == mean.dtype for a in (components, scores, values))
        built = mean + np.tensordot(scores.astype('f8'), components.astype('f8'), 1)
        wanted = np.fromfile(name + '.bin', '<f8').reshape(built.shape)
        scale = np.abs(wanted).max()
        assert np.abs(built - wanted).max() <= 1e-5 * scale + (0 if wide or name.endswith('f32') else 0.5), name
        flat = components.reshape(len(components), -1).astype('f8')
        assert np.abs(flat @ flat.T - np.eye(len(flat))).max() < 1e-6
        assert np.allclose(np.linalg.norm(scores.astype('f8'), axis=0), values, rtol=1e-5)
        assert 'mean' in f['mean'].attrs['meaning'].decode() and 'scores[n, j]' in f['mean'].attrs['formula'].decode()
        assert f['components'].attrs['axes'].decode().startswith('component, row, column')
        assert list(f['frame_names'].asstr()[:1]) == ['a']
print(len(sys.argv) - 1)
";
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (spec, name) in [
        ("texture:frames=9,size=14x11,type=u16", "u16"),
        ("texture:frames=9,size=14x11x3,type=f32", "f32"),
        ("texture:frames=9,size=14x11,type=f64", "f64"),
    ] {
        let mut stack = synthetic(spec);
        let mut header = stack.header().clone();
        header.meta.frame_names = ('a'..='i').map(String::from).collect();
        stack = StackInMemory::new(header, stack.frames().to_vec()).unwrap();
        let file = folder.path().join(name);
        store(&mut stack, "pca:components=4", &file).unwrap();
        let decoded = frames(&file).into_iter().flat_map(|frame| match frame {
            FrameBuf::U16(samples) => samples.into_iter().map(f64::from).collect::<Vec<_>>(),
            FrameBuf::F32(samples) => samples.into_iter().map(f64::from).collect(),
            FrameBuf::F64(samples) => samples,
            _ => unreachable!(),
        });
        let bytes: Vec<u8> = decoded.flat_map(f64::to_le_bytes).collect();
        fs::write(folder.path().join(format!("{name}.bin")), bytes).unwrap();
        files.push(file);
    }
    let output = Command::new(python).args(["-c", SCRIPT]).args(&files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "3");
}
