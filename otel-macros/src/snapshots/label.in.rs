#[derive(Label)]
enum Shop {
    InStore,
    #[label(rename = "web")]
    Online,
    r#Type = 7,
}

#[derive(Label)]
#[label(runtime = my::otel_runtime)]
enum Elsewhere<const N: usize> {
    Only,
}
