//! Whether two reports of the same stacks have the same sizes and errors.

use serde_json::Value;

use super::versions::Versions;

/// What came of a comparison.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// Rows that are equal in everything that is compared.
    pub(super) equal: usize,
    /// A line for each row that differs.
    pub(super) differences: Vec<String>,
    /// A line for each row that another version of a library may change.
    pub(super) passed_over: Vec<String>,
}

/// Fields of a row that say what was measured.
const ROW_FIELDS: &[&str] = &["stack", "raw_bytes", "samples"];

/// Fields of its outcome that are the same on every machine; times and memory are not.
const OUTCOME_FIELDS: &[&str] = &["status", "promise", "errors", "spread", "encoded_as"];

/// Compares rows by stack and method.
///
/// Rows of FFmpeg are compared if its version is the recorded one. With another HDF5 library, the bytes of the
/// compressed samples are compared, but not those of the headers around them.
pub(super) fn rows(
    recorded: &[Value],
    measured: &[Value],
    known: &Versions,
    installed: &Versions,
) -> Comparison {
    let mut comparison = Comparison::default();
    for old in recorded {
        let Some(new) = measured.iter().find(|new| name(new) == name(old)) else {
            comparison.differences.push(format!("{}: is no longer measured", name(old)));
            continue;
        };
        if family(old) == "video" && known.ffmpeg != installed.ffmpeg {
            comparison.passed_over.push(format!(
                "{}: not compared, recorded with FFmpeg {} and not {}",
                name(old),
                known.ffmpeg,
                installed.ffmpeg
            ));
            continue;
        }
        let headers_too = family(old) != "hdf5" || known.hdf5 == installed.hdf5;
        match difference(old, new, headers_too) {
            None => comparison.equal += 1,
            Some(what) => comparison.differences.push(format!("{}: {what}", name(old))),
        }
    }
    for new in measured.iter().filter(|new| !recorded.iter().any(|old| name(old) == name(new))) {
        comparison.differences.push(format!("{}: is not recorded", name(new)));
    }
    comparison
}

/// The first thing that differs, in words.
fn difference(old: &Value, new: &Value, headers_too: bool) -> Option<String> {
    let fields = ROW_FIELDS.iter().map(|field| (*field, &old[*field], &new[*field]));
    let outcome =
        OUTCOME_FIELDS.iter().map(|field| (*field, &old["outcome"][*field], &new["outcome"][*field]));
    for (field, old, new) in fields.chain(outcome) {
        if old != new {
            return Some(format!("{field} was {}, is {}", short(old), short(new)));
        }
    }
    let (before, now) = (stored(old, headers_too), stored(new, headers_too));
    let what = if headers_too { "stored bytes" } else { "bytes of compressed samples" };
    let words = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".to_owned(), |bytes| bytes.to_string());
    (before != now).then(|| format!("{what} were {}, are {}", words(before), words(now)))
}

/// Bytes of the file, or without headers, tables and seal.
fn stored(row: &Value, headers_too: bool) -> Option<u64> {
    let all = row["outcome"]["stored_bytes"].as_u64()?;
    if headers_too { Some(all) } else { all.checked_sub(row["outcome"]["overhead_bytes"].as_u64()?) }
}

fn name(row: &Value) -> String {
    format!("{} {}", row["dataset"].as_str().unwrap_or("?"), row["method"].as_str().unwrap_or("?"))
}

fn family(row: &Value) -> &str {
    row["method"].as_str().unwrap_or_default().split(':').next().unwrap_or_default()
}

/// The value, without the end of a long list.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 300 { text } else { text.chars().take(300).chain("...".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(method: &str, stored: u64, overhead: u64, seconds: f64) -> Value {
        json!({ "dataset": "d", "method": method, "stack": "s", "raw_bytes": 9, "samples": 9, "outcome": {
            "status": "measured", "stored_bytes": stored, "overhead_bytes": overhead, "promise": "lossless",
            "errors": { "max_abs": 0.0 }, "encode_cpu_seconds": seconds } })
    }

    fn versions(ffmpeg: &str, hdf5: &str) -> Versions {
        Versions { ffmpeg: ffmpeg.into(), hdf5: hdf5.into() }
    }

    #[test]
    fn times_may_differ_and_sizes_may_not() {
        let v = versions("5", "1");
        let recorded = [row("hdf5:gzip=9", 100, 10, 1.0), row("video:ffv1", 90, 10, 1.0)];
        let same =
            rows(&recorded, &[row("video:ffv1", 90, 10, 2.0), row("hdf5:gzip=9", 100, 10, 2.0)], &v, &v);
        assert_eq!((same.equal, same.differences.len()), (2, 0));
        let other =
            rows(&recorded, &[row("video:ffv1", 90, 10, 2.0), row("hdf5:gzip=9", 101, 10, 2.0)], &v, &v);
        assert_eq!(other.differences, ["d hdf5:gzip=9: stored bytes were 100, are 101"]);
    }

    #[test]
    fn lost_and_new_rows_differ() {
        let v = versions("5", "1");
        let outcome = rows(&[row("a", 1, 0, 0.0)], &[row("b", 1, 0, 0.0)], &v, &v);
        assert_eq!(outcome.differences, ["d a: is no longer measured", "d b: is not recorded"]);
    }

    #[test]
    fn errors_and_promises_are_compared() {
        let v = versions("5", "1");
        let old = row("a", 1, 0, 0.0);
        let mut new = old.clone();
        new["outcome"]["errors"]["max_abs"] = json!(0.5);
        let outcome = rows(std::slice::from_ref(&old), &[new], &v, &v);
        assert_eq!(outcome.differences, [r#"d a: errors was {"max_abs":0.0}, is {"max_abs":0.5}"#]);
        let mut new = old.clone();
        new["outcome"]["spread"] = json!({ "frame_rmse": [0.5] });
        let outcome = rows(&[old], &[new], &v, &v);
        assert_eq!(outcome.differences, [r#"d a: spread was null, is {"frame_rmse":[0.5]}"#]);
    }

    #[test]
    fn other_versions_excuse_only_what_depends_on_them() {
        let (known, installed) = (versions("5", "1"), versions("6", "2"));
        let recorded = [row("hdf5:gzip=9", 100, 10, 1.0), row("video:ffv1", 90, 10, 1.0)];
        let outcome = rows(
            &recorded,
            &[row("hdf5:gzip=9", 105, 15, 1.0), row("video:ffv1", 7, 1, 1.0)],
            &known,
            &installed,
        );
        assert_eq!((outcome.equal, outcome.differences.len(), outcome.passed_over.len()), (1, 0, 1));
        let outcome = rows(&recorded[..1], &[row("hdf5:gzip=9", 105, 14, 1.0)], &known, &installed);
        assert_eq!(outcome.differences, ["d hdf5:gzip=9: bytes of compressed samples were 90, are 91"]);
    }
}
