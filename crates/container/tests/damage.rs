//! Files that are cut, damaged or lie about themselves give errors, before anything large is allocated.

mod support;

use std::fs;
use std::path::Path;

use stack_container::{DatasetSource, StackFile, is_stack_file, list_datasets};
use stack_core::{Error, FrameBuf, FrameSource, Limits, PixelType, Result};
use support::{layout, stack, write};

/// Opens a file and reads all there is.
fn read_all(path: &Path) -> Result<Vec<u8>> {
    let mut file = StackFile::open(path, &Limits::default())?;
    let mut all = Vec::new();
    let mut frame = FrameBuf::for_header(file.header());
    for index in 0..file.header().frames {
        file.read_frame(index, &mut frame)?;
        all.extend_from_slice(&frame.le_bytes());
    }
    file.table("table")?;
    Ok(all)
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    write(
        &path,
        &mut stack(9, 8, 8, 1, PixelType::U16),
        &layout("shuffle,gzip=9", Some(2)),
        &[("table", &[1; 99])],
    );
    let whole = fs::read(&path).unwrap();
    let cut_path = folder.path().join("cut.h5");
    for length in (0..whole.len()).step_by(61).chain(whole.len() - 3..whole.len()) {
        fs::write(&cut_path, &whole[..length]).unwrap();
        let error = read_all(&cut_path).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Format { .. }), "cut to {length} bytes: {text}");
        assert!(text.contains("cut.h5") && text.contains("damaged"), "cut to {length} bytes: {text}");
        match is_stack_file(&cut_path) {
            Ok(ours) => assert!(!ours && length < 8, "cut to {length} bytes"),
            Err(error) => assert!(error.to_string().contains("superblock"), "{error}"),
        }
    }
    // Bytes behind the end do not disturb: a seal may lie there.
    let mut longer = whole;
    longer.extend_from_slice(&[7; 40]);
    fs::write(&cut_path, longer).unwrap();
    assert!(read_all(&cut_path).is_ok());
}

/// Calls `read` with one flipped bit in every third byte of the file `path` that is not unused space.
fn with_bytes_damaged(path: &Path, read: impl Fn(&Path)) {
    let whole = fs::read(path).unwrap();
    for place in (0..whole.len()).step_by(3) {
        if whole[place.saturating_sub(4)..whole.len().min(place + 5)].iter().all(|&byte| byte == 0) {
            continue;
        }
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        fs::write(path, damaged).unwrap();
        read(path);
    }
}

fn read_some(source: &mut dyn FrameSource) {
    let mut frame = FrameBuf::for_header(source.header());
    for index in 0..source.header().frames.min(9) {
        let _ = source.read_frame(index, &mut frame);
    }
}

#[test]
fn damage_anywhere_in_our_files_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    for pipeline in ["", "shuffle,gzip=9"] {
        write(
            &path,
            &mut stack(5, 8, 8, 1, PixelType::U16),
            &layout(pipeline, Some(2)),
            &[("table", &[1; 99])],
        );
        with_bytes_damaged(&path, |path| {
            let _ = is_stack_file(path);
            if let Ok(mut file) = StackFile::open(path, &Limits::default()) {
                read_some(&mut file);
                let _ = file.table("table");
            }
        });
    }
}

/// The oldest format has no checksums. Wrong lengths of chunks in it once made the library write past a buffer,
/// and wrong shapes of chunks made it read past one; a wrong length of a fill value made it follow a null pointer, and
/// text of any length in attributes any pointer. No enumeration is here: the library copies a damaged one wrongly as
/// soon as its dataset is opened, before anyone can look at it.
#[test]
fn damage_anywhere_in_other_files_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("others.h5");
    let file = hdf5::File::create(&path).unwrap();
    let samples: Vec<u16> = (0..320).collect();
    let builder = || file.new_dataset::<u16>().shape((5, 8, 8));
    builder().chunk((2, 8, 8)).create("plain").unwrap().write_raw(&samples).unwrap();
    builder().chunk((2, 8, 4)).shuffle().deflate(9).create("tiles").unwrap().write_raw(&samples).unwrap();
    builder().create("contiguous").unwrap().write_raw(&samples).unwrap();
    let wide = file.new_dataset::<i64>().shape((2, 4, 4)).chunk((1, 4, 4)).deflate(1).create("wide").unwrap();
    wide.write_raw(&[7_i64; 32]).unwrap();
    let units: hdf5::types::VarLenUnicode = "kelvin".parse().unwrap();
    wide.new_attr::<hdf5::types::VarLenUnicode>().create("units").unwrap().write_scalar(&units).unwrap();
    wide.new_attr::<f64>().create("scale_factor").unwrap().write_scalar(&0.5).unwrap();
    drop(wide);
    file.close().unwrap();
    with_bytes_damaged(&path, |path| {
        let _ = list_datasets(path);
        for name in ["plain", "tiles", "contiguous", "nothing", "wide", "tiles[1:,2:5]", "plain[::2,:,1:]"] {
            if let Ok(mut source) = DatasetSource::open(path, name, &Limits::default()) {
                read_some(&mut source);
            }
        }
    });
}

