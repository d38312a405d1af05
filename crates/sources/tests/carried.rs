//! Profiles, Exif data and texts of single images: from PNG, JPEG, TIFF and WebP, through frames, to PNG and TIFF.

mod stacks;

use std::path::Path;

use stack_core::{FrameSource, PixelType, Silent, StackHeader, StackInMemory, copy_frames};
use stack_sources::{OutputOptions, open_output, write_frame_image};
use stacks::{open, run_python, stack};

fn copy(from: &Path, to: &Path) {
    let mut source = open(from).unwrap_or_else(|error| panic!("{error}"));
    let header = source.header().clone();
    let mut sink = open_output(to, &header, &OutputOptions::default()).unwrap();
    copy_frames(source.as_mut(), sink.as_mut(), &Silent).unwrap();
}

const PICTURES: &str = "
import os
import numpy as np
from PIL import Image, ImageCms, PngImagePlugin
rng = np.random.default_rng(1)
icc = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
# A profile of several segments of a JPEG; nothing looks into it.
large = icc + rng.bytes(150_000)
def exif(number):
    exif = Image.Exif()
    exif[0x010f] = 'maker'
    exif[0x0110] = f'model {number}'
    exif[0x0112] = 6
    exif[0x0132] = '2024:01:02 03:04:05'
    inner = exif.get_ifd(0x8769)
    inner[0x829a] = 0.25
    inner[0x9003] = '2024:01:02 03:04:05'
    inner[0x927c] = b'a maker note'
    inner.update({0xa005: {1: 'R98'}})
    exif.get_ifd(0x8825).update({1: 'N', 2: (48.0, 51.0, 29.5)})
    return exif
xmp = b'<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>'
text = PngImagePlugin.PngInfo()
text.add_text('Title', 'one')
text.add_text('Author', 'é', zip=True)
text.add_itxt('Note', 'µ', 'en')
for kind, mode in [('png', 'RGB'), ('jpg', 'RGB'), ('webp', 'RGB'), ('tif', 'RGB')]:
    os.mkdir(kind)
    for number in range(3):
        image = Image.fromarray(rng.integers(0, 256, (8, 10, 3)).astype('u1'))
        # Pillow leaves the inner directories out of TIFF unless the data is whole.
        options = {'exif': exif(number).tobytes()}
        if number < 2:
            options['icc_profile'] = large if kind == 'jpg' else icc
        if kind == 'png':
            options |= {'dpi': (300, 150), 'pnginfo': text}
        if kind in ('webp', 'jpg'):
            options['xmp'] = xmp
        if kind == 'webp':
            options['lossless'] = True
        image.save(f'{kind}/{number}.{kind}', **options)
";

#[test]
fn pillow_reads_what_pillow_wrote() {
    let folder = tempfile::tempdir().unwrap();
    if run_python(folder.path(), PICTURES).is_none() {
        return;
    }
    for kind in ["png", "jpg", "webp", "tif"] {
        let from = folder.path().join(kind);
        copy(&from, &folder.path().join(format!("{kind}-out")));
        copy(&from, &folder.path().join(format!("{kind}-out.tif")));
        // And from our own files once more.
        copy(&folder.path().join(format!("{kind}-out.tif")), &folder.path().join(format!("{kind}-again")));
    }
    let script = "
import numpy as np, tifffile
from PIL import Image
def facts(image):
    exif = image.getexif()
    main = {tag: value for tag, value in exif.items() if tag in (0x010f, 0x0110, 0x0112, 0x0132)}
    inner = {tag: value for tag, value in exif.get_ifd(0x8769).items() if tag != 0xa005}
    gps = dict(exif.get_ifd(0x8825))
    interoperability = dict(exif.get_ifd(0xa005))
    return main, inner, gps, interoperability
for kind in ['png', 'jpg', 'webp', 'tif']:
    for number in range(3):
        before = Image.open(f'{kind}/{number}.{kind}')
        paged = Image.open(f'{kind}-out.tif')
        paged.seek(number)
        # Frames that came from TIFF go back to TIFF.
        ending = 'tif' if kind == 'tif' else 'png'
        out, again = f'{kind}-out/{number}.{ending}', f'{kind}-again/{number}.{ending}'
        for name, path, after in [('png', out, Image.open(out)), ('tif', None, paged), ('again', again, Image.open(again))]:
            where = (kind, number, name)
            one, two = facts(before), facts(after)
            assert one == two, (where, one, two)
            assert len(one[0]) == 4 and all(one[:3]), (where, one)
            # Into TIFF, Pillow writes this directory without entries.
            assert one[3] or kind == 'tif', where
            # Of the first page, Pillow keeps it while it looks at others.
            profile = after.tag_v2.get(34675) if name == 'tif' else after.info.get('icc_profile')
            assert profile == before.info.get('icc_profile') and (profile is None) == (number == 2), where
            if kind in ('jpg', 'webp'):
                packet = after.tag_v2.get(700) if name == 'tif' else after.info.get('xmp')
                packet = packet.encode() if isinstance(packet, str) else packet
                assert packet == before.info['xmp'], where
            after.load()
            if kind == 'png' and name == 'png':
                assert after.text == before.text and len(after.text) == 3, (where, after.text)
                assert after.info['dpi'] == before.info['dpi'], where
            # Pillow turns TIFF by its orientation while loading.
            one = tifffile.imread(f'tif/{number}.tif') if kind == 'tif' else np.asarray(before)
            two = tifffile.TiffFile(f'{kind}-out.tif').pages[number].asarray() if name == 'tif' else np.asarray(after)
            if kind == 'tif' and path:
                two = tifffile.imread(path)
            assert np.array_equal(one, two) or kind == 'jpg', where
print('same')
";
    assert_eq!(run_python(folder.path(), script).unwrap().trim(), "same");
}

