//! Every method of the list, on every type and on awkward shapes: it keeps its promise, or it refuses.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use stack_core::synthetic::Synthetic;
use stack_core::{
    Error, ErrorBound, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, Silent,
    StackHeader, StackInMemory,
};
use stack_methods::{
    CompressOptions, METHODS, Method, MethodInfo, compress, identify, method, open_stack, verify,
};

/// Stacks of one sample type: odd shapes, one frame, one pixel, constant, noise, extremes.
fn stacks(pixel: PixelType) -> Vec<(&'static str, StackInMemory)> {
    let synthetic = |spec: &str| {
        let mut source = format!("{spec},type={pixel}").parse::<Synthetic>().unwrap().source().unwrap();
        StackInMemory::collect(&mut source).unwrap()
    };
    let mut named = synthetic("texture:frames=3,size=32x24");
    let names = ["a.png", "b \u{e9}\n.png", "c.png"].map(str::to_owned).to_vec();
    let mut header = named.header().clone();
    header.meta.frame_names = names;
    header.meta.properties =
        BTreeMap::from([("objective".to_owned(), "20x, \u{201c}oil\u{201d}".to_owned())]);
    named = StackInMemory::new(header, named.frames().to_vec()).unwrap();
    vec![
        ("one frame", synthetic("texture:frames=1,size=33x21")),
        ("3 x 5 pixels", synthetic("texture:frames=4,size=3x5")),
        ("odd size", synthetic("texture:frames=5,size=31x21")),
        ("noise", synthetic("noise-uniform:frames=3,size=20x20,seed=7")),
        ("constant", constant(pixel)),
        ("extremes", extremes(pixel)),
        ("names and properties", named),
    ]
}

fn constant(pixel: PixelType) -> StackInMemory {
    let header = StackHeader::new(3, FrameShape::gray(18, 17).unwrap(), SampleFormat::full(pixel)).unwrap();
    StackInMemory::new(header.clone(), vec![FrameBuf::for_header(&header); 3]).unwrap()
}

fn extremes(pixel: PixelType) -> StackInMemory {
    let shape = FrameShape::gray(16, 18).unwrap();
    let header = StackHeader::new(2, shape, SampleFormat::full(pixel)).unwrap();
    let mut frame = FrameBuf::for_header(&header);
    frame
        .fill_le_bytes(|bytes| {
            // Bit patterns at the ends of every type: zeros, ones, infinities, NaN with payloads, -0.0, denormals.
            let patterns: [u64; 8] = [
                0,
                u64::MAX,
                0x7ff0_0000_7f80_0000,
                0xfff0_0000_ff80_0000,
                0x7ff0_0000_7f80_0001,
                0x8000_0000_8000_8080,
                1,
                0x7fff_ffff_7fff_ff7f,
            ];
            for (index, word) in bytes.chunks_mut(pixel.bytes()).enumerate() {
                word.copy_from_slice(&patterns[index % 8].to_le_bytes()[..word.len()]);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    StackInMemory::new(header.clone(), vec![frame, FrameBuf::for_header(&header)]).unwrap()
}

#[test]
fn keeps_its_promise_or_refuses() {
    let work = Mutex::new(METHODS.iter().collect::<Vec<_>>());
    let counts = Mutex::new((0, 0));
    std::thread::scope(|scope| {
        // FFmpeg's starts are waited for more than they work.
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = work.lock().unwrap().pop();
                    let Some(info) = next else { return };
                    let (stored, refused) = on_every_stack(info);
                    let mut counts = counts.lock().unwrap();
                    *counts = (counts.0 + stored, counts.1 + refused);
                }
            });
        }
    });
    let (stored, refused) = counts.into_inner().unwrap();
    println!("{stored} stored and verified, {refused} refused");
    assert!(stored > 0 || METHODS.is_empty());
}

