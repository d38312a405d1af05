//! Frames as small pictures, and pictures as files.

use std::io::Write;
use std::path::Path;

use stack_core::{Error, FrameBuf, FrameShape, Result, Sample, with_samples};
use stack_report::plot::{Picture, Range};

/// Pixels of the files for each pixel of a drawing, so that they are sharp on fine screens.
pub(crate) const FINENESS: f64 = 2.0;

/// The shape of a frame of which each square of `step` by `step` pixels becomes one; squares at the edge are smaller.
pub(crate) fn reduced(shape: FrameShape, step: usize) -> FrameShape {
    FrameShape::new(shape.height().div_ceil(step), shape.width().div_ceil(step), shape.channels())
        .expect("a smaller shape than one that is valid")
}

/// The means of these squares, channel by channel.
pub(crate) fn means_of_squares(frame: &FrameBuf, shape: FrameShape, step: usize) -> Vec<f64> {
    with_samples!(frame, samples => means(samples, shape, step))
}

fn means<T: Sample>(samples: &[T], shape: FrameShape, step: usize) -> Vec<f64> {
    let (height, width, channels) = (shape.height(), shape.width(), shape.channels());
    let mut small = Vec::new();
    for top in (0..height).step_by(step) {
        for left in (0..width).step_by(step) {
            for channel in 0..channels {
                let (mut sum, mut count) = (0.0, 0.0);
                for row in top..height.min(top + step) {
                    for column in left..width.min(left + step) {
                        sum += samples[(row * width + column) * channels + channel].to_f64();
                        count += 1.0;
                    }
                }
                small.push(sum / count);
            }
        }
    }
    small
}

/// Values of all channels as a picture: RGB where there are three, without what is transparent.
pub(crate) fn picture(values: &[f64], shape: FrameShape, range: Range) -> Picture {
    let channels = shape.channels();
    let colours = if channels >= 3 { 3 } else { 1 };
    let kept: Vec<f64> = values.chunks(channels).flat_map(|pixel| &pixel[..colours]).copied().collect();
    if colours == 3 {
        Picture::rgb_of(&kept, shape.width(), range)
    } else {
        Picture::grey(&kept, shape.width(), range)
    }
}

/// Writes a file whole or not at all; `option` is the one that names another place.
pub(crate) fn save(target: &Path, bytes: &[u8], option: &str, overwrite: bool) -> Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = temporary(folder).map_err(Error::io("write to", folder))?;
    file.write_all(bytes).map_err(Error::io("write", target))?;
    let saved = if overwrite { file.persist(target) } else { file.persist_noclobber(target) };
    match saved {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::parameter(
            target.display().to_string(),
            "the picture exists",
            format!("name another place with {option}, or overwrite it with -f"),
        )),
        Err(error) => Err(Error::io("write", target)(error.error)),
    }
}

/// A file that vanishes unless it is given its name; with the rights that any new file has.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
