//! `OTEL_TRACES_SAMPLER` and its argument.

use super::vars::{Choice, Reader};
use crate::sample::Sampler;

const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Sampler> {
    let unsupported = |name| Choice::Refused(name, "is not supported by OtelKit".to_owned());
    let Some(setting) = reader.setting(SAMPLER) else {
        warn_of_argument(reader, format!("{SAMPLER} is not set"));
        return None;
    };
    // a ratio is put into the sampler that takes one
    let by_ratio = |parent_based: bool| (parent_based, None);
    let fixed = |parent_based: bool, root: Sampler| (parent_based, Some(root));
    let (parent_based, root) = reader.choice(
        setting,
        setting.text,
        [
            Choice::Offered("always_on", fixed(false, Sampler::AlwaysOn)),
            Choice::Offered("always_off", fixed(false, Sampler::AlwaysOff)),
            Choice::Offered("traceidratio", by_ratio(false)),
            Choice::Offered("parentbased_always_on", fixed(true, Sampler::AlwaysOn)),
            Choice::Offered("parentbased_always_off", fixed(true, Sampler::AlwaysOff)),
            Choice::Offered("parentbased_traceidratio", by_ratio(true)),
            unsupported("jaeger_remote"),
            unsupported("parentbased_jaeger_remote"),
            unsupported("xray"),
        ],
    )?;
    let root = match root {
        Some(root) => {
            warn_of_argument(reader, format!("`{}` takes none", setting.text));
            root
        }
        None => Sampler::TraceIdRatio(ratio(reader)?),
    };
    Some(match parent_based {
        true => Sampler::parent_based(root),
        false => root,
    })
}

fn warn_of_argument(reader: &mut Reader<'_>, why: String) {
    if reader.is_set(ARGUMENT) {
        reader
            .warnings
            .push(format!("{ARGUMENT} has no effect: {why}"));
    }
}

fn ratio(reader: &mut Reader<'_>) -> Option<f64> {
    let Some(setting) = reader.setting(ARGUMENT) else {
        // set, but unreadable: that is a problem already
        return (!reader.is_set(ARGUMENT)).then_some(1.0);
    };
    let ratio = setting.text.parse().ok();
    let ratio = ratio.filter(|ratio| (0.0..=1.0).contains(ratio));
    if ratio.is_none() {
        let percent = setting
            .text
            .strip_suffix('%')
            .and_then(|text| text.parse().ok());
        let meant = percent.filter(|percent: &f64| (0.0..=100.0).contains(percent));
        let meant = meant.map(|percent| (percent / 100.0).to_string());
        reader.refuse_for(
            setting,
            "expected a number from 0 to 1, such as `0.25`",
            meant,
        );
    }
    ratio
}
