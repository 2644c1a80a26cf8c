use otel_runtime::traced;

#[traced]
const fn f() -> u32 {
    1
}

const ONE: u32 = f();

fn main() {}
