//! The page of a report as text: what is in it, and that names from outside stay words.

#[path = "rows/mod.rs"]
mod rows;

use std::sync::LazyLock;

use stack_methods::Measurement;
use stack_report::html::{Page, file_words};
use stack_report::order::groups;
use stack_report::{charts::charts, html};

fn made() -> Page {
    html(&rows::hostile(), &rows::pictures(), "machine <1>")
}

/// Made once for all tests.
fn page() -> &'static Page {
    static PAGE: LazyLock<Page> = LazyLock::new(made);
    &PAGE
}

/// The names of all elements, with their attributes' names.
fn elements(html: &str) -> Vec<(String, Vec<String>)> {
    // The script and the style sheet are ours and hold no elements.
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(begin) = rest.find('<') {
        rest = &rest[begin + 1..];
        let mut quote = None;
        let end = rest
            .char_indices()
            .find(|(_, character)| {
                match quote {
                    Some(open) if open == *character => quote = None,
                    None if ['"', '\''].contains(character) => quote = Some(*character),
                    _ => {}
                }
                quote.is_none() && *character == '>'
            })
            .map_or(rest.len(), |(index, _)| index);
        let element = &rest[..end];
        rest = &rest[end..];
        let name = element.split([' ', '/']).next().unwrap_or_default().to_owned();
        let attributes = element
            .split('"')
            .step_by(2)
            .filter_map(|part| part.trim().strip_suffix('='))
            .map(|part| part.split_whitespace().last().unwrap_or_default().to_owned());
        found.push((name.clone(), attributes.collect()));
        for raw in ["script", "style"] {
            if name == raw {
                let close = rest.find(&format!("</{raw}>")).expect("the element is closed");
                rest = &rest[close + 2..];
            }
        }
    }
    found
}

#[test]
fn hostile_names_add_no_element_and_no_attribute() {
    let page = page();
    let elements = elements(&page.html);
    let count = |name: &str| elements.iter().filter(|element| element.0 == name).count();
    assert_eq!((count("script"), count("img"), count("h1"), count("table")), (1, 0, 1, 1));
    assert!(count("tr") > 20 && count("svg") > 8);
    for (name, attributes) in &elements {
        for attribute in attributes {
            assert!(!attribute.starts_with("on"), "{name} has {attribute}");
        }
    }
    assert!(
        page.html.contains("&lt;/h2&gt;&lt;script&gt;window.hacked = 1&lt;/script&gt;&quot;&#39; onclick")
    );
    for plot in &page.plots {
        assert!(
            plot.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}",
            plot.name
        );
        let svg = plot.svg.as_deref().unwrap_or("<svg>");
        assert!(!svg.contains("<script") && !svg.contains("<img"), "{}", plot.name);
    }
    let names: std::collections::BTreeSet<&str> = page.plots.iter().map(|plot| plot.name.as_str()).collect();
    assert_eq!(names.len(), page.plots.len());
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = page();
    for (index, _) in page.html.match_indices("url(").chain(page.html.match_indices("src=\"")) {
        assert!(page.html[index..].contains("(data:"), "{}", &page.html[index..index + 40]);
    }
    for (index, _) in page.html.match_indices("href=\"") {
        let target = &page.html[index + 6..index + 46];
        let ours = ["#stack-", "plots/", "data:image/png;base64,"];
        assert!(ours.iter().any(|begin| target.starts_with(begin)), "{target}");
    }
    assert_eq!(page.html.matches("http").count(), 0, "not even the address of a name space");
    // What the links lead to is there.
    for (index, _) in page.html.match_indices("href=\"plots/") {
        let file = page.html[index + 12..].split('"').next().unwrap();
        let (name, extension) = file.rsplit_once('.').unwrap();
        let plot = page.plots.iter().find(|plot| plot.name == name).expect(file);
        assert!(extension == "png" || plot.svg.is_some(), "{file}");
    }
}

