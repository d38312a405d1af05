//! Every kind of source into every method of the list, on awkward stacks: what comes back is what the source held.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use stack_core::synthetic::Synthetic;
use stack_core::{
    Error, ErrorBound, FrameBuf, FrameSource, Limits, PixelType, Silent, StackInMemory, copy_frames,
};
use stack_methods::{CompressOptions, METHODS, compress, method, open_stack};
use stack_sources::{InputOptions, OutputOptions, open_input};

/// Awkward stacks by name: each is made for any type of samples.
const SHAPES: [&str; 6] = ["one frame", "3 x 5 pixels", "odd size", "constant", "noise", "extremes"];

fn stack(shape: &str, pixel: PixelType) -> StackInMemory {
    let spec = match shape {
        "one frame" => "texture:frames=1,size=33x21",
        "3 x 5 pixels" => "texture:frames=4,size=3x5",
        "odd size" => "texture:frames=5,size=31x21",
        "noise" => "noise-uniform:frames=3,size=20x20,seed=7",
        "constant" => "texture:frames=3,size=18x17",
        _ => "texture:frames=2,size=16x18",
    };
    let mut source = format!("{spec},type={pixel}").parse::<Synthetic>().unwrap().source().unwrap();
    let mut stack = StackInMemory::collect(&mut source).unwrap();
    let frames = stack.frames_mut();
    match shape {
        "constant" => {
            let samples = frames[0].len();
            frames.fill(FrameBuf::zeros(pixel, samples));
        }
        "extremes" => frames[0] = extremes(pixel, frames[0].len()),
        _ => {}
    }
    stack
}

