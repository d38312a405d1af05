//! Numbers of every type that h5py writes, and their attributes: converted exactly, or refused.

mod support;

use std::fs;
use std::path::Path;

use stack_container::{DatasetSource, list_datasets};
use stack_core::{Error, FrameBuf, FrameSource, Limits, PixelType};
use support::{python, run_python};

/// Writes `numbers.h5`; for each dataset the samples that should come of it, as raw bytes.
const NUMBERS: &str = r#"
import sys, pathlib, h5py, numpy as np
folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(3)
SAMPLE = {'u1': 'u1', 'i1': 'i2', 'u2': 'u2', 'i2': 'i2', 'u4': 'f8', 'i4': 'i4', 'u8': 'f8', 'i8': 'f8',
          'f2': 'f4', 'f4': 'f4', 'f8': 'f8'}
shape = (4, 6, 5)
with h5py.File(folder / 'numbers.h5', 'w') as f:
    for kind, sample in SAMPLE.items():
        if kind[0] == 'f':
            data = (rng.standard_normal(shape) * 100).astype(kind)
            data[0, 0, :4] = [np.inf, -0.0, np.nan, 6e-8]
        else:
            info = np.iinfo(kind)
            low, high = max(info.min, -2**53), min(info.max, 2**53)
            data = rng.integers(low, high, shape, dtype=kind, endpoint=True)
            data[0, 0, :2] = [low, high]
        for order in '<>':
            for way, options in {'plain': {}, 'gzip': dict(chunks=(2, 4, 5), compression='gzip', shuffle=True),
                                 'chunks': dict(chunks=(3, 6, 5))}.items():
                name = f'{kind}_{"little" if order == "<" else "big"}_{way}'
                f.create_dataset(name, data=data.astype(order + kind), **options)
                (folder / (name + '.bin')).write_bytes(data.astype('<' + sample).tobytes())
    def add(name, dtype, data, sample, gzip=True, **options):
        space = h5py.h5s.create_simple(data.shape)
        create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        if gzip:
            create.set_chunk((2,) + data.shape[1:]); create.set_shuffle(); create.set_deflate(6)
        h5py.h5d.create(f.id, name.encode(), dtype, space, create)
        f[name][...] = data
        (folder / (name + '.bin')).write_bytes(data.astype('<' + sample).tobytes())
    for gzip in (False, True):
        suffix = '_gzip' if gzip else ''
        for bits, width in ((5, 8), (12, 16), (24, 32)):
            for base, sign in ((f'STD_U{width}BE', 'u'), (f'STD_I{width}LE', 'i')):
                dtype = getattr(h5py.h5t, base).copy(); dtype.set_precision(bits); dtype.set_offset(3)
                low, high = (0, 2**bits - 1) if sign == 'u' else (-2**(bits - 1), 2**(bits - 1) - 1)
                data = rng.integers(low, high, shape, dtype='i4', endpoint=True)
                data[0, 0, :2] = [low, high]
                sample = {('u', 5): 'u1', ('u', 12): 'u2', ('u', 24): 'f8', ('i', 5): 'i2', ('i', 12): 'i2',
                          ('i', 24): 'i4'}[sign, bits]
                add(f'{sign}{bits}{suffix}', dtype, data, sample, gzip)
        # bfloat16: the upper half of a float of 32 bits.
        dtype = h5py.h5t.IEEE_F32LE.copy()
        dtype.set_fields(15, 7, 8, 0, 7); dtype.set_precision(16); dtype.set_size(2); dtype.set_ebias(127)
        brain = (rng.standard_normal(shape).astype('<f4').view('<u4') & 0xffff0000).view('<f4')
        add('brain' + suffix, dtype, brain, 'f4', gzip)
        flags = rng.integers(0, 2, shape, dtype='i1').astype(bool)
        options = dict(chunks=(2, 6, 5), compression='gzip') if gzip else {}
        f.create_dataset('flags' + suffix, data=flags, **options)
        (folder / f'flags{suffix}.bin').write_bytes(flags.astype('<i2').tobytes())
        kinds = h5py.enum_dtype({'cell': 1, 'debris': 300}, basetype='>u2')
        labels = rng.choice([1, 300], shape).astype('>u2')
        f.create_dataset('labels' + suffix, data=labels, dtype=kinds, **options)
        (folder / f'labels{suffix}.bin').write_bytes(labels.astype('<u2').tobytes())
    # Chunks that were never written, of types whose fill value is no sample.
    for kind, sample in {'f2': 'f4', 'i1': 'i2', '>u4': 'f8'}.items():
        d = f.create_dataset('holes_' + kind.strip('>'), shape, kind, chunks=(1, 3, 5), compression='gzip', fillvalue=7)
        d[2] = 3
        holes = np.full(shape, 7, '<' + sample); holes[2] = 3
        (folder / ('holes_' + kind.strip('>') + '.bin')).write_bytes(holes.tobytes())
    # Filters of the library itself.
    steps = (np.arange(120).reshape(shape) % 50).astype('<i4')
    for name, options in {'scale_offset': dict(scaleoffset=0), 'szip': dict(compression='szip')}.items():
        try:
            f.create_dataset(name, data=steps, chunks=(2, 6, 5), **options)
            (folder / (name + '.bin')).write_bytes(steps.tobytes())
        except ValueError:
            print('no', name)
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE); create.set_chunk((2, 6, 5))
    create.set_filter(h5py.h5z.FILTER_NBIT)
    dtype = h5py.h5t.STD_U16LE.copy(); dtype.set_precision(12)
    h5py.h5d.create(f.id, b'n_bit', dtype, h5py.h5s.create_simple(shape), create)
    f['n_bit'][...] = steps
    (folder / 'n_bit.bin').write_bytes(steps.astype('<u2').tobytes())
    # What no sample type holds.
    big = np.zeros(shape, '<i8'); big[3, 1, 2] = 2**53 + 1
    f['too_fine'] = big
    f.create_dataset('too_fine_unsigned', data=np.full(shape, 2**64 - 1, '>u8'), chunks=(1, 6, 5), compression='gzip')
    f['long_double'] = np.zeros(shape, np.longdouble)
    f['reference'] = np.full((2, 3, 4), f['u1_little_plain'].ref, h5py.ref_dtype)
    f['bits'] = np.zeros((2, 3, 4), 'V2')
