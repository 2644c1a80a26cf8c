//! An annotation on an `impl` block: defaults, exceptions, options of single methods.

use otel_runtime::traced;

struct Service;

#[traced(level = debug, target = "service", err, busy)]
impl Service {
    #![allow(dead_code)]

    pub const LIMIT: usize = { 3 + 1 };

    fn plain(&self) -> usize {
        Self::LIMIT
    }

    fn fallible(&self) -> Result<u8, String> {
        Ok(1)
    }

    #[traced(skip)]
    const fn constant() -> usize {
        Self::LIMIT
    }

    #[traced(name = "fetch", kind = client, fields(id))]
    async fn fetch(&self, id: u64) -> Result<u64, String> {
        Ok(id)
    }

    fn nothing() {}
}

fn main() {
    assert_eq!(Service.plain(), Service::constant());
    assert_eq!(Service.fallible(), Ok(1));
    let _ = Service.fetch(1);
    Service::nothing();
}
