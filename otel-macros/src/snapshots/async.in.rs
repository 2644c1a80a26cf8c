#[traced]
async fn plain() {
    work().await;
}

#[traced(fields(id), parent = context, links(others))]
async fn fallible(id: u64, mut items: Vec<u8>, (a, b): (A, B), Wrapper { inner, .. }: Wrapper) -> Result<u8, Error> {
    items.push(a);
    use_all(b, inner).await
}

#[traced(root, busy)]
async fn never() -> ! {
    std::future::pending().await
}

#[traced]
fn returns_future(a: u32) -> impl Future<Output = Result<u32, Error>> + Send {
    let eager = check(a);
    async move { Ok(eager) }
}

#[traced]
fn returns_boxed<'a>(a: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    Box::pin(async move { *a })
}

#[traced]
fn delegates(a: u32) -> BoxFuture<'static, u32> {
    if a > 1 {
        return other(a);
    }
    more(a)
}

#[traced]
fn streams(a: u32) -> impl Stream<Item = u32> {
    iter(0..a)
}
