//! Ctrl-C: on Unix SIGINT, on Windows the console's own event; `ctrlc` hears either.

use std::process;
use std::sync::atomic::{AtomicU8, Ordering};

/// Exit code of a command that was stopped: 128 and the number of SIGINT, as shells have it.
pub(super) const STOPPED: u8 = 130;

/// Nobody listens: Ctrl-C ends the process.
const END: u8 = 0;
/// A long command runs: the first Ctrl-C asks it to stop.
const ASK: u8 = 1;
/// It was asked: a second Ctrl-C ends the process.
const ASKED: u8 = 2;
/// The server listens by itself.
const LEAVE: u8 = 3;

static STATE: AtomicU8 = AtomicU8::new(END);

/// While it lives, Ctrl-C asks for a stop instead of ending the process.
#[derive(Debug)]
pub(super) struct Interrupt(());

impl Interrupt {
    /// Begins to listen. Where the system cannot tell us of Ctrl-C, it ends the process as always.
    pub(super) fn listen() -> Self {
        STATE.store(ASK, Ordering::Relaxed);
        // Set once in the life of a process; a later import finds it set.
        let _ = ctrlc::set_handler(|| {
            match STATE.compare_exchange(ASK, ASKED, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) | Err(LEAVE) => {}
                // What is half written is swept by the next import, as after any kill.
                Err(_) => process::exit(i32::from(STOPPED)),
            }
        });
        Self(())
    }

    /// Whether a stop was asked for.
    #[expect(clippy::unused_self, reason = "only who listens may ask")]
    pub(super) fn is_asked(&self) -> bool {
        STATE.load(Ordering::Relaxed) == ASKED
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        STATE.store(END, Ordering::Relaxed);
    }
}

/// From now on Ctrl-C is the server's to hear.
pub(super) fn leave_to_server() {
    STATE.store(LEAVE, Ordering::Relaxed);
}
