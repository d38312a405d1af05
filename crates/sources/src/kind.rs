//! What a file is: by its first bytes, and by its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use stack_core::{Error, Result};

/// A file format, as far as this crate tells formats apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG (JFIF or Exif).
    Jpeg,
    /// TIFF or BigTIFF.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Netpbm: PBM, PGM, PPM, PAM.
    Pnm,
    /// WebP.
    WebP,
    /// A NumPy array.
    Npy,
    /// A ZIP archive, which is what a NumPy `.npz` file is.
    Npz,
    /// HDF5, which NetCDF-4 files are too.
    Hdf5,
    /// NetCDF "classic" (versions 1, 2 and 5), which is not HDF5.
    NetCdfClassic,
    /// Matroska or WebM video.
    Matroska,
    /// MP4 or QuickTime video.
    Mp4,
    /// AVI video.
    Avi,
    /// GIF, whose frames are a video.
    Gif,
    /// MPEG transport stream.
    MpegTs,
    /// MPEG program stream, or MPEG-1/2 video without a container.
    MpegPs,
    /// Flash video.
    Flv,
    /// Ogg.
    Ogg,
    /// YUV4MPEG2: frames without compression.
    Y4m,
    /// ASF, the container of Windows Media.
    Asf,
}

/// How many bytes [`FileKind::of_bytes`] looks at.
pub const MAGIC_BYTES: usize = 189;

/// Extensions of the image formats that folders are searched for.
pub const IMAGE_EXTENSIONS: [&str; 12] =
    ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "pbm", "pgm", "ppm", "pnm", "pam", "webp"];

