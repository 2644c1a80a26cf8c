use otel_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[classify(notfound)]
    A,
    #[classify(not_found, timeout)]
    B,
    #[classify(internal, internal)]
    C,
    #[classify(code("A"))]
    D,
    #[classify(internal = 1)]
    E,
    #[classify(fault = nobody, severity = bad)]
    F,
    #[classify]
    G,
}

fn main() {}
