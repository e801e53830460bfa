//! Figures that are stated, with and without what chance alone shows.

use crate::program::Folder;

const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
metric error "Calibration error" : ratio, lower is better
mode harm "Harm" { category some dimension model severity 8 detectability 5 base_rate 10% because "It hurts." basis judgement }
mitigation care "Care" { addresses harm effect 50% effort low because "It helps." basis judgement }
band low "Low" { from 0 because "Watch." basis judgement }
rule off "Risks are off" {
  when error > 5% and error exceeds noise
  then suspect harm likelihood 0.6
  because "Thresholds misfire."
  basis judgement
}
verdict fine "Fine" { precedence 0 because "Told." basis judgement }
"#;

fn asked(stated: &str, question: &[&str]) -> String {
    let manifest = format!("deployment: {{id: here}}\npack: pack.etio\ninputs:\n  error: {stated}\n");
    let folder = Folder::with(&[("pack.etio", PACK.as_bytes()), ("deployment.yaml", manifest.as_bytes())]);
    let found = folder.run(question);
    assert_eq!(found.status, 0, "{}", found.stderr);
    found.stdout
}

#[test]
fn a_stated_figure_is_held_against_the_noise_that_is_stated_with_it() {
    let fired = asked("{value: 0.08, noise_p95: 0.05}", &["why", "off", "."]);
    assert!(fired.contains("0.08, above 0.05, which 95 of 100 such samples stay below"), "{fired}");
    let passed = asked("{value: 0.08, noise_p95: 0.11}", &["why-not", "off", "."]);
    assert!(passed.contains("0.08, not above 0.11"), "{passed}");
}

#[test]
fn without_a_stated_noise_the_rule_is_undecided_and_says_what_is_missing() {
    let open = asked("0.08", &["why-not", "off", "."]);
    assert!(open.contains("it is not known what chance alone would show"), "{open}");
    let report = asked("0.08", &["assess", "."]);
    assert!(report.contains("Not said: what chance alone would show of this: Calibration error (error)."), "{report}");
    let told = asked("{value: 0.08, noise_p95: 0.11}", &["assess", "."]);
    assert!(!told.contains("Not said"), "{told}");
}
