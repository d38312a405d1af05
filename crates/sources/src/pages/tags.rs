//! Which tags of a page are kept beside its samples, and under which name.
//!
//! Kept is what says something about the picture: all tags but those that tell how the samples are stored (which a
//! writer decides anew), and those whose values are places in the file. The latter are listed in the stack's
//! property `not_kept`; of them, Exif and GPS directories are followed and kept as a block of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use stack_core::{Limits, Result};

use super::directory::{Directories, Directory};
use super::exif::Exif;
use super::imagej;
use super::layout::{PageLayout, tag};
use super::value::{BYTE, IFD, IFD8, UNDEFINED, Value};
use crate::array::ByteOrder;
use crate::blocks::{EXIF, FrameBlocks, ICC, XMP};

/// Tags and their values, in the order of a directory.
pub(crate) type Tags = BTreeMap<u16, Value>;

/// Names of tags (TIFF 6.0, its supplements, `GeoTIFF`, ImageJ); others go by their numbers.
const NAMES: [(u16, &str); 45] = [
    (254, "NewSubfileType"),
    (255, "SubfileType"),
    (tag::PHOTOMETRIC, "PhotometricInterpretation"),
    (263, "Threshholding"),
    (269, "DocumentName"),
    (tag::DESCRIPTION, "ImageDescription"),
    (271, "Make"),
    (272, "Model"),
    (274, "Orientation"),
    (280, "MinSampleValue"),
    (281, "MaxSampleValue"),
    (282, "XResolution"),
    (283, "YResolution"),
    (tag::PAGE_NAME, "PageName"),
    (286, "XPosition"),
    (287, "YPosition"),
    (290, "GrayResponseUnit"),
    (291, "GrayResponseCurve"),
    (296, "ResolutionUnit"),
    (tag::PAGE_NUMBER, "PageNumber"),
    (301, "TransferFunction"),
    (305, "Software"),
    (306, "DateTime"),
    (315, "Artist"),
    (316, "HostComputer"),
    (318, "WhitePoint"),
    (319, "PrimaryChromaticities"),
    (320, "ColorMap"),
    (321, "HalftoneHints"),
    (337, "TargetPrinter"),
    (tag::EXTRA_SAMPLES, "ExtraSamples"),
    (340, "SMinSampleValue"),
    (341, "SMaxSampleValue"),
    (33432, "Copyright"),
    (33550, "ModelPixelScale"),
    (IPTC, "IPTC"),
    (33922, "ModelTiepoint"),
    (34264, "ModelTransformation"),
    (34377, "Photoshop"),
    (34735, "GeoKeyDirectory"),
    (34736, "GeoDoubleParams"),
    (34737, "GeoAsciiParams"),
    (42113, "GDAL_NODATA"),
    (tag::IMAGEJ_COUNTS, "IJMetadataByteCounts"),
    (tag::IMAGEJ_METADATA, "IJMetadata"),
];

/// Tags that tell how the samples are stored.
const STORAGE: [u16; 33] = [
    tag::WIDTH,
    tag::HEIGHT,
    tag::BITS_PER_SAMPLE,
    tag::COMPRESSION,
    266, // FillOrder
    tag::STRIP_OFFSETS,
    tag::SAMPLES_PER_PIXEL,
    tag::ROWS_PER_STRIP,
    tag::STRIP_BYTE_COUNTS,
    tag::PLANAR_CONFIGURATION,
    288, // FreeOffsets
    289, // FreeByteCounts
    292, // T4Options
    293, // T6Options
    tag::PREDICTOR,
    tag::TILE_WIDTH,
    tag::TILE_HEIGHT,
    tag::TILE_OFFSETS,
    tag::TILE_BYTE_COUNTS,
    tag::SAMPLE_FORMAT,
    tag::JPEG_TABLES,
    512, // JPEGProc and its tables
    513,
    514,
    515,
    517,
    518,
    519,
    520,
    521,
    529, // YCbCrCoefficients
    tag::CHROMA_SUBSAMPLING,
    531, // YCbCrPositioning
];

/// Tags whose values are places in the file: sub-images, parameters, and the private directories of Zeiss and DNG.
const PLACES: [u16; 6] = [330, 400, tag::EXIF, tag::GPS, 34412, 50740];

/// IPTC data: bytes, whatever type the tag has.
const IPTC: u16 = 33723;

/// Whether a tag belongs to the picture, not to the way it is stored, so that a writer may take it as it is.
pub(crate) fn is_kept(tag: u16) -> bool {
    !STORAGE.contains(&tag) && !PLACES.contains(&tag)
}

/// The name of the block that holds a tag.
///
/// ```
/// use stack_sources::pages::tags::{block_name, tag_of};
/// assert_eq!(block_name(305), "tiff:Software");
/// assert_eq!(block_name(65000), "tiff:65000");
/// assert_eq!([tag_of("tiff:Software"), tag_of("tiff:65000"), tag_of("icc")], [Some(305), Some(65000), None]);
/// ```
pub fn block_name(tag: u16) -> String {
    match NAMES.iter().find(|(number, _)| *number == tag) {
        Some((_, name)) => format!("tiff:{name}"),
        None => format!("tiff:{tag}"),
    }
}

