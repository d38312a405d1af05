//! Other programs read our files, and we read theirs: h5py with hdf5plugin, and h5dump.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use stack_container::{DatasetSource, StackFile, list_datasets};
use stack_core::synthetic::Synthetic;
use stack_core::{Error, FrameBuf, FrameSource, Limits, PixelType, StackInMemory};
use support::{layout, pipelines, python, run_python, skipped, stack, write};

/// Compares each `NAME.h5` of a folder with the raw samples in `NAME.bin`.
const COMPARE: &str = r#"
import sys, pathlib, h5py, hdf5plugin, json, numpy as np
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.h5')):
    with h5py.File(path) as f:
        stack = f['stack']
        assert stack.dtype.str == np.dtype(stack.dtype.str.replace('>', '<')).str, (path.name, stack.dtype)
        wanted = path.with_suffix('.bin').read_bytes()
        assert stack[...].tobytes() == wanted, path.name
        assert stack.attrs['axes'].decode().startswith('frame, row, column'), path.name
        assert stack.attrs['sample_type'].decode().split()[0] in ('unsigned', 'signed', '32-bit', '64-bit')
        assert stack.attrs['significant_bits'] == 8 * stack.dtype.itemsize
        assert f['stackpress'].attrs['format_version'] == 1
        assert f['stackpress/table'][...].tobytes() == b'\x00\xff7'
        assert [n for n in f['frame_names'].asstr()[...]] == ['frame %d' % n for n in range(len(stack))]
        assert json.loads(f['properties'][()]) == {'lens': '40x'}
        (block,) = json.loads(f['blocks'][()])
        assert block == {'name': 'icc', 'frames': {'start': 0, 'end': 1}, 'bytes': 'AAEC'}
    count += 1
print(count)
"#;

#[test]
fn h5py_reads_every_filter_bit_for_bit() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    for (place, pixel) in PixelType::ALL.into_iter().enumerate() {
        for pipeline in pipelines() {
            for chunk_frames in [None, Some(4)] {
                let original = stack(7, 33, 21, [1, 3][place % 2], pixel);
                let mut header = original.header().clone();
                header.meta.frame_names = (0..7).map(|n| format!("frame {n}")).collect();
                header.meta.properties.insert("lens".into(), "40x".into());
                header.meta.add_block("icc", 0, vec![0, 1, 2]);
                let mut stack = StackInMemory::new(header, original.frames().to_vec()).unwrap();
                let path = folder.path().join(format!("{files}.h5"));
                write(&path, &mut stack, &layout(&pipeline, chunk_frames), &[("table", b"\x00\xff7")]);
                let raw: Vec<u8> =
                    stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
                fs::write(path.with_extension("bin"), raw).unwrap();
                files += 1;
            }
        }
    }
    let compared = run_python(&python, COMPARE, &[folder.path()]);
    assert_eq!(compared.trim(), files.to_string());
}

