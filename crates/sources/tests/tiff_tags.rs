//! TIFF through tifffile and back: samples in every storage, and tags that come back with the same values.

mod stacks;

use std::fs;
use std::path::Path;

use stack_core::{FrameSource, Silent, copy_frames};
use stack_sources::{OutputOptions, TiffCompression, open_output};
use stacks::{assert_same, open, read_all, run_python};

/// Copies a stack through our reader and our writer.
fn copy(from: &Path, to: &Path, tiff_compression: TiffCompression) {
    let mut source = open(from).unwrap_or_else(|error| panic!("{error}"));
    let header = source.header().clone();
    let options = OutputOptions { tiff_compression, ..OutputOptions::default() };
    let mut sink = open_output(to, &header, &options).unwrap();
    copy_frames(source.as_mut(), sink.as_mut(), &Silent).unwrap();
    assert_same(source.as_mut(), open(to).unwrap().as_mut());
}

/// All samples of types, channels, byte orders, storages; those that need the package imagecodecs where it is there.
const STORAGES: &str = "
import itertools, json
import numpy as np, tifffile
from PIL import Image
try:
    import imagecodecs
except ImportError:
    imagecodecs = None
rng = np.random.default_rng(1)
names = []
def samples(shape, kind):
    if kind[0] == 'f':
        return (rng.standard_normal(shape) * 1000).astype(kind)
    walk = rng.integers(-3, 4, shape).cumsum(-1) * 7
    return walk.astype(kind)
def keep(name, array):
    names.append([name, len(array)])
    np.ascontiguousarray(array, array.dtype.newbyteorder('<')).tofile(name + '.raw')
kinds = ['u1', 'u2', 'i2', 'i4', 'f4', 'f8']
colours = {1: {'photometric': 'minisblack'}, 2: {'photometric': 'minisblack', 'planarconfig': 'contig', 'extrasamples': ['unassalpha']},
           3: {'photometric': 'rgb'}, 4: {'photometric': 'rgb', 'extrasamples': ['assocalpha']}}
layouts = [{}, {'rowsperstrip': 7}, {'tile': (16, 32)}]
compressions = [{}, {'compression': 'zlib'}, {'compression': 'zlib', 'predictor': 2}]
if imagecodecs:
    compressions += [{'compression': 'lzw'}, {'compression': 'lzw', 'predictor': 2}, {'compression': 'packbits'},
                     {'compression': 'zlib', 'predictor': 3}, {'compression': 'lzw', 'predictor': 3}, {'compression': 32946}]
number = 0
for kind, channels, (l, layout), (c, compression) in itertools.product(
        kinds, colours, enumerate(layouts), enumerate(compressions)):
    predictor = compression.get('predictor')
    if predictor and (predictor == 3) != (kind[0] == 'f'):
        continue
    number += 1
    array = samples((3, 19, 40) if channels == 1 else (3, 19, 40, channels), kind)
    order, big = '<>'[number % 2], bool(number // 2 % 2)
    name = f'{kind}-{channels}-{l}-{c}-{\"lb\"[number % 2]}{int(big)}'
    tifffile.imwrite(name + '.tif', array, byteorder=order, bigtiff=big, **colours[channels], **layout, **compression)
    keep(name, array)
# libtiff writes what tifffile alone does not.
for compression in ['tiff_lzw', 'packbits', 'tiff_deflate', 'tiff_adobe_deflate']:
    for kind, predictor in [('u1', 1), ('u1', 2), ('u2', 2), ('f4', 3)]:
        if predictor > 1 and compression == 'packbits':
            continue
        array = samples((19, 40), kind)
        name = f'libtiff-{compression}-{kind}-{predictor}'
        Image.fromarray(array).save(name + '.tif', compression=compression, tiffinfo={317: predictor})
        keep(name, array[None])
    array = samples((19, 40, 3), 'u1')
    Image.fromarray(array).save(f'libtiff-{compression}-rgb.tif', compression=compression)
    keep(f'libtiff-{compression}-rgb', array[None])
print('\\n'.join(f'{name} {frames}' for name, frames in names))
";

#[test]
fn every_storage_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let Some(list) = run_python(folder.path(), STORAGES) else { return };
    let mut seen = 0;
    for line in list.lines() {
        let (name, frames) = line.split_once(' ').unwrap();
        let frames: usize = frames.parse().unwrap();
        let mut source =
            open(&folder.path().join(format!("{name}.tif"))).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(source.header().frames, frames, "{name}");
        let expected = fs::read(folder.path().join(format!("{name}.raw"))).unwrap();
        assert!(read_all(source.as_mut()).unwrap().concat() == expected, "{name}");
        seen += 1;
    }
    assert!(seen >= 150, "{seen}");
    println!("{seen} files");
}

