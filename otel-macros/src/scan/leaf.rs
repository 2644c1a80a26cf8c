//! The expressions that a body's value comes from: its end, each arm of an `if` or `match` there,
//! and the operand of each `return`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::parse::Parse;
use syn::{Arm, Expr, Stmt};

use super::exit::{Exits, Walk, is_punct, is_word, leading, regrouped, trees};
use super::tail::{Tail, split_tail};

/// An expression that a future or stream comes from.
pub(crate) enum Leaf {
    /// It is made here.
    Made {
        tail: Tail,
        /// The expression in `Box::pin(..)` leaves the function by itself.
        leaves: bool,
    },
    /// It is made out of sight.
    Other(TokenStream),
}

/// The body with each leaf written anew; `None` if not all of them can be found.
pub(crate) fn rewrite_leaves(
    body: TokenStream,
    leaf: impl FnMut(Leaf) -> TokenStream,
) -> Option<TokenStream> {
    let mut walk = Walk::new(Leaves {
        leaf,
        is_lost: false,
    });
    let written = walk.body(&trees(body));
    (!walk.hides_return && !walk.exits.is_lost).then_some(written)
}

struct Leaves<F> {
    leaf: F,
    /// Something was not understood.
    is_lost: bool,
}

impl<F: FnMut(Leaf) -> TokenStream> Exits for Leaves<F> {
    fn at_return(walk: &mut Walk<Self>, word: &Ident, operand: &[TokenTree]) -> TokenStream {
        let operand = walk.expression(operand);
        quote::quote!(#word #operand)
    }

    fn at_question(&mut self) -> TokenStream {
        TokenStream::new()
    }
}

impl<F: FnMut(Leaf) -> TokenStream> Walk<Leaves<F>> {
    /// Statements, and an expression at their end.
    fn body(&mut self, body: &[TokenTree]) -> TokenStream {
        let Some(end) = end_of_statements(body) else {
            self.exits.is_lost = true;
            return TokenStream::new();
        };
        let (statements, end) = body.split_at(end);
        let mut written = self.tokens(statements);
        if !end.is_empty() {
            written.extend(self.expression(end));
        }
        written
    }

    /// An expression whose value is that of the function.
    fn expression(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let parsed = leading(tokens, Expr::parse).filter(|(_, length)| *length == tokens.len());
        match parsed.map(|(parsed, _)| parsed) {
            Some(Expr::If(_)) => self.choice(tokens),
            Some(Expr::Match(matching)) if matching.attrs.is_empty() => self.arms(tokens),
            Some(Expr::Block(block)) if block.label.is_none() => self.block(tokens),
            Some(Expr::Unsafe(_)) => self.block(tokens),
            Some(Expr::Return(_)) => self.tokens(tokens),
            _ => self.leaf(tokens),
        }
    }

    fn leaf(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let made = split_tail(tokens.iter().cloned().collect())
            .filter(|tail| tail.eager.is_empty() && !tail.future.is_empty());
        let Some(mut tail) = made else {
            let value = self.tokens(tokens);
            return (self.exits.leaf)(Leaf::Other(value));
        };
        let changes = self.changes;
        if tail.block.is_none() {
            tail.future = self.tokens(&trees(tail.future));
        }
        let leaves = self.changes != changes;
        (self.exits.leaf)(Leaf::Made { tail, leaves })
    }

    /// `if .. {..} else ..`.
    fn choice(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let head = 1 + leading(&tokens[1..], Expr::parse_without_eager_brace)
            .map_or(0, |(_, length)| length);
        let mut written = self.tokens(&tokens[..head]);
        written.extend(self.block(&tokens[head..=head]));
        match &tokens[head + 1..] {
            [] => self.exits.is_lost = true, // without a value
            [or, rest @ ..] => {
                written.extend([or.clone()]);
                written.extend(match is_word(rest.first(), "if") {
                    true => self.choice(rest),
                    false => self.block(rest),
                });
            }
        }
        written
    }