/// Writes `others.h5`, and the samples of each dataset that can be read as raw little-endian bytes.
const OTHERS: &str = r#"
import sys, pathlib, h5py, hdf5plugin, numpy as np
folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(1)
base = (np.cumsum(rng.integers(-3, 4, (11, 37, 29)), axis=2) + 500).astype('<u2')
colour = rng.integers(0, 99, (5, 8, 9, 3)).astype('u1')
with h5py.File(folder / 'others.h5', 'w') as f:
    def add(name, data, **options):
        d = f.create_dataset(name, data=data, **options)
        little = data.astype(data.dtype.newbyteorder('<'))
        (folder / (name.replace('/', '_') + '.bin')).write_bytes(little.tobytes())
        return d
    add('contiguous', base)
    add('gzip', base, chunks=(2, 37, 29), compression='gzip', compression_opts=9)
    add('shuffle_gzip_fletcher', base, chunks=(3, 37, 29), compression='gzip', shuffle=True, fletcher32=True)
    add('fletcher', base, chunks=(3, 37, 29), fletcher32=True)
    add('guessed', base, chunks=True, compression='gzip', shuffle=True)
    add('tiles', base, chunks=(4, 16, 10), compression='gzip', shuffle=True)
    add('one_column', base, chunks=(11, 37, 1), **hdf5plugin.Zstd())
    add('group/deep/lz4', base, chunks=(2, 37, 29), **hdf5plugin.LZ4())
    add('lz4_small_blocks', base, chunks=(2, 37, 29), **hdf5plugin.LZ4(nbytes=256))
    add('zstd', base, chunks=(2, 37, 29), **hdf5plugin.Zstd(clevel=9))
    add('bitshuffle', base, chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(cname='none'))
    add('bitshuffle_blocks', base, chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(nelems=64, cname='none'))
    add('bitshuffle_lz4', base, chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(cname='lz4'))
    add('bitshuffle_zstd', base, chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(cname='zstd', clevel=3))
    add('bitshuffle_lz4_tiles', base, chunks=(3, 16, 16), **hdf5plugin.Bitshuffle(cname='lz4'))
    add('f64_bitshuffle', base.astype('<f8') / 3, chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(cname='lz4'))
    add('big_endian', base.astype('>i4'))
    add('big_endian_gzip', base.astype('>u2'), chunks=(2, 37, 29), compression='gzip', shuffle=True)
    add('big_endian_zstd', base.astype('>f4'), chunks=(2, 37, 29), **hdf5plugin.Zstd())
    add('big_endian_bitshuffle', base.astype('>i2'), chunks=(2, 37, 29), **hdf5plugin.Bitshuffle(cname='lz4'))
    # Numbers of 12 bits, which only the library converts, behind a filter of ours.
    twelve = h5py.h5t.STD_U16LE.copy(); twelve.set_precision(12)
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE); create.set_chunk((2, 37, 29))
    create.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    h5py.h5d.create(f.id, b'twelve_bits', twelve, h5py.h5s.create_simple(base.shape), create)
    f['twelve_bits'][...] = base
    (folder / 'twelve_bits.bin').write_bytes(base.tobytes())
    add('scale_offset', base, chunks=(2, 37, 29), scaleoffset=0)
    add('colour', colour, chunks=(2, 8, 9, 3), compression='gzip')
    add('colour_planes', colour, chunks=(2, 8, 9, 1), compression='gzip')
    add('one_frame', base[0])
    add('one_frame_chunked', base[0], chunks=(16, 29), compression='gzip', shuffle=True)
    holes = np.full((9, 6, 5), np.nan, '<f4'); holes[4] = 2
    d = f.create_dataset('holes', (9, 6, 5), '<f4', chunks=(2, 4, 5), maxshape=(None, None, None),
                         compression='gzip', fillvalue=np.nan)
    d[4] = 2
    (folder / 'holes.bin').write_bytes(holes.tobytes())
    f.create_dataset('never_written', (3, 2, 2), '<u2', chunks=(1, 2, 2), fillvalue=7)
    (folder / 'never_written.bin').write_bytes(np.full((3, 2, 2), 7, '<u2').tobytes())
    f.create_dataset('never_written_contiguous', (3, 2, 2), '<u2', fillvalue=8)
    (folder / 'never_written_contiguous.bin').write_bytes(np.full((3, 2, 2), 8, '<u2').tobytes())
    # Chunks that skipped the shuffle, the compressor, or both.
    d = f.create_dataset('masked', base.shape, '<u2', chunks=(1, 37, 29), compression='gzip', shuffle=True)
    import zlib
    for t, frame in enumerate(base):
        shuffled = np.frombuffer(frame.tobytes(), 'u1').reshape(-1, 2).T.tobytes()
        stored = [zlib.compress(shuffled), zlib.compress(frame.tobytes()), shuffled, frame.tobytes()][t % 4]
        d.id.write_direct_chunk((t, 0, 0), stored, filter_mask=t % 4)
    (folder / 'masked.bin').write_bytes(base.tobytes())
    # What is no stack.
    f['text'] = ['a', 'b']
    f['compound'] = np.zeros((2, 3, 4), [('a', 'i4'), ('b', 'f4')])
    f['complex'] = np.zeros((2, 3, 4), 'c8')
    f['line'] = np.zeros(5, 'u1')
    f['scalar'] = np.uint8(5)
    f['five_axes'] = np.zeros((1, 1, 1, 1, 1), 'u1')
    f['five_channels'] = np.zeros((2, 3, 4, 5), 'u1')
    f.create_dataset('no_frames', (0, 3, 4), 'u1')
    f.create_dataset('lzf', data=base, chunks=(2, 37, 29), compression='lzf')
    f['group/ring'] = f['group']
    f['soft'] = h5py.SoftLink('/nowhere')
    f['elsewhere'] = h5py.ExternalLink('other.h5', '/x')
"#;

#[test]
fn datasets_of_h5py_are_read_bit_for_bit() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    run_python(&python, OTHERS, &[folder.path()]);
    let path = folder.path().join("others.h5");
    let listed = list_datasets(&path).unwrap();
    let mut compared = 0;
    for info in &listed {
        let expected = folder.path().join(format!("{}.bin", info.path[1..].replace('/', "_")));
        let Ok(expected) = fs::read(&expected) else { continue };
        assert!(info.is_stack(), "{info}");
        let mut source = DatasetSource::open(&path, &info.path, &Limits::default()).unwrap();
        let mut frame = FrameBuf::for_header(source.header());
        let mut found = vec![Vec::new(); source.header().frames];
        for index in (0..source.header().frames).chain((0..source.header().frames).rev()) {
            source.read_frame(index, &mut frame).unwrap_or_else(|error| panic!("{info}: {error}"));
            found[index] = frame.le_bytes().into_owned();
        }
        assert_eq!(found.concat(), expected, "{info}");
        compared += 1;
    }
    assert_eq!(compared, 30);
    refuse_the_others(&path);
    // Chunks that may not be held at once are read tile by tile, with the same result.
    let small = Limits { memory_bytes: 5000, ..Limits::default() };
    for name in ["tiles", "bitshuffle_lz4_tiles", "one_column", "zstd", "holes", "big_endian_gzip"] {
        let mut source = DatasetSource::open(&path, name, &small).unwrap();
        let mut bytes = Vec::new();
        let mut frame = FrameBuf::for_header(source.header());
        for index in 0..source.header().frames {
            source.read_frame(index, &mut frame).unwrap();
            bytes.extend_from_slice(&frame.le_bytes());
        }
        assert_eq!(bytes, fs::read(folder.path().join(format!("{name}.bin"))).unwrap(), "{name}");
    }
}

