//! A folder of images, or a list of image files, as a stack: one file, one frame, in natural order.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::{fs, mem};

use stack_core::{
    Error, FrameBuf, FrameSource, Limits, Result, SampleFormat, StackHeader, check_frame_index,
};

use super::{ImageInfo, decode, describe, probe};
use crate::blocks::BlockList;
use crate::kind::{FileKind, IMAGE_EXTENSIONS};
use crate::natural;
use crate::pages::directory::Directories;

/// Images of one size and type, each decoded when it is asked for.
///
/// The header of every file is read when the stack is opened, and what it carries beside its samples; the samples of
/// none, unless files that cannot be decoded are to be skipped.
pub struct ImageFolder {
    header: StackHeader,
    files: Vec<ImageFile>,
    first: ImageInfo,
    limits: Limits,
    disk_bytes: u64,
}

struct ImageFile {
    path: PathBuf,
    kind: FileKind,
}

impl ImageFolder {
    /// Opens all images directly in `folder`.
    ///
    /// Files are taken by their extension ([`IMAGE_EXTENSIONS`]); other files, hidden files (with a dot in front)
    /// and subfolders are ignored.
    ///
    /// # Errors
    /// [`Error::Parameter`] if there is no image; otherwise as [`ImageFolder::from_files`].
    pub fn open(folder: &Path, unreadable: Unreadable, limits: &Limits) -> Result<Self> {
        Self::from_files(images_in(folder)?, unreadable, limits)
    }

    /// Opens these image files, after sorting them in natural order.
    ///
    /// # Errors
    /// [`Error::Format`] for a file that is no image of its name's type, is damaged, or differs in size or type from
    /// the first one: the message names the first file that does, and how. [`Error::Limit`]; what the operating
    /// system refuses. With [`Unreadable::Skip`], only files that can be decoded are looked at; it is an error if
    /// there is none.
    pub fn from_files(mut paths: Vec<PathBuf>, unreadable: Unreadable, limits: &Limits) -> Result<Self> {
        paths.sort_by(|a, b| natural::compare(a, b));
        let mut first: Option<ImageInfo> = None;
        let (mut files, mut names, mut disk_bytes) = (Vec::<ImageFile>::new(), Vec::new(), 0_u64);
        let (mut expanded, mut not_kept, mut name_bytes) = (None, None, 0_u128);
        let (mut blocks, mut skipped, mut refusal) = (BlockList::new(limits), Vec::new(), None);
        let mut frame = FrameBuf::U8(Vec::new());
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let scratch = (unreadable == Unreadable::Skip).then_some(&mut frame);
            let (kind, mut info) = match examine(&path, scratch, limits) {
                Ok(found) => found,
                Err(error) if unreadable == Unreadable::Skip => {
                    let Some(reason) = reason(&error) else { return Err(error) };
                    let line = format!("{name}: {reason}").replace(['\n', '\r'], " ");
                    name_bytes += line.len() as u128;
                    skipped.push(line);
                    refusal.get_or_insert(error);
                    Limits::check(
                        &path,
                        "the size of the names in bytes",
                        name_bytes,
                        limits.metadata_bytes,
                    )?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            expanded = expanded.or(info.expanded);
            not_kept = not_kept.or(info.not_kept.take());
            blocks.add(&path, files.len(), mem::take(&mut info.blocks))?;
            match &mut first {
                None => first = Some(info),
                Some(first) => {
                    check_same(&path, &info, first, files.first())?;
                    let bits = first.format.significant_bits().max(info.format.significant_bits());
                    first.format = SampleFormat::new(first.format.pixel(), bits)?;
                }
            }
            disk_bytes += fs::metadata(&path).map_err(Error::io("read", &path))?.len();
            name_bytes += name.len() as u128;
            Limits::check(&path, "the size of the names in bytes", name_bytes, limits.metadata_bytes)?;
            names.push(name);
            files.push(ImageFile { path, kind });
            Limits::check(&files[0].path, "the number of images", files.len() as u128, limits.frames)?;
        }
        let Some(first) = first else {
            return Err(refusal.unwrap_or_else(|| {
                Error::parameter("files", "the list is empty", "give at least one image")
            }));
        };
        let mut header = StackHeader::new(files.len(), first.shape, first.format)?;
        header.meta.frame_names = names;
        header.meta.blocks = blocks.into_blocks();
        let skipped = (!skipped.is_empty()).then(|| skipped.join("\n"));
        let properties =
            [("expanded", expanded.map(str::to_owned)), ("not_kept", not_kept), ("skipped", skipped)];
        let properties = properties.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
        header.meta.properties.extend(properties);
        Ok(Self { header, files, first, limits: *limits, disk_bytes })
    }
}

/// What is done about image files that cannot be decoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unreadable {
    /// The first one is an error that names it.
    #[default]
    Refuse,
    /// They are left out and listed in the stack's property `skipped`, each with its reason, one a line. To know
    /// them before the first frame is given, every image is decoded once while the folder is opened. Images that
    /// can be decoded and differ in size or type are an error all the same.
    Skip,
}

