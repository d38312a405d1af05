//! NumPy, tifffile and Pillow read what we write, and we read what they write.

mod stacks;

use std::fs;
use std::path::Path;

use stack_core::{FrameSource, PixelType};
use stacks::{open, open_error, read_all, run_python as run, stack, write};

/// What Python holds to be the samples, frame by frame, little-endian.
fn expected(folder: &Path, name: &str, frames: usize) -> Vec<Vec<u8>> {
    let bytes = fs::read(folder.join(name)).unwrap();
    bytes.chunks_exact(bytes.len() / frames).map(<[u8]>::to_vec).collect()
}

fn assert_reads_as(folder: &Path, name: &str, frames: usize, samples: &str) {
    let mut source = open(&folder.join(name)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(source.header().frames, frames, "{name}");
    assert!(read_all(source.as_mut()).unwrap() == expected(folder, samples, frames), "{name}");
}

/// What every script begins with: samples that use all their bits.
const PRELUDE: &str = "
import numpy as np
rng = np.random.default_rng(1)
def samples(shape, kind):
    count = int(np.prod(shape)) * np.dtype(kind).itemsize
    if kind.startswith('f'):
        return rng.standard_normal(shape).astype('<' + kind)
    return np.frombuffer(rng.bytes(count), '<' + kind).reshape(shape)
def keep(name, array):
    np.ascontiguousarray(array, array.dtype.newbyteorder('<')).tofile(name)
";

#[test]
fn numpy_arrays_of_every_order_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let script = "
for kind in ['u1', 'u2', 'i2', 'i4', 'f4', 'f8']:
    for order in '<>':
        for layout in 'CF':
            for shape in [(9, 4), (5, 9, 4), (5, 9, 4, 3)]:
                array = np.array(samples(shape, kind).astype(order + kind), order=layout)
                name = f'{kind}{\"lb\"[order == \">\"]}{layout}{len(shape)}'
                np.save(name + '.npy', array)
                keep(name + '.raw', array)
np.save('bool.npy', samples((2, 3, 4), 'u1') > 128)
keep('bool.raw', np.load('bool.npy').astype('u1'))
np.save('complex.npy', np.zeros((2, 2), 'c8'))
np.save('fields.npy', np.zeros((2, 2), [('a', 'u1')]))
";
    if run(folder.path(), &format!("{PRELUDE}{script}")).is_none() {
        return;
    }
    for kind in ["u1", "u2", "i2", "i4", "f4", "f8"] {
        for order in ["l", "b"] {
            for layout in ["C", "F"] {
                for (axes, frames) in [(2, 1), (3, 5), (4, 5)] {
                    let name = format!("{kind}{order}{layout}{axes}");
                    assert_reads_as(folder.path(), &format!("{name}.npy"), frames, &format!("{name}.raw"));
                }
            }
        }
    }
    assert_reads_as(folder.path(), "bool.npy", 2, "bool.raw");
    assert!(open_error(&folder.path().join("complex.npy")).contains("\"<c8\" are not supported"));
    assert!(open_error(&folder.path().join("fields.npy")).contains("has fields"));
}

#[test]
fn numpy_archives_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let script = "
stack = samples((7, 30, 20), 'u2')
keep('stack.raw', stack)
np.savez('stored.npz', stack)
np.savez_compressed('deflated.npz', stack)
np.savez_compressed('fortran.npz', np.asfortranarray(stack))
np.savez('two.npz', first=stack, second=stack[:2])
";
    if run(folder.path(), &format!("{PRELUDE}{script}")).is_none() {
        return;
    }
    for name in ["stored.npz", "deflated.npz", "fortran.npz", "two.npz:first"] {
        assert_reads_as(folder.path(), name, 7, "stack.raw");
    }
    assert!(open_error(&folder.path().join("two.npz")).contains("it holds first, second"));
}

#[test]
fn tifffile_pages_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let script = "
import tifffile
def save(name, array, **options):
    tifffile.imwrite(name + '.tif', array, **options)
    keep(name + '.raw', array)
for kind in ['u1', 'u2', 'i2', 'i4', 'f4', 'f8']:
    for order in '<>':
        for big in [False, True]:
            name = f'{kind}{\"lb\"[order == \">\"]}{int(big)}'
            save(name, samples((3, 20, 30), kind), byteorder=order, bigtiff=big, photometric='minisblack')
