use otel_runtime::{Secret, event, set_attributes, span, traced};

#[traced(args(token))]
fn argument(token: Secret<String>) {}

#[traced(fields(shown = %token))]
fn displayed(token: &Secret<String>) {}

#[traced(fields(?token))]
async fn debugged(token: Option<&Secret<String>>) {}

#[traced(fields(tokens))]
fn several(tokens: [Secret<u64>; 2]) {}

#[traced(ret)]
fn returned() -> Secret<String> {
    Secret::new(String::new())
}

#[traced(ret(?))]
fn returned_debugged() -> Result<Secret<String>, std::fmt::Error> {
    Ok(Secret::new(String::new()))
}

fn by_hand(token: &Secret<String>) {
    event!("e", token);
    event!("e", shown = %token);
    set_attributes!(token = ?token);
    otel_runtime::set_attribute("token", token);
    let _ = span!("s", token);
}

fn main() {}
