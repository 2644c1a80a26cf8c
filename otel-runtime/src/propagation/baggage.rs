//! [W3C Baggage](https://www.w3.org/TR/baggage/).

use super::{Extractor, Found, Injector, Told};
use crate::context::percent;

const BAGGAGE: &str = "baggage";

/// A member that is none is left out, and so is one for which there is no room; of two with the
/// same key the last one counts.
pub(super) fn extract(carrier: &(impl Extractor + ?Sized), found: &mut Found) {
    // Most requests have none, and that is found out for less.
    if carrier.get(BAGGAGE).is_none() {
        return;
    }
    let baggage = &mut found.carried.baggage;
    for member in carrier
        .get_all(BAGGAGE)
        .iter()
        .flat_map(|header| header.split(','))
    {
        let Some((key, value, properties)) = parse(member) else {
            continue;
        };
        let value = percent::decode(value);
        // What refuses it says why, and there is nobody to tell.
        let _ = baggage.set_with_metadata(key, &value, properties);
    }
}

pub(super) fn inject(told: &Told<'_>, carrier: &mut (impl Injector + ?Sized)) {
    let mut header = String::new();
    told.carried.baggage.write(&mut header);
    if !header.is_empty() {
        carrier.set(BAGGAGE, header);
    }
}

/// Key, value and properties of a member.
fn parse(member: &str) -> Option<(&str, &str, &str)> {
    let (entry, properties) = member.split_once(';').unwrap_or((member, ""));
    let (key, value) = entry.split_once('=')?;
    let value = trim(value);
    value
        .bytes()
        .all(percent::is_octet)
        .then_some((trim(key), value, trim(properties)))
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::context::Carried;

    fn read(header: &str) -> Carried {
        let mut found = Found::default();
        extract(
            &BTreeMap::from([(BAGGAGE.to_owned(), header.to_owned())]),
            &mut found,
        );
        found.carried
    }

    fn written(carried: &Carried) -> String {
        let mut carrier = BTreeMap::new();
        inject(
            &Told {
                span: None,
                carried,
            },
            &mut carrier,
        );
        carrier.remove(BAGGAGE).unwrap_or_default()
    }

    #[test]
    fn a_header_comes_back_as_it_came() {
        for (header, back) in [
            ("key1=value1", "key1=value1"),
            ("key1=value1,key2=value2", "key1=value1,key2=value2"),
            (" key1 = value1 \t, key2=value2 ", "key1=value1,key2=value2"),
            (
                "key1=value1;property1;property2=x, key2=value2",
                "key1=value1;property1;property2=x,key2=value2",
            ),
            ("key1=value1 ; a = b ; c", "key1=value1;a = b ; c"),
            ("key1=a%20b%2Cc", "key1=a%20b%2Cc"),
            ("key1=%41", "key1=A"),
            ("key1=", "key1="),
            ("key1=a=b=c", "key1=a=b=c"),
            (
                "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false",
                "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false",
            ),
            ("a=1,b=2,a=3", "a=3,b=2"),
            ("", ""),
        ] {
            assert_eq!(written(&read(header)), back, "{header}");
        }
    }

    #[test]
    fn a_member_that_is_none_is_left_out_and_the_others_stay() {
        for member in [
            "key",
            "=1",
            "k e y=1",
            "key=a b",
            "key=\"1\"",
            "key=a\\b",
            "key=\u{e4}",
            "k\u{e4}y=1",
            "\u{fffd}",
            "key=1;",
            "key=1;a;;b",
            "key=1;a b",
            ";",
        ] {
            let header = format!("before=1,{member},after=2");
            let kept = written(&read(&header));
            match member {
                "key=1;" => assert_eq!(kept, "before=1,key=1,after=2"),
                _ => assert_eq!(kept, "before=1,after=2", "{member}"),
            }
        }
    }

    #[test]
    fn what_is_too_much_is_left_out_whole() {
        let header: Vec<_> = (0..200).map(|index| format!("key{index}=v")).collect();
        assert_eq!(read(&header.join(",")).baggage.len(), 64);
        let header = format!("a=1,b={},c=3", "x".repeat(9000));
        assert_eq!(written(&read(&header)), "a=1,c=3");
    }

    #[test]
    fn the_last_byte_that_fits_is_taken() {
        let header = format!("a={}", "x".repeat(8190));
        assert_eq!(written(&read(&header)), header);
        assert!(read(&format!("{header}x")).baggage.is_empty());
    }
}
