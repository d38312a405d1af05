//! `piles`: any grouping comes back, its file as another program sees it, and damage to it.
#![cfg(feature = "hdf5")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Result, SampleFormat, Silent, StackHeader,
    StackInMemory,
};
use stack_methods::{CompressOptions, compress, identify, method, open_stack, verify};

const SPECS: [&str; 5] = [
    "piles:shuffle,gzip=9",
    "piles:by=nearest,bitshuffle,zstd=3",
    "piles:difference=none,shuffle,gzip=9",
    "piles:shuffle,fletcher32",
    "piles:by=nearest,difference=none,gzip=1,chunk-frames=2",
];

/// A scene of 8 x 8 bright and dark fields of its own.
fn field(scene: usize, place: usize) -> u64 {
    let mixed = (scene as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 29).rotate_left(place as u32) & 1
}

/// A stack whose frame `n` shows scene `scenes[n]`, with noise; equal `noise` makes equal frames.
fn stack(pixel: PixelType, scenes: &[(usize, u64)], channels: usize) -> StackInMemory {
    let shape = FrameShape::new(16, 16, channels).unwrap();
    let mut header = StackHeader::new(scenes.len(), shape, SampleFormat::full(pixel)).unwrap();
    header.meta.frame_names = (0..scenes.len()).map(|n| format!("frame {n}")).collect();
    let frames = scenes.iter().map(|&(scene, noise)| {
        let mut state = noise * 7 + scene as u64;
        let levels = (0..shape.samples()).map(|sample| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (row, column) = (sample / channels / 16, sample / channels % 16);
            40 + 150 * field(scene, row / 2 * 8 + column / 2) + (state >> 61)
        });
        match pixel {
            PixelType::U8 => FrameBuf::U8(levels.map(|level| level as u8).collect()),
            PixelType::U16 => FrameBuf::U16(levels.map(|level| level as u16 * 250).collect()),
            PixelType::I16 => FrameBuf::I16(levels.map(|level| level as i16 * 120 - 9000).collect()),
            PixelType::I32 => FrameBuf::I32(levels.map(|level| level as i32 * 70_000 - 9000).collect()),
            PixelType::F32 => {
                let mut samples: Vec<f32> = levels.map(|level| level as f32 / 3.0).collect();
                samples[3] = f32::from_bits(0x7fc0_0000 | noise as u32);
                samples[4] = [-0.0, f32::INFINITY, -7.5][noise as usize % 3];
                FrameBuf::F32(samples)
            }
            PixelType::F64 => {
                let mut samples: Vec<f64> = levels.map(|level| level as f64 / 3.0).collect();
                samples[3] = f64::from_bits(0xfff0_0000_0000_0001 | noise << 8);
                FrameBuf::F64(samples)
            }
        }
    });
    let frames = frames.collect();
    StackInMemory::new(header, frames).unwrap()
}

/// Three scenes by turns, and two frames that are there twice.
fn mixed(pixel: PixelType, channels: usize) -> StackInMemory {
    let mut scenes: Vec<(usize, u64)> = (0..14).map(|n| (n as usize % 3, n)).collect();
    scenes.push((1, 4));
    scenes.insert(2, (2, 11));
    stack(pixel, &scenes, channels)
}

fn store(spec: &str, stack: &mut dyn FrameSource, file: &Path) -> Result<()> {
    let options = CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() };
    compress(stack, method(spec).unwrap().as_ref(), file, &options, &Silent).map(drop)
}

#[test]
fn specifications_print_as_they_are_listed() {
    for (words, spec) in [
        ("group", "piles:shuffle,gzip=9"),
        ("piles:by=hash,difference=mean", "piles:shuffle,gzip=9"),
        ("piles:difference=none,by=nearest,lz4", "piles:by=nearest,difference=none,lz4"),
        ("piles:chunk-frames=3,order=nearest", "piles:shuffle,gzip=9,chunk-frames=3,order=nearest"),
    ] {
        assert_eq!(method(words).unwrap().spec().to_string(), spec);
    }
    for words in
        ["piles:by=colour", "piles:difference=median", "piles:by", "piles:chunk-frames=0", "piles:lzma"]
    {
        assert!(method(words).is_err(), "{words}");
    }
}

