//! `hdf5diff`: its two passes, its file as another program sees it, and damage to it.
#![cfg(feature = "hdf5")]

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, Progress, Result, SampleFormat, Silent,
    StackHeader, StackInMemory,
};
use stack_methods::{
    CompressOptions, Job, SealState, check_seal, compress, identify, method, open_stack, verify,
};

const SPEC: &str = "hdf5diff:shuffle,gzip=9";

/// Frames whose pixels are near one of two levels, with every kind of number in the corners.
fn stack(pixel: PixelType, frames: usize, [height, width, channels]: [usize; 3]) -> StackInMemory {
    let shape = FrameShape::new(height, width, channels).unwrap();
    let header = StackHeader::new(frames, shape, SampleFormat::full(pixel)).unwrap();
    let mut state = 7_u64;
    let frames = (0..frames)
        .map(|_| {
            let mut frame = FrameBuf::for_header(&header);
            let fill = |bytes: &mut [u8]| {
                for (place, word) in bytes.chunks_mut(pixel.bytes()).enumerate() {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let level = [0x4000_u64, 0x7f00][(state >> 40) as usize % 2] + (state >> 60);
                    let number = match place {
                        0 => state,
                        1 => [0x7ff8_0000_7fc0_beef, 0xfff0_0000_ff80_8000, 0][(state >> 50) as usize % 3],
                        _ => level,
                    };
                    word.copy_from_slice(&number.to_le_bytes()[..word.len()]);
                }
                Ok::<(), ()>(())
            };
            frame.fill_le_bytes(fill).unwrap();
            frame
        })
        .collect();
    StackInMemory::new(header, frames).unwrap()
}

fn store(stack: &mut dyn FrameSource, file: &Path, progress: &dyn Progress) -> Result<()> {
    let options = CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() };
    compress(stack, method("hdf5diff").unwrap().as_ref(), file, &options, progress).map(drop)
}

#[test]
fn options_are_those_of_hdf5() {
    assert_eq!(method("hdf5diff").unwrap().spec().to_string(), SPEC);
    assert_eq!(method("hdf5diff:bitshuffle,zstd").unwrap().spec().to_string(), "hdf5diff:bitshuffle,zstd=3");
    assert_eq!(
        method("hdf5diff:chunk-frames=4").unwrap().spec().to_string(),
        "hdf5diff:shuffle,gzip=9,chunk-frames=4"
    );
    assert!(method("hdf5diff:gzip,shuffle").is_err());
    assert!(method("hdf5diff:chunk-frames=0").is_err());
}

/// The check of the source's own script, `diffcheck`: decode, and compare with the original.
#[test]
fn every_type_is_verified_against_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    for pixel in PixelType::ALL {
        for shape in [[6, 5, 1], [3, 4, 3], [1, 1, 1]] {
            let mut original = stack(pixel, 7, shape);
            store(&mut original, &file, &Silent).unwrap();
            assert_eq!(identify(&file).unwrap().to_string(), SPEC);
            let found = verify(&file, Some(&mut original), &Limits::default(), &Silent).unwrap();
            assert!(found.sealed && found.errors.unwrap().bit_exact(), "{pixel}");
            let mut other = original.frames().to_vec();
            other[3]
                .fill_le_bytes(|bytes| {
                    bytes[0] ^= 1;
                    Ok::<(), ()>(())
                })
                .unwrap();
            let mut other = StackInMemory::new(original.header().clone(), other).unwrap();
            let error = verify(&file, Some(&mut other), &Limits::default(), &Silent).unwrap_err();
            assert!(error.to_string().contains("1 of"), "{pixel}: {error}");
            let reader = &mut open_stack(&file, &Limits::default()).unwrap();
            assert!(reader.sample_bytes().unwrap() <= fs::metadata(&file).unwrap().len());
        }
    }
}

/// Names of phases, and how many frames each one saw.
#[derive(Default)]
struct Phases(Mutex<Vec<(String, u64, u64)>>);

impl Progress for Phases {
    fn phase(&self, name: &str, total: u64) {
        self.0.lock().unwrap().push((name.to_owned(), total, 0));
    }

    fn advance(&self, frames: u64, _: u64) {
        if let Some(last) = self.0.lock().unwrap().last_mut() {
            last.2 += frames;
        }
    }
}

#[test]
fn each_pass_is_a_phase() {
    let folder = tempfile::tempdir().unwrap();
    let phases = Phases::default();
    store(&mut stack(PixelType::U16, 5, [4, 4, 1]), &folder.path().join("x"), &phases).unwrap();
    let phases = phases.0.into_inner().unwrap();
    let done: Vec<_> =
        phases.iter().filter(|(_, _, frames)| *frames > 0).map(|(name, ..)| name.as_str()).collect();
    assert_eq!(done, ["looking for equal frames", "finding extremes", "encoding", "verifying"]);
    assert!(phases.iter().all(|(_, total, frames)| *total == 5 && [0, 5].contains(frames)));
}

/// From the first frame of the encoding pass on, which is the third, one sample of one frame is another.
struct Changing {
    stack: StackInMemory,
    read: usize,
    change: fn(u16) -> u16,
}

impl FrameSource for Changing {
    fn header(&self) -> &StackHeader {
        self.stack.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.read += 1;
        self.stack.read_frame(index, into)?;
        if let (true, 2, FrameBuf::U16(samples)) = (self.read > 2 * self.stack.header().frames, index, into) {
            samples[5] = (self.change)(samples[5]);
        }
        Ok(())
    }
}

