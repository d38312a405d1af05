//! What floats of a folder are really made of: special samples, grids, real information, and codes within an error.
//!
//! `STACKPRESS_DATA=folder cargo run --release -p stack-transform --example numbers` reads the archives `*.npz` of the
//! folder that have a little-endian f32 array `stack`.

mod npz;

use std::error::Error;

use stack_transform::information_bits::{BitPairs, Exponent};
use stack_transform::lattice::{Grid, LatticeFinder};
use stack_transform::{Lattice, LinearScale, Specials};

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        std::env::var_os("STACKPRESS_DATA").ok_or("set STACKPRESS_DATA to a folder of .npz files")?;
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "npz"));
    files.sort();
    for file in files {
        if let Some((shape, samples)) = npz::read(&file)? {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            println!("{name}, {shape:?}");
            describe(&shape, &samples)?;
        }
    }
    Ok(())
}

fn describe(shape: &[usize], samples: &[f32]) -> Result<(), Box<dyn Error>> {
    let width = *shape.last().ok_or("an array of no dimensions")?;
    let frame = samples.len() / shape[0];
    let specials = Specials::find_exact(samples, None);
    println!(
        "  special: {} in {} runs of {} kinds",
        specials.count(),
        specials.runs().len(),
        specials.kinds().len()
    );

    let mut finder = LatticeFinder::new();
    let mut frames = Vec::new();
    for samples in samples.chunks_exact(frame) {
        finder.push(samples);
        frames.push(Lattice::find(samples));
    }
    println!("  grid of all frames: {}", found(finder.finish().as_ref()));
    let bits = |lattice: &Option<Lattice<f32>>| {
        lattice.as_ref().map_or(32.0, |l| l.cost(frame) as f64 / frame as f64)
    };
    let mean = frames.iter().map(bits).sum::<f64>() / frames.len() as f64;
    let first = found(frames.first().and_then(Option::as_ref));
    println!("  grid of each frame: {mean:.2} bits a sample with its table; the first: {first}");

    for (axis, exponent) in
        [("along rows", Exponent::Biased), ("along rows, signed exponent", Exponent::Signed)]
    {
        let mut pairs = BitPairs::new(exponent);
        pairs.along_rows(samples, width)?;
        let information = pairs.significant(0.99)?;
        let kept = [0.99, 0.999].map(|share| information.kept_mantissa_bits(share));
        let fewer = information.above_last_bits();
        let fewer = [0.99, 0.999].map(|share| fewer.kept_mantissa_bits(share));
        println!("  information {axis}: {:.3} bits", information.total());
        println!("    99 %, 99.9 %: {kept:?} mantissa bits, or {fewer:?} above the last bits");
    }

    let numbers = samples.iter().filter(|sample| sample.is_finite()).map(|sample| f64::from(*sample));
    let (low, high) =
        (numbers.clone().fold(f64::INFINITY, f64::min), numbers.fold(f64::NEG_INFINITY, f64::max));
    for bits in [8, 10, 12, 16] {
        let scale = LinearScale::of_range(low, high, bits)?;
        let mut codes = vec![0; samples.len()];
        scale.quantise(samples, &mut codes)?;
        let mut restored = vec![0.0_f32; samples.len()];
        scale.restore(&codes, &mut restored)?;
        specials.put_back(&mut restored)?;
        let errors = samples.iter().zip(&restored).map(|(a, b)| (f64::from(*a) - f64::from(*b)).abs());
        let worst = errors.filter(|error| !error.is_nan()).fold(0.0, f64::max);
        println!("  {bits:2} bits: largest error {worst:.6e}, at most {:.6e}", scale.worst_error::<f32>());
        assert!(worst <= scale.worst_error::<f32>());
    }
    Ok(())
}

fn found(lattice: Option<&Lattice<f32>>) -> String {
    match lattice {
        None => String::from("none"),
        Some(lattice) => match lattice.grid() {
            Grid::Table(values) => format!("table of {}, {} bits", values.len(), lattice.bits()),
            grid => format!("{grid:?}, {} bits", lattice.bits()),
        },
    }
}
