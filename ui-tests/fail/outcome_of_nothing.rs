use otel_runtime::traced;

#[traced(ret)]
fn f() {}

#[traced(err)]
async fn g() {}

#[traced(ok_if = |e| true, expected = |e| true)]
fn h() -> () {}

#[traced(none = error)]
fn i() -> ! {
    loop {}
}

fn main() {}
