//! The annotation stands on the block, before `async-trait`.

use async_trait::async_trait;
use otel_runtime::traced;

#[traced]
#[async_trait]
trait Store {
    async fn load(&self, id: u64) -> Result<String, std::fmt::Error>;

    async fn nothing(&self) {}
}

struct Memory;

#[traced(err)]
#[async_trait]
impl Store for Memory {
    async fn load(&self, id: u64) -> Result<String, std::fmt::Error> {
        Ok(id.to_string())
    }
}

#[async_trait]
#[traced]
impl Store for u8 {
    async fn load(&self, id: u64) -> Result<String, std::fmt::Error> {
        Ok(id.to_string())
    }
}

fn is_send<T: Send>(_: &T) {}

fn main() {
    is_send(&Memory.load(1));
    is_send(&1_u8.nothing());
    is_send(&1_u8.load(1));
}
