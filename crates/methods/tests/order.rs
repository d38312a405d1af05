//! Frames in another order than the stack's, and equal frames stored once: nobody who reads notices.

use std::path::Path;

use stack_core::{
    Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, Silent, StackHeader,
    StackInMemory,
};
use stack_methods::{
    CheckedStack, CompressOptions, Compressed, Job, Order, compress, estimate, method, open_stack, ordered,
    verify,
};

const FRAMES: usize = 30;
const SIDE: usize = 24;

/// A disc that moves, its frames shuffled, and some of them there twice.
fn shuffled(pixel: PixelType) -> StackInMemory {
    let shape = FrameShape::gray(SIDE, SIDE).unwrap();
    let mut header = StackHeader::new(FRAMES, shape, SampleFormat::full(pixel)).unwrap();
    header.meta.frame_names = (0..FRAMES).map(|frame| format!("picture {frame}")).collect();
    header.meta.properties.insert("sample".into(), "a disc".into());
    header.meta.add_block("icc", 3, vec![1, 2, 3]);
    let frames = (0..FRAMES).map(|frame| disc(frame * 7 % 25, pixel)).collect();
    StackInMemory::new(header, frames).unwrap()
}

fn disc(step: usize, pixel: PixelType) -> FrameBuf {
    let levels = (0..SIDE * SIDE).map(|place| {
        let (row, column) = (place / SIDE, place % SIDE);
        let distance = row.abs_diff(12).pow(2) + column.abs_diff(step).pow(2);
        (255 - 3 * distance.min(80)) as u8
    });
    match pixel {
        PixelType::U8 => FrameBuf::U8(levels.collect()),
        PixelType::U16 => FrameBuf::U16(levels.map(|level| u16::from(level) * 257).collect()),
        _ => FrameBuf::F32(levels.map(|level| f32::from(level) / 255.0).collect()),
    }
}

fn keep() -> CompressOptions {
    CompressOptions { keep_larger: true, ..CompressOptions::default() }
}

/// The stored file; `None` where a program is missing.
fn store(words: &str, stack: &mut dyn FrameSource, file: &Path) -> Option<Compressed> {
    let method = method(words).unwrap();
    if let Err(missing) = method.available() {
        println!("not run: {words}: {missing}");
        return None;
    }
    let done =
        compress(stack, method.as_ref(), file, &CompressOptions { overwrite: true, ..keep() }, &Silent);
    Some(done.unwrap_or_else(|error| panic!("{words}: {error}")))
}

#[test]
fn frames_come_back_in_their_own_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    for (pixel, words) in [
        (PixelType::U8, "hdf5:shuffle,gzip=6"),
        (PixelType::F32, "hdf5diff"),
        (PixelType::U8, "video:x264-lossless"),
        (PixelType::U16, "video:ffv1"),
        (PixelType::U8, "video:mp4"),
    ] {
        for order in ["none", "hash", "nearest"] {
            let mut stack = shuffled(pixel);
            let words = format!("{words},order={order}").replacen("hdf5diff,", "hdf5diff:", 1);
            let Some(done) = store(&words, &mut stack, &file) else { continue };
            assert_eq!(done.stored_frames, 25, "{words}");
            let mut reader = open_stack(&file, &Limits::default()).unwrap();
            assert_eq!(reader.header(), stack.header(), "{words}");
            assert_eq!(reader.stored_frames(), 25, "{words}");
            assert_eq!(
                reader.envelope().method.option("order").flatten(),
                Some(order).filter(|o| *o != "none")
            );
            // A frame alone, then all in a row, then back again.
            let hashes = reader.frame_hashes().unwrap();
            let mut frame = FrameBuf::U8(Vec::new());
            for index in [17].into_iter().chain(0..FRAMES).chain([2, 29, 28]) {
                reader.read_frame(index, &mut frame).unwrap();
                assert!(hashes.matches(index, &frame), "{words}: frame {index}");
                if done.errors.as_ref().unwrap().bit_exact() {
                    assert_eq!(frame, stack.frames()[index], "{words}: frame {index}");
                }
            }
            verify(&file, Some(&mut stack), &Limits::default(), &Silent).unwrap();
        }
    }
}

#[test]
fn equal_bytes_for_equal_stacks() {
    let folder = tempfile::tempdir().unwrap();
    let store = |name: &str| {
        let file = folder.path().join(name);
        store("hdf5:gzip=1,order=nearest", &mut shuffled(PixelType::U16), &file);
        std::fs::read(file).unwrap()
    };
    assert_eq!(store("a"), store("b"));
}

#[test]
fn auto_takes_an_order_where_it_pays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    let chosen = |words: &str| {
        let done = store(words, &mut shuffled(PixelType::U8), &file)?;
        assert!(open_stack(&file, &Limits::default()).unwrap().envelope().method == done.method);
        Some((done.method.option("order").flatten().map(str::to_owned), done.stored_bytes))
    };
    // No filter sees two frames at once; an order that saves nothing is not worth its index.
    for words in ["hdf5", "hdf5:shuffle,gzip=9", "video:ffv1"] {
        let with_auto = format!("{words}{}order=auto", if words.contains(':') { ',' } else { ':' });
        let Some((order, bytes)) = chosen(&with_auto) else { continue };
        assert!(order.is_none() || bytes < chosen(words).unwrap().1, "{words}: {order:?}");
    }
    assert_eq!(chosen("hdf5:order=auto").unwrap().0, None);
    let Some((order, bytes)) = chosen("video:x264-lossless,order=auto") else { return };
    assert!(order.is_some(), "neighbours of a moving disc are alike");
    let (_, plain) = chosen("video:x264-lossless").unwrap();
    assert!(bytes < plain, "{bytes} against {plain}");
}

