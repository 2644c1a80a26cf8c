use otel_runtime::traced;

#[traced]
fn f() -> u32 {
    "text"
}

#[traced]
fn g(a: u32) -> Result<u32, String> {
    Ok("text")
}

#[traced]
async fn h(a: u32) -> String {
    a
}

#[traced]
async fn i() -> Result<u32, String> {
    if true {
        return Ok("text");
    }
    Err(1)
}

#[traced]
fn j() -> u32 {
    let a = 1;
}

#[traced]
async fn k() -> u32 {
    let a = 1;
}

fn main() {}