/// What came with frame `index` of `from`, after it was written to `to`.
fn assert_comes_back(from: &mut StackInMemory, to: &Path) {
    let header = from.header().clone();
    let mut sink = open_output(to, &header, &OutputOptions::default()).unwrap();
    copy_frames(from, sink.as_mut(), &Silent).unwrap();
    let sorted = |header: &StackHeader| {
        let mut blocks = header.meta.blocks.clone();
        blocks.sort_by_key(|block| (block.name.clone(), block.frames.start));
        blocks
    };
    assert!(sorted(open(to).unwrap().header()) == sorted(&header), "{}", to.display());
}

#[test]
fn blocks_come_back_from_our_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let exif = b"II\x2a\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\
        \x01\0\x27\x88\x03\0\x01\0\0\0\x64\0\0\0\0\0\0\0"
        .to_vec();
    let mut original = stack(PixelType::U16, 3, [3, 4, 1]);
    let mut header = original.header().clone();
    for frame in 0..3 {
        header.meta.add_block("icc", frame, vec![frame as u8 / 2; 200]);
    }
    header.meta.add_block("exif", 1, exif);
    let frames = original.frames().to_vec();
    let mut png = header.clone();
    png.meta.add_block("png:pHYs", 1, vec![0, 0, 1, 0, 0, 0, 1, 0, 1]);
    png.meta.add_block("png:text", 2, b"\0\0\0\x03tEXta\0b\0\0\0\x05tEXtc\0def".to_vec());
    original = StackInMemory::new(png.clone(), frames.clone()).unwrap();
    assert_comes_back(&mut original, &folder.path().join("images"));

    // One frame as a file of its own.
    let file = folder.path().join("one.png");
    write_frame_image(&file, &png.part(1..2).unwrap(), &frames[1]).unwrap();
    let one = open(&file).unwrap().header().clone();
    assert_eq!(one.meta.blocks.len(), 3);
    assert_eq!(one.meta.block("png:pHYs", 0), png.meta.block("png:pHYs", 1));
    assert_eq!(one.meta.block("exif", 0), png.meta.block("exif", 1));
    write_frame_image(&file, &png, &frames[1]).unwrap();
    assert!(open(&file).unwrap().header().meta.blocks.is_empty(), "which frame it is, is not known");

    let mut tiff = header;
    tiff.meta.add_block("tiff:Artist", 2, b"\x02\0someone\0".to_vec());
    tiff.meta.add_block("tiff:65000", 2, b"\x03\0\x01\0\xff\xff".to_vec());
    original = StackInMemory::new(tiff, frames).unwrap();
    let target = folder.path().join("x.tif");
    let header = original.header().clone();
    let mut sink = open_output(&target, &header, &OutputOptions::default()).unwrap();
    copy_frames(&mut original, sink.as_mut(), &Silent).unwrap();
    let back = open(&target).unwrap().header().clone();
    for block in &header.meta.blocks {
        for frame in 0..3 {
            let (one, two) = (header.meta.block(&block.name, frame), back.meta.block(&block.name, frame));
            if block.name == "exif" {
                assert_eq!(one.is_some(), two.is_some());
            } else {
                assert_eq!(one, two, "{} of frame {frame}", block.name);
            }
        }
    }
}

#[test]
fn blocks_that_make_no_sense_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let mut original = stack(PixelType::U8, 1, [3, 4, 1]);
    let mut header = original.header().clone();
    // Sizes and places are the writer's; values that are none, and chunks that are none, are left out.
    for (name, bytes) in [
        ("tiff:256", &b"\x03\0\x07\0"[..]),
        ("tiff:330", b"\x04\0\x07\0\0\0"),
        ("tiff:Artist", b"\x03\0\x07"),
        ("tiff:Make", b"?"),
        ("tiff:ExtraSamples", b"\x03\0\x01\0\x01\0\x01\0"),
        ("tiff:PhotometricInterpretation", b"\x03\0\x06\0"),
        ("exif", b"no Exif data"),
        ("png:text", b"\0\0\0\x09tEXt"),
        ("unknown", b"?"),
    ] {
        header.meta.add_block(name, 0, bytes.to_vec());
    }
    original = StackInMemory::new(header, original.frames().to_vec()).unwrap();
    for name in ["x.tif", "images"] {
        let target = folder.path().join(name);
        stacks::write(&mut original, &target);
        let mut back = open(&target).unwrap();
        stacks::assert_same(&mut original, back.as_mut());
        assert!(back.header().meta.blocks.iter().all(|block| block.name == "exif"));
    }
}
