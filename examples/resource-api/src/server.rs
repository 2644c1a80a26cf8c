//! Both front doors on one set of resources, and their orderly end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use otelkit_tonic::GrpcServerLayer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::transport::server::TcpIncoming;
use tracing::info;

use crate::grpc;
use crate::http;
use crate::service::Resources;

/// The doors, open.
#[derive(Debug)]
pub struct Server {
    http: SocketAddr,
    grpc: SocketAddr,
    /// Told when no new request is taken any more.
    closing: watch::Sender<()>,
    doors: JoinSet<io::Result<()>>,
}

/// Whether everybody got an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every request that was taken.
    All,
    /// Some took longer than there was time for.
    Partly,
}

impl Server {
    /// Opens both doors.
    ///
    /// # Errors
    /// If one of the addresses is another's, or none of this machine; says which.
    pub async fn start(resources: Resources, http: &str, grpc: &str) -> io::Result<Self> {
        let (http_listener, http) = listen(http).await?;
        let (grpc_listener, grpc) = listen(grpc).await?;
        let (closing, closed) = watch::channel(());
        let mut doors = JoinSet::new();
        let router = http::router(resources.clone());
        doors.spawn({
            let closed = until(closed.clone());
            async move {
                let server = axum::serve(http_listener, router);
                server.with_graceful_shutdown(closed).await
            }
        });
        doors.spawn({
            let incoming = TcpIncoming::from(grpc_listener).with_nodelay(Some(true));
            let service = grpc::Service::new(resources);
            let server = tonic::transport::Server::builder()
                .layer(GrpcServerLayer::new())
                .add_service(service);
            async move {
                let served = server.serve_with_incoming_shutdown(incoming, until(closed));
                served.await.map_err(io::Error::other)
            }
        });
        info!(http = %http, grpc = %grpc, "both doors are open");
        Ok(Self {
            http,
            grpc,
            closing,
            doors,
        })
    }

    /// Where HTTP is spoken.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http)
    }

    /// Where gRPC is spoken.
    #[must_use]
    pub fn grpc_url(&self) -> String {
        format!("http://{}", self.grpc)
    }

    /// Takes no new requests and waits for those that were taken, so long at most.
    ///
    /// # Errors
    /// If a door broke.
    pub async fn stop(mut self, patience: Duration) -> io::Result<Drained> {
        drop(self.closing);
        let all = async {
            while let Some(door) = self.doors.join_next().await {
                door.map_err(io::Error::other)??;
            }
            Ok(Drained::All)
        };
        tokio::time::timeout(patience, all)
            .await
            .unwrap_or(Ok(Drained::Partly))
    }
}

async fn listen(address: &str) -> io::Result<(TcpListener, SocketAddr)> {
    let cannot = |error| io::Error::other(format!("{address}: cannot listen: {error}"));
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    Ok((listener, address))
}

/// Until the sender is dropped.
async fn until(mut closed: watch::Receiver<()>) {
    while closed.changed().await.is_ok() {}
}
