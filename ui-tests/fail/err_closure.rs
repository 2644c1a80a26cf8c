use otel_runtime::traced;

#[derive(Debug)]
struct Failure;

#[traced(err = |error| error.missing())]
fn f() -> Result<u32, Failure> {
    Ok(1)
}

#[traced(err = |a, b| a)]
fn g() -> Result<u32, Failure> {
    Ok(1)
}

#[traced(err(message))]
fn h() -> Result<u32, Failure> {
    Ok(1)
}

fn main() {}
