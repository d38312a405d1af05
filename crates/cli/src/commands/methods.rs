//! `stackpress methods`: what there is, and whether it runs here.

use std::process::ExitCode;

use serde::Serialize;
use stack_core::Error;
use stack_methods::{GROUPED, METHODS, UNREPORTED};

use crate::arguments::Global;
use crate::{exit, screen};

/// A method of the list, with what is missing to run it here.
#[derive(Serialize)]
struct Listed {
    spec: &'static str,
    aliases: &'static [&'static str],
    summary: &'static str,
    default: bool,
    missing: Option<String>,
}

pub(crate) fn run(global: &Global) -> ExitCode {
    match listed() {
        Ok(listed) => {
            if global.json {
                screen::print_json(&listed);
            } else {
                print(&listed);
            }
            ExitCode::SUCCESS
        }
        Err(error) => exit::report(&error),
    }
}

fn listed() -> Result<Vec<Listed>, Error> {
    let default =
        stack_methods::method(stack_methods::DEFAULT_METHOD).map(|method| method.spec().to_string());
    METHODS
        .iter()
        .chain(GROUPED)
        .chain(UNREPORTED)
        .map(|info| {
            let method = stack_methods::method(info.spec)?;
            Ok(Listed {
                spec: info.spec,
                aliases: info.aliases,
                summary: info.summary,
                default: default.as_deref().is_ok_and(|default| default == info.spec),
                missing: method.available().err().map(|error| error.to_string()),
            })
        })
        .collect()
}

fn print(listed: &[Listed]) {
    if listed.is_empty() {
        screen::print("this build of stackpress has no methods: build it with the features hdf5 and video");
        return;
    }
    let width = listed.iter().map(|method| method.spec.len()).max().unwrap_or(0);
    for method in listed {
        let star = if method.default { "*" } else { " " };
        screen::print(format!("{star} {:width$}  {}", method.spec, method.summary));
        if !method.aliases.is_empty() {
            screen::print(format!("  {:width$}  also called {}", "", method.aliases.join(", ")));
        }
        if let Some(missing) = &method.missing {
            screen::print(format!("  {:width$}  cannot run here: {missing}", ""));
        }
    }
    screen::print(
        "\n* is the default. Options, in the order in which they are written, as in -m hdf5:shuffle,gzip=6,order=auto:\n  \
         hdf5, hdf5diff  shuffle or bitshuffle; gzip=0..9, zstd=1..22 or lz4; fletcher32; chunk-frames=N\n  \
         piles           by=nearest; difference=none; those of hdf5\n  \
         pca             components=N, components=all or energy=SHARE; residual=lossless or residual=E\n  \
         video           planes=2 (16 bits as two tracks of bytes); gop=N (a key frame every N)\n  \
         all             order=hash, order=nearest or order=auto (similar frames side by side; they come back in\n  \
         \x20               their own order); duplicates=keep (equal frames are each stored, so that a video plays in full)",
    );
}
