use otel_runtime::traced;

#[traced(name = name)]
fn f(name: &'static str) {}

fn make() -> &'static str {
    "a"
}

#[traced(name = make())]
fn g() {}

#[traced(name = String::from("a"))]
fn h() {}

fn main() {}
