//! Measurements of compression methods: pages and tables to read, CSV for spreadsheets, JSON for programs; and the
//! charts and pictures in them.
//!
//! ```text
//!                      .-> markdown()  results.md     rows sorted, numbers rounded for reading
//! [Measurement, ...] --+-> csv()       results.csv    every number as it was measured
//!                      +-> json()      results.json   the same, and the errors of every frame
//!                      +-> html()      report.html    charts, pictures and a table that sorts, in one page
//!                      '-> sizes()     README         what is the same on every machine
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`order`] | which rows stand together, and in which order |
//! | [`mod@markdown`] | the tables of a report |
//! | [`mod@sizes`] | a short table without times |
//! | [`mod@first_source`] | the rows of the script that this project began with, beside what it says of them |
//! | [`mod@csv`] | comma-separated values after RFC 4180 |
//! | [`mod@json`] | an array, one measurement on a line |
//! | [`mod@html`] | one self-contained page |
//! | [`charts`], [`settings`] | what is drawn of a stack's measurements; which methods a line joins |
//! | [`frame_pictures`] | frames, decoded copies and their differences as pictures |
//! | [`comparison`], [`components`] | sheets of them, errors over frames, differences; eigenimages and what they explain |
//! | [`plot`] | charts and pictures as SVG and PNG, for any program |
//! | [`numbers`], [`escape`] | how numbers and words are written |
//!
//! A row says what the method promised and what was measured, side by side: nothing here believes a method. This
//! crate does no I/O and measures nothing; [`stack_methods::Measurement`] says how each figure was taken.
//!
//! # Quick start
//! ```
//! use stack_methods::{Measurement, Outcome};
//!
//! let rows = [Measurement {
//!     method: "video:ffv1".into(),
//!     dataset: "cells/".into(),
//!     stack: "50 frames of 500 x 500, f32".into(),
//!     raw_bytes: 50_000_000,
//!     samples: 12_500_000,
//!     disk_bytes_before: Some(31_000_000),
//!     outcome: Outcome::NotRun { reason: "FFV1 has no float samples".into() },
//! }];
//! let page = stack_report::markdown(&rows, "stackpress 0.1.0, 2 cores");
//! assert!(page.contains("## cells/\n"));
//! assert!(page.contains("| `video:ffv1` | | not run: FFV1 has no float samples |"));
//! assert_eq!(stack_report::from_json(&stack_report::json(&rows)).unwrap(), rows);
//! ```

#![forbid(unsafe_code)]

pub mod charts;
pub mod comparison;
pub mod components;
pub mod csv;
pub mod escape;
pub mod first_source;
pub mod frame_pictures;
pub mod html;
pub mod json;
pub mod markdown;
pub mod numbers;
pub mod order;
pub mod plot;
pub mod settings;
pub mod sizes;

pub use csv::csv;
pub use first_source::first_source;
pub use frame_pictures::FramePictures;
pub use html::html;
pub use json::{from_json, json};
pub use markdown::markdown;
pub use sizes::sizes;
