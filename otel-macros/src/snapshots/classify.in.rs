enum OrderError {
    #[classify(validation, code = "CART_EMPTY")]
    EmptyCart,
    #[classify(timeout, retryable(after = "250ms"), fault = service, severity = fatal, expected)]
    Slow { after: u32 },
    #[classify(source)]
    Db(#[from] sqlx::Error),
    #[classify(with = by_number)]
    Numbered(u16),
}

#[classify(source)]
struct Wrapper<E> {
    attempts: u32,
    source: Box<E>,
}

enum Never {}
