//! Stacks that are stored in another order, equal frames once: they come back in their own, here and in h5py.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use stack_container::{Coding, DatasetSource, StackFile, StackWriter, Tables, list_datasets};
use stack_core::{
    Arrangement, Error, FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader,
    StackInMemory,
};
use support::{assert_same, layout, pipelines, python, run_python, skipped, stack};

/// A stack in which frame `n` is row `places[n]` of a smooth stack; equal places are equal frames.
fn arranged(places: &[u32], pixel: PixelType, channels: usize) -> (StackInMemory, Arrangement) {
    let arrangement = Arrangement::new(places.to_vec()).unwrap();
    let rows = stack(arrangement.stored(), 7, 5, channels, pixel);
    let frames: Vec<FrameBuf> = arrangement.spread(rows.frames()).cloned().collect();
    let mut header = StackHeader::new(frames.len(), rows.header().shape, rows.header().format).unwrap();
    header.meta.frame_names = (0..frames.len()).map(|n| format!("frame {n}")).collect();
    header.meta.properties.insert("lens".into(), "40x".into());
    (StackInMemory::new(header, frames).unwrap(), arrangement)
}

fn write(path: &Path, stack: &StackInMemory, arrangement: &Arrangement, filters: &str, chunk: Option<usize>) {
    let mut writer =
        StackWriter::create_arranged(path, stack.header(), &layout(filters, chunk), arrangement).unwrap();
    for &first in arrangement.firsts() {
        writer.push(&stack.frames()[first as usize]).unwrap();
    }
    writer.add_table("table", b"\x00\xff7").unwrap();
    writer.finish().unwrap();
}

/// Places of which none is missing, from any numbers.
fn without_gaps(numbers: &[u32]) -> Vec<u32> {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    numbers.iter().map(|number| distinct.binary_search(number).unwrap() as u32).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_arrangement_comes_back(
        numbers in prop::collection::vec(0u32..30, 1..32), pixel in 0usize..6, channels in 1usize..4,
        pipeline in 0usize..24, chunk in prop::option::of(1usize..9), order in prop::collection::vec(0usize..40, 0..20),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stack.h5");
        let (stack, arrangement) = arranged(&without_gaps(&numbers), PixelType::ALL[pixel], channels);
        write(&path, &stack, &arrangement, &pipelines()[pipeline], chunk);
        let mut file = StackFile::open(&path, &Limits::default()).unwrap();
        prop_assert_eq!(file.header(), stack.header());
        assert_same(&mut file, &stack, "in order");
        let mut frame = FrameBuf::for_header(file.header());
        for index in order.into_iter().map(|index| index % numbers.len()) {
            file.read_frame(index, &mut frame).unwrap();
            prop_assert_eq!(frame.le_bytes(), stack.frames()[index].le_bytes());
        }
        // Another program sees a stack of the same frames.
        let mut foreign = DatasetSource::open(&path, "/stack", &Limits::default()).unwrap();
        assert_same(&mut foreign, &stack, "as any dataset");
        let again = folder.path().join("again.h5");
        write(&again, &stack, &arrangement, &pipelines()[pipeline], chunk);
        prop_assert!(fs::read(&path).unwrap() == fs::read(&again).unwrap(), "the same stack, the same bytes");
    }
}

#[test]
fn an_arrangement_that_changes_nothing_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, other) = (folder.path().join("plain.h5"), folder.path().join("other.h5"));
    let (mut stack, arrangement) = arranged(&[0, 1, 2, 3, 4], PixelType::I16, 1);
    for filters in ["", "shuffle,gzip=9"] {
        support::write(&plain, &mut stack, &layout(filters, None), &[("table", b"\x00\xff7")]);
        write(&other, &stack, &arrangement, filters, None);
        assert!(fs::read(&plain).unwrap() == fs::read(&other).unwrap(), "{filters}");
    }
}

const COMPARE: &str = r#"
import sys, pathlib, h5py, hdf5plugin, numpy as np
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.h5')):
    with h5py.File(path) as f:
        wanted = path.with_suffix('.bin').read_bytes()
        rows, index = f['frames'], f['index']
        assert rows[...][index[...]].tobytes() == wanted, path.name
        assert 'index[n]' in rows.attrs['arrangement'].decode() and 'index[n]' in index.attrs['meaning'].decode()
        if 'stack' in f:
            stack = f['stack']
            assert stack.is_virtual and stack[...].tobytes() == wanted, path.name
            n = len(stack) // 2
            assert (stack[n].tobytes() == rows[index[n]].tobytes()), path.name
            assert stack.attrs['axes'].decode().startswith('frame, row, column')
            count += 1