#[test]
fn damaged_chunks_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    for pipeline in ["shuffle,gzip=9", "bitshuffle,zstd=3,fletcher32", "lz4,fletcher32"] {
        write(&path, &mut stack(6, 16, 16, 1, PixelType::U16), &layout(pipeline, Some(2)), &[]);
        let whole = fs::read(&path).unwrap();
        let original = read_all(&path).unwrap();
        // The second chunk as it is stored, found by what it holds.
        let raw: Vec<u8> = original[1024..2048].to_vec();
        let pipeline: stack_container::FilterPipeline = pipeline.parse().unwrap();
        let stored = stack_container::pipeline::encode(&pipeline, 2, raw).unwrap().bytes;
        let place = whole.windows(stored.len()).position(|window| window == stored).unwrap();
        for bit in (0..stored.len() * 8).step_by(13) {
            let mut damaged = whole.clone();
            damaged[place + bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &damaged).unwrap();
            match read_all(&path) {
                Ok(samples) => assert_eq!(samples, original, "{pipeline}, bit {bit}"),
                Err(error) => {
                    let text = error.to_string();
                    assert!(text.contains("/stack, frames 2 to 3: "), "{pipeline}, bit {bit}: {text}");
                }
            }
        }
    }
}

#[test]
fn files_that_are_no_hdf5_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    for bytes in [&b""[..], b"\x89HDF\r\n\x1a\n", b"not HDF5 at all", &[0; 4096]] {
        fs::write(&path, bytes).unwrap();
        let error = StackFile::open(&path, &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("HDF5 superblock"), "{error}");
        assert!(DatasetSource::open(&path, "x", &Limits::default()).is_err());
    }
    let missing = folder.path().join("missing.h5");
    assert!(matches!(StackFile::open(&missing, &Limits::default()), Err(Error::Io { .. })));
    assert!(matches!(is_stack_file(&missing), Err(Error::Io { .. })));
    assert!(StackFile::open(folder.path(), &Limits::default()).is_err());
}

#[test]
fn absurd_shapes_are_refused_before_anything_is_allocated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    let file = hdf5::File::create(&path).unwrap();
    let add = |name: &str, dims: &[usize], chunk: &[usize]| {
        file.new_dataset::<u16>().chunk(chunk).shape(dims).create(name).unwrap();
    };
    add("many_frames", &[1_000_000_000_000, 2, 2], &[1, 2, 2]);
    add("huge_frames", &[1, 1 << 20, 1 << 20], &[1, 1, 1]);
    file.new_dataset::<u16>()
        .chunk((1, 1, 1))
        .deflate(1)
        .shape((1, 4096, 4096))
        .create("many_tiles")
        .unwrap();
    add("huge_chunk", &[4, 1 << 14, 1 << 15], &[2, 1 << 14, 1 << 15]);
    // The library lets a dataset grow to more samples than any integer counts.
    let growing =
        file.new_dataset::<u16>().chunk([1, 1, 1]).shape([1.., 1.., 1..]).create("overflow").unwrap();
    growing.resize([1usize << 40, 1 << 31, 1 << 31]).unwrap();
    drop(growing);
    file.close().unwrap();
    let refusal = |name: &str| DatasetSource::open(&path, name, &Limits::default()).unwrap_err().to_string();
    assert!(
        refusal("many_frames").contains("number of frames is 1000000000000"),
        "{}",
        refusal("many_frames")
    );
    assert!(refusal("huge_frames").contains("size of a frame"), "{}", refusal("huge_frames"));
    assert!(refusal("overflow").contains("is not that of a stack"), "{}", refusal("overflow"));
    assert!(refusal("huge_chunk").contains("size of a chunk"), "{}", refusal("huge_chunk"));
    assert!(refusal("many_tiles").contains("h5repack"), "{}", refusal("many_tiles"));
}