#[test]
fn every_compression_is_read_by_others() {
    let folder = tempfile::tempdir().unwrap();
    let script = "
import numpy as np
rng = np.random.default_rng(1)
for kind in ['u1', 'u2', 'i2', 'i4', 'f4', 'f8']:
    for channels in range(1, 5):
        array = (rng.standard_normal((3, 19, 40, channels)).cumsum(2) * 100).astype(kind)
        np.save(f'{kind}-{channels}.npy', array if channels > 1 else array[..., 0])
";
    if run_python(folder.path(), script).is_none() {
        return;
    }
    for kind in ["u1", "u2", "i2", "i4", "f4", "f8"] {
        for channels in 1..=4 {
            for compression in TiffCompression::ALL {
                let from = folder.path().join(format!("{kind}-{channels}.npy"));
                copy(&from, &folder.path().join(format!("{kind}-{channels}-{compression}.tif")), compression);
            }
        }
    }
    let script = "
import glob
import numpy as np, tifffile
from PIL import Image
try:
    import imagecodecs
except ImportError:
    imagecodecs = None
by_tifffile = by_libtiff = 0
for file in sorted(glob.glob('*.tif')):
    kind, channels, compression = file[:-4].split('-')
    stack = np.load(f'{kind}-{channels}.npy')
    with tifffile.TiffFile(file) as tiff:
        assert tiff.byteorder == '<' and not tiff.is_bigtiff and len(tiff.pages) == 3, file
        # Without imagecodecs tifffile knows neither LZW nor the floating-point predictor.
        if imagecodecs or compression in ('none', 'packbits') or (compression == 'deflate' and kind[0] != 'f'):
            for page, frame in zip(tiff.pages, stack):
                array = page.asarray()
                assert array.dtype == frame.dtype and array.tobytes() == frame.tobytes(), file
            by_tifffile += 1
    # The types that Pillow gives as they are.
    if (kind, channels) in [('u1', '1'), ('u1', '3'), ('u2', '1'), ('i4', '1'), ('f4', '1')]:
        with Image.open(file) as image:
            for number, frame in enumerate(stack):
                image.seek(number)
                array = np.asarray(image).astype(frame.dtype)
                assert array.tobytes() == frame.tobytes(), file
        by_libtiff += 1
print(by_tifffile >= 64, by_libtiff)
";
    assert_eq!(run_python(folder.path(), script).unwrap().trim(), "True 20");
}

/// Files with tags of many kinds.
const TAGGED: &str = "
import numpy as np, tifffile
from PIL import Image, ImageCms, TiffImagePlugin
rng = np.random.default_rng(1)
gray = rng.integers(0, 65536, (6, 20, 30)).astype('u2')
icc = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
imagej = {'axes': 'TZYX', 'unit': 'um', 'spacing': 0.5, 'finterval': 0.25, 'min': 3.0, 'max': 900.0,
          'Info': 'a note é', 'Labels': [f'label {n}' for n in range(6)], 'Ranges': (1.0, 2.5),
          'LUTs': [np.arange(768, dtype='u1').reshape(3, 256)], 'ROI': b'Iout', 'Overlays': [b'one', b'three'],
          'Properties': {'key': 'value'}}
for order in '<>':
    tifffile.imwrite(f'imagej{\"lb\"[order == \">\"]}.tif', gray.reshape(2, 3, 20, 30), imagej=True, byteorder=order,
                     resolution=(2.5, 3.25), metadata=imagej)
tifffile.imwrite('ome.ome.tif', gray, photometric='minisblack', bigtiff=True,
                 metadata={'axes': 'TYX', 'PhysicalSizeX': 0.3, 'PhysicalSizeXUnit': 'µm', 'Channel': {'Name': 'a'}})
tifffile.imwrite('shaped.tif', gray, photometric='minisblack', metadata={'axes': 'TYX', 'note': 'kept'})
with tifffile.TiffWriter('pages.tif', byteorder='>') as tiff:
    for number, frame in enumerate(gray):
        extra = [(285, 2, 0, f'page {number}', True)] if number != 3 else []
        extra += [(271, 2, 0, 'maker', True), (272, 2, 0, 'model', True), (274, 3, 1, 6, True),
                  (297, 3, 2, (number, 6), True), (315, 2, 0, 'artist', True), (33432, 2, 0, 'copyright', True),
                  (34675, 7, len(icc), icc, True), (700, 1, 5, b'<x/>\\n', True), (33723, 4, 3, (0x1c020000 + number, 5, 6), True),
                  (65000, 3, 3, (1, 2, 3 + number), True), (65001, 12, 2, (0.1, -5e300), True),
                  (65002, 9, 1, -7, True), (65003, 5, 2, (1, 3, 5, 7), True), (65004, 2, 0, 'x' * 3, True)]
        tiff.write(frame, photometric='minisblack', description=f'frame {number} µ'.encode(), software='a program', metadata=None,
                   datetime='2024:01:02 03:04:05', resolution=(100 + number, 3), resolutionunit='CENTIMETER',
                   extratags=extra, contiguous=False)
