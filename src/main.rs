//! The `etio` command.

fn main() -> std::process::ExitCode {
    etiology::cli::run().into()
}
