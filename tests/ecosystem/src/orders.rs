//! A service over gRPC, with tonic; and its client.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::uri::PathAndQuery;
use otel_runtime::traced;
use otelkit_tonic::{GrpcClient, GrpcClientLayer, GrpcServerLayer};
use sqlx::SqlitePool;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::client;
use tonic::server::{Grpc, NamedService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tower::{Layer, service_fn};
use tower_http::trace::TraceLayer;
use tower_service::Service;

use crate::stock::StockClient;
use crate::text::Text;
use crate::{Failure, audit, pricing, storage};

pub(crate) type Client = client::Grpc<GrpcClient<Channel>>;

pub(crate) const PLACE: PathAndQuery = PathAndQuery::from_static("/shop.Orders/Place");

#[derive(Clone, Debug)]
struct Orders {
    pool: SqlitePool,
    stock: StockClient,
}

/// Serves until the program stops.
pub(crate) async fn serve(
    pool: SqlitePool,
    stock: SocketAddr,
    mut stopped: watch::Receiver<()>,
) -> std::io::Result<(SocketAddr, JoinHandle<Result<(), tonic::transport::Error>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let stock = StockClient::new(stock);
    let server = Server::builder()
        .layer(GrpcServerLayer::new())
        .layer(TraceLayer::new_for_grpc())
        .add_service(Orders { pool, stock });
    let stop = async move { drop(stopped.changed().await) };
    let incoming = TcpIncoming::from(listener);
    let serving = server.serve_with_incoming_shutdown(incoming, stop);
    Ok((address, tokio::spawn(serving)))
}

pub(crate) fn client(server: SocketAddr) -> Result<Client, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(format!("http://{server}"))?;
    let layer = GrpcClientLayer::of(endpoint.uri());
    Ok(client::Grpc::new(layer.layer(endpoint.connect_lazy())))
}

impl NamedService for Orders {
    const NAME: &'static str = "shop.Orders";
}

impl Service<http::Request<Body>> for Orders {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let orders = self.clone();
        Box::pin(async move {
            let place = service_fn(move |request: Request<String>| {
                let orders = orders.clone();
                async move { orders.place(request.get_ref()).await }
            });
            Ok(Grpc::new(Text).unary(place, request).await)
        })
    }
}

impl Orders {
    #[traced(name = "place")]
    async fn place(&self, item: &str) -> Result<Response<String>, Status> {
        let failed = |error: Failure| Status::internal(error.to_string());
        let price = pricing::price(item, discount(item)).await;
        audit::note("priced");
        if self.stock.in_stock(item).await.map_err(failed)? == 0 {
            return Err(Status::not_found("out of stock"));
        }
        let saved = storage::save(&self.pool, item, price).await;
        saved.map_err(|error| failed(error.into()))?;
        tracing::info!(price, "ordered");
        Ok(Response::new(format!("{item} for {price}")))
    }
}

#[traced(name = "discount")]
async fn discount(item: &str) -> u64 {
    audit::note("discounted");
    item.len() as u64
}
