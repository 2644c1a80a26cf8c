use otel_runtime::traced;

#[traced(nmae = "a", kind = sever, fields(a = 1, a = 2), args(c), root = true)]
fn f(b: u32) {}

fn main() {
    f(1); // the function is still there
}
