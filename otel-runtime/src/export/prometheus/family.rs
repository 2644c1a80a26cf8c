//! Metrics under the names that a scraper sees; metrics whose names become one are one family.

use std::borrow::Cow;
use std::collections::HashMap;

use super::name;
use crate::metric::{Metric, Points};

/// Series of one name.
#[derive(Debug)]
pub(super) struct Family {
    /// Without the `_total` of counters.
    pub(super) name: String,
    /// In Prometheus' words; may be empty.
    pub(super) unit: String,
    pub(super) help: Cow<'static, str>,
    pub(super) kind: Kind,
    /// The places of the metrics whose series they are.
    pub(super) metrics: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// What a scraper is shown, and what it is not.
#[derive(Debug, Default)]
pub(super) struct Families {
    pub(super) shown: Vec<Family>,
    /// The places of metrics whose name, as a scraper sees it, belongs to another one already.
    pub(super) hidden: Vec<usize>,
}

/// The families of metrics, of which the points are not looked at. Of two that would take the same
/// name of a sample and are not of one kind and unit, only the first is shown: a scraper would
/// refuse both.
pub(super) fn families(metrics: &[Metric], prefix: &str) -> Families {
    let mut families: Vec<Family> = Vec::new();
    let mut hidden = Vec::new();
    let mut owners: HashMap<String, usize> = HashMap::new();
    owners.insert("target_info".to_owned(), usize::MAX);
    for (place, metric) in metrics.iter().enumerate() {
        let family = Family::of(place, metric, prefix);
        let owner = family
            .sample_names()
            .find_map(|name| owners.get(&name).copied());
        match owner {
            None => {
                for name in family.sample_names() {
                    owners.insert(name, families.len());
                }
                families.push(family);
            }
            Some(owner) => match families.get_mut(owner) {
                Some(known) if known.is(&family) => known.metrics.push(place),
                _ => hidden.push(place),
            },
        }
    }
    Families {
        shown: families,
        hidden,
    }
}

impl Family {
    fn of(place: usize, metric: &Metric, prefix: &str) -> Self {
        let kind = match &metric.points {
            Points::Sum {
                is_monotonic: true, ..
            } => Kind::Counter,
            Points::Sum { .. } | Points::Gauge(_) => Kind::Gauge,
            Points::Histogram { .. } | Points::ExponentialHistogram { .. } => Kind::Histogram,
        };
        let unit = name::unit(&metric.unit, matches!(metric.points, Points::Gauge(_)));
        let help = match &*metric.description {
            // better than nothing, and linters want something
            "" => &metric.name,
            _ => &metric.description,
        };
        Self {
            name: name::family(prefix, &metric.name, &unit, kind == Kind::Counter),
            unit,
            help: help.clone(),
            kind,
            metrics: vec![place],
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.unit == other.unit
    }

    fn sample_names(&self) -> impl Iterator<Item = String> + use<'_> {
        let suffixes: &[&str] = match self.kind {
            Kind::Counter => &["_total", ""],
            Kind::Gauge => &[""],
            Kind::Histogram => &["", "_bucket", "_sum", "_count"],
        };
        suffixes
            .iter()
            .map(|suffix| format!("{}{suffix}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{NumberPoint, NumberValue, Temporality};

    fn counter(name: &'static str, unit: &'static str) -> Metric {
        let point = NumberPoint {
            attributes: Vec::new(),
            start_unix_ns: 1,
            unix_ns: 2,
            value: NumberValue::Int(3),
            exemplars: Vec::new(),
        };
        Metric {
            name: name.into(),
            unit: unit.into(),
            description: "".into(),
            scope: crate::metric::MetricScope::default(),
            points: Points::Sum {
                is_monotonic: true,
                temporality: Temporality::Cumulative,
                points: vec![point],
            },
        }
    }

    #[test]
    fn a_metric_whose_name_is_taken_is_hidden_and_not_forgotten() {
        let metrics = [
            counter("shop.wait", "s"),
            counter("shop.wait.seconds", ""),
            counter("shop/wait", "s"),
            counter("shop.calls", ""),
        ];
        let Families { shown, hidden } = families(&metrics, "");
        let shown: Vec<_> = shown
            .iter()
            .map(|family| (family.name.as_str(), family.metrics.len()))
            .collect();
        assert_eq!(shown, [("shop_wait_seconds", 2), ("shop_calls", 1)]);
        assert_eq!(hidden, [1]);
    }
}
