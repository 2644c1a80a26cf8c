//! Which server a connection leads to.

use std::sync::Arc;

use redis::ConnectionAddr;

/// What every span of a connection says alike.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    address: Option<Arc<str>>,
    port: Option<u16>,
    pub(crate) wants_text: bool,
}

const USUAL_PORT: u16 = 6379;

impl Server {
    pub(crate) fn set_address(&mut self, address: &ConnectionAddr) {
        match address {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
                self.set_host(host, *port);
            }
            ConnectionAddr::Unix(path) => {
                self.address = Some(path.to_string_lossy().into());
                self.port = None;
            }
            // Kinds that are not known yet.
            #[allow(unreachable_patterns, reason = "there may be none")]
            _ => {}
        }
    }

    pub(crate) fn set_host(&mut self, host: &str, port: u16) {
        self.address = Some(host.into());
        self.port = (port != USUAL_PORT).then_some(port);
    }

    pub(crate) fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// If it is not the usual one.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }
}
