//! `resource-api serve` and `load`: both front doors, what they refuse, and how they close.

#[path = "../support/mod.rs"]
mod support;

mod cache;
mod databases;
mod ends;
mod grpc;
mod http;
mod load;
mod logs;
mod traces;

use std::time::Duration;

use resource_api::server::{Drained, Server};
use resource_api::service::Resources;
use resource_api::storage::{DatabaseAddress, Storage};
use tempfile::TempDir;

/// A service in this process.
struct Service {
    server: Server,
    storage: Storage,
    _directory: TempDir,
}

impl Service {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let address = directory.path().join("test.db").into();
        Self::start_on(&address, directory).await
    }

    async fn start_on(address: &DatabaseAddress, directory: TempDir) -> Self {
        Self::start_with(address, directory, |resources| resources).await
    }

    /// On this database, with whatever `with` adds to it.
    async fn start_with(
        address: &DatabaseAddress,
        directory: TempDir,
        with: impl FnOnce(Resources) -> Resources,
    ) -> Self {
        let storage = Storage::open(address).await.unwrap();
        let resources = with(Resources::new(storage.clone()));
        let server = Server::start(resources, "127.0.0.1:0", "127.0.0.1:0")
            .await
            .unwrap();
        Self {
            server,
            storage,
            _directory: directory,
        }
    }

    fn http(&self, path: &str) -> String {
        format!("{}{path}", self.server.http_url())
    }

    async fn stop(self) {
        let drained = self.server.stop(Duration::from_secs(60)).await.unwrap();
        assert_eq!(drained, Drained::All);
        self.storage.close().await;
    }
}
