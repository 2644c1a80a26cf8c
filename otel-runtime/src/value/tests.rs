use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Capture, Debug, Decoded, Display, Key, Sink, Slot, Values};

const LIMIT: usize = 16;

/// What comes back of a captured value, whether it went to a slot or to the bytes.
fn round_trip(value: &(impl Capture + ?Sized), check: impl FnOnce(Option<(Decoded<'_>, bool)>)) {
    let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
    value.capture(&mut Sink::new(5, &mut slot, &mut bytes, LIMIT));
    slot.append_to(&mut bytes);
    assert_eq!(bytes.len() % 8, 0);
    let mut appended = Vec::new();
    value.capture(&mut Sink::appending(Key::Declared(5), &mut appended, LIMIT));
    assert_eq!(bytes, appended);

    let mut values = Values::new(&bytes);
    let entry = values.next();
    assert!(values.rest().is_empty());
    check(entry.map(|entry| {
        assert_eq!(entry.key, Key::Declared(5));
        (entry.value, entry.is_cut)
    }));
}

fn assert_captured(value: &(impl Capture + ?Sized), expected: Decoded<'_>) {
    round_trip(value, |found| assert_eq!(found, Some((expected, false))));
}

fn assert_elements(value: &(impl Capture + ?Sized), expected: &[Decoded<'_>]) {
    round_trip(value, |found| match found {
        Some((
            Decoded::Bools(elements)
            | Decoded::Ints(elements)
            | Decoded::Doubles(elements)
            | Decoded::Strs(elements),
            false,
        )) => assert_eq!(elements.collect::<Vec<_>>(), expected),
        other => panic!("{other:?} is no whole array"),
    });
}

#[test]
fn scalars_keep_their_type() {
    assert_captured(&true, Decoded::Bool(true));
    assert_captured(&-1_i8, Decoded::Int(-1));
    assert_captured(&u32::MAX, Decoded::Int(i64::from(u32::MAX)));
    assert_captured(&i64::MIN, Decoded::Int(i64::MIN));
    assert_captured(&0.5_f32, Decoded::Double(0.5));
    assert_captured(&-0.25_f64, Decoded::Double(-0.25));
    assert_captured(&7_usize, Decoded::Int(7));
    assert_captured(&std::num::NonZeroU16::MIN, Decoded::Int(1));
}

#[test]
fn scalars_take_no_bytes_when_there_is_a_slot() {
    let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
    42_u16.capture(&mut Sink::new(1, &mut slot, &mut bytes, LIMIT));
    assert!(bytes.is_empty());
    assert_eq!((slot.key, slot.bits), (1, 42));
}

#[test]
fn whole_numbers_beyond_i64_become_decimal_text() {
    round_trip(&(1_u64 << 63), |found| {
        assert_eq!(found, Some((Decoded::Str("9223372036854775"), true)));
    });
    round_trip(&i128::MIN, |found| {
        assert_eq!(found, Some((Decoded::Str("-170141183460469"), true)));
    });
    assert_captured(&u128::from(u32::MAX), Decoded::Int(i64::from(u32::MAX)));
}

#[test]
fn texts_come_back_whole_up_to_the_limit() {
    assert_captured("", Decoded::Str(""));
    assert_captured("exactly 16 bytes", Decoded::Str("exactly 16 bytes"));
    assert_captured(&String::from("owned"), Decoded::Str("owned"));
    assert_captured(&Cow::Borrowed("cow"), Decoded::Str("cow"));
    assert_captured(&Arc::<str>::from("shared"), Decoded::Str("shared"));
    assert_captured(&'ß', Decoded::Str("ß"));
    assert_captured("ßßßßßßßßßßßßßßßß", Decoded::Str("ßßßßßßßßßßßßßßßß"));
    assert_captured(&&&Box::new("nested"), Decoded::Str("nested"));
}

#[test]
fn texts_beyond_the_limit_of_characters_are_cut_and_marked() {
    let cut = |expected: &'static str| {
        move |found: Option<(Decoded<'_>, bool)>| {
            assert_eq!(found, Some((Decoded::Str(expected), true)));
        }
    };
    round_trip("seventeen bytes :(", cut("seventeen bytes "));
    round_trip("fifteen bytes! ßß", cut("fifteen bytes! ß"));
    round_trip(&Display(&"fifteen bytes! ßß"), cut("fifteen bytes! ß"));
    round_trip(&Debug(&[1111, 2222, 3333, 4444]), cut("[1111, 2222, 333"));
}

#[test]
fn texts_that_are_joined_are_cut_as_one() {
    struct Joined(&'static [&'static str]);
    impl Capture for Joined {
        fn capture(&self, sink: &mut Sink<'_>) {
            sink.joined(self.0);
        }
    }
    assert_captured(&Joined(&[]), Decoded::Str(""));
    assert_captured(&Joined(&["GET", " ", "/"]), Decoded::Str("GET /"));
    assert_captured(
        &Joined(&["ßßßßßßßß", "ßßßßßßßß"]),
        Decoded::Str("ßßßßßßßßßßßßßßßß"),
    );
    round_trip(&Joined(&["seventeen bytes", " :(", "."]), |found| {
        assert_eq!(found, Some((Decoded::Str("seventeen bytes "), true)));
    });
}

#[test]
fn nothing_is_recorded_for_none() {
    round_trip(&None::<u8>, |found| assert_eq!(found, None));
    assert_captured(&Some(&3), Decoded::Int(3));
}

#[test]
fn arrays_keep_their_elements() {
    assert_elements(&[true, false], &[Decoded::Bool(true), Decoded::Bool(false)]);
    assert_elements(&vec![1_u8, 2], &[Decoded::Int(1), Decoded::Int(2)]);
    assert_elements(&[0.5_f64][..], &[Decoded::Double(0.5)]);
    assert_elements(&["a", ""], &[Decoded::Str("a"), Decoded::Str("")]);
    assert_elements(&[u64::MAX >> 60, 1], &[Decoded::Int(15), Decoded::Int(1)]);
    assert_elements(&[""; 0], &[]);
}

#[test]
fn an_array_with_a_number_beyond_i64_becomes_texts() {
    let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
    [u64::MAX, 1].capture(&mut Sink::new(0, &mut slot, &mut bytes, 64));
    let Some(Decoded::Strs(texts)) = Values::new(&bytes).next().map(|entry| entry.value) else {
        panic!("no texts");
    };
    let expected = [Decoded::Str("18446744073709551615"), Decoded::Str("1")];
    assert_eq!(texts.collect::<Vec<_>>(), expected);
}

#[test]
fn an_array_without_end_is_cut() {
    let mut bytes = Vec::new();
    Sink::appending(Key::Named("all"), &mut bytes, LIMIT).ints(0..);
    let entry = Values::new(&bytes).next().unwrap();
    assert!(entry.is_cut);
}

#[test]
fn a_panicking_implementation_is_caught_and_told() {
    struct Panics;
    impl fmt::Display for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("so far")?;
            panic!("on purpose")
        }
    }
    let expected = Decoded::Str("<panicked while being formatted>");
    assert_captured(&Display(&Panics), expected);
}

