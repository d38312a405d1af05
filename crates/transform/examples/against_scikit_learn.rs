//! Principal components of a .npy file of 32-bit floats, frame by frame, beside scikit-learn on the whole of it.
//!
//! `cargo run --release -p stack-transform --example against_scikit_learn -- FILE.npy [COMPONENTS [ROUNDS]]`, with
//! `STACKPRESS_PYTHON` naming a Python that has scikit-learn. Both read the file in every round, one after the other.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::process::Command;
use std::time::Instant;

use stack_transform::pca::{Choice, Options, Rows, Wanted, analyse};

const SCRIPT: &str = "
import sys, time
import numpy as np
from sklearn.decomposition import PCA
start = time.perf_counter()
frames = np.load(sys.argv[1])
pca = PCA(int(sys.argv[2]), svd_solver=sys.argv[3]).fit(frames.reshape(len(frames), -1))
took = time.perf_counter() - start
print(took, *pca.singular_values_)
";

/// The frames of a .npy file, read anew in every pass.
struct Npy {
    file: File,
    start: u64,
    rows: usize,
    columns: usize,
}

impl Npy {
    fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let mut file = File::open(path)?;
        let mut head = [0; 10];
        file.read_exact(&mut head)?;
        let mut text = vec![0; usize::from(u16::from_le_bytes([head[8], head[9]]))];
        file.read_exact(&mut text)?;
        let text = String::from_utf8(text)?;
        let shape =
            text.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).ok_or("no shape")?.0;
        let lengths: Vec<usize> = shape.split(',').filter_map(|word| word.trim().parse().ok()).collect();
        let (Some((rows, frame)), true) = (lengths.split_first(), text.contains("'<f4'")) else {
            return Err("not an array of 32-bit floats".into());
        };
        Ok(Self { file, start: 10 + text.len() as u64, rows: *rows, columns: frame.iter().product() })
    }
}

impl Rows for Npy {
    type Sample = f32;
    type Error = Box<dyn Error>;

    fn rows(&self) -> usize {
        self.rows
    }

    fn columns(&self) -> usize {
        self.columns
    }

    fn pass(
        &mut self,
        visit: &mut dyn FnMut(&[f32]) -> Result<(), Box<dyn Error>>,
    ) -> Result<(), Box<dyn Error>> {
        self.file.seek(SeekFrom::Start(self.start))?;
        let mut reader = BufReader::with_capacity(1 << 20, &self.file);
        let mut bytes = vec![0; self.columns * 4];
        let mut row = vec![0.0; self.columns];
        for _ in 0..self.rows {
            reader.read_exact(&mut bytes)?;
            for (sample, bytes) in row.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *sample = f32::from_le_bytes(*bytes);
            }
            visit(&row)?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("name a .npy file of 32-bit floats")?;
    let components: usize = arguments.get(1).map_or(Ok(20), |word| word.parse())?;
    let rounds: usize = arguments.get(2).map_or(Ok(3), |word| word.parse())?;
    let python = std::env::var("STACKPRESS_PYTHON").unwrap_or_else(|_| "target/venv/bin/python".to_owned());
    let mut ours = Vec::new();
    for round in 0..=rounds {
        // The last round is the exact solver, for the accuracy.
        let solver = if round < rounds { "auto" } else { "full" };
        let start = Instant::now();
        let mut rows = Npy::open(path)?;
        let pca = analyse(&mut rows, Wanted::Components(components), &Options::default())?;
        let seconds = start.elapsed().as_secs_f64();
        let way = Choice::of(rows.rows, rows.columns, components);
        println!(
            "ours          {seconds:7.3} s  {way:?}, {} passes, converged: {}",
            pca.passes, pca.converged
        );
        ours = pca.singular_values;
        let output =
            Command::new(&python).args(["-c", SCRIPT, path, &components.to_string(), solver]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let apart = ours.iter().zip(&numbers[1..]).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
        println!(
            "{:13} {:7.3} s  largest relative difference of singular values {apart:.1e}",
            solver, numbers[0]
        );
    }
    println!("singular values: {ours:.6?}");
    Ok(())
}
