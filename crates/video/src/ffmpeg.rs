//! Finding FFmpeg, and asking it what it can do.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ffmpeg_sidecar::log_parser::try_parse_version;
use stack_core::{Error, Result};

/// How to install FFmpeg.
const INSTALL: &str = "install it: apt install ffmpeg (Debian, Ubuntu), dnf install ffmpeg (Fedora), \
                       brew install ffmpeg (macOS); or name the program in STACKPRESS_FFMPEG";

/// The oldest FFmpeg that has `-fps_mode`.
const OLDEST: (u32, u32) = (5, 1);

/// An FFmpeg program that runs.
#[derive(Debug, Clone)]
pub struct Ffmpeg {
    program: PathBuf,
    version: String,
    /// What it answered, shared by all copies.
    answers: Arc<Answers>,
}

/// The lists of encoders and of pixel formats, once they were asked for.
#[derive(Debug, Default)]
struct Answers {
    encoders: OnceLock<String>,
    pixel_formats: OnceLock<String>,
}

/// The program that was found last: it is asked for its version once in a process, and not for every file.
static FOUND: Mutex<Option<Ffmpeg>> = Mutex::new(None);

/// A pixel format in FFmpeg's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PixelFormat {
    pub(crate) name: String,
    /// Samples of a pixel; 0 where frames lie in the memory of a graphics card.
    pub(crate) components: usize,
    /// Most bits of a sample.
    pub(crate) depth: u8,
}

impl Ffmpeg {
    /// The program that the environment variable `STACKPRESS_FFMPEG` names, otherwise `ffmpeg` on the `PATH`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the line that installs it, if it is missing, does not run, or is older than
    /// 5.1.
    pub fn locate() -> Result<Self> {
        let program = program_from(std::env::var_os("STACKPRESS_FFMPEG"));
        let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        match &*found {
            Some(ffmpeg) if ffmpeg.program == program => Ok(ffmpeg.clone()),
            _ => Ok(found.insert(Self::at(program)?).clone()),
        }
    }

    /// The program at `program`: a path, or a name to be found on the `PATH`.
    ///
    /// # Errors
    /// As [`Ffmpeg::locate`].
    pub fn at(program: impl Into<PathBuf>) -> Result<Self> {
        let program = program.into();
        let text = ask(&program, "-version")?;
        let version = text.lines().find_map(version_of).ok_or_else(|| {
            Error::unavailable(
                program.display().to_string(),
                "it does not say its version, so it is not FFmpeg",
                INSTALL,
            )
        })?;
        if release(&version).is_some_and(|release| release < OLDEST) {
            return Err(Error::unavailable(
                program.display().to_string(),
                format!("version {version} is too old"),
                format!("{}.{} or later is needed; {INSTALL}", OLDEST.0, OLDEST.1),
            ));
        }
        Ok(Self { program, version, answers: Arc::default() })
    }

    /// The path or name it was found by.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The version in its own words: `5.1.9-0+deb12u1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the pixel format `name` is made of; `None` if this build does not know it.
    pub(crate) fn pixel_format(&self, name: &str) -> Result<Option<PixelFormat>> {
        let list = match self.answers.pixel_formats.get() {
            Some(list) => list,
            None => {
                let list = ask(&self.program, "-pix_fmts")?;
                self.answers.pixel_formats.get_or_init(|| list)
            }
        };
        Ok(pixel_format(list, name))
    }

    /// Checks that `encoder` is part of this build.
    ///
    /// # Errors
    /// [`Error::Unavailable`] that names the encoder.
    pub fn require_encoder(&self, encoder: &str) -> Result<()> {
        let list = match self.answers.encoders.get() {
            Some(list) => list,
            None => {
                let list = ask(&self.program, "-encoders")?;
                self.answers.encoders.get_or_init(|| list)
            }
        };
        if encoders(list).any(|name| name == encoder) {
            return Ok(());
        }
        Err(Error::unavailable(
            format!("the encoder {encoder}"),
            format!("{} {} was built without it", self.program.display(), self.version),
            format!("use a build that has it ({INSTALL}), or another method"),
        ))
    }

