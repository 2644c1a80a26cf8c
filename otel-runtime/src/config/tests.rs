//! What a configuration is before it is installed.

use super::*;

#[test]
fn the_users_attributes_win_over_what_was_detected() {
    let config = Config::new()
        .service_name("first")
        .service_name("second")
        .resource_attribute("host.name", "mine")
        .resource_attribute("shop.shard", 7);
    let resource = config.resource();
    assert_eq!(resource.value("service.name"), Some(&"second".into()));
    assert_eq!(resource.value("host.name"), Some(&"mine".into()));
    assert_eq!(resource.value("shop.shard"), Some(&7.into()));
    assert!(resource.value("process.pid").is_some());
}

#[test]
fn a_default_service_name_gives_way_to_every_other_one() {
    let name = |config: Config| {
        let config = config.default_service_name("default");
        config.resource().value("service.name").cloned()
    };
    assert_eq!(name(Config::new()), Some("default".into()));
    assert_eq!(name(Config::new().service_name("set")), Some("set".into()));
    for (variable, value) in [
        ("OTEL_SERVICE_NAME", "set"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=set"),
    ] {
        let config = Config::from_vars([(variable, value)]).unwrap();
        assert_eq!(name(config), Some("set".into()), "{variable}");
    }
    let config = Config::from_vars([("OTEL_RESOURCE_ATTRIBUTES", "a=b")]).unwrap();
    assert_eq!(name(config), Some("default".into()));
}

#[test]
fn the_defaults_are_valid() {
    Config::new().validate().unwrap();
    assert_eq!(Config::default().sampler, Sampler::default());
}

#[test]
fn every_wrong_setting_is_told_at_once() {
    let error = Config::new()
        .sampler(Sampler::TraceIdRatio(1.5))
        .max_buffer_bytes(0)
        .resource_attribute("", true)
        .validate()
        .unwrap_err();
    let keys: Vec<_> = error.problems().iter().map(ConfigProblem::key).collect();
    assert_eq!(
        keys,
        [
            "Config::sampler",
            "Config::max_buffer_bytes",
            "Config::resource_attribute"
        ]
    );
}
