//! A small chart, letter for letter and pixel for pixel.

use stack_report::plot::{Axis, Bar, Bars, Drawing, Form, Picture, Point, Range, Series, Theme, XyChart};

fn chart() -> XyChart {
    let point = |x, y, label: &str| Point { x, y, label: label.into() };
    XyChart {
        title: "Ratio <1>".into(),
        description: "Two & more".into(),
        x: Axis::logarithmic("error (\"K\")"),
        y: Axis::linear("ratio"),
        zero_lane: "exact".into(),
        series: vec![
            Series { name: "a".into(), points: vec![point(0.0, 2.0, "a:1")], ..Series::default() },
            Series {
                name: "b".into(),
                index: 1,
                form: Form::LinesAndPoints,
                points: vec![point(1.0, 4.0, "b:1"), point(f64::NAN, 5.0, ""), point(100.0, 8.0, "b:2")],
            },
        ],
    }
}

#[test]
fn svg_text() {
    let svg = chart().draw().to_svg();
    let (head, rest) = svg.split_once("<style>").unwrap();
    assert_eq!(
        head,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" width=\"500\" height=\"372\" \
         viewBox=\"0 0 500 372\" role=\"img\">\n<title>Ratio &lt;1&gt;</title>\n<desc>Two &amp; more</desc>\n"
    );
    let body = rest.split_once("</style>\n").unwrap().1;
    let golden = include_str!("golden/chart.svg");
    let golden = golden.split_once("</style>\n").unwrap().1;
    for (number, (line, wanted)) in body.lines().zip(golden.lines()).enumerate() {
        assert_eq!(line, wanted, "line {number} of the body");
    }
    assert_eq!(body.lines().count(), golden.lines().count());
}

#[test]
fn pixels() {
    for (theme, golden) in [
        (Theme::Light, &include_bytes!("golden/chart-light.png")[..]),
        (Theme::Dark, &include_bytes!("golden/chart-dark.png")[..]),
    ] {
        assert!(pixels_of(&chart().draw().to_png(theme, 1.0)) == pixels_of(golden), "{theme:?}");
    }
}

/// The pixels of a PNG file. Its bytes may differ: which Deflate packs them depends on the features of the build.
fn pixels_of(file: &[u8]) -> (png::OutputInfo, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info, pixels)
}

#[test]
fn charts_without_data_and_with_odd_data_are_drawn() {
    let empty = XyChart::default().draw();
    assert!(empty.to_svg().ends_with("</svg>\n"));
    let bars = Bars {
        bars: [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e-300]
            .into_iter()
            .map(|value| Bar { label: "x".repeat(200), value, note: "n".into(), index: 9 })
            .collect(),
        reference: Some((f64::MAX, "far".into())),
        ..Bars::default()
    };
    let svg = bars.draw().to_svg();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert!(!Bars::default().draw().to_png(Theme::Dark, f64::NAN).is_empty());
    let wild =
        Series::points("", [(1e-300, -f64::MAX), (1e300, f64::MAX), (f64::INFINITY, 1.0), (-1.0, 1.0)]);
    let wild = XyChart { x: Axis::logarithmic(""), series: vec![wild], ..XyChart::default() }.draw().to_svg();
    assert!(!wild.contains("NaN") && !wild.contains("inf"), "{wild}");
}

#[test]
fn the_last_step_is_as_wide_as_its_values() {
    let steps = Series { form: Form::Steps, ..Series::points("", [(1.0, 5.0), (8.0, 3.0), (16.0, 0.0)]) };
    let chart = XyChart {
        x: Axis::logarithmic(""),
        y: Axis::logarithmic(""),
        series: vec![steps],
        ..XyChart::default()
    };
    let svg = chart.draw().to_svg();
    let line = svg.lines().find(|line| line.contains("class=\"s-0\"")).unwrap();
    let across: Vec<f64> =
        line.split(['M', 'L']).filter_map(|place| place.split_once(' ')?.0.parse().ok()).collect();
    // Two edges each; an octave is a third of the way from 1 to 8.
    assert_eq!(across.len(), 6, "{line}");
    let octave = (across[2] - across[0]) / 3.0;
    assert!((across[4] - across[2] - octave).abs() < 0.05, "{across:?}");
}

#[test]
fn a_colour_bar_names_both_ends() {
    let plane = [-4703.0, 12.0, 4.0, 3.0];
    let picture = Picture::signed(&plane, 2, Range::around_zero(&plane)).with_colour_bar("d", "K", 250.0);
    let svg = picture.to_svg();
    for text in [">4703<", ">−4703<", ">0<", ">2000<", ">K<", "<desc>Colours from −4703 to 4703 K</desc>"]
    {
        assert!(svg.contains(text), "{text}");
    }
    let flat = Picture::grey(&[7.0; 4], 2, Range::of(&[7.0])).with_colour_bar("", "", 100.0).to_svg();
    assert_eq!(flat.matches("<text").count(), 1);
}

#[test]
fn a_drawing_with_a_photograph_keeps_its_colours() {
    let colours: Vec<f64> = (0..64 * 64).flat_map(|i| [f64::from(i % 64), f64::from(i / 64), 31.0]).collect();
    let picture = Picture::rgb_of(&colours, 64, Range { low: 0.0, high: 63.0 });
    let mut drawing = Drawing::new(64.0, 64.0, "colours", "");
    drawing.picture((0.0, 0.0), (64.0, 64.0), picture.clone());
    let (info, pixels) = pixels_of(&drawing.to_png(Theme::Light, 1.0));
    assert_eq!(info.color_type, png::ColorType::Rgb);
    assert!(pixels == picture.rgb());
}
