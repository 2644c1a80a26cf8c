use otel_runtime::traced;

#[traced(fields(a = unknown))]
fn f() {}

#[traced(fields(a = b.missing))]
fn g(b: (u8, u8)) {}

#[traced(fields(a = moved))]
async fn h() {
    let moved = 1;
}

fn main() {}
