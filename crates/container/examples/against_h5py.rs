//! Times writing and reading a stack against h5py: same samples, same chunks, same disk, warm cache.
//!
//! ```text
//! STACKPRESS_PYTHON=.../python cargo run --release -p stack-container --example against_h5py [SYNTHETIC] [FILTERS]
//! ```
//!
//! `SYNTHETIC` is a specification of `stack_core::synthetic`, or the path of raw little-endian u16 samples as
//! `FILE:TxHxW`; the reference stack in u16 by default. Both sides hold the samples in memory, write them once to
//! warm up and three times more, and report the fastest. Files lie in the system's temporary folder: point TMPDIR
//! to the disk to measure on.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use stack_container::{Filter, Layout, StackFile, StackWriter};
use stack_core::synthetic::Synthetic;
use stack_core::{
    FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader, StackInMemory,
};

const RUNS: usize = 3;

/// Writes and reads `stack.bin`; prints the fastest seconds of each, and the stored bytes.
const PYTHON: &str = r#"
import sys, time, h5py, numpy as np
folder, dtype, frames, level, shuffle = sys.argv[1], sys.argv[2], int(sys.argv[4]), sys.argv[5], sys.argv[6]
shape = tuple(int(n) for n in sys.argv[3].split('x'))
a = np.fromfile(folder + '/stack.bin', dtype).reshape(shape)
options = dict(chunks=(frames,) + shape[1:], shuffle=shuffle == '1')
if level != '-':
    options.update(compression='gzip', compression_opts=int(level))
encode, decode = [], []
for run in range(4):
    start = time.perf_counter()
    with h5py.File(folder + '/theirs.h5', 'w') as f:
        f.create_dataset('stack', data=a, **options)
    encode.append(time.perf_counter() - start)
    start = time.perf_counter()
    with h5py.File(folder + '/theirs.h5', 'r') as f:
        stack = f['stack']
        for t in range(0, shape[0], frames):
            frame = stack[t:t + frames]
    decode.append(time.perf_counter() - start)
with h5py.File(folder + '/theirs.h5', 'r') as f:
    print(min(encode[1:]), min(decode[1:]), f['stack'].id.get_storage_size())
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let stack = load(&arguments.next().unwrap_or_else(|| "reference:type=u16".into()))?;
    let filters = arguments.next().unwrap_or_else(|| "shuffle,gzip=9".into());
    let layout = Layout { filters: filters.parse()?, chunk_frames: None };
    let folder = std::env::temp_dir().join(format!("against-h5py-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = compare(&folder, stack, &layout);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn compare(folder: &Path, stack: StackInMemory, layout: &Layout) -> Result<(), Box<dyn Error>> {
    let header = stack.header().clone();
    let frames = layout.frames_per_chunk(&header)?;
    println!("{}; {}; {frames} frames a chunk", header.describe(), layout.filters);
    println!("{} threads, files in {}", rayon::current_num_threads(), folder.display());
    let (mut encode, mut decode, mut stored) = (f64::INFINITY, f64::INFINITY, 0);
    let path = folder.join("ours.h5");
    for run in 0..=RUNS {
        let start = Instant::now();
        let mut writer = StackWriter::create(&path, &header, layout)?;
        for frame in stack.frames() {
            writer.push(frame)?;
        }
        writer.finish()?;
        let encoded = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let mut file = StackFile::open(&path, &Limits::default())?;
        let mut frame = FrameBuf::for_header(&header);
        for index in 0..header.frames {
            file.read_frame(index, &mut frame)?;
        }
        let decoded = start.elapsed().as_secs_f64();
        stored = file.stored_bytes_of_samples();
        if run > 0 {
            encode = encode.min(encoded);
            decode = decode.min(decoded);
        }
    }
    println!("ours: encode {encode:.3} s, decode {decode:.3} s, {stored} bytes");
    let Some([their_encode, their_decode, their_bytes]) = h5py(folder, stack, layout, frames)? else {
        println!("skipped: h5py (set STACKPRESS_PYTHON; it has shuffle and gzip only)");
        return Ok(());
    };
    println!("h5py: encode {their_encode:.3} s, decode {their_decode:.3} s, {their_bytes} bytes");
    println!(
        "ours / h5py: encode {:.2}, decode {:.2}, size {:.4}",
        encode / their_encode,
        decode / their_decode,
        stored as f64 / their_bytes
    );
    Ok(())
}

/// Seconds to write, seconds to read, stored bytes; `None` without Python or for filters that h5py lacks.
fn h5py(
    folder: &Path,
    stack: StackInMemory,
    layout: &Layout,
    frames: usize,
) -> Result<Option<[f64; 3]>, Box<dyn Error>> {
    let Some(python) = std::env::var_os("STACKPRESS_PYTHON") else { return Ok(None) };
    let (level, shuffle) = match *layout.filters.filters() {
        [] => ("-".into(), "0"),
        [Filter::Gzip(level)] => (level.to_string(), "0"),
        [Filter::Shuffle, Filter::Gzip(level)] => (level.to_string(), "1"),
        _ => return Ok(None),
    };
    let header = stack.header();
    let dtype = match header.format.pixel() {
        PixelType::U8 => "u1",
        PixelType::U16 => "<u2",
        PixelType::I16 => "<i2",
        PixelType::I32 => "<i4",
        PixelType::F32 => "<f4",
        PixelType::F64 => "<f8",
    };
    let shape = format!("{}x{}", header.frames, header.shape.to_string().replace(' ', ""));
    let raw: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    std::fs::write(folder.join("stack.bin"), raw)?;
    // Python should not have to share the memory.
    drop(stack);
    let output = Command::new(python)
        .args(["-c", PYTHON])
        .arg(folder)
        .args([dtype, &shape, &frames.to_string(), &level, shuffle])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let words = String::from_utf8(output.stdout)?;
    let numbers = words.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    Ok(Some(numbers.try_into().map_err(|_| "Python did not print three numbers")?))
}

fn load(words: &str) -> Result<StackInMemory, Box<dyn Error>> {
    let Some((path, dims)) = words.rsplit_once(':').filter(|(path, _)| Path::new(path).exists()) else {
        return Ok(StackInMemory::collect(&mut words.parse::<Synthetic>()?.source()?)?);
    };
    let dims = dims.split('x').map(str::parse).collect::<Result<Vec<usize>, _>>()?;
    let &[frames, height, width] = dims.as_slice() else { return Err("write FILE:TxHxW".into()) };
    let header =
        StackHeader::new(frames, FrameShape::gray(height, width)?, SampleFormat::full(PixelType::U16))?;
    let bytes = std::fs::read(PathBuf::from(path))?;
    let frames = bytes
        .chunks_exact(header.frame_bytes())
        .map(|frame| {
            let mut samples = FrameBuf::for_header(&header);
            samples.fill_le_bytes(|into| {
                into.copy_from_slice(frame);
                Ok::<(), std::convert::Infallible>(())
            })?;
            Ok(samples)
        })
        .collect::<Result<Vec<_>, std::convert::Infallible>>()?;
    Ok(StackInMemory::new(header, frames)?)
}
