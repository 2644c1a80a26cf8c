use otel_runtime::traced;

trait T {
    #[traced]
    fn f(&self) -> u32;
}

unsafe extern "C" {
    #[traced]
    fn g();
}

fn main() {}
