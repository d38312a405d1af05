//! One file a command.

pub(crate) mod completions;
pub(crate) mod compress;
pub(crate) mod decompress;
pub(crate) mod frame;
pub(crate) mod group;
pub(crate) mod info;
pub(crate) mod man;
pub(crate) mod measure;
pub(crate) mod methods;
pub(crate) mod report;
pub(crate) mod size;
pub(crate) mod stages;
pub(crate) mod synth;
pub(crate) mod verify;
