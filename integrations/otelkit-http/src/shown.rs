//! Values that are recorded as `Display` writes them, and are there for that alone.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use otel_runtime::value::{Capture, Sink};

pub(crate) struct Shown<T>(pub(crate) T);

/// The address of somebody, as a text. One of four numbers, which most requests have, is not
/// formatted.
pub(crate) enum Address {
    V4(Dotted),
    V6(Ipv6Addr),
}

impl<T: Display> Capture for Shown<T> {
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.display(&self.0);
    }
}

impl Capture for Address {
    fn capture(&self, sink: &mut Sink<'_>) {
        match self {
            Self::V4(dotted) => sink.str(dotted.as_str()),
            Self::V6(address) => sink.display(address),
        }
    }
}

impl Address {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(Dotted::of(address)),
            IpAddr::V6(address) => Self::V6(address),
        }
    }
}

/// An address as four numbers between dots.
pub(crate) struct Dotted {
    text: [u8; 15],
    length: usize,
}

impl Dotted {
    fn of(address: Ipv4Addr) -> Self {
        let mut dotted = Self {
            text: [0; 15],
            length: 0,
        };
        let [first, rest @ ..] = address.octets();
        dotted.put_number(first);
        for number in rest {
            dotted.put(b'.');
            dotted.put_number(number);
        }
        dotted
    }

    fn put_number(&mut self, number: u8) {
        if number >= 100 {
            self.put(b'0' + number / 100);
        }
        if number >= 10 {
            self.put(b'0' + number / 10 % 10);
        }
        self.put(b'0' + number % 10);
    }

    fn put(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_display_writes_it() {
        for number in 0..=255 {
            let address = Ipv4Addr::new(number, 255 - number, number, 255);
            assert_eq!(Dotted::of(address).as_str(), address.to_string());
        }
    }
}
