//! The words of `synth`.

use std::path::PathBuf;

use clap::Args;
use stack_core::synthetic::KINDS;

/// Kinds and options of synthetic stacks, as the help lists them.
fn synthetic_kinds() -> String {
    let mut text = String::from("SPEC is KIND[:OPTION=VALUE,...]. Kinds:\n");
    let mut meanings: Vec<(&str, &str)> = Vec::new();
    for kind in KINDS {
        let options: Vec<&str> = kind.options.iter().map(|option| option.name).collect();
        text +=
            &format!("  {:15} {}\n  {:15} options: {}\n", kind.name, kind.summary, "", options.join(", "));
        for option in kind.options {
            if !meanings.iter().any(|(name, _)| *name == option.name) {
                meanings.push((option.name, option.meaning));
            }
        }
    }
    text += "\nOptions:\n";
    for (name, meaning) in meanings {
        text += &format!("  {name:15} {meaning}\n");
    }
    text + "\nExample: stackpress synth texture:frames=200,size=128x128,type=u16,seed=7 -o texture.npy"
}

#[derive(Debug, Args)]
#[command(after_help = synthetic_kinds())]
pub(crate) struct SynthWords {
    /// What to make; see the kinds below
    #[arg(value_name = "SPEC", default_value = "reference")]
    pub(crate) spec: String,
    /// .npy or .tif file, or folder of pictures
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
}
