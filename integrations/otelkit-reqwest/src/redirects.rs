//! How many redirects a request follows.

use reqwest::redirect::Policy;

/// The same policy, which also counts the redirects that a request meets, as
/// `http.request.resend_count` of its span.
///
/// ```
/// use otelkit_reqwest::counted;
/// use reqwest::redirect::Policy;
///
/// let builder = reqwest::Client::builder().redirect(counted(Policy::limited(3)));
/// # drop(builder);
/// ```
#[must_use]
pub fn counted(policy: Policy) -> Policy {
    Policy::custom(move |attempt| {
        // The first of them is the request itself.
        otel_runtime::set_attribute("http.request.resend_count", attempt.previous().len());
        policy.redirect(attempt)
    })
}
