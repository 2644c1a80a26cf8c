//! Commands as they are sent, in the [protocol] of Redis: an array of texts for each.
//!
//! [protocol]: https://redis.io/docs/latest/develop/reference/protocol-spec/

/// A command.
#[derive(Clone, Copy)]
pub(crate) struct Command<'a> {
    /// The arguments, its name first.
    bytes: &'a [u8],
}

/// The commands, as far as they can be read.
pub(crate) fn commands(mut bytes: &[u8]) -> impl Iterator<Item = Command<'_>> + Clone {
    std::iter::from_fn(move || {
        let (count, rest) = number(bytes, b'*')?;
        let mut end = rest;
        for _ in 0..count {
            (_, end) = text(end)?;
        }
        bytes = end;
        let length = rest.len() - end.len();
        Some(Command {
            bytes: &rest[..length],
        })
    })
}

impl<'a> Command<'a> {
    /// Its name.
    pub(crate) fn word(&self) -> &'a [u8] {
        self.arguments().next().unwrap_or_default()
    }

    /// Its name and its arguments.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let mut bytes = self.bytes;
        std::iter::from_fn(move || {
            let (found, rest) = text(bytes)?;
            bytes = rest;
            Some(found)
        })
    }
}

/// `$5\r\nhello\r\n`, and what comes after it.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = number(bytes, b'$')?;
    let found = rest.get(..length)?;
    let rest = rest[length..].strip_prefix(b"\r\n")?;
    Some((found, rest))
}

/// A number after this sign, and what comes after it.
fn number(bytes: &[u8], sign: u8) -> Option<(usize, &[u8])> {
    let bytes = bytes.strip_prefix(&[sign])?;
    let end = bytes.iter().position(|byte| *byte == b'\r')?;
    let digits = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((digits.parse().ok()?, bytes[end..].strip_prefix(b"\r\n")?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redis::{Cmd, pipe};

    use super::*;

    fn read(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let arguments = |command: Command<'_>| command.arguments().map(<[u8]>::to_vec).collect();
        commands(bytes).map(arguments).collect()
    }

    proptest! {
        #[test]
        fn what_the_client_packs_is_read_as_it_was(
            all in prop::collection::vec(
                prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..5),
                0..5,
            ),
        ) {
            let mut pipeline = pipe();
            for arguments in &all {
                let mut command = Cmd::new();
                arguments.iter().for_each(|argument| {
                    command.arg(&argument[..]);
                });
                pipeline.add_command(command);
            }
            prop_assert_eq!(read(&pipeline.get_packed_pipeline()), all);
        }

        #[test]
        fn whatever_else_there_is_ends_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
            let bytes = [b"*1\r\n$3\r\nGET\r\n", &bytes[..]].concat();
            prop_assert_eq!(&read(&bytes)[0], &[b"GET".to_vec()]);
        }
    }

    #[test]
    fn numbers_that_promise_too_much_are_not_believed() {
        assert!(read(b"*18446744073709551615\r\n$1\r\na\r\n").is_empty());
        assert!(read(b"*1\r\n$18446744073709551615\r\na\r\n").is_empty());
        assert!(read(b"*1\r\n$-1\r\n").is_empty());
    }
}
