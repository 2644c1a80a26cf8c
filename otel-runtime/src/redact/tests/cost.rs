//! How often bytes are looked at: a few times each, whatever somebody writes to make it more.

use super::everything;
use crate::redact::text::looks_so_far;

/// No byte is looked at more often than this, on average.
const MOST_LOOKS: u64 = 80;

#[test]
fn hostile_texts_take_linear_time() {
    let redactor = everything();
    for piece in [
        "a",
        "=",
        ":",
        "@",
        "a@",
        "a.b@",
        "a@a.",
        "%40",
        "1",
        "1.",
        "1.1.",
        "1:",
        "a:",
        "::",
        "1111 ",
        "4111 1111 1111 111 ",
        "4-",
        "1111-",
        "password=\"",
        "password='",
        "password=\"'",
        "\\\"",
        "'",
        "password",
        "password=",
        "password ",
        "password = ",
        "token:",
        "eyJ",
        "eyJaaaaaaaaa.",
        "eyJaaaaaaaaa.aaaaaaaaaaa.",
        "Bearer ",
        "Basic ",
        "Basic a ",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY",
        "-----BEGIN PRIVATE KEY----------END ",
        "://",
        "a://",
        "://a@",
        "[redacted",
        "[redacted:",
        "SG.",
        "ya29.",
        "ghp_",
        "sk-",
        "gh",
        "ü",
        "ü@",
        "Some(",
        "%3D",
        "  ",
    ] {
        let text: String = piece.repeat(65_536 / piece.len());
        let before = looks_so_far();
        let _ = redactor.text(&text);
        let looks = looks_so_far() - before;
        let most = MOST_LOOKS * text.len() as u64;
        assert!(
            looks <= most,
            "{piece}: {} looks a byte",
            looks / text.len() as u64
        );
    }
}

#[test]
fn what_people_write_is_looked_at_about_once() {
    let redactor = super::Redactor::new(&super::Redaction::credentials());
    for text in [
        "SELECT id, name, email FROM users WHERE tenant = $1 AND created_at > $2",
        "/api/v1/orders/550e8400-e29b-41d4-a716-446655440000/items",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
        "connection reset by peer (os error 104)",
    ] {
        let before = looks_so_far();
        assert_eq!(redactor.text(text), None);
        let looks = looks_so_far() - before;
        assert!(
            looks <= 3 * text.len() as u64,
            "{text}: {looks} for {}",
            text.len()
        );
    }
}
