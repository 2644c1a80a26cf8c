//! Questions about a body that its tokens answer without being understood.

mod declared;
mod exit;
mod leaf;
mod mention;
mod tail;

pub(crate) use declared::undeclared_keys;
pub(crate) use exit::{Exits, Walk, regrouped, trees};
pub(crate) use leaf::{Leaf, rewrite_leaves};
pub(crate) use mention::{contains_keyword, contains_question_mark, mentions, uses};
pub(crate) use tail::{Tail, split_tail};
