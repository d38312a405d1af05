//! The list of methods. Help texts, reports, benches and the test of every method loop over it.

use stack_core::{Error, Result};

use crate::order::{self, Arranging, Order, ordered};
use crate::{Method, MethodSpec};

/// A method as it stands in the list.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo {
    /// Its specification in canonical form.
    pub spec: &'static str,
    /// Other names, as people of the sources know them.
    pub aliases: &'static [&'static str],
    /// What it does, in one line.
    pub summary: &'static str,
}

/// A family of methods, and how one is made from a specification.
struct Family {
    name: &'static str,
    build: fn(&MethodSpec) -> Result<Box<dyn Method>>,
}

static FAMILIES: &[Family] = &[
    #[cfg(feature = "hdf5")]
    Family { name: crate::hdf5::FAMILY, build: crate::hdf5::build },
    #[cfg(feature = "hdf5")]
    Family { name: crate::hdf5diff::FAMILY, build: crate::hdf5diff::build },
    #[cfg(feature = "hdf5")]
    Family { name: crate::piles::FAMILY, build: crate::piles::build },
    #[cfg(feature = "hdf5")]
    Family { name: crate::pca::FAMILY, build: crate::pca::build },
    #[cfg(feature = "video")]
    Family { name: crate::video::FAMILY, build: crate::video::build },
];

/// Every method of this build, in the order in which reports are run.
pub static METHODS: &[MethodInfo] = &[
    #[cfg(feature = "hdf5")]
    MethodInfo { spec: "hdf5", aliases: &[], summary: "plain HDF5, nothing compressed" },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:gzip=9",
        aliases: &["hdf5gz"],
        summary: "gzip, the filter every HDF5 library has",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:shuffle,gzip=9",
        aliases: &["hdf5gzshuffle"],
        summary: "bytes sorted by significance, then gzip",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:shuffle,zstd=9",
        aliases: &[],
        summary: "bytes sorted by significance, then Zstandard",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:bitshuffle,lz4",
        aliases: &[],
        summary: "bits sorted by significance, then LZ4: the fastest that compresses",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:bitshuffle,zstd=3",
        aliases: &["hdf5:bitshuffle,zstd"],
        summary: "bits sorted by significance, then Zstandard: the default",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5:bitshuffle,zstd=19",
        aliases: &[],
        summary: "the same with Zstandard at level 19: smaller and slow",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "hdf5diff:shuffle,gzip=9",
        aliases: &["hdf5diff"],
        summary: "distance to the nearer of each pixel's lowest and highest value, then gzip",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "piles:shuffle,gzip=9",
        aliases: &["piles", "group"],
        summary: "piles of frames that look alike, each frame as its difference to its pile's mean, then gzip",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "pca:components=20",
        aliases: &["pca", "pcaselfcut"],
        summary: "mean frame, 20 principal components, 20 numbers a frame; lossy",
    },
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "pca:components=20,residual=lossless",
        aliases: &[],
        summary: "20 principal components, and what they leave over by an arithmetic coder",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:mp4",
        aliases: &["mp4"],
        summary: "MPEG-4 as the first source had it; lossy, 8 bits",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-fast",
        aliases: &["x264-fast"],
        summary: "H.264, crf 0, ultrafast; 16 bits become 10, and those are lossy",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-slow",
        aliases: &["x264-slow"],
        summary: "H.264, crf 0, veryslow; 16 bits become 10, and those are lossy",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-interm",
        aliases: &["x264-interm"],
        summary: "H.264, crf 18, veryfast; lossy",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-lossless",
        aliases: &["x264-lossless"],
        summary: "H.264 at quantiser 0; 8-bit gray and RGB, gray up to 10 bits",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-lossless,planes=2",
        aliases: &[],
        summary: "the same for 16-bit gray: one track of high and one of low bytes",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x265-lossless",
        aliases: &["x265-lossless"],
        summary: "H.265, every frame a key frame; gray and RGB up to 12 bits",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:ffv1",
        aliases: &["ffv1"],
        summary: "FFV1 version 3, the lossless codec of archives",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:jpegxl-lossless",
        aliases: &["jpegxl-lossless"],
        summary: "JPEG XL frame by frame; 8 and 16 bits, 1 to 4 channels; players do not show it",
    },
];

/// Methods of the list with an order, as the first source has them. Reports run them too.
pub static GROUPED: &[MethodInfo] = &[
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:mp4,order=hash",
        aliases: &[],
        summary: "video mp4 with the frames in the order of their hashes: the first source's groupvideo:mp4",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-fast,order=hash",
        aliases: &[],
        summary: "the same with x264-fast: groupvideo:x264-fast",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-slow,order=hash",
        aliases: &[],
        summary: "the same with x264-slow: groupvideo:x264-slow",
    },
    #[cfg(feature = "video")]
    MethodInfo {
        spec: "video:x264-interm,order=hash",
        aliases: &[],
        summary: "the same with x264-interm: groupvideo:x264-interm",
    },
];

/// Methods with a name of their own that reports leave out, because they take long and store more than the stack.
pub static UNREPORTED: &[MethodInfo] = &[
    #[cfg(feature = "hdf5")]
    MethodInfo {
        spec: "pca:components=all",
        aliases: &["pcaself"],
        summary: "pca with all components, as the first source writes it too: larger than the stack, and slow",
    },
];

