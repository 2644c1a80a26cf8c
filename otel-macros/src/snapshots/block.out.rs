impl<T: Clone> Cart<T> {
    const SIZE: usize = 3;
    #[::otel_runtime::traced(level = debug, err, name = "Cart::total")]
    pub fn total(&self) -> Result<u32, Error> {
        Ok(1)
    }
    pub const fn len(&self) -> usize {
        3
    }
    #[inline]
    #[::otel_runtime::traced(name = "special", level = trace)]
    async fn checkout(self: Pin<&mut Self>) {}
}
trait Price {
    type Currency;
    fn price(&self) -> u32;
    #[::otel_runtime::traced(name = "Price::twice")]
    fn twice(&self) -> u32 {
        self.price() * 2
    }
}
