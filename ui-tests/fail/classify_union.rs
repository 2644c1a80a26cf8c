use otel_runtime::Classify;

#[derive(Classify)]
union Error {
    a: u8,
}

fn main() {}