/// Runs one method on every stack of every type; tells how many it stored and how many it refused.
fn on_every_stack(info: &MethodInfo) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let (mut stored, mut refused) = (0, 0);
    let method = method(info.spec).unwrap();
    if let Err(error) = method.available() {
        skipped(info.spec, &error);
        return (0, 0);
    }
    for pixel in PixelType::ALL {
        for (name, mut stack) in stacks(pixel) {
            let what = format!("{} on {name}, {pixel}", info.spec);
            let promise = match method.promise(stack.header()) {
                Ok(promise) => promise,
                Err(error @ Error::Unsupported { .. }) => {
                    // What is refused beforehand is refused by `compress` too, and leaves nothing.
                    let again = compress(&mut stack, method.as_ref(), &file, &keep(), &Silent).unwrap_err();
                    assert_eq!(again.to_string(), error.to_string(), "{what}");
                    refused += 1;
                    continue;
                }
                Err(error) => panic!("{what}: {error}"),
            };
            let done = match compress(&mut stack, method.as_ref(), &file, &keep(), &Silent) {
                Ok(done) => done,
                // Components of NaN: known only when the samples are seen.
                Err(Error::Unsupported { .. }) if info.spec.starts_with("pca") && name == "extremes" => {
                    assert!(pixel.is_float() && promise == ErrorBound::Unbounded, "{what}");
                    refused += 1;
                    continue;
                }
                Err(error) => panic!("{what}: {error}"),
            };
            assert!(done.errors.unwrap().keeps(promise), "{what}");
            assert_eq!(identify(&file).unwrap().to_string(), info.spec, "{what}");
            let mut reader = open_stack(&file, &Limits::default()).unwrap();
            assert_eq!(reader.header(), stack.header(), "{what}");
            assert!(reader.sample_bytes().unwrap() <= done.stored_bytes, "{what}");
            assert_eq!(reader.envelope().promise, promise, "{what}");
            let last = stack.header().frames - 1;
            let mut frame = FrameBuf::U8(Vec::new());
            reader.read_frame(last, &mut frame).unwrap();
            assert!(reader.frame_hashes().unwrap().matches(last, &frame), "{what}");
            assert!(reader.read_frame(last + 1, &mut frame).is_err(), "{what}");
            stored += 1;
        }
    }
    (stored, refused)
}

fn keep() -> CompressOptions {
    CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() }
}

/// A method that cannot run here is passed over, unless the tools are required. An encoder that only some builds
/// of FFmpeg have is never required.
fn skipped(spec: &str, error: &Error) {
    let optional = spec.starts_with("video:jpegxl");
    assert!(optional || std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "{error}");
    println!("skipped: {spec}: {error}");
}

/// The kinds of stacks of the table: words, type, significant bits, channels.
const COLUMNS: [(&str, PixelType, u8, usize); 15] = [
    ("u8", PixelType::U8, 8, 1),
    ("u16, 10 bits", PixelType::U16, 10, 1),
    ("u16, 12 bits", PixelType::U16, 12, 1),
    ("u16", PixelType::U16, 16, 1),
    ("i16", PixelType::I16, 16, 1),
    ("i32", PixelType::I32, 32, 1),
    ("f32", PixelType::F32, 32, 1),
    ("f64", PixelType::F64, 64, 1),
    ("grey + alpha u8", PixelType::U8, 8, 2),
    ("grey + alpha u16", PixelType::U16, 16, 2),
    ("RGB u8", PixelType::U8, 8, 3),
    ("RGB u16, 10 bits", PixelType::U16, 10, 3),
    ("RGB u16", PixelType::U16, 16, 3),
    ("RGBA u8", PixelType::U8, 8, 4),
    ("RGBA u16", PixelType::U16, 16, 4),
];

/// What a method does with a kind of stack, as it was measured: every word but "-" stands for a stored stack.
fn cell(method: &dyn Method, folder: &Path, pixel: PixelType, bits: u8, channels: usize) -> &'static str {
    let shape = FrameShape::new(22, 26, channels).unwrap();
    let header = StackHeader::new(3, shape, SampleFormat::new(pixel, bits).unwrap()).unwrap();
    let promise = match method.promise(&header) {
        Ok(promise) => promise,
        Err(Error::Unsupported { .. }) => return "-",
        Err(error) => panic!("{error}"),
    };
    if method.available().is_ok() {
        let noise = |seed: u64| {
            let mut frame = FrameBuf::for_header(&header);
            let mut state = seed;
            frame
                .fill_le_bytes(|bytes| {
                    for word in bytes.chunks_mut(pixel.bytes()) {
                        // Knuth's MMIX generator; its high bits are good enough for noise.
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        let mut value = if bits < 64 { (state >> 24) & ((1 << bits) - 1) } else { state };
                        if pixel.is_float() && promise == ErrorBound::Unbounded {
                            // What is lossy may refuse NaN; without this bit numbers are below 2.
                            value &= !(1 << (bits - 2));
                        }
                        word.copy_from_slice(&value.to_le_bytes()[..word.len()]);
                    }
                    Ok::<(), ()>(())
                })
                .unwrap();
            frame
        };
        let mut stack = StackInMemory::new(header.clone(), (1..=3).map(noise).collect()).unwrap();
        let done = compress(&mut stack, method, &folder.join("out"), &keep(), &Silent).unwrap();
        let errors = done.errors.unwrap();
        assert!(errors.keeps(promise), "{} on {}", method.spec(), header.describe());
    }
    if promise == ErrorBound::Lossless { "exact" } else { "lossy" }
}