#[test]
fn an_implementation_that_ignores_errors_writes_no_more() {
    struct Stubborn;
    impl fmt::Debug for Stubborn {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for _ in 0..1000 {
                let _ = f.write_str("again ");
            }
            Ok(())
        }
    }
    round_trip(&Debug(&Stubborn), |found| {
        assert_eq!(found, Some((Decoded::Str("again again agai"), true)));
    });
}

#[test]
fn a_key_that_is_not_declared_is_copied() {
    let mut bytes = Vec::new();
    for (key, value) in [("", 1), ("user.id", 2), ("eight888", 3)] {
        value.capture(&mut Sink::appending(Key::Named(key), &mut bytes, LIMIT));
    }
    let found: Vec<_> = Values::new(&bytes)
        .map(|entry| (entry.key, entry.value))
        .collect();
    let expected = [
        (Key::Named(""), Decoded::Int(1)),
        (Key::Named("user.id"), Decoded::Int(2)),
        (Key::Named("eight888"), Decoded::Int(3)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn garbage_ends_the_iteration_without_a_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::new();
    let rounds = if cfg!(miri) { 100 } else { 50_000 };
    for round in 0..rounds {
        bytes.clear();
        "text".capture(&mut Sink::appending(Key::Named("key"), &mut bytes, LIMIT));
        ["a", "b"].capture(&mut Sink::appending(Key::Declared(0), &mut bytes, LIMIT));
        [1, 2].capture(&mut Sink::appending(Key::Declared(1), &mut bytes, LIMIT));
        for _ in 0..=round % 5 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = (state >> 32) as usize % bytes.len();
            bytes[at] = state as u8;
        }
        bytes.truncate((state >> 16) as usize % (bytes.len() + 1));
        for entry in Values::new(&bytes) {
            if let Decoded::Strs(elements) | Decoded::Ints(elements) = entry.value {
                assert!(elements.count() <= bytes.len());
            }
        }
    }
}