/// What an image file is; it is decoded too where there is a `scratch` for its samples.
fn examine(path: &Path, scratch: Option<&mut FrameBuf>, limits: &Limits) -> Result<(FileKind, ImageInfo)> {
    let kind = FileKind::checked(path)?;
    if !kind.is_image() {
        let problem = format!("it is {}, not an image", kind.describe());
        return Err(Error::parameter(path.display().to_string(), problem, "give it alone, or take it out"));
    }
    let info = probe(path, kind, limits)?;
    if let Some(scratch) = scratch {
        decode(path, kind, &info, limits, scratch)?;
    }
    Ok((kind, info))
}

/// Why a file cannot be decoded, without its name; `None` for an error of another kind.
fn reason(error: &Error) -> Option<String> {
    match error {
        Error::Format { field, problem, .. } => Some(format!("{field}: {problem}")),
        Error::Limit { quantity, asked, limit, .. } => {
            Some(format!("{quantity} is {asked}, above the limit of {limit}"))
        }
        Error::Io { action, source, .. } => Some(format!("cannot {action}: {source}")),
        _ => None,
    }
}

/// All images directly in a folder, in no order.
///
/// # Errors
/// As [`ImageFolder::open`].
pub(crate) fn images_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let path = entry.map_err(Error::io("list", folder))?.path();
        if is_image_name(&path) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::parameter(
            folder.display().to_string(),
            "there is no image in this folder",
            format!("give a folder with files of type {}", IMAGE_EXTENSIONS.join(", ")),
        ));
    }
    Ok(files)
}

/// Whether the name is one of an image that folders are searched for: not hidden, and with a known extension.
pub(crate) fn is_image_name(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && FileKind::of_name(path).iter().any(|kind| kind.is_image())
}

/// Whether `path` is a file that is one frame of a folder: an image by its name, and no TIFF file of several pages.
pub fn is_picture(path: &Path) -> bool {
    if !is_image_name(path) || !path.is_file() {
        return false;
    }
    if FileKind::of_name(path) != [FileKind::Tiff] {
        return true;
    }
    let limits = Limits { frames: 2, ..Limits::default() };
    let Ok(file) = fs::File::open(path) else { return false };
    let pages =
        Directories::open(path, BufReader::with_capacity(512, file), &limits).and_then(|mut pages| {
            pages.next_page()?;
            pages.next_page()
        });
    // A damaged file is a picture too, so that the error names it.
    !matches!(pages, Ok(Some(_)))
}

fn check_same(
    path: &Path,
    info: &ImageInfo,
    first: &ImageInfo,
    first_file: Option<&ImageFile>,
) -> Result<()> {
    let differs = if info.format.pixel() != first.format.pixel() {
        "type"
    } else if info.shape.channels() != first.shape.channels() {
        "number of channels"
    } else if info.shape != first.shape {
        "size"
    } else {
        return Ok(());
    };
    let first_name = first_file.map(|file| file.path.display().to_string()).unwrap_or_default();
    Err(Error::format(
        path,
        differs,
        format!("this image is {}, but {first_name} is {}", describe(info), describe(first)),
        "put images of one size and type into one folder",
    ))
}

impl FrameSource for ImageFolder {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        let file = &self.files[index];
        decode(&file.path, file.kind, &self.first, &self.limits, into)
    }

    fn disk_bytes(&self) -> Option<u64> {
        Some(self.disk_bytes)
    }
}
