//! The page of a report in a real browser, at two widths and in both colour schemes.
//!
//! Ignored unless asked for, because it needs Chromium with its driver: `cargo xtask test --browser` makes a report
//! of real stacks, names its page in `STACKPRESS_BROWSER_PAGE`, and runs these tests. Screenshots go to
//! `target/screenshots`.

#[path = "browser/driver.rs"]
mod driver;
#[path = "rows/mod.rs"]
mod rows;

use std::path::{Path, PathBuf};

use driver::Browser;

const CHECK: &str = include_str!("browser/check.js");
const WIDTHS: [u32; 2] = [400, 1280];
const SCHEMES: [&str; 2] = ["light", "dark"];

fn screenshots() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots")
}

/// Everything that is wrong with a page in one window.
fn problems(browser: &Browser, page: &Path, width: u32, scheme: &str) -> Vec<String> {
    browser.look(width, scheme);
    let mut problems = browser.open(page);
    let found = browser.run(CHECK);
    match found.as_array() {
        Some(found) => problems.extend(found.iter().map(|line| line.as_str().unwrap_or_default().to_owned())),
        None => problems.push(found.to_string()),
    }
    problems
}

fn check_everywhere(browser: &Browser, page: &Path, name: &str) {
    let mut all = Vec::new();
    for width in WIDTHS {
        for scheme in SCHEMES {
            let found = problems(browser, page, width, scheme);
            browser.screenshot(&screenshots().join(format!("{name}-{width}-{scheme}.png")));
            all.extend(found.into_iter().map(|line| format!("{width} {scheme}: {line}")));
        }
    }
    assert!(all.is_empty(), "{name}:\n{}", all.join("\n"));
}

/// The values of one column of the first table, and its `aria-sort`.
fn column(browser: &Browser, index: usize) -> (Vec<String>, String) {
    let script = format!(
        "const table = document.querySelector('table.sortable');\
         return [[...table.tBodies[0].rows].map((row) => row.cells[{index}].dataset.value),\
                 table.tHead.rows[0].cells[{index}].getAttribute('aria-sort') ?? ''];"
    );
    let found = browser.run(&script);
    let words = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (found[0].as_array().expect("a table has rows").iter().map(words).collect(), words(&found[1]))
}

fn check_sorting(browser: &Browser, page: &Path) {
    browser.look(1280, "light");
    assert_eq!(browser.open(page), Vec::<String>::new());
    let (before, _) = column(browser, 0);
    assert!(before.len() > 2, "a table to be sorted has rows: {before:?}");
    // The method by name, the stored bytes by number; then from the keyboard, the other way round.
    for (index, numbers) in [(0, false), (3, true)] {
        let header = format!("table.sortable thead th:nth-child({}) button", index + 1);
        browser.click(&header);
        let (rising, sort) = column(browser, index);
        assert_eq!(sort, "ascending");
        let mut sorted = rising.clone();
        if numbers {
            sorted.sort_by(|one, other| number(one).total_cmp(&number(other)));
        } else {
            sorted.sort_by_key(|name| padded(name));
        }
        assert_eq!(rising, sorted);
        browser.press(&header, "\u{e007}");
        let (falling, sort) = column(browser, index);
        assert_eq!(sort, "descending");
        sorted.reverse();
        assert_eq!(falling, sorted);
    }
    let (mut after, _) = column(browser, 0);
    let mut before = before;
    before.sort();
    after.sort();
    assert_eq!(before, after, "sorting loses no row");
}

/// A name whose numbers sort as numbers.
fn padded(name: &str) -> String {
    let mut text = String::new();
    let mut digits = String::new();
    for character in name.chars().chain(['\0']) {
        if character.is_ascii_digit() {
            digits.push(character);
        } else {
            if !digits.is_empty() {
                text += &format!("{digits:0>12}");
                digits.clear();
            }
            text.push(character);
        }
    }
    text
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// A page of made rows, names as hostile as they come.
fn hostile_page(folder: &Path) -> PathBuf {
    let page = stack_report::html(&rows::hostile(), &rows::pictures(), "a <b>machine</b> & \"more\"");
    let file = folder.join("report.html");
    std::fs::write(&file, page.html).unwrap();
    file
}

#[test]
#[ignore = "needs Chromium and ChromeDriver: cargo xtask test --browser"]
fn the_report_is_readable_everywhere_and_sorts() {
    let page = std::env::var_os("STACKPRESS_BROWSER_PAGE").expect("STACKPRESS_BROWSER_PAGE names a page");
    let browser = Browser::start();
    check_everywhere(&browser, Path::new(&page), "report");
    check_sorting(&browser, Path::new(&page));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver: cargo xtask test --browser"]
fn hostile_names_stay_words() {
    let folder = tempfile::tempdir().unwrap();
    let page = hostile_page(folder.path());
    let browser = Browser::start();
    check_everywhere(&browser, &page, "hostile");
    check_sorting(&browser, &page);
    let injected =
        browser.run("return document.querySelectorAll('script').length * 10 + (window.hacked ? 1 : 0);");
    assert_eq!(injected, 10, "one script, which is ours");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver: cargo xtask test --browser"]
fn a_bad_page_is_found_bad() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("bad.html");
    let browser = Browser::start();
    for (body, wanted) in [
        ("<p>Good.</p>", ""),
        ("<p style='width:3000px'>wide</p>", "overflow: "),
        ("<script>console.error('oh')</script>", "console: "),
        ("<script>throw new Error('oh')</script>", "console: "),
        ("<img alt='' src='http://127.0.0.1:9/x.png'>", "request: http://127.0.0.1:9/x.png"),
        ("<img alt='' src='missing.png'>", "broken image: "),
        ("<img alt='' src='data:image/png;base64,AAAA'>", "broken image: "),
        (
            "<svg aria-label='a' viewBox='0 0 9 9' width='9' height='9'><text x='5' y='5'>long text</text></svg>",
            "text outside its drawing: ",
        ),
        (
            "<svg aria-label='a' viewBox='0 0 99 50' width='99' height='50'><text x='1' y='20'>one</text>\
             <text x='9' y='22'>two</text></svg>",
            "text over text: ",
        ),
        ("<p style='color:#999'>pale</p>", "contrast "),
    ] {
        let html = format!("<!doctype html><html lang='en'><title>t</title><body>{body}</body></html>");
        std::fs::write(&page, html).unwrap();
        let found = problems(&browser, &page, 400, "light");
        if wanted.is_empty() {
            assert_eq!(found, Vec::<String>::new());
        } else {
            assert!(found.iter().any(|line| line.starts_with(wanted)), "{body}: {found:?}");
        }
    }
}
