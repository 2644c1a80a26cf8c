//! What the command line asks for.

use super::{Library, USAGE, e2e, scrapes, service, spans};

/// A family of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Spans,
    Metrics,
    Logs,
    Requests,
    Scrapes,
    Redaction,
    EndToEnd,
    Service,
    Compile,
}

impl Group {
    /// What there is to compare.
    const fn libraries(self) -> &'static [Library] {
        match self {
            Self::Spans | Self::EndToEnd => Library::TRACING,
            Self::Compile => Library::ANNOTATING,
            Self::Metrics => Library::COUNTING,
            Self::Logs => Library::LOGGING,
            Self::Scrapes => Library::SCRAPED,
            Self::Redaction | Self::Requests => &[Library::Otelkit],
            Self::Service => Library::SERVING,
        }
    }

    /// True if what is measured is the cost on the caller's thread.
    pub(crate) const fn is_on_the_callers_thread(self) -> bool {
        matches!(
            self,
            Self::Spans | Self::Metrics | Self::Logs | Self::Requests
        )
    }
}

/// The parsed command line.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) json: bool,
    /// None stands for all.
    libraries: Vec<Library>,
    group: Option<Group>,
    case: Option<String>,
}

impl Options {
    pub(crate) fn parse(words: &[String]) -> Result<Self, String> {
        let mut options = Self {
            quick: false,
            json: false,
            libraries: Vec::new(),
            group: None,
            case: None,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => options.quick = true,
                "--json" => options.json = true,
                "--library" => {
                    let name = words.next().map_or("", String::as_str);
                    let library = Library::parse(name)
                        .ok_or_else(|| format!("there is no library `{name}`\n\n{USAGE}"))?;
                    options.libraries.push(library);
                }
                name if options.group.is_none() => options.choose(name)?,
                word => return Err(format!("one group at a time, not also `{word}`\n\n{USAGE}")),
            }
        }
        if let Some(group) = options.group {
            let has = |library| group.libraries().contains(library);
            if let Some(stranger) = options.libraries.iter().find(|library| !has(library)) {
                let name = stranger.name();
                return Err(format!("`{name}` has nothing to compare here\n\n{USAGE}"));
            }
        }
        Ok(options)
    }

    pub(crate) fn groups(&self) -> Vec<Group> {
        match self.group {
            Some(group) => vec![group],
            None => vec![
                Group::Spans,
                Group::Metrics,
                Group::Logs,
                Group::Requests,
                Group::Scrapes,
                Group::Redaction,
                Group::EndToEnd,
                Group::Service,
                Group::Compile,
            ],
        }
    }

    /// Those to compare in this group.
    pub(crate) fn libraries(&self, group: Group) -> impl Iterator<Item = Library> {
        let wanted =
            |library: &Library| self.libraries.is_empty() || self.libraries.contains(library);
        group.libraries().iter().copied().filter(wanted)
    }

    /// True unless another case was asked for.
    pub(crate) fn wants(&self, case: &str) -> bool {
        self.case.as_ref().is_none_or(|wanted| wanted == case)
    }

    fn choose(&mut self, name: &str) -> Result<(), String> {
        self.group = Some(match name {
            "spans" => Group::Spans,
            "metrics" => Group::Metrics,
            "logs" => Group::Logs,
            "requests" => Group::Requests,
            "scrapes" => Group::Scrapes,
            "redaction" => Group::Redaction,
            "e2e" => Group::EndToEnd,
            service::CASE => Group::Service,
            "compile" => Group::Compile,
            case if spans::CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::Spans
            }
            case if spans::METRIC_CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::Metrics
            }
            case if spans::LOG_CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::Logs
            }
            case if spans::REQUEST_CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::Requests
            }
            case if scrapes::CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::Scrapes
            }
            case if e2e::CASES.iter().any(|known| known.name == case) => {
                self.case = Some(case.to_owned());
                Group::EndToEnd
            }
            unknown => return Err(format!("there is no group `{unknown}`\n\n{USAGE}")),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn without_a_word_everything_is_measured() {
        let options = parse("").unwrap();
        assert_eq!(options.groups().len(), 9);
        let all: Vec<_> = options.libraries(Group::Spans).collect();
        assert_eq!(all, Library::TRACING);
        assert!(options.wants("child0"));
    }

    #[test]
    fn a_case_chooses_its_group_and_leaves_its_siblings_out() {
        let options = parse("child0 --quick --library fastrace").unwrap();
        assert_eq!(options.groups(), [Group::Spans]);
        let chosen: Vec<_> = options.libraries(Group::Spans).collect();
        assert_eq!(chosen, [Library::Fastrace]);
        assert!(options.quick && options.wants("child0") && !options.wants("child1"));
    }

    #[test]
    fn a_case_of_logging_chooses_its_group() {
        let options = parse("log_line --library logforth").unwrap();
        assert_eq!(options.groups(), [Group::Logs]);
        assert!(options.wants("log_line"));
    }

    #[test]
    fn a_case_of_requests_chooses_its_group() {
        let options = parse("called_request").unwrap();
        assert_eq!(options.groups(), [Group::Requests]);
        assert!(options.wants("called_request") && !options.wants("request"));
    }

    #[test]
    fn a_case_of_counting_chooses_its_group() {
        let options = parse("histogram").unwrap();
        assert_eq!(options.groups(), [Group::Metrics]);
        assert!(options.wants("histogram") && !options.wants("counter"));
    }

    #[test]
    fn an_unknown_word_is_named() {
        assert!(parse("spam").unwrap_err().contains("`spam`"));
        assert!(parse("--library log").unwrap_err().contains("`log`"));
        assert!(parse("spans e2e").unwrap_err().contains("`e2e`"));
    }

    #[test]
    fn a_library_that_has_nothing_for_a_group_is_named() {
        let refused = parse("spans --library measured").unwrap_err();
        assert!(refused.contains("`measured`"), "{refused}");
        assert!(parse("counter --library measured").is_ok());
    }
}
