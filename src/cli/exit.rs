//! What the exit status means.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, and the answer is bad: `check` found an error, a test failed, `--fail-on` was crossed.
    Bad,
    /// Could not be done: usage or input.
    Failed,
    /// Done, but not decidable: evidence that a rule requires is missing.
    Undecided,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Bad => 1,
            Exit::Failed => 2,
            Exit::Undecided => 3,
        })
    }
}
