//! `etio init`: a deployment folder that works at once, to be filled with one's own.

use super::Terminal;
use super::exit::Exit;
use super::load;
use crate::diagnostic::{Code, Diagnostic};
use crate::session::{LoadedPack, load_pack};
use crate::source::SourceMap;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use std::fmt::Write as _;
use std::path::Path;

const MANIFEST: &str = include_str!("templates/deployment.yaml");
const README: &str = include_str!("templates/README.md");

/// Rows of the made-up pilot: development and deployment.
const ROWS: [(&str, usize); 2] = [("development", 500), ("deployment", 400)];
const SEED: u64 = 1;

/// Makes the folder.
pub fn init(dir: &str, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let folder = Path::new(dir);
    // A folder that already holds one of the files is not touched at all.
    let files = [
        ("deployment.yaml", MANIFEST.to_owned()),
        ("answers.yaml", answers()),
        ("pilot.csv", pilot()),
        ("README.md", README.to_owned()),
    ];
    if let Some((taken, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(Diagnostic::new(Code::X006, format!("`{dir}` already has a `{taken}`"))
            .with_help("name a folder that does not exist yet"));
    }
    for (name, content) in &files {
        load::create(&folder.join(name), content.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("check that the folder may be written to")
        })?;
    }
    let mut out = format!("made {dir}: a manifest, the questions, and a made-up pilot to try it on\n");
    for (name, what) in [
        ("deployment.yaml", "what the deployment is and what its columns mean"),
        ("answers.yaml", "the questions of the pack; take the # off the lines you can answer"),
        ("pilot.csv", "900 made-up rows: replace them by your own"),
    ] {
        let _ = writeln!(out, "  {name:<16} {what}");
    }
    let _ = writeln!(out, "\nnext\n  etio assess {dir}\n  etio ask {dir}\n  etio repl {dir}");
    terminal.out(&out);
    Ok(Exit::Done)
}

/// Returns every question of the built-in pack, by whom it is asked of, as lines to be uncommented.
fn answers() -> String {
    let mut sources = SourceMap::default();
    let LoadedPack { knowledge, .. } = load_pack(crate::session::BUILT_IN[0], &load::Disk, &mut sources);
    let mut questions: Vec<(String, String)> = Vec::new();
    for input in knowledge.iter().flat_map(|knowledge| knowledge.inputs.values()) {
        if let crate::model::InputKind::Question { ask, phase } = &input.kind {
            let whom = ask.as_deref().unwrap_or("anyone").replace('_', " ");
            let when = phase.as_deref().map(|phase| format!(", {}", phase.replace('_', " "))).unwrap_or_default();
            questions
                .push((format!("{whom}{when}"), format!("# {}\n# {}: {}\n", input.title, input.id, input.value_type)));
        }
    }
    questions.sort();
    let mut out = String::from(
        "# Answers to the questionnaire. A line that stays a comment is not answered, which is not a no.\n\
         # Write `name: answer`, such as `monitoring.in_place: yes`, or with more about it:\n\
         #   monitoring.in_place: {value: yes, by: \"ward nurse\", on: 2026-05-31, note: \"quarterly\"}\n",
    );
    let mut heading = String::new();
    for (group, question) in questions {
        if group != heading {
            let _ = write!(out, "\n# --- {group} ---\n");
            heading = group;
        }
        let _ = write!(out, "\n{question}");
    }
    out
}

/// Returns a made-up pilot: a model that ranks well where it was developed, and at the new site meets
/// older patients, another assay and too high risks.
fn pilot() -> String {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut out = String::from("row_id,split,outcome,risk,model_a,model_b,model_c,sex,age,lactate,unit\n");
    let mut row = 0;
    for (split, rows) in ROWS {
        let deployed = split == "deployment";
        for _ in 0..rows {
            row += 1;
            let age = (normal(&mut random) * 14.0 + if deployed { 68.0 } else { 60.0 }).clamp(18.0, 99.0);
            let lactate = (normal(&mut random) * 0.9 + if deployed { 2.6 } else { 1.9 }).max(0.3);
            let sex = if uniform(&mut random) < 0.5 { "F" } else { "M" };
            let unit = ["icu", "ward", "emergency"][(uniform(&mut random) * 3.0) as usize % 3];
            let signal = -3.2 + 0.03 * (age - 60.0) + 0.7 * (lactate - 1.9);
            let truth = if deployed { signal - 0.3 + 0.5 * normal(&mut random) } else { signal };
            let outcome = u8::from(uniform(&mut random) < logistic(truth + 1.2));
            let mut score = |noise: f64| logistic(signal + 1.2 + noise * normal(&mut random));
            let members = [score(0.15), score(0.15), score(0.15)];
            let mean = members.iter().sum::<f64>() / 3.0;
            let _ = writeln!(
                out,
                "{row},{split},{outcome},{mean:.4},{:.4},{:.4},{:.4},{sex},{age:.0},{lactate:.1},{unit}",
                members[0], members[1], members[2]
            );
        }
    }
    out
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Uniform in 0..1, from the upper 53 bits.
fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Near-normal: the sum of twelve uniforms has mean 6 and variance 1; good enough for made-up rows, and
/// free of the logarithms that differ between platforms.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}
