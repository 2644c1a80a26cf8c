#[metered(labels(tier))]
#[otel_runtime::traced]
fn first<'a, T: Clone>((tier, _): (&'a Tier, u8), value: T) -> std::io::Result<T> {
    copy(value)
}

#[metered(none = error)]
fn absent() -> Option<u8> {
    None
}

#[metered(counter("bytes", by = |item| item.len()))]
fn streams(a: u32) -> impl Stream<Item = Result<Vec<u8>, Error>> {
    iter(0..a)
}

#[metered]
fn returns_future() -> impl Future<Output = u32> {
    async { 1 }
}

#[metered(labels(gift: bool = self.gift))]
#[traced]
impl Shop {
    fn one(&self) {}

    #[metered(skip)]
    fn two(&self) {}

    #[traced(skip)]
    #[metered(labels(gift: bool = true, more: bool = false))]
    fn three(&self) {}
}

#[traced(skip)]
#[metered(skip)]
fn nothing() {}
