//! What a connection is asked: a command, several of them, or the bytes of some.

#[cfg(feature = "aio")]
use redis::Pipeline;
use redis::{Arg, Cmd};

use crate::name::Name;
use crate::packed::{self, Command};
use crate::text::Text;

/// What a connection is asked.
pub(crate) trait Asked {
    fn name(&self) -> Name;
    /// How many commands there are.
    fn batch_size(&self) -> usize;
    /// What a person would write.
    fn text(&self) -> Text;
}

/// Commands as they are sent.
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl Asked for Cmd {
    fn name(&self) -> Name {
        Name::of(word(self))
    }

    fn batch_size(&self) -> usize {
        1
    }

    fn text(&self) -> Text {
        let mut text = Text::default();
        text.add(arguments(self));
        text
    }
}

#[cfg(feature = "aio")]
impl Asked for Pipeline {
    fn name(&self) -> Name {
        let words = self.cmd_iter().map(word);
        Name::of_batch(words, self.len(), self.is_transaction())
    }

    fn batch_size(&self) -> usize {
        self.len()
    }

    fn text(&self) -> Text {
        let mut text = Text::default();
        self.cmd_iter()
            .for_each(|command| text.add(arguments(command)));
        text
    }
}

impl Packed<'_> {
    /// The commands but for the ends of a transaction, how many they are, and whether they are one.
    fn commands(&self) -> (impl Iterator<Item = Command<'_>> + Clone, usize, bool) {
        let all = packed::commands(self.0);
        let mut words = all.clone().map(|command| command.word());
        let first = words.next();
        let last = words.last();
        let is_transaction = first == Some(b"MULTI") && last == Some(b"EXEC");
        let ends = usize::from(is_transaction);
        let count = all.clone().count() - 2 * ends;
        (all.skip(ends).take(count), count, is_transaction)
    }
}

impl Asked for Packed<'_> {
    fn name(&self) -> Name {
        let (commands, count, is_transaction) = self.commands();
        let words = commands.map(|command| command.word());
        Name::of_batch(words, count, is_transaction)
    }

    fn batch_size(&self) -> usize {
        self.commands().1
    }

    fn text(&self) -> Text {
        let mut text = Text::default();
        let (commands, ..) = self.commands();
        commands.for_each(|command| text.add(command.arguments()));
        text
    }
}

/// The name of a command.
fn word(command: &Cmd) -> &[u8] {
    arguments(command).next().unwrap_or_default()
}

/// A place for the cursor of a scan is an argument as well.
fn arguments(command: &Cmd) -> impl Iterator<Item = &[u8]> {
    command.args_iter().map(|argument| match argument {
        Arg::Simple(bytes) => bytes,
        _ => b"0",
    })
}

#[cfg(test)]
mod tests {
    use redis::{Pipeline, cmd, pipe};

    use super::*;

    #[test]
    fn a_command_has_its_name_and_a_batch_that_of_all() {
        assert_eq!(cmd("GET").arg("key").name().as_str(), "GET");
        assert_eq!(cmd("").name().as_str(), "");
        let gets = pipe().get("a").get("b").clone();
        let mixed = pipe().get("a").set("b", 1).clone();
        let one = pipe().get("a").clone();
        let atomic = |pipeline: &Pipeline| pipeline.clone().atomic().clone();
        for (pipeline, name, size, text) in [
            (gets.clone(), "PIPELINE GET", 2, "GET a; GET b"),
            (mixed.clone(), "PIPELINE", 2, "GET a; SET b ?"),
            (one.clone(), "GET", 1, "GET a"),
            (atomic(&gets), "MULTI GET", 2, "GET a; GET b"),
            (atomic(&mixed), "MULTI", 2, "GET a; SET b ?"),
            (atomic(&one), "MULTI GET", 1, "GET a"),
            (pipe(), "", 0, ""),
        ] {
            let bytes = pipeline.get_packed_pipeline();
            let packed = Packed(&bytes);
            assert_eq!((packed.name().as_str(), packed.batch_size()), (name, size));
            assert_eq!(packed.text().as_str(), text);
            #[cfg(feature = "aio")]
            {
                assert_eq!(
                    (pipeline.name().as_str(), pipeline.batch_size()),
                    (name, size)
                );
                assert_eq!(pipeline.text().as_str(), text);
            }
        }
    }
}
