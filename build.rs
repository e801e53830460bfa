//! Rebuilds when a file of the built-in pack or a case is added or changed: they are part of the program.

fn main() {
    for folder in ["taxonomy", "rules", "cases"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
