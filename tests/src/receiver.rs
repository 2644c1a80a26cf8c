//! An HTTP receiver on a port of its own that answers as a test tells it to, well or badly.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the receiver does with one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Reads it, and answers with this status, these headers and this body.
    Status(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Reads it, answers with these bytes, and closes the connection.
    Bytes(Vec<u8>),
    /// Reads it, answers with these bytes again and again, as long as somebody reads them.
    Endless(&'static [u8]),
    /// Reads it, and then never does anything again.
    Hang,
    /// Reads it, waits for the test to [let go](HttpReceiver::let_go), and answers well.
    WhenLetGo,
    /// Reads it, waits as long, and answers well.
    Late(Duration),
    /// Reads a few bytes of it, and resets the connection.
    Reset,
}

impl Answer {
    /// The answer of a receiver that has taken everything.
    #[must_use]
    pub fn ok() -> Self {
        Self::Status(
            200,
            vec![("content-type", "application/x-protobuf".to_owned())],
            Vec::new(),
        )
    }

    /// A status alone.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status(status, Vec::new(), Vec::new())
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and path.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As it was sent, perhaps compressed.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    /// The body, decompressed if it says that it is compressed.
    ///
    /// # Panics
    /// If it is not what it says.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            None => self.body.clone(),
            Some("gzip") => {
                let mut content = Vec::new();
                flate2::read::GzDecoder::new(&*self.body)
                    .read_to_end(&mut content)
                    .expect("gzip");
                content
            }
            Some(other) => panic!("content encoding {other}"),
        }
    }
}

/// A receiver on a port of its own; ends when dropped.
#[derive(Debug)]
pub struct HttpReceiver {
    /// Where it listens.
    pub address: SocketAddr,
    requests: Receiver<Request>,
    let_go: Arc<Mutex<Option<Sender<()>>>>,
    connections: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

/// Waiting longer than this means that something hangs that must not.
pub const PATIENCE: Duration = Duration::from_secs(30);

impl HttpReceiver {
    /// Answers the first request with the first answer and so on, and all after the last with the last.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn start(answers: impl Into<Vec<Answer>>) -> Self {
        Self::start_with(answers.into(), None)
    }

    /// The same, with TLS.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn start_tls(answers: impl Into<Vec<Answer>>, tls: ServerConfig) -> Self {
        Self::start_with(answers.into(), Some(Arc::new(tls)))
    }

    fn start_with(answers: Vec<Answer>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (send_request, requests) = mpsc::channel();
        let (send_let_go, wait_let_go) = mpsc::channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let script = Arc::new(Script {
            answers,
            next: AtomicUsize::new(0),
            requests: send_request,
            let_go: Mutex::new(wait_let_go),
        });
        let (counted, ended) = (Arc::clone(&connections), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                counted.fetch_add(1, Ordering::SeqCst);
                let (script, tls) = (Arc::clone(&script), tls.clone());
                thread::spawn(move || {
                    // whatever the other side does to the connection is its own business
                    let _ = match tls {
                        None => script.serve(stream),
                        Some(tls) => ServerConnection::new(tls)
                            .map_err(io::Error::other)
                            .and_then(|tls| script.serve(StreamOwned::new(tls, stream))),
                    };
                });
            }
        });
        Self {
            address,
            requests,
            let_go: Arc::new(Mutex::new(Some(send_let_go))),
            connections,
            over,
        }
    }

    /// Its URL, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its URL with TLS, without a path; the name is `localhost`.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The next request, which may have come already.
    ///
    /// # Panics
    /// If none comes.
    #[must_use]
    pub fn request(&self) -> Request {
        self.requests.recv_timeout(PATIENCE).expect("a request")
    }

    /// The requests that have come and were not looked at.
    #[must_use]
    pub fn requests_so_far(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }

    /// How many connections were made.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Lets every [`Answer::WhenLetGo`] go on.
    ///
    /// # Panics
    /// Never.
    pub fn let_go(&self) {
        self.let_go.lock().expect("not poisoned").take();
    }
}

impl Drop for HttpReceiver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // wakes the thread that accepts
        let _ = TcpStream::connect(self.address);
    }
}

struct Script {
    answers: Vec<Answer>,
    next: AtomicUsize,
    requests: Sender<Request>,
    let_go: Mutex<Receiver<()>>,
}

impl Script {
    fn serve(&self, stream: impl Read + Write) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut first = [0];
            stream.read_exact(&mut first)?;
            let nth = self.next.fetch_add(1, Ordering::SeqCst);
            let answer = self.answers[nth.min(self.answers.len() - 1)].clone();
            if matches!(answer, Answer::Reset) {
                // closing with unread bytes resets the connection
                return Ok(());
            }
            let request = read_request(first[0], &mut stream)?;
            let _ = self.requests.send(request);
            let out = stream.get_mut();
            match answer {
                Answer::Reset => {}
                Answer::Hang => loop {
                    thread::park();
                },
                Answer::Bytes(bytes) => {
                    out.write_all(&bytes)?;
                    return out.flush();
                }
                Answer::Endless(bytes) => loop {
                    out.write_all(bytes)?;
                },
                answer @ (Answer::WhenLetGo | Answer::Late(_)) => {
                    match answer {
                        Answer::Late(wait) => thread::sleep(wait),
                        _ => drop(self.let_go.lock().expect("not poisoned").recv()),
                    }
                    out.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
                }
                Answer::Status(status, headers, body) => {
                    let mut answer = format!("HTTP/1.1 {status} Status\r\n");
                    for (name, value) in headers {
                        answer.push_str(&format!("{name}: {value}\r\n"));
                    }
                    answer.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
                    out.write_all(answer.as_bytes())?;
                    out.write_all(&body)?;
                    out.flush()?;
                }
            }
        }
    }
}

fn read_request(first: u8, stream: &mut impl BufRead) -> io::Result<Request> {
    let mut line = String::from(first as char);
    stream.read_line(&mut line)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut request = Request {
        line: line.trim_end().to_owned(),
        headers,
        body: Vec::new(),
    };
    let len = request
        .header("content-length")
        .and_then(|len| len.parse().ok());
    request.body.resize(len.unwrap_or(0), 0);
    stream.read_exact(&mut request.body)?;
    Ok(request)
}
