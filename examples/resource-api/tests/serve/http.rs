//! JSON over HTTP, and problem details.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::Service;

/// Sends a request; gives status, content type and JSON of the answer.
async fn send(
    service: &Service,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (u16, String, Value) {
    let mut request = Client::new().request(method, service.http(path));
    if let Some(body) = body {
        request = request.json(&body);
    }
    parts(request.send().await.unwrap()).await
}

async fn parts(answer: Response) -> (u16, String, Value) {
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type");
    let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let text = answer.text().await.unwrap();
    let body = match text.is_empty() {
        true => Value::Null,
        false => serde_json::from_str(&text).unwrap(),
    };
    (status, kind, body)
}

async fn get(service: &Service, path: &str) -> (u16, String, Value) {
    send(service, Method::GET, path, None).await
}

fn named(name: &str, dependencies: &[i64]) -> Value {
    json!({ "name": name, "version": "1.0.0", "dependencies": dependencies })
}

fn resource(id: i64, name: &str) -> Value {
    json!({
        "id": id, "name": name, "version": "1.0.0", "source": "", "checksum": null,
        "origin": "user",
    })
}

#[tokio::test]
async fn a_resource_lives_and_goes() {
    lives_and_goes(&Service::start().await).await;
}

/// Every operation once, on an empty database.
pub(crate) async fn lives_and_goes(service: &Service) {
    let json = "application/json".to_owned();

    let request = Client::new().post(service.http("/resources"));
    let answer = request.json(&named("a", &[])).send().await.unwrap();
    assert_eq!(answer.headers()["location"], "/resources/1");
    let made = parts(answer).await;
    assert_eq!(made, (201, json.clone(), resource(1, "a")));

    let body = named("b", &[1]);
    let made = send(service, Method::POST, "/resources", Some(body)).await;
    assert_eq!((made.0, made.2), (201, resource(2, "b")));

    let found = get(service, "/resources/2").await;
    assert_eq!(found, (200, json.clone(), resource(2, "b")));
    let found = get(service, "/resources?text=B&limit=5").await;
    assert_eq!(found, (200, json.clone(), json!([resource(2, "b")])));
    let found = get(service, "/resources/2/dependencies").await;
    assert_eq!(found.2, json!([resource(1, "a")]));
    let found = get(service, "/resources/1/dependents").await;
    assert_eq!(found.2, json!([resource(2, "b")]));

    let body = named("a2", &[2]);
    let updated = send(service, Method::PUT, "/resources/1", Some(body)).await;
    assert_eq!(updated, (204, String::new(), Value::Null));
    assert_eq!(get(service, "/resources/1").await.2, resource(1, "a2"));
    let cycles = get(service, "/cycles").await;
    assert_eq!(cycles.2, json!([{ "path": [1, 2], "members": 2 }]));

    let refused = send(service, Method::DELETE, "/resources/1", None).await;
    assert_eq!((refused.0, &refused.2["code"]), (400, &json!("InUse")));
    let path = "/resources/1?cascade=true";
    let gone = send(service, Method::DELETE, path, None).await;
    assert_eq!(gone, (200, json, json!({ "deleted": [1, 2] })));
    assert_eq!(get(service, "/resources/1").await.0, 404);
    assert_eq!(get(service, "/health").await.0, 204);
}

#[tokio::test]
async fn what_is_wrong_is_said_as_problem_details() {
    let service = Service::start().await;
    let post = |body| send(&service, Method::POST, "/resources", Some(body));
    post(named("taken", &[])).await;
    let cases = [
        (
            post(named("", &[])).await,
            json!({
                "type": "about:blank", "title": "Bad Request", "status": 400,
                "detail": "the name is empty", "class": "invalid_argument", "code": "Empty",
            }),
        ),
        (
            post(named("taken", &[])).await,
            json!({
                "type": "about:blank", "title": "Conflict", "status": 409,
                "detail": "`taken 1.0.0` exists already", "class": "already_exists",
                "code": "AlreadyExists",
            }),
        ),
        (
            post(named("b", &[7])).await,
            json!({
                "type": "about:blank", "title": "Bad Request", "status": 400,
                "detail": "`b 1.0.0` cannot be connected to #7, which does not exist",
                "class": "failed_precondition", "code": "UnknownResource",
            }),
        ),
        (
            get(&service, "/resources/7").await,
            json!({
                "type": "about:blank", "title": "Not Found", "status": 404,
                "detail": "there is no resource #7", "class": "not_found", "code": "NotFound",
            }),
        ),
        (
            get(&service, "/nowhere").await,
            json!({
                "type": "about:blank", "title": "Not Found", "status": 404,
                "detail": "there is nothing at /nowhere", "class": "not_found",
                "code": "NO_SUCH_PATH",
            }),
        ),
        (
            send(&service, Method::PATCH, "/cycles", None).await,
            json!({
                "type": "about:blank", "title": "Method Not Allowed", "status": 405,
                "detail": "PATCH is not for /cycles", "class": "unimplemented",
                "code": "NO_SUCH_METHOD",
            }),
        ),
    ];
    for ((status, kind, body), expected) in cases {
        assert_eq!(kind, "application/problem+json", "{body}");
        assert_eq!(json!(status), expected["status"], "{body}");
        assert_eq!(body, expected);
    }
    service.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_reason() {
    let service = Service::start().await;
    let unreadable = |answer: (u16, String, Value)| {
        assert_eq!(answer.1, "application/problem+json");
        assert_eq!(answer.2["code"], "UNREADABLE");
        let detail = answer.2["detail"].as_str().unwrap().to_owned();
        (answer.0, detail)
    };
    for (path, status, why) in [
        ("/resources/seven", 400, "Cannot parse `seven` to a `i64`"),
        ("/resources", 400, "missing field `text`"),
        (
            "/resources?text=a&limit=-1",
            400,
            "limit: invalid digit found in string",
        ),
        (
            "/resources?text=a&colour=red",
            400,
            "unknown field `colour`",
        ),
    ] {
        let (found, detail) = unreadable(get(&service, path).await);
        assert_eq!(found, status, "{path}: {detail}");
        assert!(detail.contains(why), "{path}: {detail}");
    }
    let post = |body: &'static str, kind: &'static str| {
        let request = Client::new().post(service.http("/resources"));
        let request = request.header("content-type", kind).body(body);
        async { unreadable(parts(request.send().await.unwrap()).await) }
    };
    let json = "application/json";
    for (body, kind, status, why) in [
        ("{", json, 400, "EOF while parsing an object"),
        (
            "{\"name\": 1}",
            json,
            422,
            "invalid type: integer `1`, expected a string",
        ),
        ("{\"name\": \"a\"}", json, 422, "missing field `version`"),
        ("{\"nom\": \"a\"}", json, 422, "unknown field `nom`"),
        (
            "name=a",
            "text/plain",
            415,
            "Expected request with `Content-Type: application/json`",
        ),
    ] {
        let (found, detail) = post(body, kind).await;
        assert_eq!(found, status, "{body}: {detail}");
        assert!(detail.contains(why), "{body}: {detail}");
    }
    service.stop().await;
}

#[tokio::test]
async fn a_broken_database_is_no_business_of_the_callers() {
    let service = Service::start().await;
    service.storage.close().await;
    let (status, _, body) = get(&service, "/resources/1").await;
    assert_eq!(
        (status, &body["detail"]),
        (503, &json!("the database failed"))
    );
    service.stop().await;
}
