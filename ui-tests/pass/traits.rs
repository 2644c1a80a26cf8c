//! Traits with default methods, and their implementations.

use otel_runtime::traced;

#[traced]
trait Price {
    const TAX: u32 = if cfg!(windows) { 2 } else { 1 };
    type Currency: Default;

    fn price(&self) -> u32;

    fn with_tax(&self) -> u32 {
        self.price() + Self::TAX
    }

    fn checked(&self) -> Result<u32, std::fmt::Error>
    where
        Self: Sized,
    {
        Ok(self.with_tax())
    }

    fn currency() -> Self::Currency {
        Self::Currency::default()
    }
}

struct Item(u32);

#[traced]
impl Price for Item {
    type Currency = String;

    fn price(&self) -> u32 {
        self.0
    }
}

impl Price for &Item {
    type Currency = u8;

    #[traced]
    fn price(&self) -> u32 {
        self.0
    }
}

fn main() {
    assert_eq!(Item(1).checked(), Ok(2));
    assert_eq!((&Item(1)).with_tax(), 2);
    assert_eq!(Item::currency(), "");
}
