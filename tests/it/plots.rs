//! Charts of a pilot: what is drawn, what it says to those who do not see it, and what it must not tell.

use crate::program::{Folder, run};
use std::collections::BTreeMap;
use std::path::Path;

const COVID: &str = "examples/covid-testing-later-weeks";

/// The files of a folder, by name.
fn read(folder: &Path) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read_to_string(file.path()).unwrap())).collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap().0
}

#[test]
fn every_chart_says_in_words_what_it_shows() {
    let folder = Folder::with(&[]);
    let target = folder.path().join("charts");
    let found = run(&["metrics", COVID, "--plots", target.to_str().unwrap()]);
    assert_eq!(found.status, 0, "{}", found.stderr);
    let mut said = String::new();
    for (name, svg) in read(&target) {
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        assert_eq!(svg.matches("<svg").count() + svg.matches("</svg>").count(), 2, "{name}");
        let (title, description) =
            (between(&svg, "<title id=\"title\">", "</title>"), between(&svg, "<desc id=\"desc\">", "</desc>"));
        said.push_str(&format!("{name}: {title}\n    {description}\n"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("plots-said", said));
}

#[test]
fn the_same_pilot_gives_the_same_pictures() {
    let folder = Folder::with(&[]);
    let [first, second] = ["first", "second"].map(|name| {
        let target = folder.path().join(name);
        assert_eq!(run(&["metrics", COVID, "--plots", target.to_str().unwrap()]).status, 0);
        read(&target)
    });
    assert_eq!(first, second);
}

#[test]
fn a_folder_that_holds_one_of_the_files_is_left_as_it_is() {
    let folder = Folder::with(&[("charts/roc.svg", b"mine")]);
    let target = folder.path().join("charts");
    let found = run(&["metrics", COVID, "--plots", target.to_str().unwrap()]);
    assert_eq!((found.status, found.stdout.as_str()), (2, ""));
    assert!(found.stderr.contains("X006") && found.stderr.contains("roc.svg"), "{}", found.stderr);
    assert_eq!(read(&target).into_iter().collect::<Vec<_>>(), [("roc.svg".to_owned(), "mine".to_owned())]);
}

#[test]
fn what_is_measured_in_each_period_is_drawn_over_time() {
    let months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"];
    let mut pilot = String::from("month,y,score\n");
    for (place, month) in (0..).zip(months) {
        for row in 0..60_u32 {
            pilot.push_str(&format!("{month},{},{}\n", u8::from(row % (6 - place) == 0), f64::from(row) / 60.0));
        }
    }
    let pack = "pack p \"P\" { version 1.0.0 language 1 }\nindex period \"Period\"\n\
        metric rate[period] \"Events\" : ratio = prevalence()\nmetric rate.all \"Events\" : ratio = prevalence()\n";
    let manifest = "deployment: {id: d}\npack: pack\ntables: {deployment: {file: pilot.csv}}\n\
        columns: {label: y, score: score, period: month}\n";
    let files: [(&str, &[u8]); 3] = [
        ("d/pilot.csv", pilot.as_bytes()),
        ("d/pack/p.etio", pack.as_bytes()),
        ("d/deployment.yaml", manifest.as_bytes()),
    ];
    let folder = Folder::with(&files);
    let found = folder.run(&["metrics", "d", "--plots", "charts"]);
    assert_eq!(found.status, 0, "{}", found.stderr);
    let charts = read(&folder.path().join("charts"));
    let svg = &charts["time-rate.svg"];
    let description = between(svg, "<desc id=\"desc\">", "</desc>");
    assert!(description.contains("2026-01 0.167") && description.contains("2026-05 0.500"), "{description}");
    assert!(months.iter().all(|month| svg.contains(&format!(">{month}<"))), "{svg}");
}
