//! Every method of the list, on every type and on awkward shapes: it keeps its promise, or it refuses.

use std::collections::BTreeMap;
use std::fs;

use stack_core::synthetic::Synthetic;
use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, Silent, StackHeader,
    StackInMemory,
};
use stack_methods::{CompressOptions, METHODS, compress, identify, method, open_stack, verify};

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
    let folder = tempfile::tempdir().unwrap();
    let options = CompressOptions { keep_larger: true, overwrite: true, ..CompressOptions::default() };
    let (mut stored, mut refused) = (0, 0);
    for info in METHODS {
        let method = method(info.spec).unwrap();
        if let Err(error) = method.available() {
            assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "{error}");
            println!("skipped: {}: {error}", info.spec);
            continue;
        }
        let file = folder.path().join("out");
        for pixel in PixelType::ALL {
            for (name, mut stack) in stacks(pixel) {
                let what = format!("{} on {name}, {pixel}", info.spec);
                let promise = match method.promise(stack.header()) {
                    Ok(promise) => promise,
                    Err(error @ Error::Unsupported { .. }) => {
                        // What is refused beforehand is refused by `compress` too, and leaves nothing.
                        let again =
                            compress(&mut stack, method.as_ref(), &file, &options, &Silent).unwrap_err();
                        assert_eq!(again.to_string(), error.to_string(), "{what}");
                        refused += 1;
                        continue;
                    }
                    Err(error) => panic!("{what}: {error}"),
                };
                let done = compress(&mut stack, method.as_ref(), &file, &options, &Silent)
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
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
    }
    println!("{stored} stored and verified, {refused} refused");
    assert!(stored > 0 || METHODS.is_empty());
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
    use stack_core::ErrorBound;
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
        if method.available().is_err() {
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
    struct Changing(StackInMemory, usize);
    impl FrameSource for Changing {
        fn header(&self) -> &StackHeader {
            self.0.header()
        }
        fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> stack_core::Result<()> {
            self.1 += 1;
            self.0.read_frame(index, into)?;
            if let (true, FrameBuf::U16(samples)) = (self.1 > self.0.header().frames, into) {
                samples[0] ^= 1;
            }
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (_, stack) = stacks(PixelType::U16).swap_remove(2);
    let method = method("hdf5").unwrap();
    let options = CompressOptions { keep_larger: true, ..CompressOptions::default() };
    let target = folder.path().join("out");
    let error = compress(&mut Changing(stack, 0), method.as_ref(), &target, &options, &Silent).unwrap_err();
    assert!(matches!(error, Error::Mismatch { .. }), "{error}");
    assert!(!target.exists());
}