/// `docs/support.md` says what is measured here; `STACKPRESS_WRITE=1` writes it anew.
#[test]
#[cfg(all(feature = "hdf5", feature = "video"))]
fn the_table_of_support_is_true() {
    let mut table = String::from("| method |");
    for (name, ..) in COLUMNS {
        table += &format!(" {name} |");
    }
    table += &format!("\n|---|{}\n", "---|".repeat(COLUMNS.len()));
    let folder = tempfile::tempdir().unwrap();
    for info in METHODS {
        let method = method(info.spec).unwrap();
        if let Err(error) = method.available() {
            skipped(info.spec, &error);
        }
        table += &format!("| `{}` |", info.spec);
        for (_, pixel, bits, channels) in COLUMNS {
            table += &format!(" {} |", cell(method.as_ref(), folder.path(), pixel, bits, channels));
        }
        table += "\n";
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/support.md");
    let text = fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once("<!-- generated: support -->\n").unwrap();
    let (old, tail) = rest.split_once("<!-- end -->").unwrap();
    if std::env::var_os("STACKPRESS_WRITE").is_some() {
        let new = format!("{head}<!-- generated: support -->\n{table}<!-- end -->{tail}");
        fs::write(&page, new).unwrap();
    } else {
        assert!(old == table, "docs/support.md is not what was measured; STACKPRESS_WRITE=1 writes\n{table}");
    }
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (file, damaged_file) = (folder.path().join("small"), folder.path().join("damaged"));
    let options = CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() };
    // One method of each container.
    for spec in ["hdf5:bitshuffle,zstd=3", "video:ffv1"] {
        if !METHODS.iter().any(|info| info.spec == spec) || method(spec).unwrap().available().is_err() {
            println!("skipped: {spec} cannot run here");
            continue;
        }
        let (_, mut stack) = stacks(PixelType::U16).swap_remove(2);
        compress(&mut stack, method(spec).unwrap().as_ref(), &file, &options, &Silent).unwrap();
        let whole = fs::read(&file).unwrap();
        // Every byte, and in it a bit that changes from byte to byte; the seal's own test flips every bit.
        for byte in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[byte] ^= 1 << (byte % 8);
            fs::write(&damaged_file, &damaged).unwrap();
            let found = verify(&damaged_file, None, &Limits::default(), &Silent);
            assert!(found.is_err() || found.is_ok_and(|verified| !verified.sealed), "{spec}: byte {byte}");
        }
    }
}

#[test]
#[cfg(feature = "video")]
fn presets_promise_nothing_and_ffv1_everything() {
    let (_, stack) = stacks(PixelType::U16).swap_remove(2);
    for spec in ["video:mp4", "video:x264-fast", "video:x264-slow", "video:x264-interm"] {
        assert_eq!(method(spec).unwrap().promise(stack.header()).unwrap(), ErrorBound::Unbounded, "{spec}");
    }
    assert_eq!(method("video:ffv1").unwrap().promise(stack.header()).unwrap(), ErrorBound::Lossless);
}

#[test]
#[cfg(feature = "hdf5")]
fn a_source_that_fails_leaves_nothing() {
    struct Failing(StackInMemory);
    impl FrameSource for Failing {
        fn header(&self) -> &StackHeader {
            self.0.header()
        }
        fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> stack_core::Result<()> {
            if index == 2 {
                return Err(Error::format("camera", "frame 2", "the cable fell out", "plug it in"));
            }
            self.0.read_frame(index, into)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (_, stack) = stacks(PixelType::U16).swap_remove(2);
    for info in METHODS {
        let method = method(info.spec).unwrap();
        if method.available().is_err() || method.promise(stack.header()).is_err() {
            continue;
        }
        let mut source = Failing(stack.clone());
        let target = folder.path().join("out");
        let error = compress(&mut source, method.as_ref(), &target, &CompressOptions::default(), &Silent)
            .unwrap_err();
        assert!(error.to_string().contains("the cable fell out"), "{}: {error}", info.spec);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{}", info.spec);
    }
}

#[test]
#[cfg(feature = "hdf5")]
fn a_source_that_changes_while_it_is_read_is_noticed() {
    /// The last frame changes after so many reads.
    struct Changing(StackInMemory, usize);
    impl FrameSource for Changing {
        fn header(&self) -> &StackHeader {
            self.0.header()
        }
        fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> stack_core::Result<()> {
            self.0.read_frame(index, into)?;
            if let (0, true, FrameBuf::U16(samples)) = (self.1, index + 1 == self.0.header().frames, into) {
                samples[0] ^= 1;
            }
            self.1 = self.1.saturating_sub(1);
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let (_, stack) = stacks(PixelType::U16).swap_remove(2);
    let frames = stack.header().frames;
    let twins = StackHeader { frames: 2, ..stack.header().clone() };
    let twins = StackInMemory::new(twins, vec![stack.frames()[0].clone(); 2]).unwrap();
    // After the search for equal frames, which then are no longer equal; and after encoding.
    for (stack, reads) in [(twins, 2), (stack, 2 * frames)] {
        let method = method("video:ffv1").unwrap();
        let options = CompressOptions { keep_larger: true, ..CompressOptions::default() };
        let mut source = Changing(stack, reads);
        let error = compress(&mut source, method.as_ref(), &target, &options, &Silent).unwrap_err();
        assert!(matches!(error, Error::Mismatch { .. }), "{error}");
    }
    assert!(!target.exists());
}