tifffile.imwrite('assoc.tif', rng.integers(0, 256, (2, 20, 30, 4)).astype('u1'), photometric='rgb', extrasamples=['assocalpha'], metadata=None)
tifffile.imwrite('plain4.tif', rng.integers(0, 256, (2, 20, 30, 4)).astype('u1'), photometric='minisblack', planarconfig='contig', metadata=None)
";

#[test]
fn tags_come_back() {
    let folder = tempfile::tempdir().unwrap();
    if run_python(folder.path(), TAGGED).is_none() {
        return;
    }
    for name in ["imagejl", "imagejb", "ome.ome", "shaped", "pages", "assoc", "plain4"] {
        let from = folder.path().join(format!("{name}.tif"));
        copy(&from, &folder.path().join(format!("{name}.out.tif")), TiffCompression::None);
    }
    let pages = open(&folder.path().join("pages.tif")).unwrap().header().clone();
    let names: Vec<_> =
        pages.meta.blocks.iter().map(|block| (block.name.as_str(), block.frames.clone())).collect();
    assert!(names.contains(&("icc", 0..6)), "{names:?}");
    assert!(
        names.contains(&("tiff:Software", 0..6)) && names.contains(&("tiff:PageName", 4..5)),
        "{names:?}"
    );
    assert!(names.contains(&("tiff:65000", 2..3)), "{names:?}");
    let script = "
import numpy as np, tifffile
storage = {256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 338, 339}
def values(page):
    tags = {tag.code: tag.value for tag in page.tags if tag.code not in storage}
    tags = {code: (value.tobytes() if isinstance(value, np.ndarray) else value) for code, value in tags.items()}
    # With its own byte order, the metadata of ImageJ is compared as what it means.
    return {code: value for code, value in tags.items() if code not in (50838, 50839)}
for name in ['imagejl', 'imagejb', 'ome.ome', 'shaped', 'pages', 'assoc', 'plain4']:
    with tifffile.TiffFile(name + '.tif') as before, tifffile.TiffFile(name + '.out.tif') as after:
        assert after.byteorder == '<', name
        # ImageJ files that tifffile writes have one page; all frames are in the file.
        pages = len(after.pages)
        assert pages >= len(before.pages), name
        for number, page in enumerate(before.pages):
            one, two = values(page), values(after.pages[number])
            assert one == two, (name, number, {code for code in one.keys() | two.keys() if one.get(code) != two.get(code)})
            types = lambda page: {tag.code: (tag.dtype, tag.count) for tag in page.tags if tag.code not in storage}
            assert types(page) == types(after.pages[number]), name
            assert page.photometric == after.pages[number].photometric, name
            assert page.extrasamples == after.pages[number].extrasamples, name
        assert str(before.imagej_metadata) == str(after.imagej_metadata), name
        assert before.ome_metadata == after.ome_metadata, name
        assert before.shaped_metadata == after.shaped_metadata, name
        assert before.series[0].axes == after.series[0].axes and before.series[0].shape == after.series[0].shape, name
        assert np.array_equal(before.series[0].asarray(), after.series[0].asarray()), name
        assert before.is_imagej == after.is_imagej and before.is_ome == after.is_ome, name
print('same')
";
    assert_eq!(run_python(folder.path(), script).unwrap().trim(), "same");
}

#[test]
fn a_part_does_not_speak_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    if run_python(folder.path(), TAGGED).is_none() {
        return;
    }
    for name in ["imagejb", "ome.ome", "shaped", "pages"] {
        let mut source = open(&folder.path().join(format!("{name}.tif"))).unwrap();
        let header = source.header().part(0..4).unwrap();
        let target = folder.path().join(format!("{name}.part.tif"));
        let mut sink = open_output(&target, &header, &OutputOptions::default()).unwrap();
        sink.start(&header).unwrap();
        let mut frame = stack_core::FrameBuf::for_header(&header);
        for index in 0..4 {
            source.read_frame(index, &mut frame).unwrap();
            sink.push(&frame).unwrap();
        }
        sink.finish().unwrap();
    }
    let script = "
import numpy as np, tifffile
with tifffile.TiffFile('imagejb.part.tif') as tiff:
    meta = tiff.imagej_metadata
    assert meta['images'] == 4 and meta['unit'] == 'um' and 'slices' not in meta and 'frames' not in meta, meta
    assert tiff.series[0].shape == (4, 20, 30), tiff.series
for name in ['ome.ome', 'shaped']:
    with tifffile.TiffFile(name + '.part.tif') as tiff:
        assert 270 not in tiff.pages[0].tags and not tiff.is_ome and not tiff.is_shaped, name
        assert len(tiff.pages) == 4 and tiff.series[0].shape == (4, 20, 30), name
with tifffile.TiffFile('pages.part.tif') as tiff:
    assert [page.description for page in tiff.pages] == [f'frame {n} µ' for n in range(4)]
    assert all(297 not in page.tags for page in tiff.pages)
print('true')
";
    assert_eq!(run_python(folder.path(), script).unwrap().trim(), "true");
}
