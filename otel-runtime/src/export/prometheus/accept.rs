//! Which format a scraper wants most, by its `Accept` header.

/// What metrics are written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Prometheus' text format 0.0.4.
    #[default]
    Text,
    /// OpenMetrics 1.0.0; the one text format with exemplars.
    OpenMetrics,
    /// Messages `io.prometheus.client.MetricFamily`, each after its length; the one with native
    /// histograms.
    Protobuf,
}

impl Format {
    /// What a scraper with this `Accept` header wants most: the format of the highest weight, of
    /// several the first; text if none is known.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let mut best = (0.0, Self::Text);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default();
            let parameter = |name: &str| {
                let values = range.split(';').skip(1).filter_map(|part| {
                    let (key, value) = part.split_once('=')?;
                    key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
                });
                values.last()
            };
            let is = |name: &str, allowed: &str| {
                parameter(name).is_none_or(|value| value.trim_matches('"') == allowed)
            };
            let format = match kind.to_ascii_lowercase().as_str() {
                "text/plain" if is("version", "0.0.4") => Self::Text,
                "text/*" | "*/*" => Self::Text,
                "application/openmetrics-text" if is("version", "1.0.0") => Self::OpenMetrics,
                "application/vnd.google.protobuf"
                    if is("proto", "io.prometheus.client.MetricFamily")
                        && is("encoding", "delimited") =>
                {
                    Self::Protobuf
                }
                _ => continue,
            };
            let weight = parameter("q").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if weight > best.0 {
                best = (weight, format);
            }
        }
        best.1
    }

    /// The value of the `Content-Type` header of an answer.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Protobuf => {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_and_text_is_for_everybody_else() {
        let prometheus = "application/openmetrics-text;version=1.0.0,\
            application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let native = format!(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;\
             encoding=delimited,{}",
            prometheus.replace("1.0.0,", "1.0.0;q=0.8,")
        );
        for (accept, format) in [
            (prometheus, Format::OpenMetrics),
            (&native, Format::Protobuf),
            ("", Format::Text),
            ("*/*", Format::Text),
            ("text/html, application/xhtml+xml, */*;q=0.8", Format::Text),
            ("application/openmetrics-text; version=0.0.1", Format::Text),
            (
                "application/openmetrics-text;q=0,text/plain;q=0.1",
                Format::Text,
            ),
            (
                "application/vnd.google.protobuf;encoding=text",
                Format::Text,
            ),
            (
                "text/plain;q=0.5, Application/OpenMetrics-Text;q=0.6",
                Format::OpenMetrics,
            ),
            (";;;q=,,=;q=nan", Format::Text),
        ] {
            assert_eq!(Format::accepted(accept), format, "{accept}");
        }
    }
}