/// A source that only streams: going back starts it over.
struct Stream(StackInMemory, Vec<usize>);

impl FrameSource for Stream {
    fn header(&self) -> &StackHeader {
        self.0.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> stack_core::Result<()> {
        self.1.push(index);
        self.0.read_frame(index, into)
    }

    fn seeks(&self) -> bool {
        false
    }
}

#[test]
fn a_stream_is_read_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut stream = Stream(shuffled(PixelType::U8), Vec::new());
    store("hdf5:gzip=1,order=nearest", &mut stream, &folder.path().join("x"));
    assert_eq!(stream.1, (0..FRAMES).collect::<Vec<_>>());
}

#[test]
fn an_estimate_of_a_small_stack_is_exact_with_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    let mut stack = shuffled(PixelType::U16);
    let with_order = ordered(method("hdf5:gzip=1").unwrap(), Order::Hash).unwrap();
    let limits = Limits::default();
    let wanted = stack_core::ErrorBound::Lossless;
    let found = estimate(&mut stack, with_order.as_ref(), wanted, folder.path(), &limits, &Silent).unwrap();
    let job = Job::plan(with_order.as_ref(), &mut stack, &limits, &Silent).unwrap();
    with_order.encode(&mut stack, &file, &job).unwrap();
    assert_eq!(found.stored_bytes, std::fs::metadata(&file).unwrap().len());
}

#[test]
fn equal_frames_are_kept_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    for words in ["hdf5:gzip=1,duplicates=keep", "hdf5:gzip=1,order=nearest,duplicates=keep"] {
        let done = store(words, &mut shuffled(PixelType::F32), &file).unwrap();
        assert_eq!((done.stored_frames, done.method.to_string()), (FRAMES, words.to_owned()));
        assert_eq!(open_stack(&file, &Limits::default()).unwrap().envelope().method, done.method);
    }
}

#[test]
fn a_damaged_file_is_no_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    store("hdf5", &mut shuffled(PixelType::U16), &file);
    let mut bytes = std::fs::read(&file).unwrap();
    let sample = 255_u16 * 257;
    let at = bytes.windows(2).rposition(|window| window == sample.to_le_bytes()).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let mut source = CheckedStack::new(open_stack(&file, &Limits::default()).unwrap()).unwrap();
    let target = folder.path().join("y");
    let error =
        compress(&mut source, method("hdf5").unwrap().as_ref(), &target, &keep(), &Silent).unwrap_err();
    assert!(matches!(error, Error::Mismatch { .. }), "{error}");
    assert!(!target.exists());
}

#[test]
fn one_frame_and_equal_frames_have_an_order_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    for frames in [1, 2, 5] {
        for order in ["hash", "nearest", "auto"] {
            let header =
                StackHeader::new(frames, FrameShape::gray(3, 2).unwrap(), SampleFormat::full(PixelType::F32));
            let frame = FrameBuf::F32(vec![f32::NAN, 1.0, -0.0, f32::INFINITY, 1.0, 1.0]);
            let mut stack = StackInMemory::new(header.unwrap(), vec![frame; frames]).unwrap();
            let done = store(&format!("hdf5:gzip=1,order={order}"), &mut stack, &file).unwrap();
            assert_eq!(done.stored_frames, 1);
            assert!(done.errors.unwrap().bit_exact());
        }
    }
}

#[test]
fn damaged_places_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x");
    if store("video:ffv1,order=hash", &mut shuffled(PixelType::U8), &file).is_none() {
        return;
    }
    let whole = std::fs::read(&file).unwrap();
    let name = b"places";
    let at = whole.windows(name.len()).position(|window| window == name).unwrap();
    let (mut refused, mut named) = (0, 0);
    // The attachment lies behind its name; what is hit depends on the container.
    for bit in (at + 20..at + 60).step_by(2).map(|byte| byte * 8 + byte % 8) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&file, &damaged).unwrap();
        match open_stack(&file, &Limits::default()) {
            Err(Error::Format { field, .. }) => {
                refused += 1;
                named += usize::from(field == "places");
            }
            Err(error) => panic!("{error}"),
            Ok(mut reader) => {
                // Another order, or none: the hashes tell.
                let mut frame = FrameBuf::U8(Vec::new());
                let wrong = (0..FRAMES.min(reader.header().frames)).any(|index| {
                    reader
                        .read_frame(index, &mut frame)
                        .and_then(|()| reader.check_frame(index, &frame))
                        .is_err()
                });
                let harmless = reader.header() == shuffled(PixelType::U8).header();
                assert!(wrong || harmless, "bit {bit}");
            }
        }
    }
    assert!(refused > 0 && named > 0, "{refused} refused, {named} of them name the places");
}