rgb = samples((3, 20, 30, 3), 'u2')
save('rgb16', rgb, photometric='rgb')
save('rgba8', samples((3, 20, 30, 4), 'u1'), photometric='rgb')
tifffile.imwrite('planes.tif', np.moveaxis(rgb, 3, 1), photometric='rgb', planarconfig='separate')
keep('planes.raw', rgb)
save('zlib', samples((3, 20, 30), 'u2'), compression='zlib', photometric='minisblack')
save('zlibrgb', rgb, compression='zlib', photometric='rgb')
gradient = np.add.outer(np.arange(3), np.add.outer(np.arange(40), np.arange(50))).astype('u2')
save('zlibpredicted', gradient, compression='zlib', predictor=True, photometric='minisblack')
# libtiff, through Pillow, has the compressions that tifffile has not.
from PIL import Image
def save_pages(name, array, **options):
    pages = [Image.fromarray(page) for page in array]
    pages[0].save(name + '.tif', save_all=True, append_images=pages[1:], **options)
    keep(name + '.raw', array)
for compression in ['lzw', 'packbits', 'adobe_deflate']:
    save_pages(compression, gradient, compression='packbits' if compression == 'packbits' else 'tiff_' + compression)
    save_pages(compression + 'rgb', samples((3, 20, 30, 3), 'u1'),
               compression='packbits' if compression == 'packbits' else 'tiff_' + compression)
save_pages('lzwpredicted', gradient, compression='tiff_lzw', tiffinfo={317: 2})
save_pages('floatpredicted', (gradient / 7).astype('f4'), compression='tiff_adobe_deflate', tiffinfo={317: 3})
save('tiles', gradient, tile=(16, 16), photometric='minisblack')
save('tilesrgb', rgb, tile=(16, 16), compression='zlib', photometric='rgb')
save('strips', gradient, rowsperstrip=7, photometric='minisblack')
tifffile.imwrite('white.tif', gradient, photometric='miniswhite')
keep('white.raw', 65535 - gradient)
tifffile.imwrite('imagej.tif', gradient, imagej=True)
keep('imagej.raw', gradient)
tifffile.imwrite('planartiles.tif', np.moveaxis(rgb, 3, 1), photometric='rgb', planarconfig='separate', tile=(16, 16))
tifffile.imwrite('extra.tif', samples((20, 30, 4), 'u1'), photometric='rgb', extrasamples=['unspecified'])
tifffile.imwrite('u4.tif', samples((2, 20, 30), 'u4'), photometric='minisblack')
tifffile.imwrite('palette.tif', samples((20, 30), 'u1'), photometric='palette', colormap=np.zeros((3, 256), 'u2'))
with tifffile.TiffWriter('mixed.tif') as writer:
    writer.write(gradient[0], photometric='minisblack')
    writer.write(gradient[1, 5:], photometric='minisblack')
