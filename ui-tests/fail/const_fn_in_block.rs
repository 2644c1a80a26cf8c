use otel_runtime::traced;

struct S;

#[traced]
impl S {
    const fn new() -> Self {
        S
    }

    fn method(&self) {}
}

fn main() {
    S::new().method();
}
