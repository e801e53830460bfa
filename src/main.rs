//! The `etio` command.

/// Columns of a million rows come and go; the system's allocator gives each back to the kernel, which then
/// has to clear its pages again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    etiology::cli::run().into()
}
