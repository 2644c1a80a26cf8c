//! Stands between a Prometheus and an endpoint: asks in one format, and tells when it was asked.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// A job for each format: what it is called, and what it accepts.
pub const FORMATS: [(&str, &str); 3] = [
    ("text", "text/plain;version=0.0.4"),
    ("open", "application/openmetrics-text;version=1.0.0"),
    (
        "protobuf",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
    ),
];

/// Longer than this means that something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A target for one job of a Prometheus.
#[derive(Debug)]
pub struct Relay {
    /// Where Prometheus shall ask.
    pub address: SocketAddr,
    scrapes: Receiver<()>,
}

impl Relay {
    /// Asks the endpoint at `host:port` with this `Accept` header, whatever Prometheus wants.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn start(endpoint: &str, accept: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let (sender, scrapes) = channel();
        let endpoint = endpoint.to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // a scrape that fails is told by Prometheus
                let _ = relay(stream, &endpoint, accept, &sender);
            }
        });
        Self { address, scrapes }
    }

    /// Waits until Prometheus asks the next time: it has stored what it was answered before.
    ///
    /// # Panics
    /// If it does not ask.
    pub fn is_asked(&self) {
        self.scrapes.recv_timeout(PATIENCE).expect("a scrape");
    }

    /// Forgets who has asked so far.
    pub fn forget(&self) {
        self.scrapes.try_iter().for_each(drop);
    }
}

fn relay(stream: TcpStream, endpoint: &str, accept: &str, scrapes: &Sender<()>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
    }
    let _ = scrapes.send(());
    stream.get_mut().write_all(&answer(endpoint, accept)?)
}

/// The metrics of the endpoint at `host:port`, in the format that it chooses of those.
///
/// # Errors
/// If it does not answer, or nothing good.
pub fn scrape(endpoint: &str, accept: &str) -> io::Result<Vec<u8>> {
    let answer = answer(endpoint, accept)?;
    let is_end = |window: &[u8]| window == b"\r\n\r\n";
    let head = answer.windows(4).position(is_end);
    match head {
        Some(head) if answer.starts_with(b"HTTP/1.1 200 ") => Ok(answer[head + 4..].to_vec()),
        _ => Err(io::Error::other(String::from_utf8_lossy(&answer))),
    }
}

fn answer(endpoint: &str, accept: &str) -> io::Result<Vec<u8>> {
    let mut program = TcpStream::connect(endpoint)?;
    let request = format!(
        "GET /metrics HTTP/1.1\r\nhost: {endpoint}\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
    );
    program.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    program.read_to_end(&mut answer)?;
    Ok(answer)
}
