//! Methods that differ in the value of one option only: the points of a line.

use std::collections::BTreeMap;

use stack_methods::MethodSpec;

/// Groups of methods that are the same but for the number of one option, each in rising order of that number.
///
/// Named presets are no such group: more than one setting changes between them, so a line would say nothing.
///
/// ```
/// let methods = ["hdf5:gzip=9", "hdf5", "hdf5:gzip=1", "hdf5:shuffle,gzip=9", "video:x264-slow", "video:x264-fast"];
/// assert_eq!(stack_report::settings::lines(&methods), [vec![2, 0]]);
/// ```
pub fn lines(methods: &[&str]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<(f64, usize)>> = BTreeMap::new();
    for (index, method) in methods.iter().enumerate() {
        let Ok(spec) = method.parse::<MethodSpec>() else { continue };
        for (name, value) in spec.options() {
            let Some(number) = value.and_then(|value| value.parse::<f64>().ok()).filter(|n| n.is_finite())
            else {
                continue;
            };
            let others = spec.options().map(|(other, value)| match value {
                _ if other == name => format!("{other}=*"),
                Some(value) => format!("{other}={value}"),
                None => other.to_owned(),
            });
            let key = format!("{}:{}", spec.family(), others.collect::<Vec<_>>().join(","));
            groups.entry(key).or_default().push((number, index));
        }
    }
    let mut lines: Vec<Vec<usize>> = groups
        .into_values()
        .filter_map(|mut members| {
            members.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            members.dedup_by(|one, other| one.0 == other.0);
            (members.len() > 1).then(|| members.into_iter().map(|(_, index)| index).collect())
        })
        .collect();
    lines.sort();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_as_numbers_and_each_option_has_its_line() {
        let methods = [
            "a:q=10,p=1",
            "a:q=9,p=1",
            "a:q=9,p=2",
            "a:q=9.5,p=1",
            "b:q=1",
            "a:q=word",
            "<script>",
            "a:q=9,p=1",
        ];
        assert_eq!(lines(&methods), [vec![1, 2], vec![1, 3, 0]]);
    }
}
