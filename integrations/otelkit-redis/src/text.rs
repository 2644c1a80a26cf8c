//! What was asked, as a person would write it in `redis-cli`, without the values.

/// Commands, separated by `; `.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

/// The most bytes; further commands and arguments are left out.
const LONGEST: usize = 2000;
/// The most bytes of one argument.
const LONGEST_ARGUMENT: usize = 200;

/// Which arguments of a command are no values.
#[derive(Clone, Copy)]
enum Shown {
    /// The first: a key, or what a command of several is to do, such as `CONFIG GET`.
    First,
    All,
    /// Each second one, from the first on: `MSET key value key value`.
    EachSecond,
    None,
}

impl Shown {
    fn of(command: &[u8]) -> Self {
        const ALL: [&str; 22] = [
            "DEL",
            "EXISTS",
            "MGET",
            "PFCOUNT",
            "PFMERGE",
            "PSUBSCRIBE",
            "RENAME",
            "RENAMENX",
            "SCRIPT EXISTS",
            "SDIFF",
            "SDIFFSTORE",
            "SELECT",
            "SINTER",
            "SINTERSTORE",
            "SUBSCRIBE",
            "SUNION",
            "SUNIONSTORE",
            "SWAPDB",
            "TOUCH",
            "UNLINK",
            "WAIT",
            "WATCH",
        ];
        const EACH_SECOND: [&str; 2] = ["MSET", "MSETNX"];
        const NONE: [&str; 7] = [
            "AUTH", "ECHO", "EVAL", "EVAL_RO", "HELLO", "MIGRATE", "PING",
        ];
        let is_among = |names: &[&str]| {
            names
                .iter()
                .any(|name| name.as_bytes().eq_ignore_ascii_case(command))
        };
        if is_among(&NONE) {
            Self::None
        } else if is_among(&ALL) {
            Self::All
        } else if is_among(&EACH_SECOND) {
            Self::EachSecond
        } else {
            Self::First
        }
    }

    /// The first argument is number 0.
    fn shows(self, argument: usize) -> bool {
        match self {
            Self::First => argument == 0,
            Self::All => true,
            Self::EachSecond => argument.is_multiple_of(2),
            Self::None => false,
        }
    }
}

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds a command: its name and its arguments.
    pub(crate) fn add<'a>(&mut self, mut arguments: impl Iterator<Item = &'a [u8]>) {
        let Some(command) = arguments.next().filter(|_| self.has_room()) else {
            return;
        };
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        self.push(command);
        let shown = Shown::of(command);
        for (number, argument) in arguments.enumerate() {
            if !self.has_room() {
                return;
            }
            self.0.push(' ');
            if shown.shows(number) {
                self.push(argument);
            } else {
                self.0.push('?');
            }
        }
    }

    fn has_room(&self) -> bool {
        self.0.len() < LONGEST - LONGEST_ARGUMENT
    }

    /// In quotes, if it would not be one word otherwise.
    fn push(&mut self, argument: &[u8]) {
        let is_word = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b';');
        let quote = if argument.is_empty() || !argument.iter().all(is_word) {
            "\""
        } else {
            ""
        };
        self.0.push_str(quote);
        let end = self.0.len() + LONGEST_ARGUMENT - 8;
        for byte in argument {
            if self.0.len() > end {
                self.0.push_str("...");
                break;
            }
            self.0
                .extend(std::ascii::escape_default(*byte).map(char::from));
        }
        self.0.push_str(quote);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(words: &[&str]) -> String {
        let mut text = Text::default();
        text.add(words.iter().map(|word| word.as_bytes()));
        text.0
    }

    #[test]
    fn keys_are_shown_and_values_are_not() {
        for (words, expected) in [
            (&["GET", "user:7"][..], "GET user:7"),
            (&["SET", "user:7", "secret", "EX", "10"], "SET user:7 ? ? ?"),
            (&["HSET", "h", "field", "secret"], "HSET h ? ?"),
            (&["MSET", "a", "1", "b", "2"], "MSET a ? b ?"),
            (&["del", "a", "b", "c"], "del a b c"),
            (&["AUTH", "user", "password"], "AUTH ? ?"),
            (&["HELLO", "3", "AUTH", "user", "password"], "HELLO ? ? ? ?"),
            (&["CONFIG", "SET", "requirepass", "x"], "CONFIG SET ? ?"),
            (&["EVAL", "return 'x'", "0"], "EVAL ? ?"),
            (&["EVALSHA", "e0e1f9fa", "1", "key"], "EVALSHA e0e1f9fa ? ?"),
            (&["GET", "two words"], "GET \"two words\""),
            (&["GET", "a\"b\n\u{e9}"], "GET \"a\\\"b\\n\\xc3\\xa9\""),
            (&["GET", ""], "GET \"\""),
            (&["PING"], "PING"),
            (&[], ""),
        ] {
            assert_eq!(text(words), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_is_longer_than_it_may_be(
            commands in prop::collection::vec(
                prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..12),
                0..12,
            ),
        ) {
            let mut text = Text::default();
            for command in &commands {
                text.add(command.iter().map(|argument| &argument[..]));
            }
            prop_assert!(text.0.len() <= LONGEST + 10, "{}", text.0.len());
            prop_assert!(text.0.is_ascii());
        }
    }
}