#[test]
fn a_source_that_changes_between_the_passes_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    // Beyond the extremes, and between them; with and without the comparison afterwards.
    let changes: [fn(u16) -> u16; 2] =
        [|_| u16::MAX, |sample| if sample < 0x7000 { sample + 1 } else { sample - 1 }];
    for change in changes {
        for verify in [true, false] {
            let mut source = Changing { stack: stack(PixelType::U16, 4, [4, 4, 1]), read: 0, change };
            let options = CompressOptions { verify, keep_larger: true, ..CompressOptions::default() };
            let target = folder.path().join("x.stack.h5");
            let error = compress(&mut source, method(SPEC).unwrap().as_ref(), &target, &options, &Silent)
                .unwrap_err();
            assert!(matches!(error, Error::Mismatch { .. }), "{error}");
            assert!(
                error.to_string().contains("frame 2 of the source changed between the two passes"),
                "{error}"
            );
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

#[test]
fn frames_that_do_not_fit_in_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { memory_bytes: 4 * 4 * 2 * 3 - 1, ..Limits::default() };
    let mut source = stack(PixelType::U16, 4, [4, 4, 1]);
    let method = method(SPEC).unwrap();
    let job = Job::plan(method.as_ref(), &mut source, &limits, &Silent).unwrap();
    let error = method.encode(&mut source, &folder.path().join("x"), &job).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
}

/// Reads all there is, as far as it goes.
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
fn every_flipped_bit_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    let mut original = stack(PixelType::I16, 3, [4, 4, 1]);
    store(&mut original, &file, &Silent).unwrap();
    let whole = fs::read(&file).unwrap();
    // One byte is written over in place: file systems are slow at emptying files thousands of times.
    let mut open = fs::OpenOptions::new().write(true).open(&file).unwrap();
    let mut write = |place: usize, byte: u8| {
        open.seek(SeekFrom::Start(place as u64)).and_then(|_| open.write_all(&[byte])).unwrap();
    };
    for (place, &byte) in whole.iter().enumerate() {
        for bit in 0..8 {
            write(place, byte ^ 1 << bit);
            assert_ne!(check_seal(&file).unwrap(), SealState::Intact, "byte {place}, bit {bit}");
        }
        write(place, byte);
    }
    assert_eq!(check_seal(&file).unwrap(), SealState::Intact);
    // Without the seal, the hashes find what changed the samples, and nothing does harm.
    let sealed = whole.len() - 48;
    fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(sealed as u64).unwrap();
    for place in 0..sealed {
        if whole[place.saturating_sub(4)..whole.len().min(place + 5)].iter().all(|&byte| byte == 0) {
            continue;
        }
        write(place, whole[place] ^ 1 << (place % 8));
        if read_all(&file).is_ok() {
            let same = verify(&file, Some(&mut original), &Limits::default(), &Silent);
            assert!(same.is_ok_and(|found| found.errors.unwrap().bit_exact()), "byte {place}");
        }
        write(place, whole[place]);
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.stack.h5");
    store(&mut stack(PixelType::F32, 3, [4, 4, 1]), &file, &Silent).unwrap();
    let whole = fs::read(&file).unwrap();
    for length in (0..whole.len() - 48).step_by(13) {
        fs::write(&file, &whole[..length]).unwrap();
        assert!(read_all(&file).is_err(), "cut to {length} bytes");
    }
}

/// Decodes by the formula in the file's own attributes, in NumPy, and compares with the raw samples.
const DECODE: &str = r#"
import sys, pathlib, h5py, numpy as np
def key(x, k):
    bits, sign = x.view(k), k(1 << (8 * k(0).itemsize - 1))
    if x.dtype.kind == 'u':
        return bits
    if x.dtype.kind == 'i':
        return bits ^ sign
    return np.where(bits & sign, ~bits, bits ^ sign)
def number(key, dtype, k):
    sign = k(1 << (8 * k(0).itemsize - 1))
    if dtype.kind == 'u':
        return key
    if dtype.kind == 'i':
        return (key ^ sign).view(dtype)
    return np.where(key & sign, key ^ sign, ~key).view(dtype)
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.h5')):
    with h5py.File(path) as f:
        assert 'stack' not in f, list(f)
        codes, low, high = f['distances'], f['lowest'][...], f['highest'][...]
        k = codes.dtype.type
        assert codes.dtype.kind == 'u' and codes.dtype.itemsize == low.dtype.itemsize
        assert codes.attrs['meaning'].decode().startswith('not samples'), codes.attrs['meaning']
        assert codes.attrs['formula'].decode().startswith('key(sample) = key(lowest) + code // 2 if'), dict(codes.attrs)
        assert codes.attrs['axes'].decode().startswith('frame, row, column')
        assert f['lowest'].attrs['meaning'].decode().startswith('lowest sample of each pixel')
        assert codes.chunks and codes.shuffle and codes.compression == 'gzip'
        code = codes[...]
        keys = np.where(code % k(2) == 0, key(low, k) + code // k(2), key(high, k) - code // k(2))
        samples = number(keys.astype(k), low.dtype, k)
        wanted = np.fromfile(path.with_suffix('.bin'), low.dtype).reshape(codes.shape)
        assert samples.tobytes() == wanted.tobytes(), path.name
        if low.dtype.kind != 'f':
            assert (low == wanted.min(0)).all() and (high == wanted.max(0)).all()
    count += 1
print(count)
"#;

#[test]
fn h5py_decodes_by_the_formula() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    for pixel in PixelType::ALL {
        for channels in [1, 3] {
            let mut original = stack(pixel, 9, [5, 4, channels]);
            let file = folder.path().join(format!("{pixel}-{channels}.h5"));
            store(&mut original, &file, &Silent).unwrap();
            let raw: Vec<u8> =
                original.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
            fs::write(file.with_extension("bin"), raw).unwrap();
        }
    }
    let output = Command::new(python).arg("-c").arg(DECODE).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "12");
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
