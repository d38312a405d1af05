//! Codecs for stacks, composed of predictors and entropy coders.

#![forbid(unsafe_code)]
