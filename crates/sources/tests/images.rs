//! Folders of images: order, what is ignored, what is refused, and what is exact.

mod stacks;

use std::fs;
use std::path::Path;

use image::{DynamicImage, ExtendedColorType, GrayImage, ImageBuffer, ImageEncoder, Luma, Rgb, RgbImage};
use stack_core::{FrameBuf, FrameSource, Limits, PixelType};
use stack_sources::images::folder::{ImageFolder, Unreadable};
use stack_sources::{InputOptions, is_picture, open_input};
use stacks::{open, open_error, read_all, stack, write};

fn gray(path: &Path, width: u32, height: u32, value: u8) {
    GrayImage::from_pixel(width, height, Luma([value])).save(path).unwrap();
}

fn first_frame(source: &mut dyn FrameSource) -> FrameBuf {
    let mut frame = FrameBuf::U8(Vec::new());
    source.read_frame(0, &mut frame).unwrap();
    frame
}

#[test]
fn natural_order_and_what_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (value, name) in [(10, "img10.png"), (2, "img2.PNG"), (1, "img1.png")] {
        let png = at("any.png");
        gray(&png, 3, 2, value);
        fs::rename(png, at(name)).unwrap();
    }
    fs::write(at("thumbs.db"), "x").unwrap();
    fs::write(at("notes.txt"), "x").unwrap();
    fs::write(at("._img1.png"), "what another system leaves behind").unwrap();
    fs::create_dir(at("sub.png")).unwrap();
    let mut source = open(folder.path()).unwrap();
    assert_eq!(source.header().meta.frame_names, ["img1.png", "img2.PNG", "img10.png"]);
    assert_eq!(source.header().describe(), "3 frames of 2 x 3, u8");
    let sizes = ["img1.png", "img2.PNG", "img10.png"].map(|name| fs::metadata(at(name)).unwrap().len());
    assert_eq!(source.disk_bytes(), Some(sizes.iter().sum()));
    let frames = read_all(source.as_mut()).unwrap();
    assert_eq!(frames, [vec![1; 6], vec![2; 6], vec![10; 6]]);
}

#[test]
fn an_empty_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "x").unwrap();
    assert!(
        open_error(folder.path())
            .contains("there is no image in this folder; give a folder with files of type")
    );
}

#[test]
fn the_first_image_that_differs_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    gray(&at("a1.png"), 4, 3, 0);
    gray(&at("a2.png"), 4, 3, 0);
    gray(&at("a10.png"), 4, 3, 0);
    gray(&at("a3.png"), 5, 3, 0);
    let message = open_error(folder.path());
    let expected = format!(
        "{}: size: this image is 3 x 5, u8, but {} is 3 x 4, u8; put images of one size and type into one folder",
        at("a3.png").display(),
        at("a1.png").display()
    );
    assert_eq!(message, expected);
    RgbImage::new(4, 3).save(at("a3.png")).unwrap();
    assert!(open_error(folder.path()).contains("a3.png: number of channels: this image is 3 x 4 x 3, u8"));
    ImageBuffer::from_pixel(4, 3, Luma([7_u16])).save(at("a3.png")).unwrap();
    assert!(open_error(folder.path()).contains("a3.png: type: this image is 3 x 4, u16"));
}

#[test]
fn wrong_and_damaged_images_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    gray(&at("a.png"), 4, 3, 0);
    fs::write(at("b.png"), "no image at all").unwrap();
    assert!(
        open_error(folder.path())
            .contains("b.png: content: the name says a PNG image, but the file does not")
    );
    gray(&at("c.jpg"), 4, 3, 0);
    fs::rename(at("c.jpg"), at("b.png")).unwrap();
    assert!(open_error(folder.path()).contains("the name says a PNG image, the bytes say a JPEG image"));
    fs::write(at("b.png"), "").unwrap();
    assert!(open_error(folder.path()).contains("b.png: content: the file is empty"));
    // A stack of its own among single images.
    fs::remove_file(at("b.png")).unwrap();
    write(&mut stack(PixelType::U8, 2, [3, 4, 1]), &at("d.tif"));
    assert!(open_error(folder.path()).contains("the file has 2 pages, so it is a stack of its own"));
    assert!(is_picture(&at("a.png")) && !is_picture(&at("d.tif")) && !is_picture(&at("missing.png")));
    write(&mut stack(PixelType::U8, 1, [3, 4, 1]), &at("e.tif"));
    assert!(is_picture(&at("e.tif")));
}

