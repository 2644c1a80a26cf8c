//! Has no code of its own: see `tests/`.
