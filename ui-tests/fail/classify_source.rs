use otel_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[classify(source)]
    Nothing,
    #[classify(source)]
    Two(std::fmt::Error, std::io::Error),
    #[classify(source, not_found, code = "A")]
    Contradicts(std::fmt::Error),
    #[classify(source)]
    Marked(#[classify(source)] std::fmt::Error, #[classify(source)] std::io::Error),
    Field(#[classify(internal)] std::fmt::Error),
}

#[derive(Classify)]
#[classify(source, code = "A")]
enum Whole {
    A(std::fmt::Error),
}

fn main() {}