#[test]
fn every_type_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    for (place, pixel) in PixelType::ALL.into_iter().enumerate() {
        for spec in SPECS {
            let mut original = mixed(pixel, [1, 3][place % 2]);
            store(spec, &mut original, &file).unwrap();
            assert_eq!(identify(&file).unwrap().to_string(), spec);
            let found = verify(&file, Some(&mut original), &Limits::default(), &Silent).unwrap();
            assert!(found.sealed && found.errors.unwrap().bit_exact(), "{pixel} {spec}");
            let reader = &mut open_stack(&file, &Limits::default()).unwrap();
            assert_eq!(reader.header(), original.header());
            assert!(reader.sample_bytes().unwrap() > 0);
            assert!(reader.sample_bytes().unwrap() <= fs::metadata(&file).unwrap().len());
            let mut frame = FrameBuf::for_header(original.header());
            for index in [15, 0, 7, 7, 2] {
                reader.read_frame(index, &mut frame).unwrap();
                assert_eq!(frame.le_bytes(), original.frames()[index].le_bytes(), "{pixel} {spec} {index}");
            }
            assert!(reader.read_frame(16, &mut frame).is_err());
        }
    }
}

fn number_of_piles(file: &Path) -> (usize, usize) {
    let file = hdf5::File::open(file).unwrap();
    let rows = |name: &str| file.dataset(name).unwrap().shape()[0];
    (rows("means"), rows("differences"))
}

#[test]
fn any_number_of_piles_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    let one: Vec<_> = (0..9).map(|n| (0, n)).collect();
    // More piles than 8 bits count.
    let many: Vec<_> = (0..400).map(|n| (n as usize % 300, n)).collect();
    let equal = vec![(5, 5); 6];
    for (scenes, wanted) in [(one, (1, 9)), (many, (300, 400)), (equal, (1, 1)), (vec![(3, 3)], (1, 1))] {
        let mut original = stack(PixelType::U8, &scenes, 1);
        store("piles", &mut original, &file).unwrap();
        assert_eq!(number_of_piles(&file), wanted);
    }
}

#[test]
fn bytes_are_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    for spec in SPECS {
        let mut files = Vec::new();
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let file = folder.path().join(threads.to_string());
            pool.install(|| store(spec, &mut mixed(PixelType::U16, 1), &file)).unwrap();
            files.push(fs::read(file).unwrap());
        }
        assert!(files.iter().all(|bytes| *bytes == files[0]), "{spec}");
    }
}

/// A source that only goes forward.
struct Forward(StackInMemory, usize);

impl FrameSource for Forward {
    fn header(&self) -> &StackHeader {
        self.0.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        // From the start again: a new process.
        assert!(index == self.1 || index == 0, "frame {index} after {}", self.1);
        self.1 = index + 1;
        self.0.read_frame(index, into)
    }

    fn seeks(&self) -> bool {
        false
    }
}

#[test]
fn a_source_that_only_streams_is_spooled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    let mut original = mixed(PixelType::I16, 1);
    store("piles", &mut Forward(mixed(PixelType::I16, 1), 0), &file).unwrap();
    let found = verify(&file, Some(&mut original), &Limits::default(), &Silent).unwrap();
    assert!(found.errors.unwrap().bit_exact());
}

/// In the pass that writes differences, one sample of one frame is another.
struct Changing {
    stack: StackInMemory,
    read: usize,
}

impl FrameSource for Changing {
    fn header(&self) -> &StackHeader {
        self.stack.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.stack.read_frame(index, into)?;
        self.read += usize::from(index == 5);
        // Equal frames, hashes, means; then the fourth time.
        if let (4, 5, FrameBuf::U16(samples)) = (self.read, index, into) {
            samples[5] ^= 1;
        }
        Ok(())
    }
}

