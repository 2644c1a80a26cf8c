//! A gRPC receiver on a port of its own, made of OTLP's own generated service.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{
    LogsService, LogsServiceServer,
};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use otel_runtime::export::otlp::{OtlpConfig, Protocol};
use tokio::sync::oneshot;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Server, ServerTlsConfig};
use tonic::{Request, Response, Status};

use crate::export::hasty;

/// What the receiver answers, one after the other.
pub type Answers = Vec<Result<ExportTraceServiceResponse, Status>>;

/// What has arrived.
pub type Seen = Arc<Mutex<Vec<(MetadataMap, ExportTraceServiceRequest)>>>;

/// What has arrived of metrics; all of it is taken.
pub type SeenMetrics = Arc<Mutex<Vec<(MetadataMap, ExportMetricsServiceRequest)>>>;

/// What has arrived of logs; of each request, one record is refused.
pub type SeenLogs = Arc<Mutex<Vec<(MetadataMap, ExportLogsServiceRequest)>>>;

/// A gRPC receiver on a port of its own; ends when dropped.
#[derive(Debug)]
pub struct GrpcReceiver {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    /// What has arrived.
    pub seen: Seen,
    /// What has arrived of metrics.
    pub seen_metrics: SeenMetrics,
    /// What has arrived of logs.
    pub seen_logs: SeenLogs,
    _end: oneshot::Sender<()>,
}

struct Service {
    answers: Mutex<Answers>,
    seen: Seen,
}

#[tonic::async_trait]
impl TraceService for Service {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let metadata = request.metadata().clone();
        let message = request.into_inner();
        self.seen.lock().unwrap().push((metadata, message));
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        };
        answer.map(Response::new)
    }
}

struct ServiceOfMetrics(SeenMetrics);

#[tonic::async_trait]
impl MetricsService for ServiceOfMetrics {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let metadata = request.metadata().clone();
        let message = request.into_inner();
        self.0.lock().unwrap().push((metadata, message));
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

struct ServiceOfLogs(SeenLogs);

#[tonic::async_trait]
impl LogsService for ServiceOfLogs {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let metadata = request.metadata().clone();
        let message = request.into_inner();
        self.0.lock().unwrap().push((metadata, message));
        Ok(Response::new(ExportLogsServiceResponse {
            partial_success: Some(ExportLogsPartialSuccess {
                rejected_log_records: 1,
                error_message: "too old".to_owned(),
            }),
        }))
    }
}

impl GrpcReceiver {
    /// Answers as it is told; the last answer is for all that come after.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn start(answers: Answers, tls: Option<ServerTlsConfig>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answers, tls)
    }

    /// The same, where somebody listens already.
    ///
    /// # Panics
    /// If the listener cannot be used.
    #[must_use]
    pub fn on(listener: TcpListener, answers: Answers, tls: Option<ServerTlsConfig>) -> Self {
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (end, ended) = oneshot::channel();
        let seen = Seen::default();
        let seen_metrics = SeenMetrics::default();
        let seen_logs = SeenLogs::default();
        let logs = LogsServiceServer::new(ServiceOfLogs(Arc::clone(&seen_logs)));
        let metrics = MetricsServiceServer::new(ServiceOfMetrics(Arc::clone(&seen_metrics)))
            .accept_compressed(CompressionEncoding::Gzip);
        let service = Service {
            answers: Mutex::new(answers),
            seen: Arc::clone(&seen),
        };
        let service = TraceServiceServer::new(service).accept_compressed(CompressionEncoding::Gzip);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let mut server = Server::builder();
                if let Some(tls) = tls {
                    server = server.tls_config(tls).unwrap();
                }
                let serve = server
                    .add_service(service)
                    .add_service(metrics)
                    .add_service(logs)
                    .serve_with_incoming(TcpIncoming::from(listener));
                tokio::select! {
                    _ = serve => {}
                    _ = ended => {}
                }
            });
        });
        Self {
            port,
            seen,
            seen_metrics,
            seen_logs,
            _end: end,
        }
    }

    /// The same, on any port and without TLS.
    #[must_use]
    pub fn plain(answers: Answers) -> Self {
        Self::start(answers, None)
    }

    /// Settings that lead to it.
    #[must_use]
    pub fn config(&self) -> OtlpConfig {
        OtlpConfig::new()
            .protocol(Protocol::Grpc)
            .endpoint(format!("http://127.0.0.1:{}", self.port))
            .retry(hasty())
    }

    /// How many requests have come.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// The answer of a receiver that has taken everything.
///
/// # Errors
/// Never.
pub fn accepted() -> Result<ExportTraceServiceResponse, Status> {
    Ok(ExportTraceServiceResponse::default())
}
