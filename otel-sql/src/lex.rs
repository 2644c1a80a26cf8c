//! From text to tokens. Comments and white space are no tokens.

use crate::dialect::Dialect;
use crate::literal;

/// A piece of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// White space or a comment stands before it.
    pub(crate) is_spaced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword, or a name without quotes.
    Word,
    /// A name in quotes.
    Name,
    /// A text, or anything else that is written in the quotes of values.
    Text,
    Number,
    /// `$1`, `:name`, `@name`, or a lone `?`.
    Parameter,
    /// Any other character.
    Sign,
}

/// The tokens of a text, and whether every quote closes.
#[derive(Debug)]
pub(crate) struct Tokens<'t> {
    pub(crate) text: &'t str,
    pub(crate) dialect: Dialect,
    pub(crate) list: Vec<Token>,
    /// The quote or comment that is open at the end has begun where the tokens end.
    pub(crate) is_open: bool,
}

impl<'t> Tokens<'t> {
    pub(crate) fn of(text: &'t str, dialect: Dialect) -> Self {
        let mut tokens = Self {
            text,
            dialect,
            list: Vec::new(),
            is_open: false,
        };
        let mut lexer = Lexer {
            bytes: text.as_bytes(),
            dialect,
            at: 0,
        };
        loop {
            let before = lexer.at;
            if lexer.skip_blanks().is_none() {
                tokens.is_open = true;
                break;
            }
            let start = lexer.at;
            if start >= lexer.bytes.len() {
                break;
            }
            let Some(kind) = lexer.token() else {
                tokens.is_open = true;
                break;
            };
            tokens.list.push(Token {
                kind,
                start,
                end: lexer.at,
                is_spaced: before != start,
            });
        }
        tokens
    }

    pub(crate) fn text_of(&self, at: usize) -> &'t str {
        self.list
            .get(at)
            .map_or("", |token| &self.text[token.start..token.end])
    }

    /// True if the token is this keyword.
    pub(crate) fn is_word(&self, at: usize, word: &str) -> bool {
        self.kind(at) == Some(Kind::Word) && self.text_of(at).eq_ignore_ascii_case(word)
    }

    /// True if the token is this character.
    pub(crate) fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.kind(at) == Some(Kind::Sign) && self.text_of(at) == sign
    }

    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.list.get(at).map(|token| token.kind)
    }
}