#[test]
fn a_file_that_changes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    gray(&path, 4, 3, 0);
    let mut source = open(folder.path()).unwrap();
    gray(&path, 5, 3, 0);
    let error = source.read_frame(0, &mut FrameBuf::U8(Vec::new())).unwrap_err().to_string();
    assert!(error.contains("it changed from 3 x 4, u8 to 3 x 5, u8"), "{error}");
}

#[test]
fn lossless_formats_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let colours = RgbImage::from_fn(7, 5, |x, y| Rgb([x as u8 * 30, y as u8 * 50, 255 - x as u8]));
    for name in ["x.png", "x.bmp", "x.ppm", "x.webp", "x.tiff"] {
        let path = folder.path().join(name);
        colours.save(&path).unwrap();
        let mut source = open(&path).unwrap();
        assert_eq!(source.header().shape.channels(), 3, "{name}");
        assert_eq!(first_frame(source.as_mut()), FrameBuf::U8(colours.as_raw().clone()), "{name}");
    }
    let deep = ImageBuffer::from_fn(7, 5, |x, y| Luma([(x * 9000 + y) as u16]));
    for name in ["y.png", "y.pgm", "y.tif"] {
        let path = folder.path().join(name);
        DynamicImage::ImageLuma16(deep.clone()).save(&path).unwrap();
        assert_eq!(
            first_frame(open(&path).unwrap().as_mut()),
            FrameBuf::U16(deep.as_raw().clone()),
            "{name}"
        );
    }
}

#[test]
fn a_pgm_is_not_stretched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.pgm");
    fs::write(&path, b"P5\n# from a 12-bit camera\n2 2\n4095\n\x00\x01\x0f\xff\x07\xd0\x00\x00").unwrap();
    let mut source = open(&path).unwrap();
    assert_eq!(source.header().format.to_string(), "u16 (12 bits used)");
    assert_eq!(first_frame(source.as_mut()), FrameBuf::U16(vec![1, 4095, 2000, 0]));
    fs::write(&path, b"P5 2 1 15\n\x03\x0f").unwrap();
    assert_eq!(first_frame(open(&path).unwrap().as_mut()), FrameBuf::U8(vec![3, 15]));
    let problem = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read_all(open(&path).unwrap().as_mut()).unwrap_err().to_string()
    };
    assert!(problem(b"P5 2 1 15\n\x03\x10").contains("above the largest value 15"));
    assert!(problem(b"P5 2 1 15\n\x03").contains("the file ends before the image does"));
    fs::write(&path, b"P2 2 1 255\n3 200\n").unwrap();
    assert_eq!(first_frame(open(&path).unwrap().as_mut()), FrameBuf::U8(vec![3, 200]));
    fs::write(&path, b"P2 2 1 15\n3 15\n").unwrap();
    assert!(open_error(&path).contains("decimal text of at most 15"));
    fs::write(&path, b"P4 2 1\n\x40").unwrap();
    let mut source = open(&path).unwrap();
    assert_eq!(source.header().meta.properties["expanded"], "1-bit grey to 8 bits");
    assert_eq!(first_frame(source.as_mut()), FrameBuf::U8(vec![255, 0]));
}

/// PNG chunks: length, type, data, CRC.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in chunks {
        bytes.extend((data.len() as u32).to_be_bytes());
        let start = bytes.len();
        bytes.extend(*name);
        bytes.extend(*data);
        bytes.extend(crc32(&bytes[start..]).to_be_bytes());
    }
    bytes
}

/// CRC-32 by its definition (PNG, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

/// A zlib stream with one stored block.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x01, 0x01];
    bytes.extend((data.len() as u16).to_le_bytes());
    bytes.extend((!(data.len() as u16)).to_le_bytes());
    bytes.extend(data);
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (b + a) % 65521)
    });
    bytes.extend((b << 16 | a).to_be_bytes());
    bytes
}

#[test]
fn palettes_become_rgb_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let data = stored(&[0, 0, 1]);
    let header = [0, 0, 0, 2, 0, 0, 0, 1, 8, 3, 0, 0, 0];
    let palette = [10, 20, 30, 40, 50, 60];
    let bytes = png(&[(b"IHDR", &header), (b"PLTE", &palette), (b"IDAT", &data), (b"IEND", &[])]);
    fs::write(&path, bytes).unwrap();
    let mut source = open(&path).unwrap();
    assert_eq!(source.header().describe(), "1 frame of 1 x 2 x 3, u8");
    assert_eq!(source.header().meta.properties["expanded"], "palette to RGB");
    assert_eq!(first_frame(source.as_mut()), FrameBuf::U8(palette.to_vec()));
}