/// Changes a file of ours with the library, and gives the refusal.
fn changed(change: impl FnOnce(&hdf5::File) -> hdf5::Result<()>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    write(&path, &mut stack(3, 2, 2, 1, PixelType::U16), &layout("gzip=9", None), &[]);
    let file = hdf5::File::open_rw(&path).unwrap();
    change(&file).unwrap();
    file.close().unwrap();
    read_all(&path).unwrap_err().to_string()
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let version = |file: &hdf5::File| file.group("stackpress")?.attr("format_version")?.write_scalar(&9u32);
    assert!(changed(version).contains("install a newer stackpress"));
    let bits = |file: &hdf5::File| file.dataset("stack")?.attr("significant_bits")?.write_scalar(&17u8);
    assert!(changed(bits).contains("17 bits do not fit"));
    assert!(changed(|file| file.unlink("stack")).contains("/stack"));
    let names = |file: &hdf5::File| {
        file.new_dataset::<hdf5::types::FixedUnicode<4>>().shape(2).create("frame_names").map(drop)
    };
    assert!(changed(names).contains("the stack has 3 frames"));
    let numbers = |file: &hdf5::File| file.new_dataset::<u8>().shape(3).create("frame_names").map(drop);
    assert!(changed(numbers).contains("not fixed-length text"));
    let properties = |file: &hdf5::File| {
        let text = file.new_dataset::<hdf5::types::FixedUnicode<4>>().create("properties")?;
        text.write_scalar(&"{no}".parse::<hdf5::types::FixedUnicode<4>>().unwrap())
    };
    assert!(changed(properties).contains("/properties"));
    let table = |file: &hdf5::File| {
        let group = file.group("stackpress")?;
        group.new_dataset::<u8>().chunk(9).shape(1usize << 40).create("table").map(drop)
    };
    assert!(changed(table).contains("size of a table"));
    // More frames than chunks, as a damaged header has it, must not read as black frames.
    let longer = |file: &hdf5::File| {
        file.unlink("stack")?;
        let stack = file.new_dataset::<u16>().chunk((1, 2, 2)).deflate(9).shape((3, 2, 2)).create("stack")?;
        stack.new_attr::<u8>().create("significant_bits")?.write_scalar(&16u8)
    };
    assert!(changed(longer).contains("/stack, frame 0: its chunk is not in the file"));
    let tiles = |file: &hdf5::File| {
        file.unlink("stack")?;
        let stack = file.new_dataset::<u16>().chunk((1, 1, 2)).shape((3, 2, 2)).create("stack")?;
        stack.new_attr::<u8>().create("significant_bits")?.write_scalar(&16u8)
    };
    assert!(changed(tiles).contains("do not hold whole frames"));
    let unwritten = |file: &hdf5::File| {
        file.unlink("stack")?;
        let stack = file.new_dataset::<u16>().shape((3, 2, 2)).create("stack")?;
        stack.new_attr::<u8>().create("significant_bits")?.write_scalar(&16u8)
    };
    assert!(changed(unwritten).contains("0 bytes of 24 are in the file"));
    let wide =
        |file: &hdf5::File| file.group("stackpress")?.new_dataset::<u64>().shape(1).create("table").map(drop);
    assert!(changed(wide).contains("do not match the dataset's type"));
}

#[test]
fn a_bomb_gives_no_more_than_a_chunk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.h5");
    // One frame of 1,024 bytes, then a stream of more bytes in its place.
    for pipeline in ["gzip=9", "zstd=3", "lz4"] {
        write(&path, &mut stack(1, 32, 32, 1, PixelType::U8), &layout(pipeline, None), &[]);
        let whole = fs::read(&path).unwrap();
        let original = read_all(&path).unwrap();
        let parsed: stack_container::FilterPipeline = pipeline.parse().unwrap();
        let stored = stack_container::pipeline::encode(&parsed, 1, original).unwrap();
        assert_eq!(stored.filter_mask, 0, "{pipeline}");
        let place = whole.windows(stored.bytes.len()).position(|window| window == stored.bytes).unwrap();
        let bomb = stack_container::pipeline::encode(&parsed, 1, vec![0; 3000]).unwrap().bytes;
        assert!(bomb.len() <= stored.bytes.len(), "{pipeline}");
        let mut damaged = whole;
        damaged[place..][..bomb.len()].copy_from_slice(&bomb);
        fs::write(&path, damaged).unwrap();
        assert!(read_all(&path).unwrap_err().to_string().contains("/stack, frames 0 to 0"), "{pipeline}");
    }
}
