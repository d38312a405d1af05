//! What a stack video says about itself: two small attachments.

use std::path::Path;

use serde::{Deserialize, Serialize};
use stack_core::{Error, Limits, Result, StackHeader};

use crate::codec::Codec;
use crate::encoding::Encoding;

/// Name of the attachment with the [`StackHeader`] as JSON.
pub(crate) const HEADER: &str = "header.json";
/// Name of the attachment with the [`EncodingRecord`] as JSON.
pub(crate) const ENCODING: &str = "encoding.json";
/// Length of the encoding record: it is written before the first frame and completed in place after the last, so
/// spaces fill it up.
const ENCODING_BYTES: usize = 2048;
/// Version of this layout of attachments, and that of files with a track for each byte, which a reader of version 1
/// would misread.
const VERSION: u32 = 1;
const VERSION_OF_PLANES: u32 = 2;

/// How the stream was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EncodingRecord {
    version: u32,
    /// Name of the [`Codec`].
    codec: String,
    /// Distance of key frames, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gop: Option<usize>,
    /// Number of tracks that the bytes of each sample are spread over.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    planes: usize,
    /// What was really encoded, known after the last frame: `H.264 High 10, gray10le`.
    pub(crate) description: String,
    /// FFmpeg's version.
    ffmpeg: String,
    /// FFmpeg's options between input and output.
    options: Vec<String>,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn is_one(planes: &usize) -> bool {
    *planes == 1
}

impl EncodingRecord {
    pub(crate) fn new(encoding: Encoding, ffmpeg: &str, options: &[String]) -> Self {
        Self {
            version: if encoding.planes() == 1 { VERSION } else { VERSION_OF_PLANES },
            codec: encoding.codec().name().into(),
            gop: encoding.gop(),
            planes: encoding.planes(),
            description: String::new(),
            ffmpeg: ffmpeg.chars().take(100).collect(),
            options: options.to_vec(),
        }
    }

    /// The record as JSON, always of the same length.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut json = to_json(ENCODING, self)?;
        if json.len() > ENCODING_BYTES {
            return Err(Error::parameter(
                ENCODING,
                format!("{} bytes do not fit in its place of {ENCODING_BYTES}", json.len()),
                "use fewer options",
            ));
        }
        json.resize(ENCODING_BYTES, b' ');
        Ok(json)
    }

    /// Reads a record; `path` is for error messages only.
    ///
    /// # Errors
    /// [`Error::Format`] if it is not JSON of this version.
    pub(crate) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self> {
        let record: Self = from_json(path, ENCODING, bytes)?;
        let expected = if record.planes == 1 { VERSION } else { VERSION_OF_PLANES };
        if record.version != expected {
            return Err(Error::format(
                path,
                ENCODING,
                format!("version {} is not known", record.version),
                "a newer version of this program wrote the file: use that one",
            ));
        }
        Ok(record)
    }

    /// Checks that the record was completed after the last frame, with a description fit for a terminal.
    ///
    /// # Errors
    /// [`Error::Format`] if it was not.
    pub(crate) fn check_finished(&self, path: &Path) -> Result<()> {
        let problem = if self.description.is_empty() {
            "it was not completed, so the file was not finished"
        } else if self.description.chars().any(char::is_control) {
            "its description has control characters"
        } else {
            return Ok(());
        };
        Err(Error::format(path, ENCODING, problem, "make the file again"))
    }

    /// The encoding that the record names.
    pub(crate) fn encoding(&self, path: &Path) -> Result<Encoding> {
        let codec = self.codec.parse::<Codec>();
        codec.and_then(|codec| Encoding::new(codec, self.gop, self.planes)).map_err(|error| {
            Error::format(path, ENCODING, error.to_string(), "a newer version of this program wrote the file")
        })
    }
}

/// The stack's header as JSON.
pub(crate) fn header_to_bytes(header: &StackHeader) -> Result<Vec<u8>> {
    to_json(HEADER, header)
}

/// Reads and checks a stack's header; `path` is for error messages only.
///
/// # Errors
/// [`Error::Format`] if it is not a header; [`Error::Limit`] if it claims too much.
pub(crate) fn header_from_bytes(path: &Path, bytes: &[u8], limits: &Limits) -> Result<StackHeader> {
    let header: StackHeader = from_json(path, HEADER, bytes)?;
    limits.check_header(path, &header)?;
    Ok(header)
}

fn to_json(name: &str, value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value)
        .map_err(|error| Error::parameter(name, error.to_string(), "use text that JSON can hold"))
}

fn from_json<T: for<'a> Deserialize<'a>>(path: &Path, name: &str, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::format(path, name, error.to_string(), "the file is damaged or was not written by us")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_keeps_its_length_and_comes_back() {
        let options = ["-c:v".to_owned(), "ffv1".to_owned()];
        let mut record = EncodingRecord::new(Codec::Ffv1.into(), "5.1", &options);
        let path = Path::new("x.mkv");
        let before = record.to_bytes().unwrap();
        assert!(record.check_finished(path).is_err());
        record.description = "FFV1, gray16le".into();
        let after = record.to_bytes().unwrap();
        assert!(record.check_finished(path).is_ok());
        assert_eq!(before.len(), after.len());
        assert_eq!(EncodingRecord::from_bytes(path, &after).unwrap(), record);
        assert_eq!(record.encoding(path).unwrap(), Codec::Ffv1.into());
    }

    #[test]
    fn a_file_of_planes_is_of_another_version() {
        let path = Path::new("x.mkv");
        let encoding = Encoding::new(Codec::X264Lossless, Some(8), 2).unwrap();
        let bytes = EncodingRecord::new(encoding, "5.1", &[]).to_bytes().unwrap();
        assert_eq!(EncodingRecord::from_bytes(path, &bytes).unwrap().encoding(path).unwrap(), encoding);
        let text = String::from_utf8(bytes).unwrap();
        for (from, to) in [("\"version\":2", "\"version\":1"), ("\"planes\":2", "\"planes\":1")] {
            assert!(text.contains(from), "{text}");
            assert!(EncodingRecord::from_bytes(path, text.replace(from, to).as_bytes()).is_err());
        }
    }

    #[test]
    fn other_versions_and_damaged_json_are_format_errors() {
        let path = Path::new("x.mkv");
        for text in ["", "{}", r#"{"version":2,"codec":"","description":"","ffmpeg":"","options":[]}"#] {
            let error = EncodingRecord::from_bytes(path, text.as_bytes()).unwrap_err();
            assert!(matches!(error, Error::Format { .. }), "{error}");
        }
        let huge = r#"{"frames":1000000000000000,"shape":{"height":1,"width":1,"channels":1},"format":{"pixel":"u8","significant_bits":8}}"#;
        let error = header_from_bytes(path, huge.as_bytes(), &Limits::default()).unwrap_err();
        assert!(matches!(error, Error::Limit { .. }), "{error}");
    }
}
