//! How the program starts and stops serving.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::support::{Collector, Running, Workplace};

pub(crate) struct Serving {
    workplace: Workplace,
    pub(crate) program: Running,
    http: String,
}

impl Serving {
    pub(crate) fn start(attach: impl FnOnce(&mut std::process::Command)) -> Self {
        let workplace = Workplace::new();
        let mut command = workplace.command();
        command.args(["serve", "--http", ":0", "--grpc", ":0"]);
        attach(&mut command);
        let mut program = Running::start(&mut command);
        let http = program.says("http: http://");
        program.says("grpc: http://");
        Self {
            workplace,
            program,
            http,
        }
    }

    /// Posts a resource, with these headers beside the usual ones, and gives the answer.
    pub(crate) fn ask(&self, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.http).unwrap();
        let length = body.len();
        let request = format!(
            "POST /resources HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
             connection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn post(&self, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.http).unwrap();
        let length = body.len();
        let head = format!(
            "POST /resources HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }
}

pub(crate) const BODY: &str = r#"{"name":"a","version":"1.0.0"}"#;

#[test]
fn a_request_under_way_is_answered_and_telemetry_delivered() {
    for signal in ["TERM", "INT"] {
        let collector = Collector::start();
        let mut serving = Serving::start(|command| collector.attach(command));
        let mut stream = serving.post(BODY);
        // the request is there, and its body is not
        let (first, rest) = BODY.split_at(5);
        stream.write_all(first.as_bytes()).unwrap();
        // another one that was answered: the server has looked at its sockets since
        let mut other = serving.post(r#"{"name":"b","version":"1.0.0"}"#);
        other
            .write_all(br#"{"name":"b","version":"1.0.0"}"#)
            .unwrap();
        let mut answer = [0; 12];
        other.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 201");
        drop(other);

        serving.program.signal(signal);
        serving.program.says("stop: ");
        stream.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
        let run = serving.program.end();
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(serving.workplace.dump().resources, ["a 1.0.0", "b 1.0.0"]);
        let spans = collector.so_far();
        let created = spans.iter().filter(|it| it.name == "Resources::create");
        assert_eq!(created.count(), 2);
    }
}

#[test]
fn an_address_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let workplace = Workplace::new();
    let run = workplace.run(&["serve", "--http", &address, "--grpc", ":0"]);
    run.fails_with(&format!(
        "{address}: cannot listen: Address already in use (os error 98)"
    ));
}

#[test]
fn a_database_that_is_none_or_out_of_reach() {
    let workplace = Workplace::new();
    let serve = |database: &str| workplace.run(&["serve", "--database", database]);
    serve(".").fails_with(".: this is a directory; a database is a file");
    let run = serve("oracle://h/n");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .contains("expected a file, sqlite:FILE, postgres://")
    );
}

#[test]
fn a_cache_that_is_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://:secret@{}", free.local_addr().unwrap());
    drop(free);
    let run = Workplace::new().run(&["serve", "--http", ":0", "--grpc", ":0", "--redis", &url]);
    assert_eq!(run.code, Some(1));
    let expected = "error: --redis: the cache failed: Connection refused (os error 111)";
    assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    assert!(!run.stderr.contains("secret"));
}
