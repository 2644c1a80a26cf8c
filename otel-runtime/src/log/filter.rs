//! Which places are heard, down to which severity, and how often.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::limit::RateLimit;
use super::severity::Severity;
use crate::site::Place;

/// Which places are heard, down to which severity, and how often.
///
/// A place is meant by its target, its module, or its file and line (`src/cart.rs:17`); a target or
/// module stands for those below it, too. The longest pattern that means a place counts, for its
/// severity and its limit each; among equals the last.
///
/// As text, directives stand between commas: `info,hyper=warn,shop::cart=debug@10/s,noisy=off`. One
/// without a pattern is for all places; `@10/s` lets each place say ten things a second.
///
/// ```
/// use otel_runtime::log::{LogFilter, RateLimit, Severity};
///
/// let filter = LogFilter::new(Severity::INFO)
///     .with("hyper", Severity::WARN)
///     .limit("shop::cart", RateLimit::per_second(10))
///     .without("noisy");
/// assert_eq!("info,hyper=warn,shop::cart@10/s,noisy=off".parse(), Ok(filter));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter {
    directives: Vec<Directive>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Directive {
    /// Empty for all places.
    pattern: Cow<'static, str>,
    /// Says nothing of the severity if there is none.
    least: Option<Least>,
    limit: Option<RateLimit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    Off,
    From(Severity),
}

/// What a filter says of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The least severity that is heard, if any is.
    pub(crate) least: Option<Severity>,
    pub(crate) limit: Option<RateLimit>,
}

impl LogFilter {
    /// All places, from this severity on.
    #[must_use]
    pub fn new(least: Severity) -> Self {
        Self {
            directives: vec![Directive {
                pattern: Cow::Borrowed(""),
                least: Some(Least::From(least)),
                limit: None,
            }],
        }
    }

    /// The same, with these places from this severity on.
    #[must_use]
    pub fn with(self, pattern: impl Into<Cow<'static, str>>, least: Severity) -> Self {
        self.and(pattern, Some(Least::From(least)), None)
    }

    /// The same, without these places.
    #[must_use]
    pub fn without(self, pattern: impl Into<Cow<'static, str>>) -> Self {
        self.and(pattern, Some(Least::Off), None)
    }

    /// The same, with each of these places held to this limit; an empty pattern is for all.
    #[must_use]
    pub fn limit(self, pattern: impl Into<Cow<'static, str>>, limit: RateLimit) -> Self {
        self.and(pattern, None, Some(limit))
    }

    fn and(
        mut self,
        pattern: impl Into<Cow<'static, str>>,
        least: Option<Least>,
        limit: Option<RateLimit>,
    ) -> Self {
        self.directives.push(Directive {
            pattern: pattern.into(),
            least,
            limit,
        });
        self
    }

    /// The least severity that can be heard from any place; `None` if nothing can.
    #[must_use]
    pub fn least(&self) -> Option<Severity> {
        let said = self.directives.iter().filter_map(|it| it.least);
        let heard = said.filter_map(|least| match least {
            Least::From(severity) => Some(severity),
            Least::Off => None,
        });
        heard.min()
    }

    /// What it says of this place.
    pub(crate) fn rule(&self, place: &Place<'_>) -> Rule {
        let (mut least, mut limit) = (None, None);
        let meant = self
            .directives
            .iter()
            .filter(|it| place.is_meant_by(&it.pattern));
        for directive in meant {
            let length = directive.pattern.len();
            if let Some(said) = directive.least
                && least.is_none_or(|(best, _)| length >= best)
            {
                least = Some((length, said));
            }
            if let Some(said) = directive.limit
                && limit.is_none_or(|(best, _)| length >= best)
            {
                limit = Some((length, said));
            }
        }
        Rule {
            least: match least {
                Some((_, Least::From(severity))) => Some(severity),
                Some((_, Least::Off)) | None => None,
            },
            limit: limit.map(|(_, limit)| limit),
        }
    }
}

impl Rule {
    pub(crate) const OFF: Self = Self {
        least: None,
        limit: None,
    };
}

impl Default for LogFilter {
    /// All places, from [`Severity::INFO`] on.
    fn default() -> Self {
        Self::new(Severity::INFO)
    }
}

/// A filter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilterError {
    directive: String,
    reason: &'static str,
}

impl LogFilterError {
    /// The directive that cannot be read.
    #[must_use]
    pub fn directive(&self) -> &str {
        &self.directive
    }
}

impl fmt::Display for LogFilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.directive, self.reason)
    }
}

impl Error for LogFilterError {}

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, LogFilterError> {
        let mut filter = Self::default();
        let directives = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        for (index, directive) in directives.enumerate() {
            let directive = read(directive).map_err(|reason| LogFilterError {
                directive: directive.to_owned(),
                reason,
            })?;
            let replaces_default = index == 0 && directive.pattern.is_empty();
            if replaces_default && directive.least.is_some() && directive.limit.is_none() {
                filter.directives.clear();
            }
            filter.directives.push(directive);
        }
        Ok(filter)
    }
}

