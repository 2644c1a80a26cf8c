//! `anyhow` and `eyre`: whatever they hold.

use std::any;
use std::error::Error;

use crate::class::{Class, Classification, Classify, Codes, classify_dyn};

macro_rules! report {
    ($report:ty) => {
        /// What the first error of the chain means that has a meaning.
        impl Classify for $report {
            const CODES: Codes = Codes::Open;

            fn classify(&self) -> Classification<'_> {
                let error: &(dyn Error + Send + Sync + 'static) = self.as_ref();
                classify_dyn(error).unwrap_or_else(|| {
                    Classification::new(Class::Unknown, any::type_name::<Self>())
                })
            }
        }
    };
}

#[cfg(feature = "anyhow")]
report!(anyhow::Error);
#[cfg(feature = "eyre")]
report!(eyre::Report);