#[test]
fn a_source_that_changes_between_the_passes_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let scenes: Vec<_> = (0..8).map(|n| (n as usize % 2, n)).collect();
    let mut source = Changing { stack: stack(PixelType::U16, &scenes, 1), read: 0 };
    let error = store("piles", &mut source, &folder.path().join("x")).unwrap_err();
    assert!(matches!(error, Error::Mismatch { .. }), "{error}");
    assert!(error.to_string().contains("frame 5 of the source changed between the two passes"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Reads all there is, as far as it goes, and compares with the stored hashes.
fn read_all(file: &Path) -> Result<()> {
    let mut reader = open_stack(file, &Limits::default())?;
    let header = reader.header().clone();
    let mut frame = FrameBuf::for_header(&header);
    for index in 0..header.frames {
        reader.read_frame(index, &mut frame)?;
        reader.check_frame(index, &frame)?;
    }
    Ok(())
}

#[test]
fn damage_without_a_seal_is_found_or_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    let scenes: Vec<_> = (0..5).map(|n| (n as usize % 2, n)).collect();
    for spec in ["piles", "piles:difference=none"] {
        let mut original = stack(PixelType::U8, &scenes, 1);
        store(spec, &mut original, &file).unwrap();
        let mut whole = fs::read(&file).unwrap();
        whole.truncate(whole.len() - 48);
        for place in (0..whole.len()).step_by(2) {
            if whole[place.saturating_sub(4)..whole.len().min(place + 5)].iter().all(|&byte| byte == 0) {
                continue;
            }
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << (place % 8);
            fs::write(&file, damaged).unwrap();
            if read_all(&file).is_ok() {
                let same = verify(&file, Some(&mut original), &Limits::default(), &Silent);
                assert!(same.is_ok_and(|found| found.errors.unwrap().bit_exact()), "{spec}, byte {place}");
            }
        }
        for length in (0..whole.len()).step_by(61) {
            fs::write(&file, &whole[..length]).unwrap();
            assert!(read_all(&file).is_err(), "{spec}: cut to {length} bytes");
        }
    }
}

/// What is wrong after one dataset was replaced by another program.
fn with_list(path: &Path, name: &str, numbers: &[u16]) -> Error {
    let scenes: Vec<_> = (0..4).map(|n| (n as usize % 2, n)).collect();
    store("piles", &mut stack(PixelType::U8, &scenes, 1), path).unwrap();
    let file = hdf5::File::open_rw(path).unwrap();
    file.unlink(name).unwrap();
    file.new_dataset::<u16>().shape(numbers.len()).create(name).unwrap().write_raw(numbers).unwrap();
    file.close().unwrap();
    open_stack(path, &Limits::default()).map(drop).unwrap_err()
}

#[test]
fn wrong_lists_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.stack.h5");
    for (name, numbers, problem) in [
        ("piles", &[0, 0, 0, 0][..], "/means: 1 piles have 2 means"),
        ("piles", &[0, 1, 0, 9], "/piles: the order of the frames: frame 3 is at place 9"),
        ("piles", &[0, 1, 0], "/piles: it is for 3 frames, /index for 4"),
        ("index", &[0, 1, 2, 2], "/differences: the shape [4, 16, 16]"),
        ("index", &[0, 3, 3, 3], "/index: the order of the frames: no frame is at place 1"),
    ] {
        let error = with_list(&path, name, numbers);
        assert!(matches!(error, Error::Format { .. }), "{error}");
        assert!(error.to_string().contains(problem), "{error}");
    }
}

/// Restores each frame by what the file says of itself.
const RESTORE: &str = r#"
import sys, pathlib, h5py, hdf5plugin, numpy as np
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.h5')):
    with h5py.File(path) as f:
        wanted, piles = path.with_suffix('.bin').read_bytes(), f['piles'][...]
        assert 'piles[n]' in f['piles'].attrs['meaning'].decode()
        if 'differences' not in f:
            assert f['stack'][...].tobytes() == wanted, path.name
            count += 1
            continue
        assert 'stack' not in f, list(f)
        codes, index, means = f['differences'], f['index'][...], f['means'][...]
        for name in ('meaning', 'formula', 'axes', 'sample_type', 'arrangement'):
            assert name in codes.attrs, name
        assert codes.attrs['meaning'].decode().startswith('not samples')
        k = codes.dtype.type
        if means.dtype.kind != 'f':
            # The two lines.
            code = codes[...][index]
            stack = means[piles] + ((code >> k(1)) ^ (k(0) - (code & k(1)))).view(means.dtype)
        else:
            code, bits, sign = codes[...][index], means[piles].view(k), k(1 << (8 * k(0).itemsize - 1))
            keys = np.where(bits & sign, ~bits, bits ^ sign) + ((code >> k(1)) ^ (k(0) - (code & k(1))))
            stack = np.where(keys & sign, keys ^ sign, ~keys).view(means.dtype)
        assert stack.tobytes() == wanted, path.name
        if means.dtype.kind != 'f':
            for pile in range(len(means)):
                whole = np.frombuffer(wanted, means.dtype).reshape(stack.shape)
                _, first = np.unique(index, return_index=True)
                rows = whole[first][piles[first] == pile].astype('f8')
                assert (means[pile] == np.floor(rows.mean(0) + 0.5)).all()
    count += 1
print(count)
"#;

#[test]
fn h5py_restores_the_stack_by_the_formula() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    for pixel in PixelType::ALL {
        for spec in SPECS {
            let mut original = mixed(pixel, 1 + files % 2 * 2);
            let file = folder.path().join(format!("{files}.h5"));
            store(spec, &mut original, &file).unwrap();
            let raw: Vec<u8> =
                original.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
            fs::write(file.with_extension("bin"), raw).unwrap();
            files += 1;
        }
    }
    let output = Command::new(python).arg("-c").arg(RESTORE).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), files.to_string());
}

/// Python with h5py; a missing one is said aloud, or is a failure where tools are required.
fn python() -> Option<PathBuf> {
    let in_workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/venv/bin/python");
    let found = std::env::var_os("STACKPRESS_PYTHON")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(in_workspace)).filter(|path| path.exists()));
    if found.is_none() {
        let why = "no Python with h5py; set STACKPRESS_PYTHON or run cargo xtask setup";
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "{why}");
        println!("skipped: {why}");
    }
    found
}
