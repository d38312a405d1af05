//! Writes a synthetic stack as raw little-endian samples, and prints what it is.
//!
//! `cargo run --release -p stack-core --example synth -- texture:frames=50,size=128x128 texture.raw`

use std::fs::File;
use std::io::{BufWriter, Write};

use stack_core::synthetic::{KINDS, Synthetic};
use stack_core::{Error, FrameBuf, FrameSource, Result};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [spec, path] = arguments.as_slice() else {
        for kind in KINDS {
            let options: Vec<&str> = kind.options.iter().map(|option| option.name).collect();
            println!("{:15} {} ({})", kind.name, kind.summary, options.join(", "));
        }
        return Err(Error::parameter(
            "arguments",
            "two are needed",
            "give a specification and an output file",
        ));
    };
    let mut source = spec.parse::<Synthetic>()?.source()?;
    let header = source.header().clone();
    let mut file = BufWriter::new(File::create(path).map_err(Error::io("create", path))?);
    let mut frame = FrameBuf::for_header(&header);
    for index in 0..header.frames {
        source.read_frame(index, &mut frame)?;
        file.write_all(&frame.le_bytes()).map_err(Error::io("write", path))?;
    }
    file.flush().map_err(Error::io("write", path))?;
    println!("{path}: {}", header.describe());
    Ok(())
}
