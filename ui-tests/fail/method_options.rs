use otel_runtime::traced;

struct S;

#[traced(level = debug)]
impl S {
    #[traced(kind = nonsense)]
    fn f(&self) {}

    #[traced(skip, nmae = "a")]
    fn g(&self) {}

    #[traced(fields(a = b))]
    fn h(&self) {}
}

fn main() {}
