//! The clients of both front doors.

use std::time::Duration;

use otel_runtime::Classify;
use otelkit_reqwest::Client;
use otelkit_tonic::{GrpcClient, GrpcClientLayer};
use reqwest::Response;
use serde::de::DeserializeOwned;
use tonic::transport::Channel;
use tower_layer::Layer;

use super::plan::{Action, Learnt};
use crate::grpc::v1;
use crate::grpc::v1::resources_client::ResourcesClient;
use crate::http::{DeletedBody, NewResourceBody, ProblemBody, ResourceBody, UpdateBody};

const TIMEOUT: Duration = Duration::from_secs(10);

/// What the paths of requests have in common.
const ALL: &str = "/resources";
const ONE: &str = "/resources/{id}";

const VERSION: &str = "1.0.0";

/// How many results a search asks for.
const LIMIT: u32 = 20;

/// Both doors of a running service.
#[derive(Clone, Debug)]
pub struct Doors {
    http_url: String,
    http: Client,
    grpc: ResourcesClient<GrpcClient<Channel>>,
}

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error, Classify)]
pub enum LoadError {
    /// The client of HTTP says so.
    #[error("{0}")]
    #[classify(source)]
    Http(#[from] reqwest::Error),
    /// The client of gRPC says so, or the service.
    #[error("{0}")]
    #[classify(source)]
    Grpc(#[from] tonic::Status),
    /// There is no connection to the door for gRPC.
    #[error("{0}")]
    #[classify(network)]
    Connection(#[from] tonic::transport::Error),
    /// The service says so over HTTP.
    #[error("{}: {}", .0.title, .0.detail)]
    #[classify(source)]
    Problem(ProblemBody),
}

impl Doors {
    /// To a service at these addresses.
    ///
    /// # Errors
    /// If nobody answers there.
    pub async fn open(http_url: &str, grpc_url: &str) -> Result<Self, LoadError> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        let endpoint = Channel::from_shared(grpc_url.to_owned())
            .map_err(|error| tonic::Status::invalid_argument(error.to_string()))?
            .timeout(TIMEOUT);
        let observed = GrpcClientLayer::of(endpoint.uri());
        let channel = observed.layer(endpoint.connect().await?);
        let http_url = http_url.trim_end_matches('/').to_owned();
        http.get(format!("{http_url}/health")).send().await?;
        Ok(Self {
            http_url,
            http: http.into(),
            grpc: ResourcesClient::new(channel),
        })
    }

    pub(super) async fn http(&self, action: Action) -> Result<Learnt, LoadError> {
        let one = |id| format!("{}/resources/{id}", self.http_url);
        let all = || format!("{}/resources", self.http_url);
        let new = |name| UpdateBody {
            name,
            version: VERSION.to_owned(),
            source: String::new(),
            checksum: None,
            dependencies: Vec::new(),
        };
        Ok(match action {
            Action::Create { name, dependencies } => {
                let UpdateBody {
                    name,
                    version,
                    source,
                    checksum,
                    ..
                } = new(name);
                let body = NewResourceBody {
                    name,
                    version,
                    source,
                    checksum,
                    dependencies,
                    dependents: Vec::new(),
                };
                let answer = self
                    .http
                    .post(all())
                    .url_template(ALL)
                    .json(&body)
                    .send()
                    .await?;
                let made: ResourceBody = body_of(answer).await?;
                Learnt::Exists(made.id)
            }
            Action::Get(id) => {
                let _: ResourceBody =
                    body_of(self.http.get(one(id)).url_template(ONE).send().await?).await?;
                Learnt::Nothing
            }
            Action::Update { id, name } => {
                let request = self.http.put(one(id)).url_template(ONE).json(&new(name));
                accepted(request.send().await?).await?;
                Learnt::Nothing
            }
            Action::Delete(id) => {
                let request = self.http.delete(one(id)).url_template(ONE);
                let request = request.query(&[("cascade", "true")]);
                let gone: DeletedBody = body_of(request.send().await?).await?;
                Learnt::Gone(gone.deleted)
            }
            Action::Search(text) => {
                let request = self.http.get(all()).url_template(ALL);
                let request = request.query(&[("text", text)]);
                let _: Vec<ResourceBody> = body_of(request.send().await?).await?;
                Learnt::Nothing
            }
        })
    }

    pub(super) async fn grpc(&self, action: Action) -> Result<Learnt, LoadError> {
        let mut client = self.grpc.clone();
        let described = |name| {
            Some(v1::Description {
                name,
                version: VERSION.to_owned(),
                ..v1::Description::default()
            })
        };
        Ok(match action {
            Action::Create { name, dependencies } => {
                let request = v1::CreateRequest {
                    description: described(name),
                    dependencies,
                    dependents: Vec::new(),
                };
                Learnt::Exists(client.create(request).await?.into_inner().id)
            }
            Action::Get(id) => {
                client.get(v1::GetRequest { id }).await?;
                Learnt::Nothing
            }
            Action::Update { id, name } => {
                let request = v1::UpdateRequest {
                    id,
                    description: described(name),
                    dependencies: Vec::new(),
                };
                client.update(request).await?;
                Learnt::Nothing
            }
            Action::Delete(id) => {
                let cascade = true;
                let request = v1::DeleteRequest { id, cascade };
                Learnt::Gone(client.delete(request).await?.into_inner().deleted)
            }
            Action::Search(text) => {
                let limit = LIMIT;
                let request = v1::SearchRequest { text, limit };
                let mut found = client.search(request).await?.into_inner();
                while found.message().await?.is_some() {}
                Learnt::Nothing
            }
        })
    }
}

async fn accepted(answer: Response) -> Result<Response, LoadError> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    Err(LoadError::Problem(answer.json().await?))
}

async fn body_of<T: DeserializeOwned>(answer: Response) -> Result<T, LoadError> {
    Ok(accepted(answer).await?.json().await?)
}
