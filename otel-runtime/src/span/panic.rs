//! What a panic said, for the spans it unwinds through.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;

use super::note;
use crate::record::RecordKind;
use crate::thread::{self, Local};
use crate::value::{Capture, Key, Sink};

/// Longer messages are cut.
const MESSAGE_BYTES: usize = 1024;

/// Looks at every panic from now on, before the hook that was there.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| {
            remember(info);
            previous(info);
        }));
    });
}

/// Notes the panic that unwinds through the current span.
#[cold]
pub(crate) fn note_in(local: &Local) {
    let values = local.panic_values().take();
    note::of_current(local, RecordKind::Panic, &[crate::clock::ticks()], &values);
    local.panic_values().set(values);
}

fn remember(info: &PanicHookInfo<'_>) {
    thread::with(|local| {
        if !local.current().meta.is_written() {
            return;
        }
        let mut values = local.panic_values().take();
        values.clear();
        let mut put = |key, value: &dyn Capture| {
            value.capture(&mut Sink::appending(
                Key::Named(key),
                &mut values,
                MESSAGE_BYTES,
            ));
        };
        put(
            "message",
            &info.payload_as_str().unwrap_or("a value that is no text"),
        );
        if let Some(location) = info.location() {
            put("file", &location.file());
            put("line", &location.line());
        }
        local.panic_values().set(values);
    });
}
