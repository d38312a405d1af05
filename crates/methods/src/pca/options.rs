//! The options of the family: `components=20`, `energy=0.999`, `residual=lossless`.

use std::fmt;

use stack_core::{Error, ErrorBound, Result};
use stack_transform::pca::Wanted;

use super::FAMILY;
use crate::MethodSpec;
use crate::options::OptionReader;

const COMPONENTS: &str = "components";
const ENERGY: &str = "energy";
const RESIDUAL: &str = "residual";
const DEFAULT_COMPONENTS: usize = 20;

/// How many components, and what is promised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PcaOptions {
    pub(super) wanted: Wanted,
    /// What the remainder keeps; without one nothing is promised.
    pub(super) residual: ErrorBound,
}

impl PcaOptions {
    /// # Errors
    /// [`Error::Parameter`] for unknown options and unusable values.
    pub(super) fn from_spec(spec: &MethodSpec) -> Result<Self> {
        let mut reader = OptionReader::new(spec);
        let components: Option<String> = reader.value(COMPONENTS, "components=N or components=all")?;
        let energy: Option<String> = reader.value(ENERGY, "energy=SHARE")?;
        let residual: Option<String> = reader.value(RESIDUAL, "residual=lossless or residual=MAX-ERROR")?;
        let unknown = reader.rest();
        let refuse = |problem: String, remedy: &str| {
            Err(Error::parameter(format!("method \"{spec}\""), problem, remedy))
        };
        if !unknown.is_empty() {
            let remedy = "the options of pca are components=N or components=all or energy=SHARE, \
                          and residual=lossless or residual=MAX-ERROR";
            return refuse(format!("there is no option {unknown}"), remedy);
        }
        let wanted = match (components.as_deref(), energy.as_deref()) {
            (Some(_), Some(_)) => {
                return refuse("both components and energy are given".into(), "give one of them");
            }
            (Some("all"), None) => Wanted::All,
            (Some(count), None) => match count.parse() {
                Ok(count) if count > 0 => Wanted::Components(count),
                _ => {
                    return refuse(
                        format!("components={count} is no number"),
                        "write components=20 or components=all",
                    );
                }
            },
            (None, Some(share)) => match share.parse() {
                Ok(share) if share > 0.0 && share <= 1.0 => Wanted::Share(share),
                _ => {
                    return refuse(
                        format!("energy={share} is no share"),
                        "write a number above 0 and at most 1",
                    );
                }
            },
            (None, None) => Wanted::Components(DEFAULT_COMPONENTS),
        };
        let residual = match residual.as_deref() {
            None => ErrorBound::Unbounded,
            Some("lossless") => ErrorBound::Lossless,
            Some(bound) => match bound.parse().map(ErrorBound::max_abs) {
                Ok(Ok(bound)) => bound,
                _ => {
                    let remedy = "write residual=lossless, or the largest error that is allowed";
                    return refuse(format!("residual={bound} is no error bound"), remedy);
                }
            },
        };
        Ok(Self { wanted, residual })
    }
}

impl fmt::Display for PcaOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FAMILY}:")?;
        match self.wanted {
            Wanted::Components(count) => write!(f, "{COMPONENTS}={count}")?,
            Wanted::Share(share) => write!(f, "{ENERGY}={share:?}")?,
            Wanted::All => write!(f, "{COMPONENTS}=all")?,
        }
        match self.residual {
            ErrorBound::Unbounded => Ok(()),
            ErrorBound::Lossless => write!(f, ",{RESIDUAL}=lossless"),
            ErrorBound::MaxAbs(bound) => write!(f, ",{RESIDUAL}={bound:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::method;

    #[test]
    fn specifications_are_printed_in_one_form() {
        for (words, printed) in [
            ("pca", "pca:components=20"),
            ("pcaself", "pca:components=all"),
            ("pca:residual=lossless,components=3", "pca:components=3,residual=lossless"),
            ("pca:energy=.9990", "pca:energy=0.999"),
            ("pca:residual=0.50", "pca:components=20,residual=0.5"),
            ("pca:residual=1e-9", "pca:components=20,residual=1e-9"),
        ] {
            let spec = method(words).unwrap().spec().to_string();
            assert_eq!(spec, printed);
            assert_eq!(method(&spec).unwrap().spec().to_string(), printed);
        }
    }

    #[test]
    fn unusable_options_are_refused() {
        for words in [
            "components=0",
            "components=-1",
            "components=few",
            "components",
            "energy=0",
            "energy=1.5",
            "energy=NaN",
            "components=3,energy=0.9",
            "residual=0",
            "residual=NaN",
            "residual=inf",
            "residual=none",
            "residual",
            "filters=gzip",
        ] {
            let error = method(&format!("pca:{words}")).err().unwrap().to_string();
            assert!(error.contains("pca") && error.contains(';'), "{error}");
        }
    }
}
