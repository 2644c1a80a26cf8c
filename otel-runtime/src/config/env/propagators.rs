//! `OTEL_PROPAGATORS`: checked, and without effect as long as contexts are passed on by hand.

use super::vars::{Choice, Reader};

const PROPAGATORS: &str = "OTEL_PROPAGATORS";

/// Every value the specification knows.
const KNOWN: [&str; 8] = [
    "tracecontext",
    "baggage",
    "b3",
    "b3multi",
    "jaeger",
    "xray",
    "ottrace",
    NONE,
];
const NONE: &str = "none";

pub(super) fn check(reader: &mut Reader<'_>) {
    let Some(setting) = reader.setting(PROPAGATORS) else {
        return;
    };
    let words = setting.text.split(',').map(str::trim);
    let named: Vec<_> = words
        .filter(|word| !word.is_empty())
        .map(|word| {
            reader.choice(
                setting,
                word,
                KNOWN.map(|known| Choice::Offered(known, known)),
            )
        })
        .collect();
    let asks = named.iter().flatten().any(|name| *name != NONE);
    if asks && named.contains(&Some(NONE)) {
        reader.refuse(setting, "`none` cannot stand beside other propagators");
    } else if asks {
        reader.warnings.push(format!(
            "{PROPAGATORS} has no effect yet: contexts from and to other processes are passed on by hand"
        ));
    }
}
