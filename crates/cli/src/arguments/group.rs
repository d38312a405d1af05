//! The words of `group`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::InputWords;

/// Shown below the options of `group`.
const GROUP_EXAMPLES: &str = "\
Examples:
  stackpress group photos/                                 pictures of any sizes: equal ones, and near duplicates
  stackpress group photos/ more/ --sheet look/             both folders as one set; a picture of each group in look/
  stackpress group film.npy --sheet groups.png             frames of a stack; all groups in one picture
  stackpress group photos/ --distance 0.01 --json          only what is very much alike

Equal: same size, type and samples. Near duplicates: 16 x 16 means of areas, less their mean and divided by their
standard deviation, of one as it is, mirrored, or turned by quarters. Distance: one minus their correlation. Turns by
other angles and parts of pictures are not found; pictures without contrast are near duplicates of none.";

#[derive(Debug, Args)]
#[command(after_help = GROUP_EXAMPLES)]
pub(crate) struct GroupWords {
    /// Folders, patterns and files of pictures, which may differ in size and type; of a stack, every frame is a picture
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<OsString>,
    /// Largest distance of near duplicates: 0 is alike, 1 unrelated
    #[arg(long, value_name = "D", default_value_t)]
    pub(crate) distance: LookDistance,
    /// Draw the pictures of every group: into a file ending in .png, or one file a group into a folder
    #[arg(long, value_name = "DIR|FILE.png")]
    pub(crate) sheet: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputWords,
}

/// A distance of looks, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LookDistance(f32);

impl LookDistance {
    pub(crate) fn get(self) -> f32 {
        self.0
    }
}

impl Default for LookDistance {
    fn default() -> Self {
        Self(stack_grouping::near_duplicates::DISTANCE)
    }
}

impl std::fmt::Display for LookDistance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LookDistance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(distance) if (0.0..=1.0).contains(&distance) => Ok(Self(distance)),
            _ => Err(format!("{text:?} is not a number from 0 to 1")),
        }
    }
}
