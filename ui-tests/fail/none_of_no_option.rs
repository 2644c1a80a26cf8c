use otel_runtime::traced;

#[traced(none = error)]
fn f() -> Result<u32, ()> {
    Ok(1)
}

#[traced(none = error)]
async fn number() -> u32 {
    1
}

#[traced(none = fine)]
fn g() -> Option<u32> {
    None
}

#[traced(none)]
fn h() -> Option<u32> {
    None
}

fn main() {}
