//! Names and units as Prometheus has them.

use std::borrow::Cow;

/// A name of letters, digits and `_` that does not begin with a digit; what else there is becomes
/// one `_` for each run of it.
pub(super) fn sanitized(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins_well = !name.is_empty() && !name.as_bytes()[0].is_ascii_digit();
    if begins_well && name.bytes().all(is_plain) && !name.contains("__") {
        return Cow::Borrowed(name);
    }
    let mut plain = String::with_capacity(name.len() + 1);
    if !begins_well {
        plain.push('_');
    }
    for c in name.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        if c != '_' || !plain.ends_with('_') {
            plain.push(c);
        }
    }
    Cow::Owned(plain)
}

/// A unit of UCUM in Prometheus' words; empty if there is none to say.
pub(super) fn unit(ucum: &str, is_gauge: bool) -> String {
    // what is in braces is an annotation
    let mut plain = String::new();
    let mut depth = 0_u32;
    for c in ucum.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    if plain == "1" {
        return if is_gauge {
            "ratio".to_owned()
        } else {
            String::new()
        };
    }
    let words = match plain.split_once('/') {
        None => word(&plain).to_owned(),
        Some((of, per)) => {
            let per = match per {
                "s" => "second",
                "m" => "minute",
                "h" => "hour",
                "d" => "day",
                "w" => "week",
                "mo" => "month",
                "y" => "year",
                other => word(other),
            };
            match (word(of), per) {
                (of, "") => of.to_owned(),
                ("", per) => format!("per_{per}"),
                (of, per) => format!("{of}_per_{per}"),
            }
        }
    };
    if words.is_empty() {
        return words;
    }
    sanitized(&words).trim_matches('_').to_owned()
}

fn word(unit: &str) -> &str {
    match unit {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" | "kBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        other => other,
    }
}

/// The name of a family: prefix, name and unit; `_total`, which counters have, not among them.
pub(super) fn family(prefix: &str, name: &str, unit: &str, is_counter: bool) -> String {
    let mut family = String::new();
    if !prefix.is_empty() {
        family.push_str(&sanitized(prefix));
        family.push('_');
    }
    family.push_str(&sanitized(name));
    let mut family = sanitized(&family).into_owned();
    if is_counter && let Some(shorter) = family.strip_suffix("_total") {
        family.truncate(shorter.len());
    }
    let has_unit = unit.is_empty()
        || family == unit
        || family
            .strip_suffix(unit)
            .is_some_and(|rest| rest.ends_with('_'));
    if !has_unit {
        if !family.ends_with('_') {
            family.push('_');
        }
        family.push_str(unit);
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_words() {
        for (ucum, is_gauge, expected) in [
            ("s", false, "seconds"),
            ("By", false, "bytes"),
            ("1", true, "ratio"),
            ("1", false, ""),
            ("{order}", false, ""),
            ("{order}/s", false, "per_second"),
            ("By/s", true, "bytes_per_second"),
            ("m/s", true, "meters_per_second"),
            ("%", true, "percent"),
            ("", true, ""),
            ("foo bar", true, "foo_bar"),
        ] {
            assert_eq!(unit(ucum, is_gauge), expected, "{ucum}");
        }
    }

    #[test]
    fn names_get_their_unit_once() {
        for (name, unit, is_counter, expected) in [
            (
                "http.server.request.duration",
                "seconds",
                false,
                "http_server_request_duration_seconds",
            ),
            ("queue.seconds", "seconds", false, "queue_seconds"),
            ("shop.orders", "", true, "shop_orders"),
            ("shop.orders.total", "", true, "shop_orders"),
            ("shop.orders.total", "", false, "shop_orders_total"),
            ("9lives", "", false, "_9lives"),
            ("a--b..c", "", false, "a_b_c"),
            ("milliseconds", "seconds", false, "milliseconds_seconds"),
        ] {
            assert_eq!(family("", name, unit, is_counter), expected, "{name}");
        }
        assert_eq!(family("my.app", "9", "", false), "my_app_9");
    }
}
