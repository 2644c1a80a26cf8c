//! An authority, a receiver and a client with certificates, made for one test.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// Everything in PEM.
#[derive(Clone, Debug)]
pub struct Papers {
    /// The authority's certificate.
    pub authority: String,
    /// The receiver's certificate, for `localhost`.
    pub server: String,
    /// Its key.
    pub server_key: String,
    /// The client's certificate.
    pub client: String,
    /// Its key.
    pub client_key: String,
}

impl Papers {
    /// New ones.
    ///
    /// # Panics
    /// If there is no randomness.
    #[must_use]
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("CA");
        let issue = |usage| {
            let mut params =
                CertificateParams::new(vec!["localhost".to_owned()]).expect("a valid name");
            params.extended_key_usages = vec![usage];
            let key = KeyPair::generate().expect("a key");
            let certificate = params.signed_by(&key, &authority).expect("signed");
            (certificate.pem(), key.serialize_pem())
        };
        let (server, server_key) = issue(ExtendedKeyUsagePurpose::ServerAuth);
        let (client, client_key) = issue(ExtendedKeyUsagePurpose::ClientAuth);
        Self {
            authority: authority.pem(),
            server,
            server_key,
            client,
            client_key,
        }
    }

    /// What a receiver needs; with `wants_client`, it accepts only clients with a certificate.
    ///
    /// # Panics
    /// Never, with papers made here.
    #[must_use]
    pub fn server_config(&self, wants_client: bool) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(self.server.as_bytes()).expect("PEM");
        let key = PrivateKeyDer::from_pem_slice(self.server_key.as_bytes()).expect("PEM");
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = if wants_client {
            let mut roots = RootCertStore::empty();
            let authority = CertificateDer::from_pem_slice(self.authority.as_bytes());
            roots.add(authority.expect("PEM")).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .expect("a verifier");
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        builder
            .with_single_cert(vec![certificate], key)
            .expect("a matching key")
    }
}

impl Default for Papers {
    fn default() -> Self {
        Self::new()
    }
}
