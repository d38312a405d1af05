//! A picture made smaller by 2, 4 and 8, and larger again: what each way loses.
//!
//! `cargo run -p stack-transform --example resample`

use stack_transform::downsample::{Reduction, reduce};
use stack_transform::resample::{Filter, nearest, resize};
use stack_transform::{Result, Size};

fn main() -> Result<()> {
    let size = Size::square(192)?;
    let samples: Vec<u8> = (0..size.area())
        .map(|i| {
            let (y, x) = ((i / 192) as i64 - 96, (i % 192) as i64 - 70);
            (((x * x + y * y) / 150 % 64 - 32).unsigned_abs() * 6 + i as u64 * i as u64 % 5) as u8
        })
        .collect();
    println!("factor  kept      smaller   RMSE after: nearest   linear    cubic   lanczos");
    for factor in [2, 4, 8] {
        let small = size.divided_by(factor);
        let kept = 100.0 * small.area() as f64 / size.area() as f64;
        for method in
            [Reduction::Mean, Reduction::Median, Reduction::Minimum, Reduction::Maximum, Reduction::Point]
        {
            let reduced = reduce(&samples, size, factor, method)?;
            let mut columns = vec![rmse(&samples, &nearest(&reduced, small, size)?)];
            for filter in [Filter::Linear, Filter::Cubic, Filter::Lanczos] {
                columns.push(rmse(&samples, &resize(&reduced, small, size, filter)?));
            }
            let columns: Vec<String> = columns.iter().map(|rmse| format!("{rmse:9.2}")).collect();
            println!("{factor:6}  {kept:5.2} %   {:8}           {}", format!("{method:?}"), columns.join(""));
        }
    }
    Ok(())
}

fn rmse(one: &[u8], other: &[u8]) -> f64 {
    let squares = one.iter().zip(other).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
    (squares.sum::<f64>() / one.len() as f64).sqrt()
}
