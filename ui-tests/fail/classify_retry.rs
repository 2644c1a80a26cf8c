use otel_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[classify(retryable = 3)]
    A,
    #[classify(retryable(after = 3))]
    B,
    #[classify(retryable(after = "3 fortnights"))]
    C,
    #[classify(retryable(before = "3s"))]
    D,
    #[classify(retryable(after = "9999999999h"))]
    E,
}

fn main() {}
