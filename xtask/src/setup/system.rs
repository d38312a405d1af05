//! Programs and libraries of the operating system.

use std::process::{Command, Stdio};

use super::tell;
use crate::failure::{Failure, Result};
use crate::process::output_of;

/// Something the system must have, how it is recognised, and the packages that bring it.
struct Item {
    name: &'static str,
    find: fn() -> Found,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    brew: &'static [&'static str],
}

/// The version that was found, or what is wrong.
type Found = std::result::Result<String, String>;

const ITEMS: &[Item] = &[
    Item {
        name: "C compiler",
        find: || first_line("cc", &["--version"]),
        apt: &["gcc", "libc6-dev"],
        dnf: &["gcc", "glibc-devel"],
        brew: &["gcc"],
    },
    Item {
        name: "pkg-config",
        find: || first_line("pkg-config", &["--version"]),
        apt: &["pkg-config"],
        dnf: &["pkgconf-pkg-config"],
        brew: &["pkgconf"],
    },
    Item { name: "libhdf5", find: hdf5, apt: &["libhdf5-dev"], dnf: &["hdf5-devel"], brew: &["hdf5"] },
    Item { name: "ffmpeg", find: ffmpeg, apt: &["ffmpeg"], dnf: &["ffmpeg"], brew: &["ffmpeg"] },
    Item {
        name: "python3",
        find: python,
        apt: &["python3", "python3-venv"],
        dnf: &["python3"],
        brew: &["python"],
    },
    Item {
        name: "h5dump",
        find: || first_line("h5dump", &["--version"]),
        apt: &["hdf5-tools"],
        dnf: &["hdf5"],
        brew: &["hdf5"],
    },
    Item {
        name: "rustfmt",
        find: || first_line("cargo", &["fmt", "--version"]),
        apt: &[],
        dnf: &[],
        brew: &[],
    },
    Item {
        name: "clippy",
        find: || first_line("cargo", &["clippy", "--version"]),
        apt: &[],
        dnf: &[],
        brew: &[],
    },
];

/// What looking at pages needs.
const BROWSER: &[Item] = &[
    Item {
        name: "chromium",
        find: || {
            let names = ["chromium", "chromium-browser", "google-chrome"];
            names
                .iter()
                .find_map(|name| first_line(name, &["--version"]).ok())
                .ok_or_else(|| "none of chromium, chromium-browser, google-chrome runs".to_owned())
        },
        apt: &["chromium"],
        dnf: &["chromium"],
        brew: &["chromium"],
    },
    Item {
        name: "chromedriver",
        find: || first_line("chromedriver", &["--version"]),
        apt: &["chromium-driver"],
        dnf: &["chromedriver"],
        brew: &["chromedriver"],
    },
];

/// The encoders that the video methods call.
const ENCODERS: &[&str] = &["libx264", "libx265", "ffv1", "mpeg4"];

/// Finds everything; installs what is missing where that is possible.
pub(super) fn ensure() -> Result<()> {
    ensure_all(ITEMS)
}

/// The same for the browser.
pub(super) fn ensure_browser() -> Result<()> {
    ensure_all(BROWSER)
}

fn ensure_all(items: &'static [Item]) -> Result<()> {
    let missing = look(items.iter().collect());
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|item| item.apt).copied().collect();
    if packages.is_empty() || !may_install() {
        return told(&missing);
    }
    println!("  apt-get installs {}", packages.join(" "));
    install(&packages)?;
    told(&look(missing))
}

/// Prints a line for each item that is there, and returns the others.
fn look(items: Vec<&'static Item>) -> Vec<&'static Item> {
    let mut missing = Vec::new();
    for item in items {
        match (item.find)() {
            Ok(version) => tell(item.name, &version),
            Err(problem) => {
                tell(item.name, &format!("missing: {problem}"));
                missing.push(item);
            }
        }
    }
    missing
}

/// Fails if anything is missing, and says what to type.
fn told(missing: &[&Item]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|item| item.name).collect();
    println!("\ntype the line of your system:\n{}", install_lines(missing));
    Err(Failure::new(format!("missing: {}", names.join(", ")), "install it, then `cargo xtask setup` again"))
}

/// What to type on Debian, Fedora and macOS.
fn install_lines(needed: &[&Item]) -> String {
    let mut text = String::new();
    for (prefix, packages) in [
        ("sudo apt-get install", (|item| item.apt) as fn(&Item) -> &'static [&'static str]),
        ("sudo dnf install", |item| item.dnf),
        ("brew install", |item| item.brew),
    ] {
        let words: Vec<&str> = needed.iter().flat_map(|item| packages(item)).copied().collect();
        if !words.is_empty() {
            text += &format!("  {prefix} {}\n", words.join(" "));
        }
    }
    let components: Vec<&str> =
        needed.iter().map(|item| item.name).filter(|name| ["rustfmt", "clippy"].contains(name)).collect();
    if !components.is_empty() {
        text += &format!("  rustup component add {}\n", components.join(" "));
    }
    text
}

