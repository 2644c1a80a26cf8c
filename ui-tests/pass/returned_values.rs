//! `ret`: what comes out is recorded, of a `Result` what is inside.

use otel_runtime::traced;

#[derive(Debug)]
struct Opaque;

#[traced(ret)]
fn number(a: u32) -> u32 {
    a
}

#[traced(ret)]
fn fallible(a: u32) -> Result<u32, Opaque> {
    Ok(a)
}

#[traced(ret(?))]
fn debug() -> Opaque {
    Opaque
}

#[traced(ret(%))]
async fn display() -> std::io::Result<std::net::Ipv4Addr> {
    Ok(std::net::Ipv4Addr::LOCALHOST)
}

#[traced(ret(?), err)]
async fn debug_of_result() -> Result<Vec<Opaque>, Opaque> {
    Ok(vec![])
}

#[traced(ret)]
fn text<'a>(a: &'a str) -> &'a str {
    a
}

#[traced(ret)]
fn option() -> Option<u32> {
    None
}

fn main() {
    number(1);
    fallible(1).unwrap();
    debug();
    let _ = (display(), debug_of_result());
    text("a");
    option();
}