print(count)
"#;

#[test]
fn h5py_reads_the_stack_as_if_nothing_had_happened() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let reversed: Vec<u32> = (0..30).rev().collect();
    let mixed: Vec<u32> = (0..40).map(|n| n * 7 % 25).collect();
    let mut files = 0;
    for pixel in PixelType::ALL {
        for (places, channels) in [(&reversed, 1), (&mixed, 3)] {
            for filters in ["", "shuffle,gzip=9", "bitshuffle,zstd=3"] {
                let (stack, arrangement) = arranged(places, pixel, channels);
                let path = folder.path().join(format!("{files}.h5"));
                write(&path, &stack, &arrangement, filters, None);
                let raw: Vec<u8> = stack.frames().iter().flat_map(|f| f.le_bytes().into_owned()).collect();
                fs::write(path.with_extension("bin"), raw).unwrap();
                files += 1;
            }
        }
    }
    assert_eq!(run_python(&python, COMPARE, &[folder.path()]).trim(), files.to_string());
}

#[test]
fn h5dump_reads_the_virtual_dataset() {
    if Command::new("h5dump").arg("--version").output().is_err() {
        return skipped("no h5dump");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let (stack, arrangement) = arranged(&[2, 0, 1, 2, 0], PixelType::U8, 1);
    write(&path, &stack, &arrangement, "gzip=1", None);
    let output = Command::new("h5dump").args(["-y", "-w", "0", "-d", "/stack"]).arg(&path).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let data = text.split("DATA {").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
    let found: Vec<u8> = data.split([',', ' ', '\n']).filter_map(|word| word.parse().ok()).collect();
    let wanted: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_large_virtual_dataset_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let reversed: Vec<u32> = (0..3000).rev().collect();
    let (stack, arrangement) = arranged(&reversed, PixelType::U8, 1);
    write(&path, &stack, &arrangement, "", None);
    let found: Vec<String> = list_datasets(&path).unwrap().into_iter().map(|info| info.path).collect();
    assert!(found.contains(&"/frames".to_owned()) && found.contains(&"/index".to_owned()), "{found:?}");
    assert!(!found.contains(&"/stack".to_owned()), "{found:?}");
    assert_same(&mut StackFile::open(&path, &Limits::default()).unwrap(), &stack, "without /stack");
    let index_bytes = fs::metadata(&path).unwrap().len() - stack.header().raw_bytes();
    assert!(index_bytes < 200_000, "{index_bytes}");
    let Some(python) = python() else { return };
    let raw: Vec<u8> = stack.frames().iter().flat_map(|frame| frame.le_bytes().into_owned()).collect();
    fs::write(path.with_extension("bin"), raw).unwrap();
    assert_eq!(run_python(&python, COMPARE, &[folder.path()]).trim(), "0");
}

/// A file whose index says something else, written as another program would.
fn with_index<T: hdf5::H5Type>(path: &Path, numbers: &[T]) -> Error {
    let (stack, arrangement) = arranged(&[2, 0, 1, 2, 0], PixelType::U8, 1);
    write(path, &stack, &arrangement, "gzip=1", None);
    let file = hdf5::File::open_rw(path).unwrap();
    file.unlink("index").unwrap();
    file.new_dataset::<T>().shape(numbers.len()).create("index").unwrap().write_raw(numbers).unwrap();
    file.close().unwrap();
    StackFile::open(path, &Limits::default()).unwrap_err()
}

#[test]
fn a_wrong_index_is_named_with_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    for (numbers, problem) in [
        (&[2_u16, 0, 1, 2, 65535][..], "frame 4 is at place 65535"),
        (&[2, 0, 2, 2, 0], "no frame is at place 1"),
        (&[0, 0, 0, 0, 0], "it is for 1 rows, /frames has 3"),
        (&[2, 0, 1, 3, 0], "it is for 4 rows, /frames has 3"),
    ] {
        let error = with_index(&path, numbers);
        assert!(matches!(error, Error::Format { .. }), "{error}");
        let told = error.to_string();
        assert!(told.contains("/index") && told.contains(problem), "{told}");
    }
    let told = with_index(&path, &[2_u64, 0, 1, 2, 0]).to_string();
    assert!(told.contains("/index") && told.contains("16 or 32 bits"), "{told}");
    // Another number of frames than there are names.
    let told = with_index(&path, &[2_u16, 0, 1, 2]).to_string();
    assert!(told.contains("/frame_names"), "{told}");
    let limits = Limits { frames: 4, ..Limits::default() };
    let (stack, arrangement) = arranged(&[2, 0, 1, 2, 0], PixelType::U8, 1);
    write(&path, &stack, &arrangement, "gzip=1", None);
    let told = StackFile::open(&path, &limits).unwrap_err().to_string();
    assert!(told.contains("number of frames is 5"), "{told}");
    for name in ["index", "frames"] {
        let file = hdf5::File::open_rw(&path).unwrap();
        file.unlink(name).unwrap();
        file.close().unwrap();
        assert!(matches!(StackFile::open(&path, &Limits::default()), Err(Error::Format { .. })), "{name}");
    }
}

