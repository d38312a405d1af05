//! HDF5 and NetCDF-4 files by word; without the feature, an error that says so.

mod stacks;

use std::fs;

use stacks::open_error;

#[cfg(not(feature = "hdf5"))]
#[test]
fn a_build_without_hdf5_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    fs::write(&path, b"\x89HDF\r\n\x1a\n").unwrap();
    assert!(open_error(&path).contains("HDF5 is not available: this build cannot read"));
}

/// The HDF5 library locks the files it writes, and a child process that starts meanwhile inherits the lock: no test
/// starts Python while another one writes.
#[cfg(feature = "hdf5")]
static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[cfg(feature = "hdf5")]
#[test]
fn datasets_are_opened_by_name_or_alone() {
    use stack_container::{Layout, StackWriter};
    use stack_core::{FrameSource, PixelType};
    use stacks::{assert_same, open, stack};

    let _alone = ONE_AT_A_TIME.lock();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.stack.h5");
    let mut original = stack(PixelType::U16, 3, [4, 5, 1]);
    let layout = Layout { filters: "shuffle,gzip=6".parse().unwrap(), chunk_frames: None };
    let mut writer = StackWriter::create(&path, original.header(), &layout).unwrap();
    original.frames().iter().for_each(|frame| writer.push(frame).unwrap());
    writer.finish().unwrap();
    assert_same(&mut original, open(&path).unwrap().as_mut());
    assert_same(&mut original, open(&folder.path().join("x.stack.h5:/stack")).unwrap().as_mut());
    assert_same(&mut original, open(&folder.path().join("*.h5")).unwrap().as_mut());
    assert!(open_error(&folder.path().join("x.stack.h5:/missing")).contains("/stack (3 x 4 x 5, uint16)"));
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(open(&path).and_then(|mut source| stacks::read_all(source.as_mut())).is_err());
}

#[cfg(feature = "hdf5")]
#[test]
fn files_of_others_are_listed() {
    use std::process::Command;

    let Some(python) = stacks::python() else { return };
    let _alone = ONE_AT_A_TIME.lock();
    let folder = tempfile::tempdir().unwrap();
    let script = "
import h5py, numpy as np
cube = np.arange(60, dtype='<u2').reshape(3, 4, 5)
cube.tofile('cube.raw')
with h5py.File('one.h5', 'w') as file:
    file['a/cube'] = cube
    file['a/line'] = np.arange(5)
with h5py.File('two.nc', 'w') as file:
    file['u'] = cube
    file['v'] = cube.astype('>f4')
with h5py.File('levels.h5', 'w') as file:
    file['t'] = np.stack([cube + 1, cube, cube + 2], axis=1)
    file['odd[0]'] = cube
with h5py.File('levels.h5:[1]', 'w') as file:
    file['one'] = cube
with h5py.File('none.h5', 'w') as file:
    file['line'] = np.arange(5)
with h5py.File('empty.h5', 'w') as file:
    pass
";
    let output = Command::new(python).arg("-c").arg(script).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let at = |name: &str| folder.path().join(name);
    let cube = fs::read(at("cube.raw")).unwrap();
    for word in ["one.h5", "one.h5:/a/cube", "one.h5:a/cube", "two.nc:u"] {
        let mut source = stacks::open(&at(word)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(stacks::read_all(source.as_mut()).unwrap().concat(), cube, "{word}");
    }
    // A part of a dataset; a dataset, and a file, that really have the bracket in their names come first.
    for word in ["levels.h5:/t[:,1]", "levels.h5:t[...,1,:,:]", "levels.h5:/odd[0]", "levels.h5:[1]"] {
        let mut source = stacks::open(&at(word)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(stacks::read_all(source.as_mut()).unwrap().concat(), cube, "{word}");
    }
    let mut source = stacks::open(&at("levels.h5:/t[1:3,1]")).unwrap();
    assert_eq!(stacks::read_all(source.as_mut()).unwrap().concat(), cube[40..]);
    assert!(open_error(&at("levels.h5:/t")).contains("as in /t[:,0] for element 0"));
    assert!(open_error(&at("levels.h5:/t[:,3]")).contains("axis 1 has length 3, so it has no element 3"));
    assert!(open_error(&at("missing.h5:/t[:,0]")).contains("no file matches this pattern"));
    let error = open_error(&at("two.nc"));
    assert!(
        error.contains("several datasets of the file are stacks; there are: /u (3 x 4 x 5, uint16), /v"),
        "{error}"
    );
    let error = open_error(&at("none.h5"));
    assert!(error.contains("no dataset of the file is a stack; there are: /line (5, "), "{error}");
    assert!(open_error(&at("empty.h5")).contains("there are: none"));
}
