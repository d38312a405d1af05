//! Our files, written and read back: every type, filter and odd shape.

mod support;

use proptest::prelude::*;
use stack_container::{StackFile, StackWriter, is_stack_file};
use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};
use support::{assert_same, layout, pipelines, stack, write};

#[test]
fn every_type_filter_and_shape_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let shapes = [(1, 1, 1, 1), (7, 3, 5, 1), (4, 6, 5, 3), (1, 9, 8, 1), (3, 2, 2, 2)];
    for pixel in PixelType::ALL {
        for pipeline in pipelines() {
            for (frames, height, width, channels) in shapes {
                for chunk_frames in [None, Some(3)] {
                    let mut stack = stack(frames, height, width, channels, pixel);
                    write(&path, &mut stack, &layout(&pipeline, chunk_frames), &[]);
                    let what =
                        format!("{pixel} {frames}x{height}x{width}x{channels} {pipeline} {chunk_frames:?}");
                    assert_same(&mut StackFile::open(&path, &Limits::default()).unwrap(), &stack, &what);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_stack_comes_back_in_any_order(
        dims in (1usize..20, 1usize..9, 1usize..9, 1usize..5), pixel in 0usize..6, pipeline in 0usize..24,
        chunk_frames in prop::option::of(1usize..30), order in prop::collection::vec(0usize..20, 1..30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stack.h5");
        let mut stack = stack(dims.0, dims.1, dims.2, dims.3, PixelType::ALL[pixel]);
        write(&path, &mut stack, &layout(&pipelines()[pipeline], chunk_frames), &[]);
        let mut file = StackFile::open(&path, &Limits::default()).unwrap();
        prop_assert_eq!(file.header(), stack.header());
        let mut frame = FrameBuf::for_header(file.header());
        for index in order.into_iter().map(|index| index % dims.0) {
            file.read_frame(index, &mut frame).unwrap();
            prop_assert_eq!(frame.le_bytes(), stack.frames()[index].le_bytes());
        }
    }
}

#[test]
fn names_properties_and_tables_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    for frames in [3, 3000] {
        let shape = FrameShape::gray(2, 2).unwrap();
        let mut header =
            StackHeader::new(frames, shape, SampleFormat::new(PixelType::U16, 12).unwrap()).unwrap();
        header.meta.frame_names = (0..frames).map(|n| format!("Zelle \u{e4} {n}.tif")).collect();
        header.meta.frame_names[1] = String::new();
        header.meta.properties.insert("long".into(), "x\0\u{1f52c}".repeat(40_000));
        header.meta.properties.insert("empty".into(), String::new());
        header.meta.add_block("icc", 0, (0..=255).collect());
        let mut writer = StackWriter::create(&path, &header, &layout("shuffle,lz4", None)).unwrap();
        writer.add_table("first", &[]).unwrap();
        for frame in 0..frames {
            writer.push(&FrameBuf::U16(vec![frame as u16 % 4096; 4])).unwrap();
        }
        writer.add_table("second", &[1, 2, 255]).unwrap();
        assert!(writer.add_table("second", &[]).is_err());
        assert!(writer.add_table("a/b", &[]).is_err());
        writer.finish().unwrap();
        assert!(is_stack_file(&path).unwrap());
        let file = StackFile::open(&path, &Limits::default()).unwrap();
        assert_eq!(file.header(), &header);
        assert_eq!(file.table("first").unwrap(), Some(vec![]));
        assert_eq!(file.table("second").unwrap(), Some(vec![1, 2, 255]));
        assert_eq!(file.table("third").unwrap(), None);
        assert!(file.stored_bytes_of_samples() > 0);
        assert!(file.stored_bytes_of_samples() < file.disk_bytes().unwrap());
    }
}

#[test]
fn the_same_stack_gives_the_same_bytes_with_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut stack = stack(40, 31, 17, 1, PixelType::U16);
    let with_threads = |threads: usize, pipeline: &str, stack: &mut stack_core::StackInMemory| {
        let path = folder.path().join("stack.h5");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let header = stack.header().clone();
            let mut writer = StackWriter::create(&path, &header, &layout(pipeline, Some(3))).unwrap();
            for (index, frame) in stack.frames().iter().enumerate() {
                writer.push(frame).unwrap();
                if index == 20 {
                    writer.add_table("in the middle", &[7; 5000]).unwrap();
                }
            }
            writer.finish().unwrap();
        });
        std::fs::read(&path).unwrap()
    };
    for pipeline in ["", "shuffle,gzip=9", "bitshuffle,zstd=3,fletcher32", "lz4"] {
        let once = with_threads(1, pipeline, &mut stack);
        for threads in [1, 2, 5] {
            assert!(with_threads(threads, pipeline, &mut stack) == once, "{pipeline} with {threads} threads");
        }
    }
    // Time stamps have whole seconds.
    let before = with_threads(2, "shuffle", &mut stack);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(with_threads(2, "shuffle", &mut stack) == before, "the file changes with time");
}

