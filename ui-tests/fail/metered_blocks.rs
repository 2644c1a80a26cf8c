use otel_runtime::metered;

struct Shop;

#[metered(skip, counter("items"))]
impl Shop {
    fn all() {}
}

#[metered]
impl Shop {
    const fn constant() {}

    #[metered(nmae = "a")]
    fn unknown() {}
}

fn main() {
    Shop::all();
    Shop::constant();
    Shop::unknown();
}
