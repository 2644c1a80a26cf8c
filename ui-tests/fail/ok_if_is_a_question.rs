use otel_runtime::traced;

#[traced(ok_if = |error| 1)]
fn f() -> Result<u32, String> {
    Ok(1)
}

#[traced(expected = true)]
fn g() -> Result<u32, String> {
    Ok(1)
}

#[traced(ok_if)]
fn h() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
