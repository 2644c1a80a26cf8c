//! `args`: arguments by name.

use otel_runtime::traced;

#[derive(Debug)]
struct Opaque;

#[traced(args(a, %b, ?c))]
fn sync(a: u32, b: &str, c: Opaque) -> Result<(), ()> {
    drop((a, b, c));
    Ok(())
}

#[traced(args(a, ?b, inner, r#type), fields(more = inner + 1))]
async fn asynchronous(a: u32, b: Vec<Opaque>, (inner, _): (u8, Opaque), r#type: &str) {
    drop((a, b, inner, r#type));
}

impl Opaque {
    #[traced(args(?self, a))]
    fn method(&self, a: Option<u8>) {
        let _ = a;
    }
}

fn main() {
    sync(1, "b", Opaque).unwrap();
    let _ = asynchronous(1, vec![], (1, Opaque), "t");
    Opaque.method(None);
}