/// The virtual dataset is not touched: HDF5 1.10 runs in circles over a damaged list of mappings.
#[test]
fn damage_anywhere_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let (stack, arrangement) = arranged(&[3, 0, 1, 2, 0, 3], PixelType::U16, 1);
    write(&path, &stack, &arrangement, "shuffle,gzip=9", Some(2));
    let whole = fs::read(&path).unwrap();
    let read = |source: &mut dyn FrameSource| {
        let mut frame = FrameBuf::for_header(source.header());
        for index in 0..source.header().frames.min(9) {
            let _ = source.read_frame(index, &mut frame);
        }
    };
    for place in 0..whole.len() {
        if whole[place.saturating_sub(4)..whole.len().min(place + 5)].iter().all(|&byte| byte == 0) {
            continue;
        }
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        fs::write(&path, damaged).unwrap();
        if let Ok(mut file) = StackFile::open(&path, &Limits::default()) {
            read(&mut file);
        }
    }
    for length in (0..whole.len()).step_by(97) {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(StackFile::open(&path, &Limits::default()).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn codes_are_arranged_as_samples_are() {
    const CODING: Coding =
        Coding { codes: "codes", meaning: "test", formula: "x", planes: &[("base", "zero")] };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let arrangement = Arrangement::new(vec![1, 0, 2, 1]).unwrap();
    let shape = FrameShape::gray(2, 2).unwrap();
    let header = StackHeader::new(4, shape, SampleFormat::full(PixelType::U8)).unwrap();
    let base = [FrameBuf::U8(vec![0; 4])];
    let layout = layout("gzip=1", Some(1));
    let mut writer =
        StackWriter::create_coded(&path, &header, &layout, &CODING, &base, &arrangement).unwrap();
    for row in 0..3 {
        writer.push_codes(&[row; 4]).unwrap();
    }
    assert!(writer.push_codes(&[3; 4]).is_err(), "only three are stored");
    writer.finish().unwrap();
    let tables = Tables::open(&path, &Limits::default()).unwrap();
    let mut file = tables.into_coded(&CODING).unwrap();
    assert_eq!(file.header(), &header);
    let mut codes = [9; 4];
    for (frame, row) in [1, 0, 2, 1].into_iter().enumerate() {
        file.read_codes(frame, &mut codes).unwrap();
        assert_eq!(codes, [row; 4]);
    }
    assert!(file.read_codes(4, &mut codes).is_err());
    let names: Vec<String> = list_datasets(&path).unwrap().into_iter().map(|info| info.path).collect();
    assert_eq!(names, ["/base", "/codes", "/index"]);
}

#[test]
fn an_arrangement_for_another_stack_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    let (stack, _) = arranged(&[1, 0], PixelType::U8, 1);
    let other = Arrangement::new(vec![1, 0, 2]).unwrap();
    let error = StackWriter::create_arranged(&path, stack.header(), &layout("", None), &other).unwrap_err();
    assert!(error.to_string().contains("it is for 3 frames, the stack has 2"), "{error}");
    assert!(!path.exists());
}
