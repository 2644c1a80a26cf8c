//! The runtime under another name.

mod telemetry {
    pub mod inside {
        pub use otel_runtime as renamed;
    }
}

use telemetry::inside::renamed::traced;

#[traced(runtime = crate::telemetry::inside::renamed, fields(a))]
fn sync(a: u32) -> Result<u32, ()> {
    telemetry::inside::renamed::set_attributes!(runtime = crate::telemetry::inside::renamed; a);
    Ok(a)
}

#[traced(runtime = crate::telemetry::inside::renamed)]
async fn asynchronous(a: u32) -> u32 {
    a
}

struct S;

#[traced(runtime = crate::telemetry::inside::renamed)]
impl S {
    fn method(&self) {}
}

fn main() {
    sync(1).unwrap();
    let _ = asynchronous(1);
    S.method();
}
