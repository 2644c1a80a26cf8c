//! Stands between a Prometheus and the program: asks in one format, and tells when it was asked.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Longer than this means that something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    scrapes: Receiver<()>,
}

impl Relay {
    /// Asks the program at `endpoint` with this `Accept` header, whatever Prometheus wants.
    pub(crate) fn start(endpoint: &str, accept: &'static str) -> Self {
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
    pub(crate) fn is_asked(&self) {
        self.scrapes.recv_timeout(PATIENCE).expect("a scrape");
    }

    /// Forgets who has asked so far.
    pub(crate) fn forget(&self) {
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
    let mut program = TcpStream::connect(endpoint)?;
    let request = format!(
        "GET /metrics HTTP/1.1\r\nhost: {endpoint}\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
    );
    program.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    program.read_to_end(&mut answer)?;
    stream.get_mut().write_all(&answer)
}