    /// `match .. {..}`.
    fn arms(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let [head @ .., TokenTree::Group(braces)] = tokens else {
            self.exits.is_lost = true;
            return TokenStream::new();
        };
        let mut written = self.tokens(head);
        let arms = trees(braces.stream());
        let mut rest = &arms[..];
        let mut inner = TokenStream::new();
        while !rest.is_empty() {
            let arm = leading(rest, Arm::parse).map_or(&[][..], |(_, length)| &rest[..length]);
            let arrow = (1..arm.len())
                .find(|&at| is_punct(arm.get(at - 1), '=') && is_punct(arm.get(at), '>'));
            let Some(arrow) = arrow else {
                self.exits.is_lost = true;
                return TokenStream::new();
            };
            rest = &rest[arm.len()..];
            let (pattern, mut value) = arm.split_at(arrow + 1);
            if let [value_alone @ .., comma] = value
                && is_punct(Some(comma), ',')
            {
                value = value_alone;
            }
            inner.extend(self.tokens(pattern));
            let value = self.expression(value);
            inner.extend(quote::quote!(#value,));
        }
        written.extend([TokenTree::from(regrouped(braces, inner))]);
        written
    }

    /// `{..}`, or with `unsafe` before it.
    fn block(&mut self, tokens: &[TokenTree]) -> TokenStream {
        let [words @ .., TokenTree::Group(braces)] = tokens else {
            self.exits.is_lost = true;
            return TokenStream::new();
        };
        if braces.delimiter() == Delimiter::None {
            self.exits.is_lost = true;
        }
        let inner = self.body(&trees(braces.stream()));
        let mut written: TokenStream = words.iter().cloned().collect();
        written.extend([TokenTree::from(regrouped(braces, inner))]);
        written
    }
}

/// How many tokens belong to statements; the rest is an expression.
fn end_of_statements(body: &[TokenTree]) -> Option<usize> {
    let mut at = 0;
    while at < body.len() {
        match leading(&body[at..], Stmt::parse) {
            Some((statement, length)) if at + length == body.len() => {
                return Some(match statement {
                    Stmt::Expr(_, None) => at,
                    Stmt::Macro(call) if call.semi_token.is_none() => at,
                    _ => body.len(),
                });
            }
            Some((_, length)) => at += length,
            None => {
                let (_, length) = leading(&body[at..], Expr::parse)?;
                return (at + length == body.len()).then_some(at);
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn rewritten(body: &str) -> Option<String> {
        let leaf = |leaf| match leaf {
            Leaf::Made { tail, leaves } => {
                let (wrapper, future, chain) = (&tail.wrapper, &tail.future, &tail.chain);
                let mark = if leaves { quote!(LEAVES) } else { quote!(IN) };
                match tail.parens {
                    Some(_) => quote!(#wrapper(#mark(#future) #chain)),
                    None => quote!(#mark(#future) #chain),
                }
            }
            Leaf::Other(value) => quote!(BOXED(#value)),
        };
        rewrite_leaves(body.parse().unwrap(), leaf).map(|tokens| tokens.to_string())
    }

    #[track_caller]
    fn becomes(body: &str, expected: &str) {
        let expected: TokenStream = expected.parse().unwrap();
        assert_eq!(rewritten(body), Some(expected.to_string()));
    }

    #[test]
    fn every_way_to_the_value_is_found() {
        becomes(
            "if a { return Box::pin(async { 0 }); } Box::pin(b)",
            "if a { return Box::pin(IN(async { 0 })); } Box::pin(IN(b))",
        );
        becomes(
            "match a { 0 => b(), c if d => { e; Box::pin(async move { c }) } _ => return f, }",
            "match a { 0 => BOXED(b()), c if d => { e; Box::pin(IN(async move { c })) }, _ => return BOXED(f), }",
        );
        becomes(
            "if let Foo { a } = b { Box::pin(a) } else if c { unsafe { d() } } else { async { 1 }.boxed() }",
            "if let Foo { a } = b { Box::pin(IN(a)) } else if c { unsafe { BOXED(d()) } } else { IN(async { 1 }).boxed() }",
        );
        becomes("loop { return a; }", "BOXED(loop { return BOXED(a); })");
        becomes("let a = b; return a;", "let a = b; return BOXED(a);");
    }

    #[test]
    fn a_future_that_leaves_by_itself_is_told() {
        becomes(
            "Box::pin(match a { Some(a) => a, None => return Box::pin(b) })",
            "Box::pin(LEAVES(match a { Some(a) => a, None => return Box::pin(IN(b)) }))",
        );
    }

    #[test]
    fn closures_have_values_of_their_own() {
        becomes("a(|| return b)", "BOXED(a(|| return b))");
    }

    #[test]
    fn a_return_that_a_macro_may_hide_is_no_answer() {
        assert_eq!(rewritten("m!(return a); Box::pin(b)"), None);
    }
}
