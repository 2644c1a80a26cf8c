//! The shape of a long day in half a minute: under a steady load, with callers who make everything
//! up, neither the memory of the service nor the number of its series grows.
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use resource_api::command::load::{Doors, Load, LoadReport};
use support::{Collector, Running, Workplace, block_on};

/// A period of load; the first ones fill what fills.
const SECONDS: u32 = 4;
const WARM_UP: usize = 3;
const PERIODS: usize = 4;
const RATE: u32 = 300;

/// Requests of callers who make everything up, in each period.
const HOSTILE: usize = 300;

/// What may come and go. A kilobyte kept of each request would be more than five.
const MOST_GROWTH_KIB: u64 = 3 * 1024;

struct Serving {
    program: Running,
    http: String,
    grpc: String,
    metrics: String,
}

impl Serving {
    /// What the system counts as the program's memory.
    fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap();
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        let number = line.unwrap().trim().trim_end_matches(" kB");
        number.parse().unwrap()
    }

    fn series(&self) -> usize {
        let mut stream = TcpStream::connect(&self.metrics).unwrap();
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let lines = answer.lines().filter(|line| line.contains("http_server_"));
        lines.count()
    }

    /// Paths, hosts, methods and parents that nobody has sent before.
    fn make_up(&self, period: usize) {
        for number in 0..HOSTILE {
            let mut stream = TcpStream::connect(&self.http).unwrap();
            let id = format!("{period}-{number}");
            let head = format!(
                "X{period}X{number} /made/up/{id}?{id}={id} HTTP/1.1\r\nhost: {id}.example\r\n\
                 user-agent: {id}\r\ntracestate: {id}={id}\r\nbaggage: {id}={id}\r\n\
                 traceparent: 00-{number:032x}-{number:016x}-01\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
        }
    }

    /// Asks for what is not there, in each way: in a load this happens where two requests cross each
    /// other, now and then.
    fn ask_in_vain(&self) {
        const NOWHERE: &str = "/resources/999999999";
        let body = r#"{"name":"vain","version":"1.0.0","dependencies":[999999999]}"#;
        for (method, path, body) in [
            ("GET", NOWHERE, ""),
            ("DELETE", NOWHERE, ""),
            ("PUT", NOWHERE, r#"{"name":"vain","version":"1.0.0"}"#),
            ("POST", "/resources", body),
        ] {
            let mut stream = TcpStream::connect(&self.http).unwrap();
            let length = body.len();
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n\
                 content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
        }
    }

    fn load(&self, period: usize) -> LoadReport {
        let load = Load {
            seconds: SECONDS,
            rate: RATE,
            seed: period as u64,
        };
        let http = format!("http://{}", self.http);
        block_on(async {
            let doors = Doors::open(&http, &self.grpc).await.unwrap();
            load.run(&doors).await.unwrap()
        })
    }
}

#[test]
fn memory_and_series_stay_as_they_are() {
    let workplace = Workplace::new();
    let collector = Collector::start();
    let mut command = workplace.command();
    command.args(["serve", "--http", ":0", "--grpc", ":0", "--metrics", ":0"]);
    collector.attach(&mut command);
    let mut program = Running::start(&mut command);
    let metrics = program.endpoint();
    let http = program.says("http: http://");
    let grpc = program.says("grpc: ");
    let serving = Serving {
        program,
        http,
        grpc,
        metrics,
    };
    let mut seen = Vec::new();
    for period in 0..WARM_UP + PERIODS {
        serving.make_up(period);
        serving.ask_in_vain();
        let report = serving.load(period);
        assert_eq!((report.unanswered, report.not_sent), (0, 0), "{report}");
        // what the collector keeps is this process' memory, not that of the service
        drop(collector.so_far());
        seen.push((serving.resident_kib(), serving.series()));
    }
    println!("KiB and series of each period: {seen:?}");
    let (before, after) = (seen[WARM_UP - 1], seen[WARM_UP + PERIODS - 1]);
    assert_eq!(before.1, after.1, "series");
    assert!(after.0 <= before.0 + MOST_GROWTH_KIB, "memory");
    serving.program.signal("TERM");
    let run = serving.program.end();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}