impl FileKind {
    /// The format that the first [`MAGIC_BYTES`] bytes of a file tell.
    pub fn of_bytes(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Some(Self::Npy),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Npz),
            [0x89, b'H', b'D', b'F', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Hdf5),
            [b'C', b'D', b'F', 1 | 2 | 5, ..] => Some(Self::NetCdfClassic),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Matroska),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            // QuickTime files before 2001 begin with another box.
            [0, _, _, _, b'm', b'o', b'o', b'v', ..]
            | [_, _, _, _, b'm', b'd', b'a', b't', ..]
            | [0, _, _, _, b'w', b'i', b'd', b'e', ..] => Some(Self::Mp4),
            [0, 0, 1, 0xba | 0xb3, ..] => Some(Self::MpegPs),
            [b'F', b'L', b'V', 1, ..] => Some(Self::Flv),
            [b'O', b'g', b'g', b'S', 0, ..] => Some(Self::Ogg),
            [b'Y', b'U', b'V', b'4', b'M', b'P', b'E', b'G', b'2', ..] => Some(Self::Y4m),
            [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, ..] => Some(Self::Asf),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Some(Self::Avi),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'P', b'1'..=b'7', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => Some(Self::Pnm),
            [b'B', b'M', ..] => Some(Self::Bmp),
            // Packets of 188 bytes, each of which begins with this one.
            [0x47, rest @ ..] if rest.get(187) == Some(&0x47) => Some(Self::MpegTs),
            _ => None,
        }
    }

    /// The format that the bytes of `path` tell; `None` for bytes that no format begins with.
    ///
    /// # Errors
    /// What the operating system refuses; [`Error::Format`] for an empty file.
    pub fn of_file(path: &Path) -> Result<Option<Self>> {
        let mut head = Vec::with_capacity(MAGIC_BYTES);
        let file = File::open(path).map_err(Error::io("read", path))?;
        file.take(MAGIC_BYTES as u64).read_to_end(&mut head).map_err(Error::io("read", path))?;
        if head.is_empty() {
            return Err(Error::format(path, "content", "the file is empty", "write the file again"));
        }
        Ok(Self::of_bytes(&head))
    }

    /// The formats that the extension of `path` stands for; empty for an extension that is not known.
    pub fn of_name(path: &Path) -> &'static [Self] {
        let extension = path.extension().and_then(|text| text.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("png") => &[Self::Png],
            Some("jpg" | "jpeg") => &[Self::Jpeg],
            Some("tif" | "tiff") => &[Self::Tiff],
            Some("bmp") => &[Self::Bmp],
            Some("pbm" | "pgm" | "ppm" | "pnm" | "pam") => &[Self::Pnm],
            Some("webp") => &[Self::WebP],
            Some("npy") => &[Self::Npy],
            Some("npz") => &[Self::Npz],
            Some("h5" | "hdf5" | "he5" | "nc4") => &[Self::Hdf5],
            Some("nc") => &[Self::Hdf5, Self::NetCdfClassic],
            Some("mkv" | "webm") => &[Self::Matroska],
            Some("mp4" | "mov" | "m4v" | "3gp") => &[Self::Mp4],
            Some("avi") => &[Self::Avi],
            Some("gif") => &[Self::Gif],
            Some("ts" | "m2ts" | "mts") => &[Self::MpegTs],
            Some("mpg" | "mpeg" | "vob") => &[Self::MpegPs, Self::MpegTs],
            Some("flv") => &[Self::Flv],
            Some("ogv" | "ogg") => &[Self::Ogg],
            Some("y4m") => &[Self::Y4m],
            Some("wmv" | "asf") => &[Self::Asf],
            _ => &[],
        }
    }

    /// Whether frames of this format are read as single images.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Tiff | Self::Bmp | Self::Pnm | Self::WebP)
    }

    /// Whether this is a video.
    pub const fn is_video(self) -> bool {
        matches!(
            self,
            Self::Matroska
                | Self::Mp4
                | Self::Avi
                | Self::Gif
                | Self::MpegTs
                | Self::MpegPs
                | Self::Flv
                | Self::Ogg
                | Self::Y4m
                | Self::Asf
        )
    }

    /// The format in words, with its article: "a PNG image".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Png => "a PNG image",
            Self::Jpeg => "a JPEG image",
            Self::Tiff => "a TIFF file",
            Self::Bmp => "a BMP image",
            Self::Pnm => "a PBM, PGM, PPM or PAM image",
            Self::WebP => "a WebP image",
            Self::Npy => "a NumPy array (.npy)",
            Self::Npz => "a ZIP archive (.npz)",
            Self::Hdf5 => "an HDF5 file",
            Self::NetCdfClassic => "a classic NetCDF file",
            Self::Matroska => "a Matroska video",
            Self::Mp4 => "an MP4 video",
            Self::Avi => "an AVI video",
            Self::Gif => "a GIF image",
            Self::MpegTs => "an MPEG transport stream",
            Self::MpegPs => "an MPEG program stream",
            Self::Flv => "a Flash video",
            Self::Ogg => "an Ogg file",
            Self::Y4m => "a YUV4MPEG2 video",
            Self::Asf => "an ASF (Windows Media) video",
        }
    }

    /// What `path` is by its bytes, after checking that its name does not say otherwise.
    ///
    /// # Errors
    /// [`Error::Format`] where name and bytes disagree, or the bytes are of no known format.
    pub fn checked(path: &Path) -> Result<Self> {
        let (by_bytes, by_name) = (Self::of_file(path)?, Self::of_name(path));
        match (by_bytes, by_name) {
            (Some(kind), names) if names.is_empty() || names.contains(&kind) => Ok(kind),
            (Some(kind), [named, ..]) => Err(Error::format(
                path,
                "content",
                format!("the name says {}, the bytes say {}", named.describe(), kind.describe()),
                "give the file the extension of what it is",
            )),
            (None, [named, ..]) => Err(Error::format(
                path,
                "content",
                format!("the name says {}, but the file does not begin like one", named.describe()),
                "the file is damaged or wrongly named; for bare samples use --raw u16le:TxHxW",
            )),
            // A known kind with an unknown extension was taken above, so nothing is known here.
            (_, []) => Err(Error::format(
                path,
                "content",
                "the bytes are of no known format",
                "give images, TIFF, .npy, .npz, HDF5 or a video; for bare samples use --raw u16le:TxHxW",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn name_and_bytes_must_agree() {
        let (_keep, path) = file("x.npy", b"\x89PNG\r\n\x1a\n....");
        let error = FileKind::checked(&path).unwrap_err().to_string();
        assert!(error.contains("the name says a NumPy array (.npy), the bytes say a PNG image"), "{error}");
        let (_keep, path) = file("x.tif", b"just text");
        assert!(FileKind::checked(&path).unwrap_err().to_string().contains("does not begin like one"));
        let (_keep, path) = file("notes", b"just text");
        assert!(FileKind::checked(&path).unwrap_err().to_string().contains("no known format"));
        let (_keep, path) = file("x.png", b"");
        assert!(FileKind::checked(&path).unwrap_err().to_string().contains("empty"));
    }

    #[test]
    fn bytes_alone_are_enough() {
        let (_keep, path) = file("frame", b"\x93NUMPY\x01\x00");
        assert_eq!(FileKind::checked(&path).unwrap(), FileKind::Npy);
        let (_keep, path) = file("wind.nc", b"\x89HDF\r\n\x1a\n");
        assert_eq!(FileKind::checked(&path).unwrap(), FileKind::Hdf5);
    }

    #[test]
    fn every_image_extension_is_an_image() {
        for extension in IMAGE_EXTENSIONS {
            let kinds = FileKind::of_name(Path::new("x").with_extension(extension).as_path());
            assert!(kinds.iter().all(|kind| kind.is_image()) && !kinds.is_empty(), "{extension}");
        }
    }
}
