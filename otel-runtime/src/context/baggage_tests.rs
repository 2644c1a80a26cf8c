//! Baggage: what it keeps, and what it looks like in a header.

use super::*;

fn header(baggage: &Baggage) -> String {
    let mut header = String::new();
    baggage.write(&mut header);
    header
}

#[test]
fn entries_are_set_replaced_and_removed() {
    let mut baggage = Baggage::EMPTY;
    baggage.set("a", "1").unwrap();
    let before = baggage.clone();
    baggage.set_with_metadata("b", "2", "ttl=3;x").unwrap();
    baggage.set("a", "4").unwrap();
    assert_eq!(baggage.iter().collect::<Vec<_>>(), [("a", "4"), ("b", "2")]);
    assert_eq!(baggage.metadata("b"), Some("ttl=3;x"));
    assert_eq!(before.value("a"), Some("1"));
    assert!(baggage.remove("a") && !baggage.remove("a"));
    assert_eq!((baggage.len(), baggage.value("a")), (1, None));
    assert!(baggage.remove("b"));
    assert_eq!(baggage, Baggage::EMPTY);
}

#[test]
fn values_of_any_text_come_back_from_the_header() {
    let mut baggage = Baggage::EMPTY;
    let value = "50 % of \u{e4}\u{1F980}, \"quoted\"; back\\slash\n";
    baggage.set("k", value).unwrap();
    let header = header(&baggage);
    assert!(header.is_ascii() && !header.contains([' ', ',', ';', '"', '\\', '\n']));
    assert_eq!(percent::decode(header.strip_prefix("k=").unwrap()), value);
}

#[test]
fn broken_escapes_stay_and_broken_text_is_replaced() {
    for (encoded, decoded) in [
        ("%", "%"),
        ("%4", "%4"),
        ("%zz", "%zz"),
        ("a%20b", "a b"),
        ("%c3%A4", "\u{e4}"),
        ("%ff%41", "\u{fffd}A"),
        ("%+1", "%+1"),
    ] {
        assert_eq!(percent::decode(encoded), decoded, "{encoded}");
    }
}

#[test]
fn what_is_no_key_or_property_is_refused() {
    let mut baggage = Baggage::EMPTY;
    for key in [
        "", "a b", "k\u{e9}y", "a=b", "a,b", "a;b", "\"a\"", "a/b", "a:b",
    ] {
        assert_eq!(baggage.set(key, "1"), Err(InvalidBaggage::Key), "{key}");
    }
    for metadata in [";", "a;;b", "a b", "a=b,c", "=1", "a=\u{e9}"] {
        let refused = baggage.set_with_metadata("k", "1", metadata);
        assert_eq!(refused, Err(InvalidBaggage::Metadata), "{metadata}");
    }
    assert!(baggage.is_empty());
}

#[test]
fn there_is_room_for_64_entries_and_8192_bytes() {
    let mut baggage = Baggage::EMPTY;
    for index in 0..64 {
        baggage.set(&format!("k{index}"), "v").unwrap();
    }
    assert_eq!(baggage.set("one.more", "v"), Err(InvalidBaggage::Full));
    baggage.set("k0", "w").unwrap();

    let mut baggage = Baggage::EMPTY;
    baggage.set("a", &"x".repeat(8000)).unwrap();
    assert_eq!(baggage.set("b", &" ".repeat(63)), Err(InvalidBaggage::Full));
    baggage.set("b", &"y".repeat(8192 - 8000 - 5)).unwrap();
    assert_eq!(header(&baggage).len(), 8192);
    assert_eq!(baggage.set("c", ""), Err(InvalidBaggage::Full));
    baggage.set("a", "").unwrap();
    assert!(baggage.remove("b"));
    baggage.set("c", &"z".repeat(8192 - 5)).unwrap();
    assert_eq!(header(&baggage).len(), 8192);
}
