//! Parts of datasets by index, compared with what NumPy says of the same words.

mod support;

use std::fs;
use std::path::Path;

use stack_container::DatasetSource;
use stack_core::{FrameBuf, FrameSource, Limits, Result};
use support::{python, run_python};

/// Writes `parts.h5`, and for each word of `words.txt` the samples of that part, as raw bytes.
const PARTS: &str = r#"
import sys, pathlib, h5py, hdf5plugin, numpy as np
folder = pathlib.Path(sys.argv[1])
five = np.arange(4 * 3 * 2 * 7 * 5, dtype='<u2').reshape(4, 3, 2, 7, 5)
ways = {'plain': {}, 'chunks': dict(chunks=(2, 1, 2, 4, 3)),
        'gzip': dict(chunks=(2, 2, 1, 4, 3), compression='gzip', shuffle=True),
        'levels': dict(chunks=(1, 1, 1, 7, 5), **hdf5plugin.Zstd()),
        'scale': dict(chunks=(2, 2, 1, 4, 3), scaleoffset=0)}
with h5py.File(folder / 'parts.h5', 'w') as f:
    for way, options in ways.items():
        f.create_dataset('five_' + way, data=five, **options)
        f.create_dataset('three_' + way, data=five.reshape(12, 14, 5),
                         **({'chunks': (5, 4, 3)} | {k: v for k, v in options.items() if k != 'chunks'} if options else {}))
    f.create_dataset('big', data=five.astype('>i4'), chunks=(3, 3, 1, 7, 2), compression='gzip')
    holes = f.create_dataset('holes', five.shape, '<u2', chunks=(1, 1, 1, 7, 5), compression='gzip', fillvalue=9)
    holes[1, 2] = 5
    f.create_dataset('x[0]', data=five[0, 0, 0])
    f['x'] = five[0, 0]
    words = []
    for way in ways:
        for index in ['[:,0,0]', '[:,-1,1]', '[..., 0, 1:6:2, ::3]', '[:,:,0,:,0]', '[1:4:2,1,:,:,1:4]', '[3,2,1]',
                      '[-1,:,...,2:]', '[::2,0,0,-3:,:]', '[:,:,1,2]', '[0,0,:,:,:]', '[:, 1, :, 0:1, 1:2]']:
            words.append('five_' + way + index)
        for index in ['[2:9]', '[::5]', '[-4:]', '[3:5,...]', '[:,1:13:3,1:]', '[:]', '[4]', '[:,0:1,0:1]', '[...,3:]']:
            words.append('three_' + way + index)
    words += ['big[1:,0,1,:,1:]', 'holes[:,1:,0,:,0]', 'holes[:,2,1]', 'x[0]', 'x[1]']
    for n, word in enumerate(words):
        name, index = word[:word.rindex('[')], word[word.rindex('['):]
        data = f['x[0]'][...] if word == 'x[0]' else eval('f[name][...]' + index)
        (folder / f'{n}.bin').write_bytes(data.astype(data.dtype.newbyteorder('<')).tobytes())
    (folder / 'words.txt').write_text('\n'.join(words))
"#;

fn samples(path: &Path, word: &str, limits: &Limits) -> Result<Vec<u8>> {
    let mut source = DatasetSource::open(path, word, limits)?;
    let mut frame = FrameBuf::U8(Vec::new());
    let mut all = vec![Vec::new(); source.header().frames];
    // Last frame first: sources must read in any order.
    for index in (0..all.len()).rev().chain(0..all.len()) {
        source.read_frame(index, &mut frame)?;
        all[index] = frame.le_bytes().into_owned();
    }
    Ok(all.concat())
}

#[test]
fn parts_are_those_of_numpy() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    run_python(&python, PARTS, &[folder.path()]);
    let path = folder.path().join("parts.h5");
    let words = fs::read_to_string(folder.path().join("words.txt")).unwrap();
    let small = Limits { memory_bytes: 600, ..Limits::default() };
    for (number, word) in words.lines().enumerate() {
        let wanted = fs::read(folder.path().join(format!("{number}.bin"))).unwrap();
        for limits in [&Limits::default(), &small] {
            let found = samples(&path, word, limits).unwrap_or_else(|error| panic!("{word}: {error}"));
            assert!(found == wanted, "{word}: {} bytes, {} wanted", found.len(), wanted.len());
        }
    }
    let shape = |word: &str| {
        DatasetSource::open(&path, word, &Limits::default()).map(|source| source.header().describe())
    };
    assert_eq!(shape("/five_gzip[:,0,:,:,1:4]").unwrap(), "4 frames of 2 x 7 x 3, u16");
    assert_eq!(shape("five_gzip[0,0,0]").unwrap(), "1 frame of 7 x 5, u16");
    let refusal = |word: &str| shape(word).unwrap_err().to_string();
    assert!(refusal("five_gzip[:,0]").contains("with this index leaves no stack; take a part of it"));
    assert!(
        refusal("five_gzip[:,3,0]").contains("axis 1 has length 3, so it has no element 3; write 0 to 2")
    );
    assert!(refusal("five_gzip[0,0,0,0]").contains("leaves no stack"));
    assert!(refusal("five_gzip[a]").contains("no whole number"));
    assert!(refusal("nothing[0]").contains("there is no such dataset; use one of /big (4 x 3 x 2 x 7 x 5, "));
}

/// What the index leaves out is not even looked at.
#[test]
fn only_the_chunks_of_a_part_are_read() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
import sys, h5py, numpy as np
with h5py.File(sys.argv[1] + '/x.h5', 'w') as f:
    d = f.create_dataset('x', (2, 3, 4, 5), '<u2', chunks=(1, 1, 4, 5), compression='gzip')
    d[:, 1] = 8
    for t in range(2):
        for z in (0, 2):
            d.id.write_direct_chunk((t, z, 0, 0), b'this is no deflate stream')
"#;
    run_python(&python, script, &[folder.path()]);
    let path = folder.path().join("x.h5");
    let read = |word: &str| samples(&path, word, &Limits::default());
    assert_eq!(read("x[:,1]").unwrap(), [8, 0].repeat(40));
    assert!(read("x[:,0]").unwrap_err().to_string().contains("/x, frame 1: gzip"));
}