#[test]
fn animations_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    let frames = [0, 0, 0, 2, 0, 0, 0, 0];
    // Sequence number, width, height, position, delay, what to do with the last frame.
    let control = [[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1].as_slice(), &[0; 14]].concat();
    let data = stored(&[0, 9]);
    let chunks: [(&[u8; 4], &[u8]); 5] =
        [(b"IHDR", &header), (b"acTL", &frames), (b"fcTL", &control), (b"IDAT", &data), (b"IEND", &[])];
    fs::write(&path, png(&chunks)).unwrap();
    let error = open_error(&path);
    assert!(error.contains("it is an animation, of which one frame would be read"), "{error}");
}

#[test]
fn limits_hold_before_anything_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let header = [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 8, 0, 0, 0, 0];
    fs::write(&path, png(&[(b"IHDR", &header), (b"IDAT", &stored(&[0])), (b"IEND", &[])])).unwrap();
    assert!(open(&path).is_err());
    let header = [0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    fs::write(&path, png(&[(b"IHDR", &header), (b"IDAT", &stored(&[0])), (b"IEND", &[])])).unwrap();
    assert!(open(&path).is_err());
    gray(&path, 100, 100, 1);
    let limits = Limits { frame_bytes: 9_999, ..Limits::default() };
    let error = open_input(path.as_os_str(), &InputOptions::default(), &limits).err().unwrap().to_string();
    assert!(error.contains("the size of a frame in bytes is 10000, above the limit of 9999"), "{error}");
    let limits = Limits { frames: 1, ..Limits::default() };
    let error = ImageFolder::from_files(vec![path.clone(), path], Unreadable::Refuse, &limits)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("the number of images is 2"), "{error}");
}

#[test]
fn a_jpeg_is_read_to_its_end_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jpg");
    let image = RgbImage::from_fn(40, 24, |x, y| Rgb([x as u8 * 6, y as u8 * 10, 128]));
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .write_image(image.as_raw(), 40, 24, ExtendedColorType::Rgb8)
        .unwrap();
    fs::write(&path, &bytes).unwrap();
    let mut source = open(&path).unwrap();
    assert_eq!(source.header().describe(), "1 frame of 24 x 40 x 3, u8");
    let expected = image::load_from_memory(&bytes).unwrap().into_rgb8();
    assert_eq!(first_frame(source.as_mut()), FrameBuf::U8(expected.into_raw()));
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    for length in (0..bytes.len()).rev() {
        file.set_len(length as u64).unwrap();
        let outcome = open(&path).and_then(|mut source| read_all(source.as_mut()));
        assert!(outcome.is_err(), "{length} of {} bytes", bytes.len());
    }
    gray(&path, 9, 8, 77);
    assert_eq!(open(&path).unwrap().header().describe(), "1 frame of 8 x 9, u8");
}

#[test]
fn a_jpeg_that_lies_about_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jpg");
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .write_image(&[100; 40 * 24 * 3], 40, 24, ExtendedColorType::Rgb8)
        .unwrap();
    let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    let mut lie = |height: u16, width: u16| {
        bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
        bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
        fs::write(&path, &bytes).unwrap();
        open(&path).and_then(|mut source| read_all(source.as_mut())).map_err(|error| error.to_string())
    };
    for side in [1000, 60_000] {
        let error = lie(side, side).unwrap_err();
        assert!(error.contains(&format!("its header says {side} x {side} x 3, which")), "{error}");
    }
    // More data than the header speaks of: what it speaks of is read.
    assert_eq!(lie(8, 8).unwrap()[0].len(), 8 * 8 * 3);
}

