//! The program as it is run: arguments in, streams and status out. Deployments are built in folders
//! that vanish with the test.

use std::path::Path;
use std::process::Command;

/// Columns that no line of an answer may exceed.
pub const WIDTH: usize = 100;

/// What a run left.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// `etio`, started in the repository's root and apart from the environment of whoever tests.
pub fn etio(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etio"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program without a terminal.
#[track_caller]
pub fn run(arguments: &[&str]) -> Run {
    run_with(etio(arguments), b"")
}

/// Runs the program with a standard input.
#[track_caller]
pub fn run_with(command: Command, input: &[u8]) -> Run {
    let mut command = assert_cmd::Command::from_std(command);
    let output = command.write_stdin(input).output().unwrap();
    let run = Run {
        status: output.status.code().unwrap_or_else(|| panic!("killed: {output:?}")),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    // 101 is what a panic leaves.
    assert!(run.status <= 4 && !run.stderr.contains("panicked at"), "{}", run.stderr);
    run
}

/// Holds a text against the snapshot of that name.
#[track_caller]
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A folder with files, which is removed when dropped.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Makes a folder of the files, given as name and content.
    pub fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (name, content) in files {
            folder.write(name, content);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: &[u8]) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Runs `etio COMMAND… FOLDER` in the folder's parent, so that messages name the same path each time.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Run {
        let mut command = etio(arguments);
        command.current_dir(self.path());
        run_with(command, b"")
    }
}
