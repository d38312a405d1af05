//! Charts and pictures, as SVG text and as PNG bytes that are the same on every machine.
//!
//! ```text
//! Bars, XyChart, Histogram --draw()--.                .-> to_svg(), to_inline_svg()
//!                                     >-- Drawing ---<
//! Picture (grey, signed, RGB) --with_colour_bar()--'  '-> to_png()
//!      '-- png()
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`drawing`] | lines, areas, text and pictures on a plane: what all charts are made of |
//! | [`ticks`] | round numbers along an axis: 1-2-5 steps, powers of ten |
//! | [`axis`] | from values to places |
//! | [`bars`] | horizontal bars |
//! | [`xy`] | points and lines, each axis linear or logarithmic |
//! | [`histogram`] | counts of values between edges |
//! | [`labels`] | names beside points, where they hide nothing |
//! | [`picture`] | samples to pixels: grey, signed differences, RGB; a colour bar beside them |
//! | [`theme`] | the colours, on light and on dark ground |
//! | [`font`] | the embedded font: widths and outlines |
//!
//! Coordinates are in pixels, y downwards. Nothing here reads a file, a font of the system, or the clock.
//!
//! ```
//! use stack_report::plot::{Axis, Series, Theme, XyChart};
//! let chart = XyChart {
//!     title: "Size against error".into(),
//!     x: Axis::logarithmic("largest error (sample values)"),
//!     y: Axis::logarithmic("ratio"),
//!     series: vec![Series::points("video", [(0.5, 12.0), (3.0, 40.0)])],
//!     ..XyChart::default()
//! };
//! let drawing = chart.draw();
//! assert!(drawing.to_svg().starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
//! assert_eq!(&drawing.to_png(Theme::Light, 2.0)[1..4], b"PNG");
//! ```

pub mod axis;
pub mod bars;
mod colour_bar;
pub mod drawing;
mod encode;
pub mod font;
mod frame;
pub mod histogram;
pub mod labels;
pub mod picture;
mod raster;
mod svg;
pub mod theme;
pub mod ticks;
pub mod xy;

pub use axis::{Axis, Scale};
pub use bars::{Bar, Bars};
pub use drawing::Drawing;
pub use histogram::Histogram;
pub use picture::{Picture, Range};
pub use svg::style;
pub use theme::{Paint, Theme};
pub use xy::{Form, Point, Series, XyChart};
