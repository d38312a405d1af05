//! Writes one chart of each kind, as SVG and PNG, into a folder: `cargo run -p stack-report --example charts FOLDER`.

use std::path::Path;

use stack_report::plot::{
    Axis, Bar, Bars, Drawing, Form, Histogram, Picture, Point, Range, Scale, Series, Theme, XyChart,
};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/charts".into());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, drawing) in [
        ("bars", bars()),
        ("points", points()),
        ("steps", steps()),
        ("histogram", histogram()),
        ("picture", picture()),
    ] {
        std::fs::write(folder.join(name).with_extension("svg"), drawing.to_svg())?;
        std::fs::write(folder.join(name).with_extension("png"), drawing.to_png(Theme::Light, 2.0))?;
        std::fs::write(folder.join(format!("{name}-dark.png")), drawing.to_png(Theme::Dark, 2.0))?;
    }
    Ok(())
}

fn bars() -> Drawing {
    let sizes = [("video:mp4", 1.4, 1), ("video:x264-slow", 10.27, 1), ("hdf5:shuffle,zstd=9", 33.9, 0)];
    Bars {
        title: "Stored bytes".into(),
        axis: "stored size (MB)".into(),
        bars: sizes
            .into_iter()
            .map(|(label, value, index)| Bar {
                label: label.into(),
                value,
                note: format!("{value} MB"),
                index,
            })
            .collect(),
        reference: Some((46.0, "on disk before".into())),
        legend: vec![(0, "bit-exact".into()), (1, "lossy".into())],
        ..Bars::default()
    }
    .draw()
}

fn points() -> Drawing {
    let series = |name: &str, index, form, points: &[(f64, f64, &str)]| Series {
        name: name.into(),
        index,
        form,
        points: points.iter().map(|(x, y, label)| Point { x: *x, y: *y, label: (*label).into() }).collect(),
    };
    XyChart {
        title: "Ratio against largest error".into(),
        x: Axis::logarithmic("largest error (sample values)"),
        y: Axis::logarithmic("ratio"),
        zero_lane: "bit-exact".into(),
        series: vec![
            series(
                "hdf5",
                0,
                Form::Points,
                &[
                    (0.0, 6.17, "hdf5:shuffle,zstd=9"),
                    (0.0, 4.46, "hdf5:shuffle,gzip=9"),
                    (0.0, 3.34, "hdf5:bitshuffle,zstd=19"),
                    (0.0, 3.04, "hdf5:bitshuffle,zstd=3"),
                    (0.0, 2.59, "hdf5:gzip=9"),
                    (0.0, 2.24, "hdf5:bitshuffle,lz4"),
                    (0.0, 1.0, "hdf5"),
                ],
            ),
            series(
                "video",
                1,
                Form::LinesAndPoints,
                &[
                    (133.0, 9.81, "video:x264-fast"),
                    (257.0, 20.36, "video:x264-slow"),
                    (1887.0, 133.0, "video:x264-interm"),
                    (3239.0, 148.9, "video:mp4"),
                ],
            ),
            series("lossless video", 2, Form::Points, &[(0.0, 4.82, "video:ffv1")]),
        ],
        ..XyChart::default()
    }
    .draw()
}

fn steps() -> Drawing {
    let counts = [1e6, 3e5, 1e5, 2e4, 3e3, 40.0, 0.0, 1.0, 0.0];
    let series = (0..10_usize).map(|index| Series {
        name: format!("method {index}"),
        index,
        form: if index < 2 { Form::Steps } else { Form::Lines },
        points: counts
            .iter()
            .enumerate()
            .map(|(bin, count)| Point {
                x: (1_u32 << bin).into(),
                y: count / (index + 1) as f64,
                ..Point::default()
            })
            .collect(),
    });
    XyChart {
        title: "How many samples have which error".into(),
        x: Axis::logarithmic("absolute error (sample values)"),
        y: Axis::logarithmic("samples"),
        series: series.collect(),
        ..XyChart::default()
    }
    .draw()
}

fn histogram() -> Drawing {
    let counts: Vec<u64> = (0..64_u64).map(|bin| 3_u64.pow(((bin * 7) % 13) as u32)).collect();
    Histogram {
        title: "Temperature".into(),
        x: Axis::linear("temperature (K)"),
        edges: (0..=64).map(|edge| 190.0 + 2.0 * f64::from(edge)).collect(),
        counts,
        counts_scale: Scale::Logarithmic,
        ..Histogram::default()
    }
    .draw()
}

fn picture() -> Drawing {
    let plane: Vec<f64> = (0..64 * 48)
        .map(|index| {
            let (x, y) = (f64::from(index % 64) - 32.0, f64::from(index / 64) - 24.0);
            x * y / 10.0
        })
        .collect();
    Picture::signed(&plane, 64, Range::around_zero(&plane)).with_colour_bar(
        "decoded − original",
        "sample values",
        260.0,
    )
}