/// The tag that a block of this name holds.
pub fn tag_of(block_name: &str) -> Option<u16> {
    let name = block_name.strip_prefix("tiff:")?;
    let named = NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
    named.or_else(|| name.parse().ok())
}

/// What a page carries beside its samples. Tags that are left out are added to `not_kept`.
pub(crate) fn page_blocks<R: Read + Seek>(
    directories: &mut Directories<'_, R>,
    page: &Directory,
    layout: &PageLayout,
    limits: &Limits,
    not_kept: &mut BTreeSet<u16>,
) -> Result<FrameBlocks> {
    let mut blocks = FrameBlocks::new();
    for tag in page.tags() {
        if STORAGE.contains(&tag) || matches!(tag, tag::PHOTOMETRIC | tag::EXIF | tag::GPS) {
            continue;
        }
        let value =
            if PLACES.contains(&tag) { None } else { directories.value(page, tag, limits.metadata_bytes)? };
        match value {
            None => {
                not_kept.insert(tag);
            }
            Some(value) if matches!(value.kind, IFD | IFD8) => {
                not_kept.insert(tag);
            }
            Some(Value { kind: BYTE | UNDEFINED, bytes }) if tag == tag::ICC => {
                blocks.push((ICC.into(), bytes));
            }
            Some(Value { kind: BYTE | UNDEFINED, bytes }) if tag == tag::XMP => {
                blocks.push((XMP.into(), bytes));
            }
            Some(value) => blocks.push((block_name(tag), value.to_block())),
        }
    }
    colours(directories, page, layout, &mut blocks)?;
    if directories.byte_order() == ByteOrder::Big && !turn_contents(&mut blocks) {
        not_kept.extend([tag::IMAGEJ_COUNTS, tag::IMAGEJ_METADATA]);
    }
    if let Some(exif) = Exif::of_page(directories, page, limits, not_kept)? {
        blocks.push((EXIF.into(), exif.to_block()));
    }
    Ok(blocks)
}

/// Says what the channels mean where a writer would not write the same by itself.
fn colours<R: Read + Seek>(
    directories: &mut Directories<'_, R>,
    page: &Directory,
    layout: &PageLayout,
    blocks: &mut FrameBlocks,
) -> Result<()> {
    let name = block_name(tag::EXTRA_SAMPLES);
    let channels = layout.shape.channels();
    let usual = usual_extra_samples(channels);
    let extra = page.count(tag::EXTRA_SAMPLES).unwrap_or(0);
    let photometric = directories.number(page, tag::PHOTOMETRIC)?.unwrap_or(1);
    if photometric == 1 && channels > 2 {
        blocks.push((block_name(tag::PHOTOMETRIC), Value::shorts(&[1]).to_block()));
    }
    if extra == 0 && !usual.is_empty() {
        blocks.push((name, Value::shorts(&[]).to_block()));
    } else {
        blocks.retain(|(known, bytes)| *known != name || *bytes != Value::shorts(usual).to_block());
    }
    Ok(())
}

/// What a writer says of the channels beside grey or RGB: unassociated alpha.
pub(crate) fn usual_extra_samples(channels: usize) -> &'static [u16] {
    if matches!(channels, 2 | 4) { &[2] } else { &[] }
}

/// Turns what lies big-endian inside values of bytes: ImageJ's metadata, which is taken out if it cannot be turned.
///
/// IPTC data is turned back: it is bytes even where its type is that of numbers.
fn turn_contents(blocks: &mut FrameBlocks) -> bool {
    let [iptc, counts, metadata] = [IPTC, tag::IMAGEJ_COUNTS, tag::IMAGEJ_METADATA].map(block_name);
    if let Some((_, block)) = blocks.iter_mut().find(|(name, _)| *name == iptc)
        && let Some(mut value) = Value::from_block(block)
    {
        super::value::little_endian(value.kind, &mut value.bytes);
        *block = value.to_block();
    }
    let lengths = blocks.iter().find(|(name, _)| *name == counts);
    let lengths = lengths.and_then(|(_, block)| Value::from_block(block)?.numbers());
    let Some((_, block)) = blocks.iter_mut().find(|(name, _)| *name == metadata) else { return true };
    if lengths.is_some_and(|lengths| imagej::turn_metadata(&mut block[2..], &lengths)) {
        return true;
    }
    blocks.retain(|(name, _)| *name != counts && *name != metadata);
    false
}

/// The property that tells which tags were left out.
pub(crate) fn not_kept_property(tags: &BTreeSet<u16>) -> String {
    let named = tags.iter().map(|&tag| match tag {
        330 => "330 (sub-images)".to_owned(),
        tag => tag.to_string(),
    });
    format!("TIFF tags {}", named.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_number() {
        for (number, name) in NAMES {
            assert_eq!(tag_of(&format!("tiff:{name}")), Some(number));
            assert!(is_kept(number), "{name}");
        }
        assert_eq!(tag_of("tiff:NoSuchName"), None);
        assert_eq!(tag_of("tiff:70000"), None);
    }
}