#[test]
fn unreadable_images_are_skipped_on_request_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (value, name) in [(1, "a1.png"), (2, "a2.png"), (3, "a3.png"), (10, "a10.png")] {
        gray(&at(name), 40, 30, value);
    }
    // Its header is whole; only decoding finds that the samples are not.
    let whole = fs::read(at("a2.png")).unwrap();
    fs::write(at("a2.png"), &whole[..whole.len() - 30]).unwrap();
    fs::write(at("a0.png"), "no image").unwrap();
    fs::write(at("a4.jpg"), [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]).unwrap();
    let message =
        open(folder.path()).and_then(|mut source| read_all(source.as_mut())).unwrap_err().to_string();
    assert!(message.contains("a0.png: content: the name says a PNG image"), "{message}");
    fs::remove_file(at("a0.png")).unwrap();
    assert!(open_error(folder.path()).contains("a4.jpg"));

    fs::write(at("a0.png"), "no image").unwrap();
    let options = InputOptions { skip_unreadable: true, ..InputOptions::default() };
    let reopen = || open_input(folder.path().as_os_str(), &options, &Limits::default());
    let mut source = reopen().unwrap();
    let meta = &source.header().meta;
    assert_eq!(meta.frame_names, ["a1.png", "a3.png", "a10.png"]);
    let lines: Vec<&str> = meta.properties["skipped"].lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("a0.png: content: the name says a PNG image"), "{lines:?}");
    assert!(lines[1].starts_with("a2.png: image: the file ends before the image does"), "{lines:?}");
    assert!(lines[2].starts_with("a4.jpg: JPEG header: the file ends"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains(folder.path().to_str().unwrap())), "{lines:?}");
    assert_eq!(read_all(source.as_mut()).unwrap(), [vec![1; 1200], vec![3; 1200], vec![10; 1200]]);

    // Another size is no damage, nor is a stack of its own.
    gray(&at("b.png"), 41, 30, 0);
    let error = reopen().err().unwrap().to_string();
    assert!(error.contains("b.png: size: this image is 30 x 41, u8"), "{error}");
    fs::remove_file(at("b.png")).unwrap();
    write(&mut stack(PixelType::U8, 2, [30, 40, 1]), &at("b.tif"));
    let error = reopen().err().unwrap().to_string();
    assert!(error.contains("2 pages, so it is a stack of its own"), "{error}");

    // Nothing is skipped, nothing is said; all are skipped, the first reason is said.
    for name in ["a0.png", "a2.png", "a4.jpg", "b.tif"] {
        fs::remove_file(at(name)).unwrap();
    }
    assert!(reopen().unwrap().header().meta.properties.is_empty());
    for name in ["a1.png", "a3.png", "a10.png"] {
        fs::write(at(name), "no image").unwrap();
    }
    let error = reopen().err().unwrap().to_string();
    assert!(error.contains("a1.png: content: the name says a PNG image"), "{error}");
}

#[test]
fn what_images_carry_is_limited() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    let image = stored(&[0, 9]);
    let bytes = png(&[(b"IHDR", &header), (b"eXIf", &[7; 3000]), (b"IDAT", &image), (b"IEND", &[])]);
    fs::write(&path, &bytes).unwrap();
    let limits = |metadata_bytes| Limits { metadata_bytes, ..Limits::default() };
    let reopen = |bytes| open_input(folder.path().as_os_str(), &InputOptions::default(), &limits(bytes));
    assert_eq!(reopen(4000).unwrap().header().meta.block("exif", 0), Some(&[7; 3000][..]));
    let error = reopen(2999).err().unwrap().to_string();
    assert!(error.contains("the size of PNG chunks in bytes is 3000, above the limit of 2999"), "{error}");
    // Equal blocks are kept once, others add up.
    fs::write(folder.path().join("y.png"), &bytes).unwrap();
    assert_eq!(reopen(4000).unwrap().header().meta.blocks.len(), 1);
    let bytes = png(&[(b"IHDR", &header), (b"eXIf", &[8; 3000]), (b"IDAT", &image), (b"IEND", &[])]);
    fs::write(folder.path().join("z.png"), bytes).unwrap();
    let error = reopen(4000).err().unwrap().to_string();
    assert!(error.contains("z.png: the size of profiles, tags and other blocks in bytes is 6008"), "{error}");

    // 68 MB of zeros in 68 kB: inflating stops at 64 MiB.
    let bomb = [b"bomb\0\0".as_slice(), &deflated_zeros(68_000_000)].concat();
    assert!(bomb.len() < 100_000);
    let bytes = png(&[(b"IHDR", &header), (b"iCCP", &bomb), (b"IDAT", &image), (b"IEND", &[])]);
    fs::write(&path, bytes).unwrap();
    let error = open_error(&path);
    assert!(
        error.contains("the size of a colour profile in bytes, of which at least is 67108865"),
        "{error}"
    );
}

/// A zlib stream of zeros.
fn deflated_zeros(count: usize) -> Vec<u8> {
    use tiff::encoder::compression::{CompressionAlgorithm, Deflate};
    let mut bytes = Vec::new();
    Deflate::default().write_to(&mut bytes, &vec![0; count]).unwrap();
    bytes
}