/// Whether we are root on a system with `apt-get`.
fn may_install() -> bool {
    output_of("id", &["-u"]).is_some_and(|user| user.trim() == "0")
        && output_of("apt-get", &["--version"]).is_some()
}

/// Installs; only if that fails are the package lists updated, once.
fn install(packages: &[&str]) -> Result<()> {
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    if apt_get(&arguments).is_ok() {
        return Ok(());
    }
    println!("  apt-get updates its lists");
    apt_get(&["update"]).and_then(|()| apt_get(&arguments)).map_err(|log| {
        eprintln!("{log}");
        Failure::new(
            format!("apt-get could not install {}", packages.join(" ")),
            "its messages stand above; install by hand, then `cargo xtask setup` again",
        )
    })
}

/// Runs `apt-get` without questions; its messages come back if it fails.
fn apt_get(arguments: &[&str]) -> std::result::Result<(), String> {
    let output = Command::new("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .map_err(|reason| reason.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

/// The first line that a program prints.
fn first_line(program: &str, arguments: &[&str]) -> Found {
    let text = output_of(program, arguments).ok_or_else(|| format!("`{program}` does not run"))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The library with its headers; Debian has it under two names, Homebrew perhaps without a pkg-config file.
fn hdf5() -> Found {
    ["hdf5", "hdf5-serial"]
        .iter()
        .find_map(|name| output_of("pkg-config", &["--modversion", name]))
        .map(|version| version.trim().to_owned())
        .or_else(|| std::env::var("HDF5_DIR").ok().map(|folder| format!("in HDF5_DIR={folder}")))
        .or_else(|| {
            output_of("brew", &["--prefix", "--installed", "hdf5"]).map(|folder| folder.trim().to_owned())
        })
        .ok_or_else(|| "pkg-config knows neither hdf5 nor hdf5-serial".to_owned())
}

/// FFmpeg, if it has every encoder that is called.
fn ffmpeg() -> Found {
    let version = first_line("ffmpeg", &["-hide_banner", "-version"])?;
    let list = output_of("ffmpeg", &["-hide_banner", "-encoders"]).ok_or("`ffmpeg -encoders` fails")?;
    let lacking = lacking_encoders(&list);
    if !lacking.is_empty() {
        return Err(format!("this ffmpeg lacks the encoders {}", lacking.join(", ")));
    }
    let version =
        version.split(" Copyright").next().unwrap_or_default().trim_start_matches("ffmpeg version ");
    Ok(format!("{version} with {}", ENCODERS.join(", ")))
}

/// Those of [`ENCODERS`] that are not in the list of `ffmpeg -encoders`: lines of flags, name, description.
fn lacking_encoders(list: &str) -> Vec<&'static str> {
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    ENCODERS.iter().filter(|encoder| !names.contains(encoder)).copied().collect()
}

/// A Python that the pinned packages support and that can make virtual environments.
fn python() -> Found {
    let probe = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3]); \
                 sys.exit(sys.version_info < (3, 11))";
    output_of("python3", &["-c", probe])
        .map(|version| version.trim().to_owned())
        .ok_or_else(|| "`python3` is missing, older than 3.11, or has no venv module".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoders_are_found_by_name_and_not_by_description() {
        let list = " V....D libx264   libx264 H.264 (codec h264)\n V.S..D ffv1   FFmpeg video codec #1\n \
                    V....D other   wraps libx265 (codec hevc)\n";
        assert_eq!(lacking_encoders(list), ["libx265", "mpeg4"]);
    }

    #[test]
    fn the_lines_to_type_name_every_package() {
        let needed: Vec<&Item> =
            ITEMS.iter().filter(|item| ["libhdf5", "python3", "clippy"].contains(&item.name)).collect();
        assert_eq!(
            install_lines(&needed),
            "  sudo apt-get install libhdf5-dev python3 python3-venv\n  \
             sudo dnf install hdf5-devel python3\n  brew install hdf5 python\n  rustup component add clippy\n"
        );
    }

    #[test]
    fn a_missing_item_fails_by_name() {
        let item = |name: &str| ITEMS.iter().find(|item| item.name == name).unwrap();
        assert!(told(&[]).is_ok());
        let failure = told(&[item("h5dump"), item("ffmpeg")]).unwrap_err();
        assert!(failure.to_string().starts_with("missing: h5dump, ffmpeg;"), "{failure}");
    }
}