fn refuse_the_others(path: &Path) {
    let refusal = |name: &str| DatasetSource::open(path, name, &Limits::default()).unwrap_err().to_string();
    for name in ["text", "compound", "complex"] {
        assert!(refusal(name).contains("copy what you need of them to a dataset"), "{}", refusal(name));
    }
    for name in ["line", "scalar", "no_frames"] {
        assert!(refusal(name).contains("use a dataset of (height, width)"), "{}", refusal(name));
    }
    assert!(
        refusal("five_axes").contains("as in /five_axes[:,0,0] for element 0"),
        "{}",
        refusal("five_axes")
    );
    assert!(
        refusal("five_channels").contains("as in /five_channels[:,0] for"),
        "{}",
        refusal("five_channels")
    );
    let huge = Limits { memory_bytes: 2000, ..Limits::default() };
    let error = DatasetSource::open(path, "zstd", &huge).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
    for name in ["nothing", "group", "soft", "elsewhere", ""] {
        assert!(refusal(name).contains("/big_endian (11 x 37 x 29, "), "{}", refusal(name));
    }
    let error = DatasetSource::open(path, "lzf", &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains("HDF5 filter 32000 (LZF) is not available"), "{error}");
    let error = StackFile::open(path, &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("not written by stackpress"), "{error}");
}

/// Stores `stack.bin` (u16, little-endian) with gzip at each level, with and without shuffle; prints the sizes.
const SIZES: &str = r#"
import sys, h5py, numpy as np
a = np.fromfile(sys.argv[1] + '/stack.bin', '<u2').reshape(24, 201, 301)
with h5py.File(sys.argv[1] + '/sizes.h5', 'w') as f:
    for shuffle in (False, True):
        for level in (1, 4, 6, 9):
            d = f.create_dataset(f'{shuffle}{level}', data=a, chunks=(8, 201, 301), compression='gzip',
                                 compression_opts=level, shuffle=shuffle)
            print('shuffle,' * shuffle + f'gzip={level}', d.id.get_storage_size())
"#;

#[test]
fn gzip_is_within_three_percent_of_h5py() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.h5");
    for words in ["reference:frames=24,type=u16", "texture:frames=24,size=201x301,type=u16,sigma=40"] {
        let mut source = words.parse::<Synthetic>().unwrap().source().unwrap();
        let mut stack = StackInMemory::collect(&mut source).unwrap();
        let raw: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
        fs::write(folder.path().join("stack.bin"), raw).unwrap();
        for line in run_python(&python, SIZES, &[folder.path()]).lines() {
            let (pipeline, theirs) = line.split_once(' ').unwrap();
            write(&path, &mut stack, &layout(pipeline, Some(8)), &[]);
            let ours = StackFile::open(&path, &Limits::default()).unwrap().stored_bytes_of_samples();
            let ratio = ours as f64 / theirs.parse::<f64>().unwrap();
            println!("{words} {pipeline}: {ratio:.4} of h5py's size");
            assert!(ratio <= 1.03, "{words} {pipeline}: {ours} bytes, h5py {theirs}");
        }
    }
}

#[test]
fn h5dump_opens_our_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    write(&path, &mut stack(3, 4, 5, 1, PixelType::U16), &layout("shuffle,gzip=9,fletcher32", None), &[]);
    let output = match Command::new("h5dump").arg(&path).output() {
        Ok(output) => output,
        Err(_) => return skipped("h5dump is not installed (apt install hdf5-tools)"),
    };
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(words.contains("frame, row, column") && words.contains("DATASET \"stack\""), "{words}");
}

/// A checksum that h5py computed, so that ours is held against the library's and not against itself.
#[test]
fn the_checksum_is_that_of_the_library() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
import sys, h5py, numpy as np
with h5py.File(sys.argv[1] + '/x.h5', 'w') as f:
    for n in (6, 7, 1000, 100001):
        data = ((np.arange(n) * 7919) % 256).astype('u1') if n > 7 else np.frombuffer(b'abcdef!'[:n], 'u1')
        d = f.create_dataset(str(n), data=data, chunks=(n,), fletcher32=True)
        print(n, int.from_bytes(d.id.read_direct_chunk((0,))[1][n:], 'little'))
"#;
    for line in run_python(&python, script, &[folder.path()]).lines() {
        let (length, sum) = line.split_once(' ').unwrap();
        let length: usize = length.parse().unwrap();
        let bytes: Vec<u8> = match length {
            6 | 7 => b"abcdef!"[..length].to_vec(),
            _ => (0..length).map(|n| (n * 7919) as u8).collect(),
        };
        assert_eq!(stack_container::filters::fletcher32::checksum(&bytes).to_string(), sum, "{length} bytes");
    }
}
