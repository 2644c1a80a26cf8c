//! Questions about a body that its tokens answer without being understood.

mod declared;
mod mention;
mod tail;

pub(crate) use declared::undeclared_keys;
pub(crate) use mention::{contains_keyword, contains_question_mark, mentions};
pub(crate) use tail::{Tail, split_tail};
