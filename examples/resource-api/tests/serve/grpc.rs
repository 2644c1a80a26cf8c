//! The same over gRPC.

use resource_api::grpc::v1;
use resource_api::grpc::v1::resources_client::ResourcesClient;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::Service;

async fn connect(service: &Service) -> ResourcesClient<Channel> {
    let url = service.server.grpc_url();
    let channel = Channel::from_shared(url).unwrap();
    ResourcesClient::new(channel.connect().await.unwrap())
}

fn described(name: &str) -> Option<v1::Description> {
    Some(v1::Description {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        ..v1::Description::default()
    })
}

fn resource(id: i64, name: &str) -> v1::Resource {
    v1::Resource {
        id,
        description: described(name),
        origin: "user".to_owned(),
    }
}

fn create(name: &str, dependencies: &[i64]) -> v1::CreateRequest {
    v1::CreateRequest {
        description: described(name),
        dependencies: dependencies.to_vec(),
        dependents: Vec::new(),
    }
}

#[tokio::test]
async fn a_resource_lives_and_goes() {
    let service = Service::start().await;
    let mut client = connect(&service).await;
    let made = client.create(create("a", &[])).await.unwrap().into_inner();
    assert_eq!(made, resource(1, "a"));
    client.create(create("b", &[1])).await.unwrap();

    let found = client.get(v1::GetRequest { id: 2 }).await.unwrap();
    assert_eq!(found.into_inner(), resource(2, "b"));

    let update = v1::UpdateRequest {
        id: 1,
        description: described("a2"),
        dependencies: vec![2],
    };
    client.update(update).await.unwrap();
    let request = v1::SearchRequest {
        text: "1.0.0".to_owned(),
        limit: 0,
    };
    let mut found = client.search(request).await.unwrap().into_inner();
    assert_eq!(found.message().await.unwrap(), Some(resource(1, "a2")));
    assert_eq!(found.message().await.unwrap(), Some(resource(2, "b")));
    assert_eq!(found.message().await.unwrap(), None);

    let cycles = client.find_cycles(v1::FindCyclesRequest {}).await.unwrap();
    let cycle = v1::Cycle {
        path: vec![1, 2],
        members: 2,
    };
    assert_eq!(cycles.into_inner().cycles, [cycle]);
    let delete = |cascade| v1::DeleteRequest { id: 2, cascade };
    let refused = client.delete(delete(false)).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let gone = client.delete(delete(true)).await.unwrap();
    assert_eq!(gone.into_inner().deleted, [1, 2]);
    drop(client);
    service.stop().await;
}

#[tokio::test]
async fn an_error_has_its_class_and_its_code() {
    let service = Service::start().await;
    let mut client = connect(&service).await;
    client.create(create("taken", &[])).await.unwrap();
    let parts = |status: Status| {
        let code = status.metadata().get("error-code");
        let code = code.map_or("", |code| code.to_str().unwrap()).to_owned();
        (status.code(), status.message().to_owned(), code)
    };
    let said = |code, message: &str, error: &str| (code, message.to_owned(), error.to_owned());
    let refused = client.create(create("", &[])).await.unwrap_err();
    let expected = said(Code::InvalidArgument, "the name is empty", "Empty");
    assert_eq!(parts(refused), expected);
    let refused = client.create(create("taken", &[])).await.unwrap_err();
    let message = "`taken 1.0.0` exists already";
    let expected = said(Code::AlreadyExists, message, "AlreadyExists");
    assert_eq!(parts(refused), expected);
    let refused = client.get(v1::GetRequest { id: 7 }).await.unwrap_err();
    let expected = said(Code::NotFound, "there is no resource #7", "NotFound");
    assert_eq!(parts(refused), expected);
    let empty = v1::CreateRequest::default();
    let refused = client.create(empty).await.unwrap_err();
    let message = "the request has no `description`";
    assert_eq!(parts(refused), said(Code::InvalidArgument, message, ""));
    drop(client);
    service.stop().await;
}
