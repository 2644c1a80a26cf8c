use otel_runtime::traced;

struct Opaque;

#[traced(ret)]
fn f() -> Opaque {
    Opaque
}

#[traced(ret(?))]
async fn g() -> Result<Opaque, ()> {
    Ok(Opaque)
}

#[traced(ret = 3)]
fn h() -> u32 {
    1
}

#[traced(ret(debug))]
fn i() -> u32 {
    1
}

fn main() {}