    /// The error for a start that the operating system refused.
    pub(crate) fn not_started(program: &Path, source: &io::Error) -> Error {
        let problem = if source.kind() == io::ErrorKind::NotFound {
            "the program was not found".to_owned()
        } else {
            format!("it could not be started: {source}")
        };
        Error::unavailable(program.display().to_string(), problem, INSTALL)
    }
}

fn program_from(variable: Option<OsString>) -> PathBuf {
    variable.filter(|name| !name.is_empty()).unwrap_or_else(|| OsStr::new("ffmpeg").into()).into()
}

/// What FFmpeg prints on standard output when asked one question.
fn ask(program: &Path, question: &str) -> Result<String> {
    let answer = Command::new(program)
        .args(["-hide_banner", question])
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Ffmpeg::not_started(program, &source))?;
    if !answer.status.success() {
        return Err(Error::unavailable(
            program.display().to_string(),
            format!(
                "{question} ended with {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.stderr).trim()
            ),
            INSTALL,
        ));
    }
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}

fn version_of(line: &str) -> Option<String> {
    // The parser knows the log's form, in which every line begins with its level.
    try_parse_version(&format!("[info] {line}")).or_else(|| try_parse_version(line))
}

/// Major and minor number; `None` for builds from the development tree, which are taken as new.
fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim_start_matches('n').split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0);
    // Builds that are named by their date, like 2023-01-18-git.
    (major < 1000).then_some((major, minor))
}

/// The names in the list of encoders: the second word of each line after the ruler.
fn encoders(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .skip_while(|line| !line.trim().starts_with("---"))
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(1))
}

/// One line of the list of pixel formats: flags, name, components, bits per pixel, bits per sample (`5-6-5`).
fn pixel_format(list: &str, name: &str) -> Option<PixelFormat> {
    let mut lines = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let words = lines.find(|words| words.len() >= 5 && words[1] == name)?;
    let depths = words[4].split('-').map(str::parse::<u8>);
    Some(PixelFormat {
        name: name.to_owned(),
        components: words[2].parse().ok()?,
        depth: depths.collect::<Result<Vec<_>, _>>().ok()?.into_iter().max()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_goes_before_the_path() {
        assert_eq!(program_from(None), PathBuf::from("ffmpeg"));
        assert_eq!(program_from(Some("".into())), PathBuf::from("ffmpeg"));
        assert_eq!(program_from(Some("/opt/ffmpeg".into())), PathBuf::from("/opt/ffmpeg"));
    }

    #[test]
    fn versions_are_understood() {
        assert_eq!(release("5.1.9-0+deb12u1"), Some((5, 1)));
        assert_eq!(release("n6.0"), Some((6, 0)));
        assert_eq!(release("7"), Some((7, 0)));
        assert_eq!(release("4.4.2-0ubuntu0.22.04.1"), Some((4, 4)));
        assert_eq!(release("N-110070-gc6364b711b"), None);
        assert_eq!(release("2023-01-18-git-ba36e6ed52"), None);
    }

    #[test]
    fn a_missing_program_is_unavailable_with_the_line_that_installs_it() {
        let error = Ffmpeg::at("/nowhere/ffmpeg").unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        assert!(error.to_string().contains("apt install ffmpeg"), "{error}");
    }

    #[test]
    fn pixel_format_lists_are_read() {
        let list = "Pixel formats:\nFLAGS NAME            NB_COMPONENTS BITS_PER_PIXEL BIT_DEPTHS\n-----\n\
                    IO... yuv420p                3             12      8-8-8\n\
                    IO... rgb565le               3             16      5-6-5\n";
        let expected = PixelFormat { name: "rgb565le".into(), components: 3, depth: 6 };
        assert_eq!(pixel_format(list, "rgb565le"), Some(expected));
        assert_eq!(pixel_format(list, "yuv420"), None);
    }

    #[test]
    fn encoder_lists_are_read() {
        let list = "Encoders:\n V..... = Video\n ------\n V....D ffv1   FFmpeg video codec #1\n V..... mpeg4  MPEG-4\n";
        assert_eq!(encoders(list).collect::<Vec<_>>(), ["ffv1", "mpeg4"]);
    }
}
