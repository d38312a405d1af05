//! What is written is read back bit for bit, and the same stack gives the same bytes.

mod stacks;

use stack_core::{FrameBuf, FrameSource, PixelType};
use stack_sources::{OutputOptions, open_output, write_frame_image};
use stacks::{assert_same, bytes_of, names_in, open, stack, write};

#[test]
fn every_type_and_channel_count_through_every_sink() {
    let folder = tempfile::tempdir().unwrap();
    for pixel in PixelType::ALL {
        for channels in 1..=4 {
            let mut original = stack(pixel, 3, [5, 7, channels]);
            for target in ["x.npy", "x.tif", "x.TIFF", "images"] {
                let target = folder.path().join(format!("{pixel}{channels}{target}"));
                write(&mut original, &target);
                let mut back = open(&target).unwrap_or_else(|error| panic!("{error}"));
                assert_same(&mut original, back.as_mut());
                assert!(back.disk_bytes().unwrap() > 0);
                assert!(back.read_frame(3, &mut FrameBuf::U8(Vec::new())).is_err());
            }
        }
    }
    // No partial output is left.
    assert!(names_in(folder.path()).iter().all(|name| !name.starts_with('.')));
}

#[test]
fn names_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U16, 3, [4, 4, 1]);
    let mut header = original.header().clone();
    header.meta.frame_names = ["a1.png", "a2.png", "a10é.png"].map(String::from).to_vec();
    for name in ["images", "x.tif"] {
        let target = folder.path().join(name);
        let mut sink = open_output(&target, &header, &OutputOptions::default()).unwrap();
        sink.start(&header).unwrap();
        original.frames().iter().for_each(|frame| sink.push(frame).unwrap());
        sink.finish().unwrap();
        let mut back = open(&target).unwrap();
        assert_eq!(back.header().meta.frame_names, header.meta.frame_names, "{name}");
        assert_same(&mut original, back.as_mut());
    }
    assert_eq!(names_in(&folder.path().join("images")), ["a1.png", "a10é.png", "a2.png"]);
}

#[test]
fn the_same_stack_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U8, 2, [9, 11, 3]);
    let bytes = |number: u32| {
        let [npy, tif, images] =
            ["npy", "tif", "d"].map(|name| folder.path().join(format!("{number}.{name}")));
        for target in [&npy, &tif] {
            write(&mut original.clone(), target);
        }
        let target = images.with_extension("");
        write(&mut original.clone(), &target);
        [npy, tif, target.join("frame_000000.png"), target.join("frame_000001.png")]
            .map(|file| std::fs::read(file).unwrap())
    };
    assert_eq!(bytes(1), bytes(2));
    let _ = bytes_of(&mut original);
}

#[test]
fn a_png_has_the_same_bytes_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let hills = FrameBuf::U8((0..64 * 64_u32).map(|at| (at / 64 * (at % 64) / 16) as u8).collect());
    write_frame_image(&path, stack(PixelType::U8, 1, [64, 64, 1]).header(), &hills).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    // The CRC of the compressed samples stands before the last chunk's 12 bytes.
    let crc = u32::from_be_bytes(bytes[bytes.len() - 16..bytes.len() - 12].try_into().unwrap());
    assert_eq!((bytes.len(), crc), (1800, 850_524_740));
}

#[test]
fn the_largest_strip_is_one() {
    // One strip a page, so that other programs can map the samples: 273 (offsets) has one value.
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("x.tif");
    write(&mut stack(PixelType::U16, 1, [300, 200, 1]), &target);
    let bytes = std::fs::read(&target).unwrap();
    assert!(bytes.len() < 300 * 200 * 2 + 512, "{}", bytes.len());
}

#[test]
fn single_frames_in_three_formats() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U16, 1, [4, 6, 3]);
    let header = original.header().clone();
    for name in ["f.png", "f.tif", "f.npy"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "in the way").unwrap();
        write_frame_image(&path, &header, &original.frames()[0]).unwrap();
        assert_same(&mut original, open(&path).unwrap().as_mut());
    }
    let problem = |name: &str, frame: &FrameBuf| {
        write_frame_image(&folder.path().join(name), &header, frame).unwrap_err().to_string()
    };
    assert!(problem("f.jpg", &original.frames()[0]).contains("written as .png, .tif or .npy"));
    assert!(problem("f.png", &FrameBuf::U8(vec![0; 72])).contains("do not fit"));
    let floats = stack(PixelType::F32, 1, [2, 2, 1]);
    let path = folder.path().join("floats.png");
    let error = write_frame_image(&path, floats.header(), &floats.frames()[0]).unwrap_err().to_string();
    assert!(error.contains("PNG cannot store this stack: it holds no f32 samples"), "{error}");
    assert_eq!(names_in(folder.path()), ["f.npy", "f.png", "f.tif"]);
}
