//! What can be known without asking the user.
//!
//! Names and values are those of the semantic conventions for
//! [resources](https://opentelemetry.io/docs/specs/semconv/resource/). The
//! command line is left out, since it may hold secrets, and so is the name of
//! the user.

use super::{Resource, host, instance, process};

/// The resource as far as the program can tell by itself.
pub(crate) fn detect() -> Resource {
    let mut resource = Resource::default();
    let executable = process::executable();
    let os = host::os();
    let service = match &executable.name {
        Some(name) => format!("unknown_service:{name}"),
        None => "unknown_service".to_owned(),
    };
    resource.set("service.name", service);
    resource.set("service.instance.id", instance::random_id());
    resource.set("telemetry.sdk.name", "otelkit");
    resource.set("telemetry.sdk.language", "rust");
    resource.set("telemetry.sdk.version", env!("CARGO_PKG_VERSION"));
    resource.set("process.pid", std::process::id());
    let known = [
        ("process.executable.name", executable.name),
        ("process.executable.path", executable.path),
        ("host.name", host::name()),
        ("host.arch", Some(host::arch().to_owned())),
        ("os.type", Some(host::os_type().to_owned())),
        ("os.name", os.name),
        ("os.version", os.version),
        ("os.description", os.description),
    ];
    for (key, value) in known {
        if let Some(value) = value {
            resource.set(key, value);
        }
    }
    resource
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::ResourceValue;

    fn text(resource: &Resource, key: &str) -> String {
        match resource.value(key) {
            Some(ResourceValue::Str(text)) => text.clone().into_owned(),
            other => panic!("{key}: {other:?}"),
        }
    }

    #[test]
    fn an_unnamed_service_is_called_after_its_executable() {
        let resource = detect();
        let name = text(&resource, "process.executable.name");
        assert_eq!(
            text(&resource, "service.name"),
            format!("unknown_service:{name}")
        );
        assert!(text(&resource, "process.executable.path").ends_with(&name));
    }

    #[test]
    fn the_sdk_says_who_it_is() {
        let resource = detect();
        assert_eq!(text(&resource, "telemetry.sdk.name"), "otelkit");
        assert_eq!(text(&resource, "telemetry.sdk.language"), "rust");
        assert_eq!(
            text(&resource, "telemetry.sdk.version"),
            env!("CARGO_PKG_VERSION")
        );
    }

    #[test]
    fn host_and_process_are_described() {
        let resource = detect();
        let pid = i64::from(std::process::id());
        assert_eq!(
            resource.value("process.pid"),
            Some(&ResourceValue::Int(pid))
        );
        for key in ["host.name", "host.arch", "os.type"] {
            assert!(!text(&resource, key).is_empty(), "{key}");
        }
    }

    #[test]
    fn neither_arguments_nor_user_are_sent() {
        for (key, _) in detect().iter() {
            assert!(!key.starts_with("process.command"), "{key}");
            assert!(!key.contains("owner") && !key.contains("user"), "{key}");
        }
    }
}