/// Where in the text we are; each step says `None` if a quote does not close.
struct Lexer<'t> {
    bytes: &'t [u8],
    dialect: Dialect,
    at: usize,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_blanks(&mut self) -> Option<()> {
        while self.at < self.bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c, _) => self.at += 1,
                (b'-', b'-') if self.is_line_comment() => self.skip_line(),
                (b'#', _) if self.dialect.comments_by_hash() => self.skip_line(),
                (b'/', b'*') => self.skip_comment()?,
                _ => break,
            }
        }
        Some(())
    }

    fn is_line_comment(&self) -> bool {
        let is_end = self.at + 2 >= self.bytes.len();
        !self.dialect.comments_need_space() || is_end || self.byte(2) <= b' '
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        self.at += line.unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') if depth == 0 || self.dialect.nests_comments() => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ if self.at >= self.bytes.len() => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Passes over one token.
    fn token(&mut self) -> Option<Kind> {
        let kind = match self.byte(0) {
            b'\'' => return self.quoted(Kind::Text, self.dialect.escapes_by_backslash()),
            b'"' if self.dialect.double_quotes_values() => {
                return self.quoted(Kind::Text, self.dialect.escapes_by_backslash());
            }
            b'"' | b'`' => return self.quoted(Kind::Name, false),
            b'[' if self.dialect.has_bracketed_names() => return self.bracketed(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'$' => return self.dollar(),
            b':' => self.colon(),
            b'@' if self.dialect.has_at_variables() => self.variable(),
            b'?' => {
                self.at += 1;
                while self.byte(0).is_ascii_digit() {
                    self.at += 1;
                }
                Kind::Parameter
            }
            byte if self.is_part_of_word(byte) => return self.word(),
            _ => {
                self.at += 1;
                Kind::Sign
            }
        };
        Some(kind)
    }

    /// What begins with a quote, at which we are.
    fn quoted(&mut self, kind: Kind, escapes: bool) -> Option<Kind> {
        self.at = literal::end_of_quoted(self.bytes, self.at, escapes)?;
        Some(kind)
    }

    fn bracketed(&mut self) -> Option<Kind> {
        self.at += 1;
        loop {
            match (self.byte(0), self.byte(1)) {
                (b']', b']') if self.dialect == Dialect::SqlServer => self.at += 2,
                (b']', _) => {
                    self.at += 1;
                    return Some(Kind::Name);
                }
                _ if self.at >= self.bytes.len() => return None,
                _ => self.at += 1,
            }
        }
    }

    fn number(&mut self) -> Kind {
        loop {
            match self.byte(0) {
                b'e' | b'E' if matches!(self.byte(1), b'+' | b'-') => self.at += 2,
                b'.' | b'_' => self.at += 1,
                byte if byte.is_ascii_alphanumeric() || byte >= 0x80 => self.at += 1,
                _ => return Kind::Number,
            }
        }
    }

    fn dollar(&mut self) -> Option<Kind> {
        let tag = self.bytes[self.at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80)
            .count();
        let is_quote = self.byte(1 + tag) == b'$' && !self.byte(1).is_ascii_digit();
        if is_quote && self.dialect.quotes_by_dollar() {
            self.at = literal::end_of_dollar_quoted(self.bytes, self.at, tag + 2)?;
            return Some(Kind::Text);
        }
        self.at += 1 + tag;
        Some(if tag == 0 {
            Kind::Sign
        } else {
            Kind::Parameter
        })
    }

    fn colon(&mut self) -> Kind {
        let next = self.byte(1);
        if next == b':' {
            self.at += 2;
            return Kind::Sign;
        }
        let is_slice = next.is_ascii_digit() && self.dialect.slices_by_colon();
        self.at += 1;
        if is_slice || !(next.is_ascii_alphanumeric() || next == b'_' || next >= 0x80) {
            return Kind::Sign;
        }
        self.pass_word();
        Kind::Parameter
    }

    fn variable(&mut self) -> Kind {
        let start = self.at;
        while self.byte(0) == b'@' {
            self.at += 1;
        }
        // MySQL has '@`a b`' and `@'a b'`: the name in quotes is a token of its own then.
        self.pass_word();
        if self.at == start + 1 {
            Kind::Sign
        } else {
            Kind::Parameter
        }
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        self.pass_word();
        let (word, escapes) = (
            &self.bytes[start..self.at],
            self.dialect.escapes_by_backslash(),
        );
        match self.byte(0) {
            b'\'' if literal::is_prefix(word) => {
                let is_escaped = word.eq_ignore_ascii_case(b"e");
                let escapes = escapes || is_escaped && self.dialect.has_escaped_values();
                if self.dialect == Dialect::Oracle && literal::is_quoting_prefix(word) {
                    self.at = literal::end_of_oracle_quoted(self.bytes, self.at)?;
                    return Some(Kind::Text);
                }
                self.quoted(Kind::Text, escapes)
            }
            b'&' if word.eq_ignore_ascii_case(b"u") && self.byte(1) == b'\'' => {
                self.at += 1;
                self.quoted(Kind::Text, escapes)
            }
            b'&' if word.eq_ignore_ascii_case(b"u") && self.byte(1) == b'"' => {
                self.at += 1;
                self.quoted(Kind::Name, false)
            }
            _ => Some(Kind::Word),
        }
    }

    fn pass_word(&mut self) {
        while self.at < self.bytes.len() && self.is_part_of_word(self.byte(0)) {
            self.at += 1;
        }
    }

    fn is_part_of_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'$')
            || byte >= 0x80
            || byte == b'#' && self.dialect.has_hash_names()
            || byte == b'@' && self.dialect == Dialect::SqlServer
    }
}
