//! `OTEL_PROPAGATORS`.

use super::vars::{Choice, Reader};
use crate::propagation::Propagator;

const PROPAGATORS: &str = "OTEL_PROPAGATORS";

/// `None` if nothing is said. With a name that is none, the others.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Vec<Propagator>> {
    let setting = reader.setting(PROPAGATORS)?;
    let words = setting.text.split(',').map(str::trim);
    let (mut named, mut has_none) = (Vec::new(), false);
    for word in words.filter(|word| !word.is_empty()) {
        let offered = Propagator::ALL.map(|known| Choice::Offered(known.name(), Some(known)));
        let others = [
            Choice::Offered("none", None),
            Choice::Refused("ottrace", "is not supported by OtelKit".to_owned()),
        ];
        match reader.choice(setting, word, offered.into_iter().chain(others)) {
            Some(Some(propagator)) => named.push(propagator),
            Some(None) => has_none = true,
            None => {}
        }
    }
    if has_none && !named.is_empty() {
        reader.refuse(setting, "`none` cannot stand beside other propagators");
    }
    // An empty list is as good as none at all.
    (has_none || !named.is_empty()).then_some(named)
}