#[test]
fn a_stack_is_read_in_a_pool_of_one_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let mut stack = stack(30, 8, 8, 1, PixelType::U8);
    write(&path, &mut stack, &layout("gzip=1", Some(2)), &[]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        assert_same(&mut StackFile::open(&path, &Limits::default()).unwrap(), &stack, "one thread");
    });
}

/// A child process inherits the open file; with the library's lock on it, the file could not be opened again.
#[test]
fn a_child_process_does_not_keep_the_file_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let stack = stack(1, 2, 2, 1, PixelType::U8);
    let mut writer = StackWriter::create(&path, stack.header(), &layout("gzip=9", None)).unwrap();
    let Ok(mut child) = std::process::Command::new("sleep").arg("60").spawn() else {
        return support::skipped("there is no program sleep");
    };
    writer.push(&stack.frames()[0]).unwrap();
    writer.finish().unwrap();
    let opened = StackFile::open(&path, &Limits::default());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(opened.unwrap().header(), stack.header());
}

#[test]
fn unfinished_files_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let stack = stack(3, 2, 2, 1, PixelType::U8);
    let mut writer = StackWriter::create(&path, stack.header(), &layout("gzip=9", None)).unwrap();
    writer.push(&stack.frames()[0]).unwrap();
    assert!(path.exists());
    drop(writer);
    assert!(!path.exists());

    let mut writer = StackWriter::create(&path, stack.header(), &layout("", None)).unwrap();
    writer.push(&stack.frames()[0]).unwrap();
    assert!(writer.finish().unwrap_err().to_string().contains("1 were given, the header says 3"));
    assert!(!path.exists());

    let mut header = stack.header().clone();
    header.meta.frame_names = vec!["a".into(), "b\0".into(), "c".into()];
    let error = StackWriter::create(&path, &header, &layout("", None)).unwrap_err();
    assert!(error.to_string().contains("zero byte"), "{error}");
    assert!(!path.exists());
}

#[test]
fn frames_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let stack = stack(1, 2, 2, 1, PixelType::U8);
    let mut writer = StackWriter::create(&path, stack.header(), &layout("gzip=9", None)).unwrap();
    assert!(writer.push(&FrameBuf::U16(vec![0; 4])).is_err());
    assert!(writer.push(&FrameBuf::U8(vec![0; 5])).is_err());
    writer.push(&stack.frames()[0]).unwrap();
    assert!(writer.push(&stack.frames()[0]).unwrap_err().to_string().contains("complete"));
    writer.finish().unwrap();
    let missing = folder.path().join("no/such/folder.h5");
    let error = StackWriter::create(&missing, stack.header(), &layout("", None)).unwrap_err();
    assert!(error.to_string().contains("cannot create"), "{error}");
    let error = StackWriter::create(folder.path(), stack.header(), &layout("", None)).unwrap_err();
    assert!(error.to_string().contains("no regular file"), "{error}");
    assert!(folder.path().exists());
}
