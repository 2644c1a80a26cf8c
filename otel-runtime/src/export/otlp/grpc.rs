//! OTLP over gRPC: one unary call a batch, on one connection.
//!
//! The event loop lives on the sender thread and turns only while a call is
//! under way; nothing is spawned elsewhere. Follows [OTLP/gRPC].
//!
//! [OTLP/gRPC]: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use tokio::runtime::{Builder, Runtime};
use tonic::client::Grpc as Client;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Request, Status};

use super::config::{Compression, OtlpConfig};
use super::error::OtlpConfigError;
use super::headers::headers;
use super::pem;
use super::response::{accepted_protobuf, printable, retry_delay};
use super::transport::{Accepted, Failure, FailureKind, Transport};
use crate::stats::Signal;

mod codec;

pub(super) struct Grpc {
    /// Dropped before the event loop it needs.
    client: Option<Client<Channel>>,
    event_loop: Runtime,
    endpoint: Endpoint,
    method: PathAndQuery,
    metadata: MetadataMap,
    compression: Compression,
}

/// No more of an answer is read.
const LONGEST_ANSWER_BYTES: usize = 64 << 10;

impl Grpc {
    pub(super) fn new(config: &OtlpConfig, signal: Signal) -> Result<Self, OtlpConfigError> {
        let event_loop = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| {
                OtlpConfigError::new("protocol", format!("`grpc` has no event loop: {error}"))
            })?;
        Ok(Self {
            client: None,
            event_loop,
            endpoint: endpoint(config, signal)?,
            method: method(signal),
            metadata: MetadataMap::from_headers(headers(config)?),
            compression: config.compression,
        })
    }

    /// The client; made on the sender thread, connects when it is used.
    fn client(&mut self) -> Client<Channel> {
        let client = self.client.get_or_insert_with(|| {
            let _inside = self.event_loop.enter();
            let client = Client::new(self.endpoint.connect_lazy())
                .max_decoding_message_size(LONGEST_ANSWER_BYTES);
            match self.compression {
                Compression::None => client,
                Compression::Gzip => client.send_compressed(CompressionEncoding::Gzip),
            }
        });
        client.clone()
    }
}

impl Transport for Grpc {
    fn send(&mut self, body: &mut Vec<u8>, deadline: Instant) -> Result<Accepted, Failure> {
        let mut client = self.client();
        let method = self.method.clone();
        let message = Arc::new(std::mem::take(body));
        let mut request = Request::new(Arc::clone(&message));
        *request.metadata_mut() = self.metadata.clone();
        let timeout = deadline.saturating_duration_since(Instant::now());
        request.set_timeout(timeout);
        let answer = self.event_loop.block_on(async {
            // let the connection notice that it was closed while nobody looked
            tokio::task::yield_now().await;
            let call = async {
                client
                    .ready()
                    .await
                    .map_err(|error| connect_failure(&error))?;
                client
                    .unary(request, method, codec::Raw)
                    .await
                    .map_err(|status| failure_of(&status))
            };
            tokio::time::timeout(timeout, call).await
        });
        // the connection may still hold it when the call was given up
        *body = Arc::try_unwrap(message).unwrap_or_else(|shared| shared.to_vec());
        let answer = answer.map_err(|_| {
            Failure::new(
                FailureKind::Transient { retry_after: None },
                format!("no answer within {timeout:.1?}"),
            )
        })??;
        accepted_protobuf(answer.get_ref()).map_err(|_| {
            let reason = "answered with something that is no OTLP response";
            Failure::new(FailureKind::Broken, reason)
        })
    }
}

fn method(signal: Signal) -> PathAndQuery {
    PathAndQuery::from_static(match signal {
        Signal::Spans => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Points => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    })
}

fn failure_of(status: &Status) -> Failure {
    if status.source().is_some() {
        // made up on this side of the connection
        return connect_failure(status);
    }
    let retry_after = retry_delay(status.details());
    let kind = match status.code() {
        Code::OutOfRange if is_too_large(status) => FailureKind::Broken,
        Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => FailureKind::Transient { retry_after },
        Code::ResourceExhausted if retry_after.is_some() => FailureKind::Transient { retry_after },
        _ => FailureKind::Refused,
    };
    let mut reason = format!("answered {:?}", status.code());
    if !status.message().is_empty() {
        reason.push_str(": ");
        reason.push_str(&printable(status.message().as_bytes()));
    }
    Failure::new(kind, reason)
}

/// tonic reports an answer beyond the limit with a code that receivers use as well.
fn is_too_large(status: &Status) -> bool {
    status.message().contains("message length too large")
}

fn connect_failure(error: &(dyn Error + 'static)) -> Failure {
    let mut kind = FailureKind::Transient { retry_after: None };
    // the innermost cause says most
    let mut reason = error.to_string();
    let mut cause = Some(error);
    while let Some(error) = cause {
        reason = error.to_string();
        if let Some(error) = error.downcast_ref::<io::Error>() {
            kind = FailureKind::of_io(error);
        } else if reason.starts_with("dns error") {
            kind = FailureKind::Unreachable;
        }
        cause = error.source();
    }
    Failure::new(kind, printable(reason.as_bytes()))
}

fn endpoint(config: &OtlpConfig, signal: Signal) -> Result<Endpoint, OtlpConfigError> {
    let target = config.target(signal)?;
    let unusable = |error: tonic::transport::Error| {
        let cause = error
            .source()
            .map_or_else(String::new, |cause| format!(": {cause}"));
        OtlpConfigError::new("endpoint", format!("cannot be used: {error}{cause}"))
    };
    let endpoint = Endpoint::from_shared(target.url().to_owned())
        .and_then(|endpoint| endpoint.user_agent(super::USER_AGENT))
        .map_err(unusable)?
        .connect_timeout(config.timeout)
        .tcp_nodelay(true);
    if target.is_https() {
        endpoint.tls_config(tls(config)?).map_err(unusable)
    } else {
        Ok(endpoint)
    }
}

fn tls(config: &OtlpConfig) -> Result<ClientTlsConfig, OtlpConfigError> {
    let mut tls = ClientTlsConfig::new().timeout(config.timeout.max(Duration::from_millis(1)));
    tls = match &config.certificate {
        Some(pem) => tls.ca_certificate(Certificate::from_pem(pem::read("certificate", pem)?)),
        None => tls.with_webpki_roots(),
    };
    if let (Some(chain), Some(key)) = (&config.client_certificate, &config.client_key) {
        let chain = pem::read("client_certificate", chain)?;
        let key = pem::read("client_key", key)?;
        tls = tls.identity(Identity::from_pem(chain, key));
    }
    Ok(tls)
}
