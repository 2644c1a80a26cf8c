//! The server's side.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use tonic::codegen::tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::convert::numbers;
use super::v1;
use super::v1::resources_server::ResourcesServer;
use crate::model::ResourceId;
use crate::service::{Cascade, Resources};

/// How many results a search gives if it does not say.
const USUAL_LIMIT: u32 = 20;

type Answer<T> = Result<Response<T>, Status>;

/// The operations, as gRPC calls them.
#[derive(Clone, Debug)]
pub struct Service {
    resources: Resources,
}

/// What a search found, one by one.
#[derive(Debug)]
pub struct Found(vec::IntoIter<crate::model::Resource>);

impl Service {
    /// What a gRPC server is given.
    #[must_use]
    pub fn new(resources: Resources) -> ResourcesServer<Self> {
        ResourcesServer::new(Self { resources })
    }
}

#[tonic::async_trait]
impl v1::resources_server::Resources for Service {
    type SearchStream = Found;

    async fn create(&self, request: Request<v1::CreateRequest>) -> Answer<v1::Resource> {
        let new = request.into_inner().try_into()?;
        Ok(Response::new(self.resources.create(new).await?.into()))
    }

    async fn get(&self, request: Request<v1::GetRequest>) -> Answer<v1::Resource> {
        let id = ResourceId(request.into_inner().id);
        Ok(Response::new(self.resources.get(id).await?.into()))
    }

    async fn update(&self, request: Request<v1::UpdateRequest>) -> Answer<v1::UpdateResponse> {
        let request = request.into_inner();
        let id = ResourceId(request.id);
        self.resources.update(id, &request.try_into()?).await?;
        Ok(Response::new(v1::UpdateResponse {}))
    }

    async fn delete(&self, request: Request<v1::DeleteRequest>) -> Answer<v1::DeleteResponse> {
        let v1::DeleteRequest { id, cascade } = request.into_inner();
        let cascade = match cascade {
            true => Cascade::Everything,
            false => Cascade::Refuse,
        };
        let deleted = self.resources.delete(ResourceId(id), cascade).await?;
        let deleted = numbers(deleted.ids);
        Ok(Response::new(v1::DeleteResponse { deleted }))
    }

    async fn search(&self, request: Request<v1::SearchRequest>) -> Answer<Found> {
        let v1::SearchRequest { text, limit } = request.into_inner();
        let limit = match limit {
            0 => USUAL_LIMIT,
            limit => limit,
        };
        let found = self.resources.search(&text, limit).await?;
        Ok(Response::new(Found(found.into_iter())))
    }

    async fn find_cycles(
        &self,
        _: Request<v1::FindCyclesRequest>,
    ) -> Answer<v1::FindCyclesResponse> {
        let cycles = self.resources.cycles().await?;
        let cycles = cycles.into_iter().map(Into::into).collect();
        Ok(Response::new(v1::FindCyclesResponse { cycles }))
    }
}

impl Stream for Found {
    type Item = Result<v1::Resource, Status>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(|resource| Ok(resource.into())))
    }
}