#[test]
fn rows_stand_smallest_first_and_carry_what_they_are_sorted_by() {
    let page = page();
    let bytes: Vec<u64> = page
        .html
        .split("<tr><th scope=\"row\"")
        .skip(1)
        .map(|row| row.split("data-value=\"").nth(4).unwrap().split('"').next().unwrap())
        .map(|value| value.parse::<f64>().unwrap() as u64)
        .collect();
    assert_eq!(bytes.len(), 22);
    assert!(bytes.is_sorted(), "{bytes:?}");
    // Names are headers of their rows; every cell says what it is sorted by.
    assert_eq!(
        page.html.matches("<td").count(),
        page.html.matches("<td data-value=").count()
            + page.html.matches("<td class=\"text\" data-value=").count()
            + page.html.matches("<td class=\"text wrap\" data-value=").count()
    );
}

#[test]
fn methods_without_figures_are_told_with_their_reason() {
    let html = &page().html;
    assert!(html.contains("Not run:</span> <code>video:ffv1</code> — &lt;script&gt;"));
    assert!(html.contains(
        "<span class=\"broken\">Failed:</span> <code>crash</code> — out of memory &amp; &#39;more&#39;"
    ));
}

#[test]
fn every_chart_that_has_data_is_drawn() {
    let rows = rows::hostile();
    let all: Vec<&str> = charts(&groups(&rows)[0]).iter().map(|chart| chart.name).collect();
    assert_eq!(all, ["sizes", "error", "rate", "speed", "histogram", "largest", "rmse"]);
    let exact: Vec<_> = rows.into_iter().filter(|row| row.method == "hdf5:gzip=9").collect();
    let few: Vec<&str> = charts(&groups(&exact)[0]).iter().map(|chart| chart.name).collect();
    assert_eq!(few, ["sizes"]);
}

#[test]
fn the_same_rows_make_the_same_page_and_plots() {
    assert!(made() == *page());
}

#[test]
fn names_of_files_are_plain() {
    for (name, words) in [("", "stack"), ("../..", "stack"), ("Ä", "stack"), ("a/b.npz:x", "a-b-npz-x")] {
        assert_eq!(file_words(name), words);
    }
    assert!(file_words(&"long ".repeat(100)).len() <= 60);
}

/// A measured row of the reference stack.
fn measured(method: &str, sample: &str, like: &Measurement) -> Measurement {
    Measurement {
        method: method.into(),
        dataset: format!("reference_{sample}.npy"),
        stack: format!("1728 frames of 201 x 301, {sample}"),
        ..like.clone()
    }
}

#[test]
fn claims_stand_beside_what_was_measured() {
    let made = rows::hostile();
    let exact = made.iter().find(|row| row.figures().is_some_and(|f| f.errors.bit_exact())).unwrap();
    let lossy = made.iter().find(|row| row.figures().is_some_and(|f| !f.errors.bit_exact())).unwrap();
    let not_run = made.iter().find(|row| row.figures().is_none()).unwrap();
    let table = stack_report::first_source(&[
        measured("hdf5:shuffle,gzip=9", "f32", exact),
        measured("video:x264-slow,order=hash", "u16", lossy),
        measured("video:mp4", "u16", not_run),
        measured("video:jpegxl-lossless", "u16", exact),
        // Not the reference stack.
        exact.clone(),
    ])
    .unwrap();
    println!("{table}");
    let line = |words: &str| {
        let found: Vec<&str> = table.lines().filter(|line| line.contains(words)).collect();
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        found[0].to_owned()
    };
    assert!(line("| hdf5gzshuffle |").contains("| 278,728 |"));
    assert!(line("| hdf5gzshuffle |").contains("bit-exact"));
    let slow = line("| groupvideo x264-slow |");
    assert!(
        slow.contains("loss-less") && slow.contains("| 6,676 |") && slow.contains("samples differ"),
        "{slow}"
    );
    assert!(slow.ends_with("`video:x264-slow,order=hash` <sup>1</sup> |"), "{slow}");
    assert!(line("| video mp4 |").contains("not run"));
    assert!(line("| video x264-fast |").contains("not measured"));
    assert!(line("(truly lossless)").contains("`video:jpegxl-lossless`"));
    assert!(table.contains("<sup>1</sup> really encoded: "));
}
