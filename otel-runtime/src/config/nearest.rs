//! Which of several words a misspelt one was meant to be.

/// The word at the smallest distance from `input`, if one is close enough to be meant.
pub(super) fn nearest<'w>(
    input: &str,
    words: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    let input = input.to_ascii_lowercase();
    let close_enough = (input.chars().count() / 3).max(1);
    words
        .into_iter()
        .map(|word| (distance(&input, &word.to_ascii_lowercase()), word))
        .filter(|(distance, _)| *distance <= close_enough)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters must be inserted, removed, replaced or swapped with their
/// neighbour to turn one word into the other.
pub(super) fn distance(from: &str, to: &str) -> usize {
    /// Beyond this no word is misspelt, and the time is quadratic.
    const LONGEST: usize = 128;
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if from.len().max(to.len()) > LONGEST {
        return usize::MAX;
    }
    // the last three rows of the table of distances between prefixes
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, &f) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &t) in to.iter().enumerate() {
            let replaced = above[j] + usize::from(f != t);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && f == to[j - 1] && from[i - 1] == t {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_mistakes() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("grpc", "grpc", 0),
            ("gprc", "grpc", 1),
            ("grp", "grpc", 1),
            ("grrpc", "grpc", 1),
            ("grqc", "grpc", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(from, to), expected, "{from} {to}");
            assert_eq!(distance(to, from), expected, "{to} {from}");
        }
    }

    #[test]
    fn a_word_far_from_all_has_no_nearest() {
        let words = ["always_on", "always_off"];
        assert_eq!(nearest("ALWAYS-ON", words), Some("always_on"));
        assert_eq!(nearest("alwaysoff", words), Some("always_off"));
        assert_eq!(nearest("never", words), None);
        assert_eq!(nearest(&"x".repeat(100_000), words), None);
    }
}
