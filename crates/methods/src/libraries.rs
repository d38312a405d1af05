//! The programs and libraries that the methods call, apart from those that are compiled in.

/// Their names and versions, as a report states them: `HDF5 1.10.8`, `FFmpeg 5.1.9`. A program that is missing is
/// left out.
///
/// ```
/// for name in stack_methods::library_versions() {
///     assert!(name.split(' ').count() == 2, "{name}");
/// }
/// ```
pub fn library_versions() -> Vec<String> {
    // Features add to the list.
    #[allow(unused_mut)]
    let mut versions = Vec::new();
    #[cfg(feature = "hdf5")]
    {
        let (major, minor, release) = stack_container::library_version();
        versions.push(format!("HDF5 {major}.{minor}.{release}"));
    }
    #[cfg(feature = "video")]
    if let Ok(ffmpeg) = stack_video::Ffmpeg::locate() {
        versions.push(format!("FFmpeg {}", ffmpeg.version()));
    }
    versions
}
