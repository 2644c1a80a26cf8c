//! `async-trait` rewrites the methods first.

use async_trait::async_trait;
use otel_runtime::traced;

#[async_trait]
trait Store {
    async fn load(&self, id: u64) -> Result<String, std::fmt::Error>;

    #[traced(fields(id))]
    async fn load_twice(&self, id: u64) -> Result<String, std::fmt::Error>
    where
        Self: Sync,
    {
        Ok(self.load(id).await? + &self.load(id).await?)
    }
}

struct Memory;

#[async_trait]
impl Store for Memory {
    #[traced(args(id), err)]
    async fn load(&self, id: u64) -> Result<String, std::fmt::Error> {
        if id == 0 {
            return Err(std::fmt::Error);
        }
        Ok(id.to_string())
    }
}

fn is_send<T: Send>(_: &T) {}

fn main() {
    let future = Memory.load_twice(1);
    is_send(&future);
}
