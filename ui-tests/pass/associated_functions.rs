//! Functions of a type without a receiver, and visibility of every kind.

use otel_runtime::traced;

pub struct Pool(u32);

impl Pool {
    #[traced]
    pub fn open(size: u32) -> Result<Self, String> {
        Ok(Self(size))
    }

    #[traced]
    pub(crate) async fn connect(size: u32) -> Result<Self, String> {
        Self::open(size)
    }

    #[traced]
    pub(self) fn size(Self(size): &Self) -> u32 {
        *size
    }
}

mod inner {
    pub struct Hidden;

    impl Hidden {
        #[otel_runtime::traced]
        pub(super) fn new() -> Hidden {
            Hidden
        }

        #[otel_runtime::traced]
        pub(in crate::inner) fn make() -> Self {
            Self
        }
    }

    pub fn make() -> Hidden {
        Hidden::make()
    }
}

fn main() {
    assert_eq!(Pool::size(&Pool::open(1).unwrap()), 1);
    let _ = Pool::connect(1);
    inner::Hidden::new();
    inner::make();
}
