//! File names for the frames of a folder.
//!
//! Names come from a file and are not trusted: they must not leave the folder, nor mean something to the system.
//! Either every frame keeps its name, or, if one has none that can be used or two are equal, all are numbered:
//! a mixture would come back in another order when the folder is read.

use std::collections::HashSet;
use std::path::Path;

use stack_core::StackHeader;

use crate::kind::FileKind;

/// Longest name in bytes that every file system takes, an extension included.
const LONGEST: usize = 200;

/// Names for all frames of a stack, with this extension.
///
/// ```
/// use stack_core::{FrameShape, PixelType, SampleFormat, StackHeader};
/// use stack_sources::outputs::names::frame_file_names;
/// let mut header = StackHeader::new(2, FrameShape::gray(1, 1)?, SampleFormat::full(PixelType::U8))?;
/// assert_eq!(frame_file_names(&header, "png"), ["frame_000000.png", "frame_000001.png"]);
/// header.meta.frame_names = vec!["a.tif".into(), "../../b.jpeg".into()];
/// assert_eq!(frame_file_names(&header, "png"), ["a.png", "b.png"]);
/// # Ok::<(), stack_core::Error>(())
/// ```
pub fn frame_file_names(header: &StackHeader, extension: &str) -> Vec<String> {
    kept_names(header, extension)
        .unwrap_or_else(|| (0..header.frames).map(|index| format!("frame_{index:06}.{extension}")).collect())
}

/// The stack's own names, made safe; `None` if they cannot all be used.
fn kept_names(header: &StackHeader, extension: &str) -> Option<Vec<String>> {
    if header.meta.frame_names.len() != header.frames {
        return None;
    }
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(header.frames);
    for name in &header.meta.frame_names {
        let name = safe_name(name, extension)?;
        // Many file systems do not tell upper from lower case.
        if !seen.insert(name.to_lowercase()) {
            return None;
        }
        names.push(name);
    }
    Some(names)
}

/// The last component of `name` without what a file name must not hold, and with another extension; `None` if
/// nothing is left of it.
pub fn safe_name(name: &str, extension: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|character| !character.is_control())
        .map(|character| if "<>:\"|?*".contains(character) { '_' } else { character })
        .collect();
    let path = Path::new(&clean);
    let stem = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) if FileKind::of_name(path).iter().any(|kind| kind.is_image()) => stem,
        _ => &clean,
    };
    // A dot in front hides a file; Windows drops dots and blanks at the end.
    let stem = stem.trim_matches(|character: char| character == '.' || character.is_whitespace());
    let safe = format!("{stem}.{extension}");
    (!stem.is_empty() && !is_device(stem) && safe.len() <= LONGEST).then_some(safe)
}

/// Whether Windows takes the name for a device, whatever follows its first dot.
fn is_device(stem: &str) -> bool {
    let base = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    match base.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        _ => {
            let numbered = base.strip_prefix("COM").or_else(|| base.strip_prefix("LPT"));
            numbered
                .is_some_and(|number| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        let shape = FrameShape::gray(1, 1).unwrap();
        let mut header = StackHeader::new(names.len(), shape, SampleFormat::full(PixelType::U8)).unwrap();
        header.meta.frame_names = names.iter().map(|&name| name.into()).collect();
        frame_file_names(&header, "png")
    }

    #[test]
    fn harmless_names_are_kept() {
        assert_eq!(named(&["img1.tif", "img.v2", "-a b.JPG"]), ["img1.png", "img.v2.png", "-a b.png"]);
        assert_eq!(named(&["C:\\pictures\\é.png", "x\ny\u{7f}"]), ["é.png", "xy.png"]);
        assert_eq!(named(&[".hidden.png", "a:b*c?"]), ["hidden.png", "a_b_c_.png"]);
        assert_eq!(named(&[" .:"]), ["_.png"]);
    }

    #[test]
    fn one_unusable_name_numbers_them_all() {
        for bad in ["", "..", ".", "a/..", "/", "\\", "\n", "...", "nul.png", "COM1", "lpt9.x.tif", "A.bmp"] {
            assert_eq!(named(&["a.png", bad]), ["frame_000000.png", "frame_000001.png"], "{bad:?}");
        }
        assert_eq!(named(&["x".repeat(300).as_str()]), ["frame_000000.png"]);
    }

    proptest! {
        #[test]
        fn no_name_leaves_the_folder(name in "\\PC{0,20}|[./\\\\:a\u{0}-\u{20}]{0,12}") {
            if let Some(safe) = safe_name(&name, "png") {
                prop_assert_eq!(Path::new(&safe).components().count(), 1);
                prop_assert!(!safe.contains(['/', '\\', '\0', ':']) && !safe.starts_with('.'));
                prop_assert_eq!(safe_name(&safe, "png"), Some(safe));
            }
        }
    }
}
