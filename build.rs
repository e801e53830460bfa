//! Rebuilds when a file of the built-in pack is added or changed: the packs are part of the program.

fn main() {
    for folder in ["taxonomy", "rules"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
