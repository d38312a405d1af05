//! Coefficients of one block under each kernel, and the 64 basis pictures as PGM files.
//!
//! `cargo run -p stack-transform --example kernels -- FOLDER`

use std::error::Error;
use std::path::PathBuf;

use stack_transform::{Kernel, Size, sheet};

fn main() -> Result<(), Box<dyn Error>> {
    let size = Size::square(8)?;
    let block: Vec<f64> = (0..64).map(|i| f64::from((i % 8) * 12 + (i / 8) * (i / 8))).collect();
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let kernels = [
        ("identity", Kernel::identity(size)?),
        ("dct", Kernel::dct2(size)?),
        ("walsh-hadamard", Kernel::walsh_hadamard(size)?),
    ];
    for (name, kernel) in kernels {
        let coefficients = kernel.forward(&block)?;
        println!("{name}: first row and the number of coefficients above 1");
        let row: Vec<String> = coefficients[..8].iter().map(|t| format!("{t:8.2}")).collect();
        println!("{}   {}", row.join(""), coefficients.iter().filter(|t| t.abs() > 1.0).count());
        if let Some(folder) = &folder {
            let (size, samples) = sheet::of(&kernel)?;
            let mut file = format!("P5 {} {} 255\n", size.width(), size.height()).into_bytes();
            file.extend(samples);
            std::fs::write(folder.join(format!("{name}.pgm")), file)?;
        }
    }
    Ok(())
}
