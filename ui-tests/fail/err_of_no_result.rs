use otel_runtime::traced;

#[traced(err)]
fn flag() -> u32 {
    1
}

#[traced(err = |e| 1)]
fn mapped() -> &'static str {
    ""
}

#[traced(ok_if = |e| true)]
async fn accepted() -> Option<u32> {
    None
}

#[traced(expected = |e| true)]
fn expected() -> impl Iterator<Item = u32> {
    0..1
}

#[traced(err)]
fn later() -> std::pin::Pin<Box<dyn Future<Output = Vec<u32>>>> {
    Box::pin(async { Vec::new() })
}

struct S;

impl S {
    #[traced(ok_if = |e| true)]
    fn method(&self) -> (u32, Result<u32, ()>) {
        (1, Ok(1))
    }
}

fn main() {}
