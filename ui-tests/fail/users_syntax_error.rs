use otel_runtime::traced;

#[traced]
fn f() -> u32 {
    let a = ;
    1
}

fn main() {}
