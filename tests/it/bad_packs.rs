//! Packs that are wrong: `check` says so with status 1, and what needs them refuses with status 2.

use crate::bad_input::{PACK, codes, deployment};
use crate::program::snapshot;
use etiology::diagnostic::Code;

/// Holds a broken pack to one diagnostic, the same from `check` and from `assess`.
#[track_caller]
fn broken(name: &str, code: Code, pack: &[u8]) {
    let folder = deployment(&[("pack.etio", b""), ("broken/pack.etio", pack)]);
    let checked = folder.run(&["check", "broken"]);
    let assessed = folder.run(&["assess", ".", "--pack", "broken"]);
    assert_eq!((assessed.status, assessed.stdout.as_str()), (2, ""), "{}", assessed.stderr);
    assert_eq!(codes(&assessed.stderr), [code.as_str()], "{}", assessed.stderr);
    assert_eq!(checked.stderr, assessed.stderr);
    // A pack that could not even be read was not checked.
    assert_eq!(checked.status, if code == Code::S001 { 2 } else { 1 });
    assert!(assessed.stderr.contains("broken/pack.etio") && assessed.stderr.contains("help:"), "{}", assessed.stderr);
    snapshot(&format!("bad-pack-{name}"), &assessed.stderr);
}

#[track_caller]
fn changed(name: &str, code: Code, from: &str, to: &str) {
    assert!(PACK.contains(from));
    broken(name, code, PACK.replacen(from, to, 1).as_bytes());
}

#[test]
fn names_that_are_twice_there_or_not_at_all() {
    changed("declared-twice", Code::M102, "mode harm", "category some \"Again\"\nmode harm");
    changed("no-such-input", Code::M103, "when monitoring.in_place", "when monitoring.in_plaec");
}

#[test]
fn bytes_that_are_not_text() {
    let mut bytes = PACK.as_bytes().to_vec();
    let place = PACK.find("hurts").unwrap();
    bytes[place] = 0xFC;
    broken("not-utf8", Code::S001, &bytes);
}

#[test]
fn five_hundred_brackets() {
    let deep = format!("when {}monitoring.in_place = no{}", "(\n".repeat(500), ")".repeat(500));
    changed("deep", Code::S006, "when monitoring.in_place = no", &deep);
}

#[test]
fn causes_in_a_circle() {
    let circle = "factor a \"A\" { causes b strength 0.5 causes harm strength 0.5 }\n\
                  factor b \"B\" { causes a strength 0.5 }\nrule unwatched";
    changed("cycle", Code::M300, "rule unwatched", circle);
}

#[test]
fn folders_without_a_pack() {
    let folder = deployment(&[]);
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for pack in ["empty", "nowhere", "healthcaer"] {
        let found = folder.run(&["assess", ".", "--pack", pack]);
        assert_eq!((found.status, codes(&found.stderr)), (2, vec!["X001"]), "{}", found.stderr);
        assert!(found.stderr.contains("healthcare") && found.stderr.contains(pack));
    }
}