";
    if run(folder.path(), &format!("{PRELUDE}{script}")).is_none() {
        return;
    }
    let mut names: Vec<String> =
        "rgb16 rgba8 planes zlib zlibrgb zlibpredicted floatpredicted tiles tilesrgb strips white imagej \
         lzw packbits adobe_deflate lzwrgb packbitsrgb adobe_deflatergb lzwpredicted"
            .split_whitespace()
            .map(String::from)
            .collect();
    for kind in ["u1", "u2", "i2", "i4", "f4", "f8"] {
        names.extend(["l0", "l1", "b0", "b1"].map(|how| format!("{kind}{how}")));
    }
    for name in names {
        assert_reads_as(folder.path(), &format!("{name}.tif"), 3, &format!("{name}.raw"));
    }
    for (name, part) in [
        ("planartiles.tif", "tiles with a plane for each channel are not supported"),
        ("extra.tif", "RGB of 4 samples a pixel (u8) would not be read exactly"),
        ("u4.tif", "32-bit unsigned samples are not supported"),
        ("palette.tif", "a palette of 1 samples a pixel (u8) would not be read exactly"),
        ("mixed.tif", "page 1: it is 35 x 50, u16; page 0 is 40 x 50, u16"),
    ] {
        let error = open_error(&folder.path().join(name));
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn imagej_stacks_behind_one_page_are_read() {
    let folder = tempfile::tempdir().unwrap();
    // What ImageJ writes for more than 4 GiB: one page, `images=` in its description, all frames behind it.
    let script = "
import tifffile
stack = samples((5, 20, 30), 'u2')
keep('stack.raw', stack)
for order in '<>':
    name = 'lb'[order == '>'] + '.tif'
    tifffile.imwrite(name, stack[0], byteorder=order, photometric='minisblack', metadata=None,
                     description='ImageJ=1.54f\\nimages=5\\nslices=5\\n')
    with tifffile.TiffFile(name) as file:
        offset = file.pages[0].dataoffsets[0]
    with open(name, 'r+b') as file:
        file.seek(offset)
        assert file.read() == stack[0].astype(order + 'u2').tobytes()
        file.write(stack[1:].astype(order + 'u2').tobytes())
";
    if run(folder.path(), &format!("{PRELUDE}{script}")).is_none() {
        return;
    }
    for name in ["l.tif", "b.tif"] {
        assert_reads_as(folder.path(), name, 5, "stack.raw");
        let file = fs::OpenOptions::new().write(true).open(folder.path().join(name)).unwrap();
        file.set_len(file.metadata().unwrap().len() - 1).unwrap();
        let error = open_error(&folder.path().join(name));
        assert!(error.contains("it speaks of 5 images of 6000 bytes, the file holds 5999"), "{error}");
    }
}

#[test]
fn pillow_images_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let script = "
from PIL import Image
def save(name, array):
    Image.fromarray(array).save(name)
    keep(name.rsplit('.')[0] + '.raw', array)
save('gray.png', samples((20, 30), 'u1'))
save('deep.png', samples((20, 30), 'u2'))
save('colour.png', samples((20, 30, 3), 'u1'))
save('alpha.png', samples((20, 30, 4), 'u1'))
save('pair.png', samples((20, 30, 2), 'u1'))
save('bitmap.bmp', samples((20, 30, 3), 'u1'))
save('pix.ppm', samples((20, 30, 3), 'u1'))
save('float.tif', samples((20, 30), 'f4'))
colour = Image.fromarray(samples((20, 30, 3), 'u1'))
colour.save('web.webp', lossless=True)
keep('web.raw', np.asarray(colour))
palette = colour.quantize(16)
palette.save('palette.png')
keep('palette.raw', np.asarray(palette.convert('RGB')))
mask = Image.fromarray(samples((20, 30), 'u1') > 128)
mask.save('mask.png')
keep('mask.raw', np.asarray(mask.convert('L')))
colour.convert('CMYK').save('cmyk.jpg')
colour.save('moving.webp', save_all=True, append_images=[palette.convert('RGB')])
colour.save('moving.png', save_all=True, append_images=[palette.convert('RGB')])
";
    if run(folder.path(), &format!("{PRELUDE}{script}")).is_none() {
        return;
    }
    for name in
        ["gray.png", "deep.png", "colour.png", "alpha.png", "pair.png", "bitmap.bmp", "pix.ppm", "float.tif"]
    {
        assert_reads_as(folder.path(), name, 1, &format!("{}.raw", name.split('.').next().unwrap()));
    }
    for name in ["web.webp", "palette.png", "mask.png"] {
        assert_reads_as(folder.path(), name, 1, &format!("{}.raw", name.split('.').next().unwrap()));
    }
    assert!(
        open_error(&folder.path().join("cmyk.jpg")).contains("4 colour components (CMYK?) are not supported")
    );
    assert!(open_error(&folder.path().join("moving.webp")).contains("it is an animation"));
    assert!(open_error(&folder.path().join("moving.png")).contains("it is an animation"));
}

#[test]
fn python_reads_what_we_write() {
    let folder = tempfile::tempdir().unwrap();
    for pixel in PixelType::ALL {
        for channels in 1..=4 {
            let mut original = stack(pixel, 3, [5, 7, channels]);
            let name = format!("{pixel}{channels}");
            write(&mut original, &folder.path().join(format!("{name}.npy")));
            write(&mut original, &folder.path().join(format!("{name}.tif")));
            write(&mut original, &folder.path().join(&name));
            let bytes: Vec<u8> =
                original.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
            assert_eq!(bytes.len() as u64, original.header().raw_bytes());
            fs::write(folder.path().join(format!("{name}.raw")), bytes).unwrap();
        }
    }
    let script = "
import glob, tifffile
from PIL import Image
count = 0
for kind in ['u8', 'u16', 'i16', 'i32', 'f32', 'f64']:
    code = '<' + kind[0] + str(int(kind[1:]) // 8)
    for channels in range(1, 5):
        name = f'{kind}{channels}'
        shape = (3, 5, 7) if channels == 1 else (3, 5, 7, channels)
        raw = np.fromfile(name + '.raw', code).reshape(shape)
        def same(array):
            array = np.asarray(array)
            return array.dtype == raw.dtype and array.shape == raw.shape and array.tobytes() == raw.tobytes()
        assert same(np.load(name + '.npy')), name
        assert same(np.stack([page.asarray() for page in tifffile.TiffFile(name + '.tif').pages])), name
        files = sorted(glob.glob(name + '/*'))
        assert len(files) == 3, files
        if files[0].endswith('.png'):
            # Pillow reads 16-bit colours as 8-bit ones, so those are left to our own reader.
            if kind == 'u8' or channels == 1:
                images = [np.asarray(Image.open(file)) for file in files]
                assert same(np.stack(images).astype(code)), name
                count += 1
        else:
            assert same(np.stack([tifffile.imread(file) for file in files])), name
            count += 1
print(count)
";
    if let Some(count) = run(folder.path(), &format!("{PRELUDE}{script}")) {
        assert_eq!(count.trim(), "21");
    }
}
