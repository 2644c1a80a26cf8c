//! The rules for names of instruments and units, where they are written as texts.

use syn::LitStr;

/// How many characters the longest ending has that is put behind a name.
pub(super) const LONGEST_SUFFIX: usize = ".in_flight".len();

const LONGEST_NAME: usize = 255;
const LONGEST_UNIT: usize = 63;

/// Refuses what is no name of an instrument, with so many characters to come behind it.
pub(super) fn check(name: &LitStr, suffix: usize) -> syn::Result<()> {
    let text = name.value();
    let wrong = |rule: String| {
        let message = format!("`{text}` is no name of a metric: {rule}");
        Err(syn::Error::new(name.span(), message))
    };
    if text.len() + suffix > LONGEST_NAME {
        let most = LONGEST_NAME - suffix;
        return wrong(format!("it has more than {most} characters"));
    }
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return wrong("it begins with a letter".into());
    }
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.-/".contains(letter);
    match text.chars().find(|letter| !is_allowed(*letter)) {
        Some(found) => wrong(format!(
            "it consists of letters, digits, `_`, `.`, `-` and `/`, and this has `{found}`"
        )),
        None => Ok(()),
    }
}

/// Refuses what is no unit.
pub(super) fn check_unit(unit: &LitStr) -> syn::Result<()> {
    let text = unit.value();
    if text.len() > LONGEST_UNIT || !text.chars().all(|letter| letter.is_ascii_graphic()) {
        let message = format!(
            "`{text}` is no unit: it has {LONGEST_UNIT} visible ASCII characters at most, such as `s`, `By` or `{{order}}`"
        );
        return Err(syn::Error::new(unit.span(), message));
    }
    Ok(())
}