"#;

fn samples(source: &mut DatasetSource) -> Vec<u8> {
    let mut frame = FrameBuf::U8(Vec::new());
    let mut all = Vec::new();
    for index in 0..source.header().frames {
        source.read_frame(index, &mut frame).unwrap_or_else(|error| panic!("{error}"));
        all.extend_from_slice(&frame.le_bytes());
    }
    all
}

fn open(path: &Path, name: &str) -> DatasetSource {
    DatasetSource::open(path, name, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Whether both are the same samples; of a NaN that was converted, only that it is one.
fn same(pixel: PixelType, found: &[u8], wanted: &[u8]) -> bool {
    let floats = |bytes: &[u8]| -> Vec<f32> {
        bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let equal = |a: &f32, b: &f32| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    found == wanted
        || (pixel == PixelType::F32
            && found.len() == wanted.len()
            && floats(found).iter().zip(&floats(wanted)).all(|(a, b)| equal(a, b)))
}

#[test]
fn every_type_of_number_is_converted_exactly() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    print!("{}", run_python(&python, NUMBERS, &[folder.path()]));
    let path = folder.path().join("numbers.h5");
    let mut compared = 0;
    for info in list_datasets(&path).unwrap() {
        let Ok(wanted) = fs::read(folder.path().join(format!("{}.bin", &info.path[1..]))) else { continue };
        assert!(info.is_stack(), "{info}");
        let mut source = open(&path, &info.path);
        let pixel = source.header().format.pixel();
        assert_eq!(info.pixel, Some(pixel), "{info}");
        assert!(same(pixel, &samples(&mut source), &wanted), "{info}");
        compared += 1;
    }
    assert!(compared >= 66 + 18 + 3 + 2, "{compared} compared");
    let stored = |name: &str| open(&path, name).header().meta.properties.get("stored_type").cloned();
    assert_eq!(stored("u2_big_plain"), None);
    assert_eq!(stored("i1_little_gzip").unwrap(), "i8");
    assert_eq!(stored("f2_big_gzip").unwrap(), "f16");
    assert_eq!(stored("u4_big_plain").unwrap(), "u32");
    assert_eq!(stored("i24").unwrap(), "24-bit signed integer");
    assert_eq!(stored("brain").unwrap(), "16-bit float with 7 bits of mantissa");
    refuse_the_others(&path);
}

fn refuse_the_others(path: &Path) {
    let mut source = open(path, "too_fine");
    let mut frame = FrameBuf::U8(Vec::new());
    source.read_frame(2, &mut frame).unwrap();
    let error = source.read_frame(3, &mut frame).unwrap_err();
    assert!(matches!(error, Error::Format { .. }), "{error}");
    let told = "/too_fine, frame 3: sample 7 is 9007199254740993, which no f64 holds exactly";
    assert!(error.to_string().contains(told), "{error}");
    let error = open(path, "too_fine_unsigned").read_frame(0, &mut frame).unwrap_err();
    assert!(error.to_string().contains("sample 0 is 18446744073709551615"), "{error}");
    for name in ["long_double", "reference", "bits"] {
        let error = DatasetSource::open(path, name, &Limits::default()).unwrap_err().to_string();
        assert!(error.contains("copy what you need of them to a dataset of integers"), "{error}");
    }
}

const ATTRIBUTES: &str = r#"
import sys, h5py, numpy as np
for version in ('earliest', 'v108', 'v110'):
  with h5py.File(sys.argv[1] + f'/{version}.h5', 'w', libver=(version, 'v110')) as f:
    # More than eight attributes move to a heap in the newer formats, where text of any length is not looked for.
    few = f.create_dataset('few', data=np.zeros((2, 3), 'u1'))
    few.attrs['units'] = 'K'
    few.attrs['none'] = ''
    few.attrs['place'] = 'Z\u00fcrich'
    few.attrs['long'] = 'y' * 5000
    few.attrs['some'] = 'z' * 4000
    d = f.create_dataset('t', data=np.zeros((2, 3, 4), 'i2'))
    d.attrs['units'] = 'K'
    d.attrs['long_name'] = np.bytes_('temperature')
    d.attrs['place'] = 'Z\u00fcrich'
    d.attrs['scale_factor'] = 0.01
    d.attrs['add_offset'] = np.array([273.15])
    d.attrs['_FillValue'] = np.int16(-32768)
    d.attrs['half'] = np.float16(0.5)
    d.attrs['yes'] = True
    d.attrs['valid_range'] = np.array([0, 5])
    d.attrs['long'] = 'x' * 5000
    d.attrs['empty'] = h5py.Empty('f4')
    d.attrs['reference'] = d.ref
    d.attrs.create('padded', 'abc', dtype=h5py.string_dtype('ascii', 9))
    d.attrs['latin'] = np.bytes_(b'\xb5m')
    d.make_scale('time')
    for n in range(300):
        f.require_dataset('many', (2, 3), 'u1').attrs[f'n{n}'] = n
"#;

#[test]
fn short_attributes_become_properties() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    run_python(&python, ATTRIBUTES, &[folder.path()]);
    let properties = |version: &str, name: &str| -> Vec<(String, String)> {
        let path = folder.path().join(format!("{version}.h5"));
        open(&path, name).header().meta.properties.clone().into_iter().collect()
    };
    for version in ["earliest", "v108", "v110"] {
        let some = "z".repeat(4000);
        let wanted = [("none", ""), ("place", "Z\u{fc}rich"), ("some", some.as_str()), ("units", "K")];
        assert_eq!(
            properties(version, "few"),
            wanted.map(|(name, value)| (name.into(), value.into())),
            "{version}"
        );
        assert_eq!(properties(version, "many").len(), 256);
    }
    let wanted = [
        ("_FillValue", "-32768"),
        ("add_offset", "273.15"),
        ("half", "0.5"),
        ("long_name", "temperature"),
        ("padded", "abc"),
        ("place", "Z\u{fc}rich"),
        ("scale_factor", "0.01"),
        ("units", "K"),
        ("yes", "1"),
    ];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(properties("earliest", "t"), wanted);
    let fixed: Vec<_> =
        wanted.into_iter().filter(|(name, _)| !["place", "units"].contains(&name.as_str())).collect();
    assert_eq!(properties("v110", "t"), fixed);
}
