use otel_runtime::traced;

#[traced]
fn f(a: String) -> &'static str {
    drop(a);
    a.as_str();
    "a"
}

#[traced]
async fn g(a: String) -> Result<usize, ()> {
    drop(a);
    Ok(a.len())
}

#[traced]
async fn h(a: u32) -> u32 {
    a = 2;
    a
}

#[traced]
fn i(a: &str) -> Result<&'static str, ()> {
    Ok(a)
}

fn main() {}
