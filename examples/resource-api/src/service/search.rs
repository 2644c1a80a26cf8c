//! Search by a piece of text.

use otel_runtime::{metered, set_attributes, traced};

use super::{Resources, ServiceError};
use crate::model::Resource;
use crate::validation::validate_search;

impl Resources {
    /// Up to `limit` resources with `text` in their name, version or source, by name.
    ///
    /// The text means itself: no character in it is special. Case does not matter in ASCII
    /// letters.
    ///
    /// # Errors
    /// If the text is empty or too long, the limit out of range, or the database fails.
    #[traced(log, fields(search.text = text, search.limit = limit, resource.count = _))]
    #[metered(histogram(
        "resource.search.results",
        value = |found| found.len(),
        unit = "{resource}",
        description = "How many resources a search found.",
    ))]
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<Resource>, ServiceError> {
        validate_search(text, limit)?;
        let found = self.storage.search(text, limit).await?;
        set_attributes!(resource.count = found.len());
        Ok(found)
    }
}
