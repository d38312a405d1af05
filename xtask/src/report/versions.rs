//! The versions that sizes may depend on, apart from what `Cargo.lock` pins.

use std::fmt;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::process::output_of;

/// Versions as their programs print them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions {
    /// FFmpeg, whose encoders decide how large a video is.
    pub(super) ffmpeg: String,
    /// The HDF5 library, which decides how large the headers of its files are.
    pub(super) hdf5: String,
}

/// The versions on this machine.
pub(super) fn installed() -> Result<Versions> {
    let ffmpeg = output_of("ffmpeg", &["-hide_banner", "-version"])
        .and_then(|text| text.split_whitespace().nth(2).map(str::to_owned));
    let hdf5 =
        ["hdf5", "hdf5-serial"].iter().find_map(|name| output_of("pkg-config", &["--modversion", name]));
    match (ffmpeg, hdf5) {
        (Some(ffmpeg), Some(hdf5)) => Ok(Versions { ffmpeg, hdf5: hdf5.trim().to_owned() }),
        _ => Err(Failure::new(
            "the versions of ffmpeg and libhdf5 are unknown",
            "`cargo xtask setup` looks for both",
        )),
    }
}

impl Versions {
    /// Reads what [`Versions`] prints.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(Failure::of("versions", "`cargo xtask report --quick` writes them"))?;
        let field = |name: &str| value[name].as_str().map(str::to_owned);
        match (field("ffmpeg"), field("hdf5")) {
            (Some(ffmpeg), Some(hdf5)) => Ok(Self { ffmpeg, hdf5 }),
            _ => Err(Failure::new(
                "versions: ffmpeg or hdf5 is missing",
                "`cargo xtask report --quick` writes both",
            )),
        }
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:#}", json!({ "ffmpeg": self.ffmpeg, "hdf5": self.hdf5 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back() {
        let versions = Versions { ffmpeg: "5.1.9-0+deb12u1".into(), hdf5: "1.10.8".into() };
        assert_eq!(Versions::parse(&versions.to_string()).unwrap(), versions);
        assert!(Versions::parse("{}").is_err() && Versions::parse("{").is_err());
    }
}
