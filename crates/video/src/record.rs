//! What a stack video says about itself: two small attachments.

use std::path::Path;

use serde::{Deserialize, Serialize};
use stack_core::{Error, Limits, Result, StackHeader};

use crate::codec::Codec;

/// Name of the attachment with the [`StackHeader`] as JSON.
pub(crate) const HEADER: &str = "header.json";
/// Name of the attachment with the [`EncodingRecord`] as JSON.
pub(crate) const ENCODING: &str = "encoding.json";
/// Length of the encoding record: it is written before the first frame and completed in place after the last, so
/// spaces fill it up.
const ENCODING_BYTES: usize = 2048;
/// Version of this layout of attachments.
const VERSION: u32 = 1;

/// How the stream was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EncodingRecord {
    version: u32,
    /// Name of the [`Codec`].
    codec: String,
    /// What was really encoded, known after the last frame: `H.264 High 10, gray10le`.
    pub(crate) description: String,
    /// FFmpeg's version.
    ffmpeg: String,
    /// FFmpeg's options between input and output.
    options: Vec<String>,
}

impl EncodingRecord {
    pub(crate) fn new(codec: Codec, ffmpeg: &str, options: &[String]) -> Self {
        Self {
            version: VERSION,
            codec: codec.name().into(),
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
        if record.version != VERSION {
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

    /// The codec that the record names.
    pub(crate) fn codec(&self, path: &Path) -> Result<Codec> {
        self.codec.parse().map_err(|error: Error| {
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
        let mut record = EncodingRecord::new(Codec::Ffv1, "5.1", &options);
        let path = Path::new("x.mkv");
        let before = record.to_bytes().unwrap();
        assert!(record.check_finished(path).is_err());
        record.description = "FFV1, gray16le".into();
        let after = record.to_bytes().unwrap();
        assert!(record.check_finished(path).is_ok());
        assert_eq!(before.len(), after.len());
        assert_eq!(EncodingRecord::from_bytes(path, &after).unwrap(), record);
        assert_eq!(record.codec(path).unwrap(), Codec::Ffv1);
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