/// The ends of every type: zeros, ones, infinities, NaN with payloads, -0.0, denormal numbers.
fn extremes(pixel: PixelType, samples: usize) -> FrameBuf {
    const PATTERNS: [u64; 8] = [
        0,
        u64::MAX,
        0x7ff0_0000_7f80_0000,
        0xfff0_0000_ff80_0000,
        0x7ff0_0000_7f80_0001,
        0x8000_0000_8000_8080,
        1,
        0x7fff_ffff_7fff_ff7f,
    ];
    let mut frame = FrameBuf::zeros(pixel, samples);
    frame
        .fill_le_bytes(|bytes| {
            for (index, word) in bytes.chunks_mut(pixel.bytes()).enumerate() {
                word.copy_from_slice(&PATTERNS[index % 8].to_le_bytes()[..word.len()]);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    frame
}

/// A kind of source: how a stack becomes such a file, and which types it holds.
struct Kind {
    name: &'static str,
    types: &'static [PixelType],
    /// Writes the stack below the folder, and gives the word that names it.
    make: fn(&mut StackInMemory, &Path) -> Option<(PathBuf, InputOptions)>,
}

const KINDS: &[Kind] = &[
    Kind { name: "npy", types: &PixelType::ALL, make: |stack, at| written(stack, at.join("a.npy")) },
    Kind { name: "TIFF pages", types: &PixelType::ALL, make: |stack, at| written(stack, at.join("a.tif")) },
    Kind {
        name: "folder of pictures",
        types: &[PixelType::U8, PixelType::U16],
        make: |stack, at| written(stack, at.join("pictures")),
    },
    Kind {
        name: "pattern of pictures",
        types: &[PixelType::U16, PixelType::U8],
        make: |stack, at| {
            written(stack, at.join("pictures")).map(|(path, options)| (path.join("*.png"), options))
        },
    },
    Kind { name: "raw samples", types: &PixelType::ALL, make: raw },
    Kind {
        name: "our HDF5 file",
        types: &PixelType::ALL,
        make: |stack, at| stored(stack, at, "hdf5:gzip=1"),
    },
    Kind {
        name: "HDF5 dataset",
        types: &PixelType::ALL,
        make: |stack, at| {
            let (path, options) = stored(stack, at, "hdf5:shuffle,gzip=1")?;
            let mut word = path.into_os_string();
            word.push(":/stack");
            Some((word.into(), options))
        },
    },
    Kind { name: "npz member", types: &PixelType::ALL, make: npz },
    Kind {
        name: "video",
        types: &[PixelType::U16, PixelType::U8],
        make: |stack, at| {
            stored(stack, at, "video:ffv1").and_then(|(path, options)| Some((foreign(&path)?, options)))
        },
    },
    Kind {
        name: "our video file",
        types: &[PixelType::U8, PixelType::U16],
        make: |stack, at| stored(stack, at, "video:ffv1"),
    },
];

fn written(stack: &mut StackInMemory, target: PathBuf) -> Option<(PathBuf, InputOptions)> {
    let mut sink = stack_sources::open_output(&target, stack.header(), &OutputOptions::default()).unwrap();
    copy_frames(stack, sink.as_mut(), &Silent).unwrap();
    Some((target, InputOptions::default()))
}

fn raw(stack: &mut StackInMemory, at: &Path) -> Option<(PathBuf, InputOptions)> {
    let header = stack.header();
    let order = if header.format.pixel() == PixelType::U8 { "" } else { "le" };
    let shape = header.shape;
    let format =
        format!("{}{order}:{}x{}x{}", header.format.pixel(), header.frames, shape.height(), shape.width());
    let target = at.join("a.bin");
    let bytes: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    fs::write(&target, bytes).unwrap();
    Some((target, InputOptions { raw: Some(format.parse().unwrap()), ..InputOptions::default() }))
}

fn npz(stack: &mut StackInMemory, at: &Path) -> Option<(PathBuf, InputOptions)> {
    let (array, options) = written(stack, at.join("stack.npy"))?;
    let target = at.join("a.npz");
    let mut archive = zip::ZipWriter::new(fs::File::create(&target).unwrap());
    archive.start_file("stack.npy", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&fs::read(array).unwrap()).unwrap();
    archive.finish().unwrap();
    let mut word = target.into_os_string();
    word.push(":stack");
    Some((word.into(), options))
}

/// The video stream of one of our files in a file of another program: FFmpeg copies it to AVI. `None` where equal frames
/// are stored once: only our files say so.
fn foreign(ours: &Path) -> Option<PathBuf> {
    let reader = open_stack(ours, &Limits::default()).unwrap();
    if reader.stored_frames() < reader.header().frames {
        return None;
    }
    let target = ours.with_extension("avi");
    let mut copy = std::process::Command::new("ffmpeg");
    copy.args(["-v", "error", "-i"]).arg(ours).args(["-map", "0:v:0", "-c", "copy", "-y"]).arg(&target);
    assert!(copy.stdin(std::process::Stdio::null()).status().unwrap().success());
    Some(target)
}

/// A finished file of ours; `None` where the method is not there or cannot hold the stack.
fn stored(stack: &mut StackInMemory, at: &Path, spec: &str) -> Option<(PathBuf, InputOptions)> {
    let method = method(spec).ok()?;
    if method.available().is_err() || method.promise(stack.header()).is_err() {
        return None;
    }
    let target = at.join(format!("ours{}", method.extension()));
    compress(stack, method.as_ref(), &target, &keep(), &Silent).unwrap();
    Some((target, InputOptions::default()))
}

fn keep() -> CompressOptions {
    CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() }
}

/// Opens as the program does: a file of ours by its method, everything else as an input.
fn open(word: &Path, options: &InputOptions) -> Box<dyn FrameSource> {
    let limits = Limits::default();
    if word.is_file() && options.raw.is_none() && stack_methods::may_be_ours(word).unwrap() {
        return Box::new(open_stack(word, &limits).unwrap());
    }
    open_input(word.as_os_str(), options, &limits).unwrap()
}

#[derive(Default)]
struct Counts {
    stored: AtomicUsize,
    refused: AtomicUsize,
}

/// One source into every method.
fn check(kind: &Kind, shape: &str, pixel: PixelType, methods: &[&str], counts: &Counts) {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(shape, pixel);
    let Some((word, options)) = (kind.make)(&mut original, folder.path()) else { return };
    let mut source = open(&word, &options);
    let what = format!("{} of {shape}, {pixel}", kind.name);
    assert!(source.header().same_samples_as(original.header()), "{what}: {:?}", source.header());
    let mut frame = FrameBuf::for_header(source.header());
    for (index, expected) in original.frames().iter().enumerate() {
        source.read_frame(index, &mut frame).unwrap();
        assert!(frame.le_bytes() == expected.le_bytes(), "{what}: frame {index}");
    }
    for spec in methods {
        let what = format!("{what} into {spec}");
        let method = method(spec).unwrap();
        let promise = match method.promise(source.header()) {
            Ok(promise) => promise,
            Err(Error::Unsupported { .. }) => {
                counts.refused.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            Err(error) => panic!("{what}: {error}"),
        };
        let target = folder.path().join("out");
        let done = match compress(source.as_mut(), method.as_ref(), &target, &keep(), &Silent) {
            Ok(done) => done,
            // NaN has no distance from a mean; only the samples tell that there is one.
            Err(Error::Unsupported { .. }) if spec.starts_with("pca") && promise == ErrorBound::Unbounded => {
                counts.refused.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            Err(error) => panic!("{what}: {error}"),
        };
        let errors = done.errors.unwrap();
        assert!(errors.keeps(promise), "{what}");
        if promise == ErrorBound::Lossless {
            let mut reader = open_stack(&target, &Limits::default()).unwrap();
            let last = original.frames().len() - 1;
            reader.read_frame(last, &mut frame).unwrap();
            assert!(frame.le_bytes() == original.frames()[last].le_bytes(), "{what}");
        }
        counts.stored.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn every_source_into_every_method() {
    let methods: Vec<&str> = METHODS
        .iter()
        .map(|info| info.spec)
        .filter(|spec| match method(spec).unwrap().available() {
            Ok(()) => true,
            Err(error) => {
                println!("skipped: {spec}: {error}");
                false
            }
        })
        .collect();
    // Each source meets each shape in one of its types, in turn; `every_method` meets every type.
    let mut work: Vec<(&Kind, &str, PixelType)> = Vec::new();
    for kind in KINDS {
        for (turn, shape) in SHAPES.into_iter().enumerate() {
            work.push((kind, shape, kind.types[turn % kind.types.len()]));
        }
    }
    let (work, counts) = (Mutex::new(work), Counts::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                loop {
                    let next = work.lock().unwrap().pop();
                    let Some((kind, shape, pixel)) = next else { return };
                    check(kind, shape, pixel, &methods, &counts);
                }
            });
        }
    });
    let (stored, refused) = (counts.stored.into_inner(), counts.refused.into_inner());
    println!("{} methods, {stored} stored and compared, {refused} refused", methods.len());
    assert!(methods.is_empty() || stored > 0);
}
