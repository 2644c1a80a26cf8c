//! Who the program is.

use std::borrow::Cow;

use super::Config;
use crate::resource::{self, Resource, ResourceValue};

impl Config {
    /// Names the service: `service.name`.
    ///
    /// Without a name it is `unknown_service:` and the name of the executable.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().service_name("checkout");
    /// # let _ = config;
    /// ```
    pub fn service_name(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.resource_attribute("service.name", name.into())
    }

    /// Names the service unless the environment does; for programs that begin with
    /// [`Config::from_env`].
    ///
    /// A name from `OTEL_SERVICE_NAME`, from `OTEL_RESOURCE_ATTRIBUTES` or from
    /// [`service_name`](Self::service_name) wins, whichever is called first.
    ///
    /// ```
    /// # fn main() -> Result<(), otel_runtime::ConfigError> {
    /// use otel_runtime::Config;
    ///
    /// let name = |config: Config| config.resource().value("service.name").cloned();
    /// let config = Config::from_vars([("OTEL_SERVICE_NAME", "checkout-eu")])?;
    /// assert_eq!(name(config.default_service_name("checkout")), Some("checkout-eu".into()));
    /// let config = Config::new().default_service_name("checkout");
    /// assert_eq!(name(config), Some("checkout".into()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn default_service_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.default_service_name = Some(name.into());
        self
    }

    /// Gives the service's version: `service.version`.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().service_version(env!("CARGO_PKG_VERSION"));
    /// # let _ = config;
    /// ```
    pub fn service_version(self, version: impl Into<Cow<'static, str>>) -> Self {
        self.resource_attribute("service.version", version.into())
    }

    /// Sets an attribute of the [resource](Resource); it replaces what was
    /// detected and what the environment says.
    ///
    /// ```
    /// let config = otel_runtime::Config::new()
    ///     .resource_attribute("service.namespace", "shop")
    ///     .resource_attribute("shop.shard", 7);
    /// # let _ = config;
    /// ```
    pub fn resource_attribute(
        mut self,
        key: impl Into<Cow<'static, str>>,
        value: impl Into<ResourceValue>,
    ) -> Self {
        self.resource_attributes.push((key.into(), value.into()));
        self
    }

    /// The resource as it will be sent: what was detected, under what the user says.
    ///
    /// Reads files under `/etc` and `/proc`; each call makes up a new
    /// `service.instance.id`.
    ///
    /// ```
    /// let resource = otel_runtime::Config::new().service_name("checkout").resource();
    /// assert_eq!(resource.value("service.name"), Some(&"checkout".into()));
    /// assert!(resource.value("process.pid").is_some());
    /// ```
    #[must_use]
    pub fn resource(&self) -> Resource {
        let mut resource = resource::detect();
        if let Some(name) = &self.default_service_name {
            resource.set("service.name", name.clone());
        }
        for (key, value) in &self.resource_attributes {
            resource.set(key.clone(), value.clone());
        }
        resource
    }
}
