use otel_runtime::traced;

struct S;

#[traced(name = "all", args(a))]
impl S {
    fn f(&self, a: u32) {}
}

#[traced(skip)]
impl Clone for S {
    fn clone(&self) -> S {
        S
    }
}

#[traced(nmae = "a")]
trait T {
    fn f(&self) {}
}

fn main() {}
