//! Image descriptions that count the pages of their file, and what becomes of them in another file.
//!
//! A description came with a page of one file; the file that is written may have other pages: some of the frames,
//! or one frame a file. What a description says must be true of the file that it is in:
//!
//! | description | agrees if | otherwise |
//! |---|---|---|
//! | ImageJ (`ImageJ=...`) | `images` is the number of pages, or it is not there | `images` is set; `channels`, `slices`, `frames`, `hyperstack` and `mode` are left out |
//! | OME-XML (`<OME` in the beginning) | the planes (C x Z x T, samples of a pixel together) of its images are as many as pages | left out |
//! | shape (`{"shape": [...`) | the product of the shape is the number of samples in the file | left out |
//! | any other | always | |
//!
//! The stack that was compressed keeps the description as it was.

use stack_core::StackHeader;

use crate::pages::imagej::image_count;

/// What is written for the description `text` (without its NUL) in a file that holds all of `header`'s frames.
pub(super) fn true_description(text: &[u8], header: &StackHeader) -> Option<Vec<u8>> {
    // What is no Unicode is no XML, JSON or ImageJ text with other numbers than ASCII ones.
    let words = String::from_utf8_lossy(text);
    let pages = header.frames as u64;
    if words.starts_with("ImageJ=") {
        return Some(match image_count(&words) {
            None if pages == 1 || !counts_images(&words) => text.to_vec(),
            Some(images) if images == pages => text.to_vec(),
            _ => imagej_of(text, pages),
        });
    }
    if is_ome(&words) {
        return (ome_planes(&words, header.shape.channels() as u64) == Some(pages)).then(|| text.to_vec());
    }
    if let Some(shape) = words.trim_start().strip_prefix("{\"shape\":") {
        return (product(shape) == Some(header.samples())).then(|| text.to_vec());
    }
    Some(text.to_vec())
}

/// Whether an ImageJ description without a number of images speaks of more than one.
fn counts_images(words: &str) -> bool {
    words.lines().any(|line| COUNTS.iter().any(|key| line.starts_with(key)))
}

/// Lines of an ImageJ description that are about more than one image.
const COUNTS: [&str; 6] = ["images=", "channels=", "slices=", "frames=", "hyperstack=", "mode="];

/// An ImageJ description with another number of images.
fn imagej_of(text: &[u8], pages: u64) -> Vec<u8> {
    let mut lines = text.split_inclusive(|&byte| byte == b'\n');
    let mut other = lines.next().unwrap_or_default().to_vec();
    if !other.ends_with(b"\n") {
        other.push(b'\n');
    }
    if pages > 1 {
        other.extend(format!("images={pages}\n").as_bytes());
    }
    for line in lines.filter(|line| !COUNTS.iter().any(|key| line.starts_with(key.as_bytes()))) {
        other.extend(line);
    }
    other
}

/// Whether the text is OME-XML: its root element comes before any other.
fn is_ome(words: &str) -> bool {
    let root =
        words.match_indices('<').map(|(at, _)| &words[at + 1..]).find(|tag| !tag.starts_with(['?', '!']));
    root.is_some_and(|tag| tag.starts_with("OME ") || tag.starts_with("OME>") || tag.starts_with("ome:OME "))
}

/// How many pages the images of an OME-XML text need; `None` if it does not say so.
fn ome_planes(words: &str, channels: u64) -> Option<u64> {
    let mut total = 0_u64;
    for (at, _) in words.match_indices("Pixels ") {
        if !words[..at].ends_with(['<', ':']) {
            continue;
        }
        let element = &words[at..at + words[at..].find('>')?];
        let size = |name: &str| attribute(element, name)?.parse::<u64>().ok();
        let mut planes = 1_u64;
        for name in ["SizeC", "SizeZ", "SizeT"] {
            planes = planes.checked_mul(size(name)?)?;
        }
        // The channels of a colour picture are one page.
        let together = if channels > 1 && size("SizeC")?.is_multiple_of(channels) { channels } else { 1 };
        total = total.checked_add(planes / together)?;
    }
    (total > 0).then_some(total)
}

/// The value of an attribute of an XML element.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = element;
    loop {
        let at = rest.find(name)?;
        let (before, after) = (&rest[..at], rest[at + name.len()..].trim_start());
        rest = &rest[at + name.len()..];
        if before.ends_with(char::is_whitespace)
            && let Some(value) = after.strip_prefix('=')
        {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            return value[1..].split(quote).next();
        }
    }
}

/// The product of a list of numbers in brackets.
fn product(text: &str) -> Option<u64> {
    let list = text.trim_start().strip_prefix('[')?.split(']').next()?;
    list.split(',').try_fold(1_u64, |product, number| product.checked_mul(number.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stack_core::{FrameShape, PixelType, SampleFormat};

    use super::*;

    fn written(text: &str, frames: usize, channels: usize) -> Option<String> {
        let shape = FrameShape::new(4, 5, channels).unwrap();
        let header = StackHeader::new(frames, shape, SampleFormat::full(PixelType::U8)).unwrap();
        true_description(text.as_bytes(), &header).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn imagej_descriptions_count_their_pages() {
        let text = "ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nmode=composite\nunit=um\n";
        assert_eq!(written(text, 6, 1).unwrap(), text);
        assert_eq!(written(text, 4, 1).unwrap(), "ImageJ=1.54f\nimages=4\nunit=um\n");
        assert_eq!(written(text, 1, 1).unwrap(), "ImageJ=1.54f\nunit=um\n");
        for pages in [1, 2] {
            assert_eq!(written("ImageJ=1.54f\nunit=um\n", pages, 1).unwrap(), "ImageJ=1.54f\nunit=um\n");
        }
    }

    #[test]
    fn ome_xml_stays_where_it_is_true() {
        let text = r#"<?xml version="1.0"?><!-- note --><OME xmlns="x"><Image><Pixels DimensionOrder='XYCZT'
            SizeC="2" SizeT = "3" SizeX="5" SizeY="4" SizeZ="1" Type="uint8"><Channel/></Pixels></Image></OME>"#;
        assert_eq!(written(text, 6, 1).as_deref(), Some(text));
        assert_eq!(written(text, 5, 1), None);
        assert_eq!(written(text, 3, 2).as_deref(), Some(text));
        assert_eq!(written("<OME />", 1, 1), None);
        assert_eq!(written("<OMELET/>", 1, 1).as_deref(), Some("<OMELET/>"));
    }

    #[test]
    fn shapes_stay_where_they_are_true() {
        let text = r#"{"shape": [3, 4, 5], "axes": "TYX"}"#;
        assert_eq!(written(text, 3, 1).as_deref(), Some(text));
        assert_eq!(written(text, 1, 3).as_deref(), Some(text));
        assert_eq!(written(text, 2, 1), None);
        assert_eq!(written("any words", 2, 1).as_deref(), Some("any words"));
    }

    proptest! {
        #[test]
        fn any_text_is_no_panic(text in "(<OME |\\{\"shape\":|ImageJ=)?[ -~é\n]{0,80}(<Pixels SizeC=\"?)?[ -~é]{0,30}>?") {
            let _ = written(&text, 3, 1);
        }
    }
}