fn read(directive: &str) -> Result<Directive, &'static str> {
    const LEAST: &str =
        "expected `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `off` after the `=`";
    const LIMIT: &str = "expected a number of records a second after the `@`, such as `@10/s`";
    let (rest, limit) = match directive.rsplit_once('@') {
        Some((rest, limit)) => {
            let number = limit.strip_suffix("/s").unwrap_or(limit).parse();
            let number = number.ok().filter(|number| *number > 0).ok_or(LIMIT)?;
            (rest, Some(RateLimit::per_second(number)))
        }
        None => (directive, None),
    };
    let (pattern, least) = match rest.rsplit_once('=') {
        Some((pattern, least)) => (pattern.trim(), Some(least_of(least.trim()).ok_or(LEAST)?)),
        None => match least_of(rest) {
            Some(least) => ("", Some(least)),
            None => (rest, None),
        },
    };
    if pattern.contains(char::is_whitespace) {
        return Err("a pattern has no space in it; directives stand between commas");
    }
    // A pattern alone wants to hear everything of its places.
    let least = match (least, limit) {
        (None, None) => Some(Least::From(Severity::TRACE)),
        _ => least,
    };
    Ok(Directive {
        pattern: Cow::Owned(pattern.to_owned()),
        least,
        limit,
    })
}

fn least_of(text: &str) -> Option<Least> {
    match text.eq_ignore_ascii_case("off") {
        true => Some(Least::Off),
        false => text.parse().ok().map(Least::From),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(target: &'static str) -> Place<'static> {
        Place {
            target,
            module: "shop::cart",
            file: "shop/src/cart.rs",
            line: 17,
        }
    }

    fn least(filter: &str, target: &'static str) -> Option<Severity> {
        filter
            .parse::<LogFilter>()
            .unwrap()
            .rule(&place(target))
            .least
    }

    #[test]
    fn the_longest_pattern_counts() {
        let filter = "warn,hyper=error,hyper::client=debug,hyper::client::pool=off";
        for (target, expected) in [
            ("h2", Some(Severity::WARN)),
            ("hyper", Some(Severity::ERROR)),
            ("hyperion", Some(Severity::WARN)),
            ("hyper::server", Some(Severity::ERROR)),
            ("hyper::client::conn", Some(Severity::DEBUG)),
            ("hyper::client::pool", None),
        ] {
            assert_eq!(least(filter, target), expected, "{target}");
        }
        assert_eq!(least("a=warn,a=debug", "a"), Some(Severity::DEBUG));
    }

    #[test]
    fn a_place_is_meant_by_module_and_by_file_and_line() {
        assert_eq!(least("shop::cart=debug", "x"), Some(Severity::DEBUG));
        assert_eq!(least("src/cart.rs:17=debug", "x"), Some(Severity::DEBUG));
        assert_eq!(least("src/cart.rs:18=debug", "x"), Some(Severity::INFO));
        assert_eq!(least("art.rs:17=debug", "x"), Some(Severity::INFO));
    }

    #[test]
    fn a_limit_says_nothing_of_the_severity() {
        let filter: LogFilter = "error,shop=warn@10/s,shop::cart@2".parse().unwrap();
        let rule = filter.rule(&place("shop"));
        assert_eq!(rule.least, Some(Severity::WARN));
        assert_eq!(rule.limit, Some(RateLimit::per_second(2)));
    }

    #[test]
    fn a_pattern_alone_hears_everything_and_nothing_is_info() {
        assert_eq!(least("shop", "shop"), Some(Severity::TRACE));
        assert_eq!(least("", "shop"), Some(Severity::INFO));
        assert_eq!(least("OFF", "shop"), None);
    }

    #[test]
    fn a_directive_that_cannot_be_read_is_named() {
        for (filter, directive, word) in [
            ("info,hyper=wran", "hyper=wran", "`warn`"),
            ("a@many", "a@many", "@10/s"),
            ("a@0/s", "a@0/s", "@10/s"),
            ("info debug", "info debug", "commas"),
        ] {
            let error = filter.parse::<LogFilter>().unwrap_err();
            assert_eq!(error.directive(), directive);
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn the_least_that_can_be_heard_is_that_of_any_place() {
        for (filter, least) in [
            ("info", Some(Severity::INFO)),
            ("warn,deep=trace,other=off", Some(Severity::TRACE)),
            ("off,shop=error", Some(Severity::ERROR)),
            ("off", None),
        ] {
            assert_eq!(
                filter.parse::<LogFilter>().unwrap().least(),
                least,
                "{filter}"
            );
        }
    }
}
