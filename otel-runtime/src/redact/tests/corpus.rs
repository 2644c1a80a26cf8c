//! Texts, and what may be shown of them.

use super::everything;

/// What is hidden; the text with `‹›` around it, and what stands there afterwards.
const HIDDEN: &[(&str, &str)] = &[
    // names and values
    ("login with password=‹hunter2› failed", ""),
    ("password = ‹hunter2›", ""),
    ("Password: ‹hunter2›", ""),
    ("?user=ada&password=‹hunter2›&x=1", ""),
    ("GET /cb?code=1&access_token=‹abc.def›&state=2", ""),
    ("/blob?sv=2020&sig=‹Zm9v%3D›&se=1", ""),
    ("?X-Amz-Signature=‹0123abcd›&X-Amz-Date=2026", ""),
    (r#"{"user":"ada","password":"‹hunter2›"}"#, ""),
    (r#"{"password" : "‹hun\"ter2›"}"#, ""),
    (r#"{\"password\":\"‹hunter2›\"}"#, ""),
    (r#"{"token": ‹12345›}"#, ""),
    (r#"Login { user: "ada", password: "‹hunter2›" }"#, ""),
    (r#"Login { token: Some("‹hunter2›") }"#, ""),
    (r#"{"tokens":1,"api_key":["‹abc›"]}"#, ""),
    ("{'client_secret': '‹s3cr3t›'}", ""),
    ("host=db user=app password=‹p&›", "password=[redacted]&"),
    ("Server=db;Uid=app;Pwd=‹hunter2›;Database=x", ""),
    ("AccountName=x;AccountKey=‹abc+/=›;EndpointSuffix=y", ""),
    ("ALTER USER app WITH PASSWORD '‹hunter2›'", ""),
    ("UPDATE users SET password = '‹hunter2›' WHERE id = 1", ""),
    ("api_key=\"‹never closed", "api_key=\"[redacted]"),
    ("--password=‹hunter2› --verbose", ""),
    ("DB_PASSWORD=‹hunter2›", ""),
    ("aws_secret_access_key = ‹wJalrXUtnFEMI/K7MDENG›", ""),
    ("x-api-key: ‹abcdef›", ""),
    ("Authorization: ‹Bearer abc›", ""),
    ("authorization=‹Token abc›", ""),
    ("headers={\"authorization\" => \"‹x y z›\"}", ""),
    ("password%3D‹hunter2›", ""),
    ("token=‹пароль› сброшен", ""),
    // schemes and tokens
    ("sent Bearer ‹mF_9.B5f-4.1JqM›", "token"),
    ("bearer  ‹abcdefghijklmnopqrstuvwxyz›.", "token"),
    ("Basic ‹QWxhZGRpbjpvcGVuIHNlc2FtZQ==›", "token"),
    ("basic ‹dXNlcjpw›, then", "token"),
    (
        "pushed with ‹ghp_0123456789abcdefghijABCDEFGHIJ012345› to x",
        "token",
    ),
    ("(‹github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvw›)", "token"),
    ("key ‹AKIAIOSFODNN7EXAMPLE› is revoked", "token"),
    ("“‹xoxb-123456789012-abcdefABCDEF›”", "token"),
    ("‹sk_live_4eC39HqLyjWDarjtT1zdp7dc›", "token"),
    ("‹sk-proj-abcdefghijklmnop0123456789›", "token"),
    ("‹glpat-abcdefghij0123456789›", "token"),
    ("‹AIzaSyA0123456789abcdefghijklmnopqrstuv›", "token"),
    (
        "‹SG.abcdefghijklmnopqrstuv.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG›",
        "token",
    ),
    ("‹ya29.a0AfH6SMBx0123456789abcdef›", "token"),
    ("‹hvs.CAESIJ0123456789abcdefghij›", "token"),
    ("‹npm_0123456789abcdefghijABCDEFGHIJ012345›", "token"),
    (
        "jwt ‹eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U›!",
        "token",
    ),
    ("‹eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.›", "token"),
    (
        "‹-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----› read",
        "token",
    ),
    ("‹-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC", "‹token"),
    (r"pem:\n‹-----BEGIN EC PRIVATE KEY-----\nMHc", "‹token"),
    // URLs
    ("postgres://‹app:hunter2›@db:5432/shop", "userinfo"),
    ("see https://‹ada:p%40ss›@example.com/a?b=c", "userinfo"),
    ("mongodb://‹u:p@w›@h1,h2/db", "userinfo"),
    ("redis://‹:hunter2›@cache", "userinfo"),
    ("https://‹ghp_token›@github.com/a/b", "userinfo"),
    // e-mail
    ("mail to ‹ada.lovelace+x@example.co.uk›, now", "email"),
    ("<‹ada@example.com›>", "email"),
    ("‹o'hara@example.com›", "email"),
    ("user '‹ada@example.com›' not found", "email"),
    ("/users/‹ada@example.com›/orders", "email"),
    ("/search?q=‹ada%40example.com›&page=2", "email"),
    ("‹müller@bücher.example› schrieb", "email"),
    ("mailto:‹ada@example.com›?subject=x", "email"),
    ("key (email)=(‹ada@example.com›) already exists", "email"),
    ("ask ‹ada@example.com›.", "email"),
    ("‹ada@xn--bcher-kva.example›", "email"),
    // cards
    ("paid with ‹4111111111111111›", "card"),
    ("‹4111 1111 1111 1111› exp 12/29", "card"),
    ("card=‹4111-1111-1111-1111›;", "card"),
    ("amex ‹3782 822463 10005›", "card"),
    ("‹378282246310005›,‹5555555555554444›", "card"),
    ("on 2026-11-22 ‹4242 4242 4242 4242› was charged", "card"),
    ("‹6011111111111117›. Next", "card"),
    ("card-‹4111111111111111›", "card"),
    // addresses
    ("from ‹192.168.17.4›:8080", "ip"),
    ("peer=‹10.0.0.1›, timeout", "ip"),
    ("http://‹93.184.216.34›/x", "ip"),
    ("‹10.1.2.3›/8", "ip"),
    ("connect to ‹10.1.2.3›.", "ip"),
    ("client ‹2001:db8::8a2e:370:7334› left", "ip"),
    ("[‹2001:db8::1›]:443", "ip"),
    ("‹fe80::1ff:fe23:4567:890a›%eth0", "ip"),
    ("‹::ffff:192.0.2.128› mapped", "ip"),
    ("/ip/‹10.0.0.1›/block", "ip"),
    ("addr:‹10.0.0.1›", "ip"),
    // several
    (
        "‹ada@example.com› paid ‹4111111111111111› from ‹10.0.0.1›",
        "email card ip",
    ),
];

/// What only looks as if it had to be hidden.
const SHOWN: &[&str] = &[
    "",
    "nothing at all",
    // names without values, and what stands for values
    "password",
    "the password is wrong",
    "password=",
    "password=&x=1",
    "password: ***",
    "password=REDACTED",
    "token=[redacted]",
    r#"{"password": "[redacted]"}"#,
    "WHERE password = $1 AND token = ?",
    "WHERE password = :pw",
    "password=%s",
    "password: None",
    "if password == other",
    "password::hash",
    "unexpected token: `;`",
    "unexpected token: foo",
    "PWD=/home/ada",
    "password_length=8 tokens=12",
    "tokenizer=bpe monkey=1 passwords_changed=3",
    "set the cookie 'a'",
    "Login { password: [redacted] }",
    "key=abc value=1",
    // what begins like a token, and base64 that is none
    "Bearer authentication required",
    "the bearer of this letter",
    "Basic authentication",
    "Basic understanding",
    "sk-learn-estimators-and-pipelines",
    "hf_transfer_is_not_installed_on_this_machine",
    "key-value-store-with-a-very-long-name-indeed",
    "AKIA is how access keys begin",
    "AKIAiosfodnn7example",
    "eyJmb28iOiJiYXIifQ==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "dGhpcyBpcyBhIHRlc3Qgd2l0aG91dCBhbnkgc2VjcmV0cw==",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "0af7651916cd43dd8448eb211c80319c",
    "-----BEGIN CERTIFICATE-----\nMIIB",
    "-----BEGIN PUBLIC KEY-----\nMIIB",
    "550e8400-e29b-41d4-a716-446655440000",
    "11111111-2222-3333-4444-555555555555",
    "com.example.shop.checkout.PaymentService",
    // URLs without user
    "https://example.com/a/b?c=d#e@f",
    "https://REDACTED:REDACTED@example.com/",
    "https://example.com/@ada",
    "file:///etc/hosts",
    // no addresses of people
    "serde@1.0.200",
    "user@host",
    "icon@2x.png",
    "@ada said",
    "a @ b.com",
    "npm i @scope/pkg",
    "foo@.com",
    "git@github:a/b",
    // numbers that are no cards
    "4111111111111112",
    "order 1234567890123456",
    "order 20261122000017",
    "1234 5678 9012 3456",
    "4111111111111111111111",
    "a4111111111111111",
    "0.4111111111111111",
    "4111111111111111.5",
    "+49 30 1234567890",
    "1700000000000000000",
    "9780306406157",
    "41111111 11111111",
    // no addresses of machines
    "Mozilla/5.0 Chrome/120.0.6099.109 Safari/537.36",
    "curl/1.2.3.4 (x)",
    "version 1.2.3.4",
    "Version=10.0.0.1",
    "1.2.3.4-beta",
    "1.2.3.4.5",
    "v1.2.3.4",
    "256.1.1.1",
    "1.2.3",
    "127.0.0.1:8080 and ::1 and 0.0.0.0",
    "12:34:56",
    "2026-11-22T12:34:56.789Z",
    "std::fmt::Debug and bad::cafe",
    "00:1a:2b:3c:4d:5e",
    "a::b",
    "::",
];

#[test]
fn what_has_to_be_hidden_is_and_nothing_beside_it() {
    let redactor = everything();
    for (marked, by) in HIDDEN {
        let text = marked.replace(['‹', '›'], "");
        let shown = redactor.text(&text).unwrap_or_else(|| text.clone());
        assert_eq!(shown, expected(marked, by), "{text}");
    }
}

/// The text with each marked part replaced; the words of `by` say by what they are found.
fn expected(marked: &str, by: &str) -> String {
    if by.starts_with("password=") || by.starts_with("api_key=") {
        let start = marked
            .find(by.split('[').next().unwrap_or_default())
            .unwrap();
        return format!("{}{by}", &marked[..start]);
    }
    let mut kinds = by.trim_start_matches('‹').split(' ').cycle();
    let mut shown = String::new();
    let mut rest = marked;
    while let Some((before, behind)) = rest.split_once('‹') {
        let kind = match by.contains(' ') || by.is_empty() || marked.matches('‹').count() == 1 {
            true => kinds.next().unwrap_or_default(),
            false => by,
        };
        shown.push_str(before);
        shown.push_str("[redacted");
        if !kind.is_empty() {
            shown.push(':');
            shown.push_str(kind);
        }
        shown.push(']');
        rest = behind.split_once('›').map_or("", |(_, rest)| rest);
    }
    shown + rest
}

#[test]
fn what_only_looks_like_it_is_shown_as_it_is() {
    let redactor = everything();
    let hidden = SHOWN.iter().filter_map(|text| redactor.text(text));
    assert_eq!(hidden.collect::<Vec<_>>(), Vec::<String>::new());
}
