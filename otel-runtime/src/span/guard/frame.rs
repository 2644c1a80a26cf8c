//! What a guard keeps of the beginning of its span.

use std::mem::MaybeUninit;

use crate::context::Meta;
use crate::export::Outcome;
use crate::site::Site;
use crate::thread::CarriedBefore;

/// The order keeps what every call looks at in front, and near.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Head {
    /// `None`: nothing to do at the end.
    pub(super) site: Option<&'static Site>,
    pub(super) frame: MaybeUninit<Frame>,
}

/// What the end of the span needs to know of its beginning.
///
/// The order keeps words apart that are written one by one and, side by side, would be read as
/// one; see [`Local`](crate::thread::Local).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Frame {
    /// What was current before, and the parent if it began as a child.
    pub(super) previous_span: u64,
    pub(super) previous_meta: Meta,
    /// Zero if the span is not recorded.
    pub(super) start_ticks: u64,
    pub(super) marks: Marks,
    /// Where the thread keeps what was carried before, if the span carries something else; it stands
    /// where nothing else would. Written with `elsewhere`.
    pub(super) carried_before: MaybeUninit<Option<CarriedBefore>>,
    pub(super) elsewhere: MaybeUninit<Elsewhere>,
}

/// What is not as in almost all spans.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(4))]
pub(super) struct Marks {
    pub(super) outcome: Outcome,
    /// The thread was unwinding already: the end of this span is no panic of its own.
    pub(super) began_in_panic: bool,
    /// It began otherwise than as a child in the current trace; then `elsewhere` is written.
    pub(super) is_elsewhere: bool,
    pub(super) parent_is_remote: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Elsewhere {
    pub(super) previous_trace: [u64; 2],
    pub(super) parent: u64,
}

impl Head {
    /// Of no span. A function, since a constant would be copied with the frame.
    #[inline(always)]
    pub(super) const fn idle() -> Self {
        Self {
            site: None,
            frame: MaybeUninit::uninit(),
        }
    }

    /// Zero if no span is recorded.
    #[inline(always)]
    pub(super) fn start_ticks(&self) -> u64 {
        self.frame().map_or(0, |frame| frame.start_ticks)
    }

    #[inline]
    pub(super) fn frame(&self) -> Option<&Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.site.map(|_| unsafe { self.frame.assume_init_ref() })
    }

    #[inline]
    pub(super) fn frame_mut(&mut self) -> Option<&mut Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.site.map(|_| unsafe { self.frame.assume_init_mut() })
    }
}

impl Frame {
    /// What is kept of a span that began otherwise than as a child in the current trace, and where
    /// what was carried before it is.
    pub(super) fn elsewhere(&self) -> Option<(Elsewhere, Option<CarriedBefore>)> {
        self.marks.is_elsewhere.then(|| {
            // SAFETY: where the mark is set, this has been written with it.
            let elsewhere = unsafe { self.elsewhere.assume_init() };
            // SAFETY: as above.
            (elsewhere, unsafe { self.carried_before.assume_init() })
        })
    }
}

impl Marks {
    pub(super) const fn usual() -> Self {
        Self {
            outcome: Outcome::Ok,
            began_in_panic: false,
            is_elsewhere: false,
            parent_is_remote: false,
        }
    }

    /// True for almost all spans; one comparison.
    #[inline(always)]
    pub(super) fn are_usual(self) -> bool {
        u32::from_ne_bytes([
            self.outcome as u8,
            u8::from(self.began_in_panic),
            u8::from(self.is_elsewhere),
            u8::from(self.parent_is_remote),
        ]) == const { Outcome::Ok as u32 }
    }
}