/// The method that `compress` uses when none is named: exact for every type, readable by other programs.
pub const DEFAULT_METHOD: &str = "hdf5:bitshuffle,zstd";

/// Makes a method from the words of a user: a specification, an alias, or `video x264-slow` with a space.
///
/// # Errors
/// [`Error::Parameter`] for a specification that is malformed, unknown, or has unknown options.
///
/// ```
/// # #[cfg(feature = "hdf5")] {
/// assert_eq!(stack_methods::method("hdf5gzshuffle")?.spec().to_string(), "hdf5:shuffle,gzip=9");
/// # }
/// # Ok::<(), stack_core::Error>(())
/// ```
pub fn method(words: &str) -> Result<Box<dyn Method>> {
    let known =
        METHODS.iter().chain(UNREPORTED).find(|info| info.spec == words || info.aliases.contains(&words));
    let words = words.trim();
    let text = match known {
        Some(info) => info.spec.to_owned(),
        None if words.contains(':') => words.to_owned(),
        None => words.replacen(' ', ":", 1),
    };
    // The first source's word for video in the order of hashes.
    match text.strip_prefix("groupvideo:") {
        Some(codec) => from_spec(&format!("video:{codec},order=hash").parse()?),
        None => from_spec(&text.parse()?),
    }
}

/// Makes a method from a specification.
///
/// # Errors
/// [`Error::Parameter`] for an unknown family or unknown options.
pub fn from_spec(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    let family = FAMILIES.iter().find(|family| family.name == spec.family()).ok_or_else(|| {
        let names: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
        let known = if names.is_empty() { "no methods".to_owned() } else { names.join(", ") };
        Error::parameter(
            format!("method \"{spec}\""),
            format!("there is no family of methods called {:?}", spec.family()),
            format!("this build has {known}; `stackpress methods` lists them"),
        )
    })?;
    let whole = spec;
    let (spec, order) = spec.without_option(order::OPTION);
    let (spec, duplicates) = spec.without_option(order::DUPLICATES.0);
    let mut method = (family.build)(&spec)?;
    match duplicates.as_ref().map(|value| value.as_deref()) {
        None => {}
        Some(Some(value)) if value == order::DUPLICATES.1 => {
            method = Box::new(Arranging { method, order: Order::None, keeps_duplicates: true });
        }
        Some(_) => {
            return Err(Error::parameter(
                format!("method \"{whole}\""),
                "equal frames are stored once, or kept",
                "write duplicates=keep, or leave it out",
            ));
        }
    }
    match order.map(|value| value.as_deref().unwrap_or_default().parse()) {
        None => Ok(method),
        Some(Ok(order)) => ordered(method, order),
        Some(Err(())) => Err(Error::parameter(
            format!("method \"{whole}\""),
            "there is no such order",
            "write order=none, order=hash, order=nearest or order=auto",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_prints_the_specification_it_is_listed_with() {
        for info in METHODS.iter().chain(GROUPED).chain(UNREPORTED) {
            assert_eq!(method(info.spec).unwrap().spec().to_string(), info.spec);
            for alias in info.aliases {
                assert_eq!(method(alias).unwrap().spec().to_string(), info.spec, "{alias}");
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = METHODS
            .iter()
            .chain(GROUPED)
            .flat_map(|info| info.aliases.iter().chain([&info.spec]))
            .copied()
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn unknown_methods_are_refused() {
        for words in
            ["zip", "hdf5:lzma", "hdf5:gzip=10", "hdf5:gzip,shuffle", "video:x266", "hdf5:chunk-frames=0"]
        {
            assert!(method(words).is_err(), "{words}");
        }
    }

    #[test]
    #[cfg(feature = "video")]
    fn the_words_of_the_first_source_work() {
        for (words, spec) in [
            ("video x264-slow", "video:x264-slow"),
            ("groupvideo mp4", "video:mp4,order=hash"),
            ("groupvideo:x264-fast", "video:x264-fast,order=hash"),
        ] {
            assert_eq!(method(words).unwrap().spec().to_string(), spec);
        }
    }

    #[test]
    #[cfg(feature = "hdf5")]
    fn every_method_has_an_order() {
        assert_eq!(method("hdf5:order=hash,gzip=9").unwrap().spec().to_string(), "hdf5:gzip=9,order=hash");
        assert_eq!(method("hdf5:order=none").unwrap().spec().to_string(), "hdf5");
        let both = method("hdf5:duplicates=keep,order=hash,gzip=9").unwrap();
        assert_eq!(both.spec().to_string(), "hdf5:gzip=9,order=hash,duplicates=keep");
        assert_eq!(method("hdf5:duplicates=keep").unwrap().spec().to_string(), "hdf5:duplicates=keep");
        for words in ["hdf5:order=best", "hdf5:order", "hdf5:order=hash,order=none", "hdf5:duplicates=drop"] {
            assert!(method(words).is_err(), "{words}");
        }
        let twice = ordered(method("hdf5:order=hash").unwrap(), Order::Nearest);
        assert!(twice.is_err_and(|error| error.to_string().contains("has an order already")));
    }
}
