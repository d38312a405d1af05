//! Filters that only a plugin has: read where `HDF5_PLUGIN_PATH` has it, and otherwise an error that says what to do.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use stack_container::DatasetSource;
use stack_core::{Error, FrameBuf, FrameSource, Limits};
use support::{python, run_python, skipped};

/// Writes a dataset for each plugin, the raw samples, and prints the folder of the plugins.
const PLUGINS: &str = r#"
import sys, pathlib, h5py, hdf5plugin, numpy as np
folder = pathlib.Path(sys.argv[1])
data = (np.arange(5 * 16 * 20).reshape(5, 16, 20) % 300).astype('<u2')
(folder / 'samples.bin').write_bytes(data.tobytes())
with h5py.File(folder / 'plugins.h5', 'w') as f:
    for name, options in {'blosc': hdf5plugin.Blosc(), 'blosc2': hdf5plugin.Blosc2(), 'bzip2': hdf5plugin.BZip2()}.items():
        f.create_dataset(name, data=data, chunks=(2, 16, 20), **options)
    f.create_dataset('sz3', data=data.astype('f4'), chunks=(2, 16, 20), **hdf5plugin.SZ3(absolute=0.1))
    f.create_dataset('lzf', data=data, chunks=(2, 16, 20), compression='lzf')
print(hdf5plugin.PLUGIN_PATH)
"#;

/// Where the child of the next test finds its file.
const FILE: &str = "STACKPRESS_TEST_PLUGINS";

#[test]
fn filters_of_plugins_are_read_where_the_library_finds_them() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let plugins = run_python(&python, PLUGINS, &[folder.path()]);
    // The library reads the variable once, when it starts: so this is for another process.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_reads", "--ignored", "--nocapture"])
        .env("HDF5_PLUGIN_PATH", plugins.trim())
        .env(FILE, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stderr));
    println!("{said}");
    if !said.contains("blosc was read") {
        skipped("the HDF5 library here does not load the plugins of hdf5plugin");
    }
}

#[test]
#[ignore = "the child process of another test"]
fn child_that_reads() {
    let Some(folder) = std::env::var_os(FILE) else { return };
    let path = Path::new(&folder).join("plugins.h5");
    let wanted = fs::read(Path::new(&folder).join("samples.bin")).unwrap();
    for name in ["blosc", "blosc2", "bzip2"] {
        for (word, wanted) in
            [(name.to_owned(), &wanted[..]), (format!("{name}[1:3]"), &wanted[640..][..1280])]
        {
            let mut source = match DatasetSource::open(&path, &word, &Limits::default()) {
                Ok(source) => source,
                Err(error @ Error::Unavailable { .. }) => {
                    println!("{error}");
                    continue;
                }
                Err(error) => panic!("{error}"),
            };
            let mut frame = FrameBuf::for_header(source.header());
            let mut found = Vec::new();
            for index in 0..source.header().frames {
                source.read_frame(index, &mut frame).unwrap();
                found.extend_from_slice(&frame.le_bytes());
            }
            assert_eq!(found, wanted, "{word}");
            println!("{word} was read");
        }
    }
}

#[test]
fn a_missing_filter_is_named_with_what_brings_it() {
    let Some(python) = python() else { return };
    if std::env::var_os("HDF5_PLUGIN_PATH").is_some() {
        return skipped("HDF5_PLUGIN_PATH is set");
    }
    let folder = tempfile::tempdir().unwrap();
    run_python(&python, PLUGINS, &[folder.path()]);
    let path = folder.path().join("plugins.h5");
    for (name, filter, remedy) in [
        ("blosc", "HDF5 filter 32001 (Blosc)", "pip install hdf5plugin"),
        ("blosc2[:2]", "HDF5 filter 32026 (Blosc2)", "HDF5_PLUGIN_PATH"),
        ("bzip2", "HDF5 filter 307 (bzip2)", "h5repack -f NONE IN OUT"),
        ("sz3", "HDF5 filter 32024 (SZ3)", "pip install hdf5plugin"),
        ("lzf", "HDF5 filter 32000 (LZF)", "from h5py"),
    ] {
        let error = match DatasetSource::open(&path, name, &Limits::default()) {
            Err(error) => error,
            Ok(_) => return skipped("the plugins are installed for all programs"),
        };
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        let told = error.to_string();
        assert!(told.contains(filter) && told.contains(remedy) && told.contains("plugins.h5"), "{told}");
    }
}
