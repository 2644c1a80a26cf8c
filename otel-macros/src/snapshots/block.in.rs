#[traced(level = debug, err)]
impl<T: Clone> Cart<T> {
    const SIZE: usize = 3;

    pub fn total(&self) -> Result<u32, Error> {
        Ok(1)
    }

    #[traced(skip)]
    pub const fn len(&self) -> usize {
        3
    }

    #[inline]
    #[traced(name = "special", level = trace)]
    async fn checkout(self: Pin<&mut Self>) {}
}

#[traced]
trait Price {
    type Currency;
    fn price(&self) -> u32;
    fn twice(&self) -> u32 {
        self.price() * 2
    }
}
