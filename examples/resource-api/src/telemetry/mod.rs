//! The spans of one run, and how they are shown.
