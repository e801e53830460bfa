//! `etio fmt`: only blanks change, once is enough, and however a file was laid out it comes out the same.

use crate::program::{Folder, etio, run_with};
use etiology::session::check_pack;
use etiology::source::SourceMap;
use etiology::syntax::{format, parse, significant_tokens};
use proptest::prelude::*;
use std::path::Path;

fn laid_out(text: &str) -> String {
    let mut sources = SourceMap::default();
    let id = sources.add("pack.etio", text);
    format(&parse(id, text).0)
}

/// The files of every pack that ships, and of every example of an error that can be read.
fn shipped() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("taxonomy"), root.join("rules"), root.join("examples")];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "etio") {
                texts.extend(std::fs::read_to_string(path));
            }
        }
    }
    texts
}

fn comments(text: &str) -> Vec<String> {
    let without_texts = |line: &str| {
        line.split('"').enumerate().map(|(n, part)| if n % 2 == 0 { part } else { "" }).collect::<Vec<_>>().join("\"")
    };
    text.lines()
        .filter(|line| without_texts(line).contains("//"))
        .map(|line| line[line.rfind("//").unwrap()..].trim().to_owned())
        .collect()
}

#[test]
fn only_blanks_change_and_once_is_enough() {
    let texts = shipped();
    assert!(texts.len() > 100);
    for text in texts {
        let once = laid_out(&text);
        assert!(significant_tokens(&text).eq(significant_tokens(&once)), "{text}\n---\n{once}");
        assert_eq!(comments(&text), comments(&once));
        assert_eq!(laid_out(&once), once);
        assert!(!once.contains("\n\n\n") && !once.lines().any(|line| line.ends_with(' ')), "{once}");
    }
}

#[test]
fn one_line_and_many_come_out_the_same() {
    let wild = "/// Told to users.\nrule   a.b \"T\" { for each f in feature when shift.psi [ f ]>0.25 and\n(x or y and between_words = yes) \
                or z between -1 and 10 % then suspect m likelihood ramp( a , 1%->0.5 ) conclude c( f ) because \"R // no comment\"   // why\n\
                cite k,l since 1.0.0-beta.1 }\nfactor g \"G\" { causes m strength 0.5 { because \"B\" basis judgement } }\n// last\n";
    let tidy = "/// Told to users.\nrule a.b \"T\" {\n  for each f in feature\n  when shift.psi[f] > 0.25\n   and (x or y and between_words = yes)\n    \
                or z between -1 and 10%\n  then suspect m likelihood ramp(a, 1% -> 0.5)\n       conclude c(f)\n  because \"R // no comment\"  // why\n  \
                cite k, l\n  since 1.0.0-beta.1\n}\n\nfactor g \"G\" {\n  causes m strength 0.5 {\n    because \"B\"\n    basis judgement\n  }\n}\n\n// last\n";
    assert_eq!(laid_out(wild), tidy);
    assert_eq!(laid_out(&wild.replace('\n', "\r\n")), tidy.replace('\n', "\r\n"));
}

#[test]
fn comments_and_blank_lines_stay_where_they_were() {
    let text = "// first\n\n\n\n// of the band\nband low \"Low\" {  // watched\n\n  // where it begins\n  from 0\n\n  // why\n  because \"W\"\n  // at the end\n}  // after it\nindex a \"A\"\n\nindex b \"B\"\n";
    let tidy = "// first\n\n// of the band\nband low \"Low\" {  // watched\n  // where it begins\n  from 0\n\n  // why\n  because \"W\"\n  // at the end\n}  // after it\n\nindex a \"A\"\n\nindex b \"B\"\n";
    assert_eq!(laid_out(text), tidy);
}

#[test]
fn the_command_writes_all_files_or_none() {
    let good = "index  a \"A\"\n";
    let folder = Folder::with(&[("a.etio", good.as_bytes()), ("b/b.etio", b"index b \"B\"\n")]);
    let fmt = |options: &[&str]| {
        let mut command = etio(&[&["fmt"], options].concat());
        command.current_dir(folder.path());
        run_with(command, b"index  c \"C\"")
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let checked = fmt(&[".", "--check"]);
    assert_eq!((checked.status, checked.stdout.as_str()), (1, "./a.etio is laid out otherwise\n"));
    let shown = fmt(&[".", "--diff"]);
    assert!(shown.status == 0 && shown.stdout.contains("-index  a \"A\"\n+index a \"A\"\n"), "{}", shown.stdout);
    assert_eq!(read("a.etio"), good);
    folder.write("c.etio", b"rule x {\n");
    let refused = fmt(&["."]);
    assert_eq!((refused.status, read("a.etio").as_str()), (2, good));
    assert!(refused.stderr.contains("nothing was written"), "{}", refused.stderr);
    std::fs::remove_file(folder.path().join("c.etio")).unwrap();
    assert_eq!((fmt(&["."]).stdout.as_str(), read("a.etio").as_str()), ("./a.etio\n", "index a \"A\"\n"));
    assert_eq!((fmt(&[".", "--check"]).status, fmt(&["-"]).stdout.as_str()), (0, "index c \"C\"\n"));
    let nowhere = fmt(&["nowhere.etio"]);
    assert_eq!(nowhere.status, 2);
}

#[test]
fn the_digest_is_that_of_what_is_said() {
    let digest = |texts: &[&str]| {
        let texts = texts.iter().enumerate().map(|(place, text)| (format!("{place}.etio"), (*text).to_owned()));
        let loaded = check_pack(texts, &mut SourceMap::default());
        loaded.knowledge.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics)).pack.digest
    };
    let pack = "pack p \"P\" { version 1.0.0 language 1 }\n";
    let category = "category a \"A\" { because \"B\" }\n";
    let whole = digest(&[&format!("{pack}{category}")]);
    assert_eq!(whole, digest(&[&laid_out(&format!("// of files\n{category}\n{pack}"))]));
    assert_eq!(whole, digest(&[category, pack]));
    assert_ne!(whole, digest(&[&format!("{pack}{}", category.replace("\"B\"", "\"C\""))]));
    assert_ne!(whole, digest(&[&format!("{pack}/// Shown to users.\n{category}")]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Blanks are drawn anew between all tokens of a file, and comments put in; it comes out with the same tokens, and
    /// without the comments as if nothing had been done.
    #[test]
    fn however_it_was_laid_out_it_comes_out_the_same(
        file in any::<prop::sample::Index>(),
        gaps in prop::collection::vec(prop_oneof![4 => Just(" "), 2 => Just("\n"), 1 => Just("   "), 1 => Just("\n    ")], 40),
        notes in prop::collection::vec(prop_oneof![30 => Just(""), 1 => Just(" // note\n")], 97),
    ) {
        let texts = shipped();
        let text = laid_out(&texts[file.index(texts.len())]);
        let mut sources = SourceMap::default();
        let id = sources.add("pack.etio", text.clone());
        let (tree, problems) = parse(id, &text);
        prop_assume!(!problems.has_errors());
        let mut mixed = String::new();
        let mut noted = String::new();
        for (number, declaration) in tree.declarations().filter(|it| it.comments.is_empty()).enumerate() {
            let body = &text[declaration.span.range()];
            // What touches on purpose stays as it is: versions of imports, and figures that are read.
            if body.starts_with("import") || body.contains("likelihood(") {
                continue;
            }
            let tokens: Vec<String> = significant_tokens(body).collect();
            for (place, token) in tokens.iter().enumerate() {
                let gap = gaps[(place + number) % gaps.len()];
                let touching = token == "(" || token == "[" || place == 0;
                // A unit and a percentage stand on the line of their number.
                let number_before = place > 0 && tokens[place - 1].starts_with(|first: char| first.is_ascii_digit());
                let gap = if touching { "" } else if number_before { " " } else { gap };
                mixed += gap;
                noted += gap;
                noted += if touching || number_before { "" } else { notes[(place + number) % notes.len()] };
                mixed += token;
                noted += token;
            }
            mixed += "\n\n";
            noted += "\n\n";
        }
        let wanted = laid_out(&mixed);
        let id = sources.add("mixed.etio", mixed.clone());
        prop_assume!(!parse(id, &mixed).1.has_errors());
        for declaration in tree.declarations().filter(|it| it.comments.is_empty()) {
            let body = &text[declaration.span.range()];
            if !body.starts_with("import") && !body.contains("likelihood(") && !body.contains("\n\n") {
                prop_assert!(wanted.contains(body), "{}\n---\n{}", body, wanted);
            }
        }
        let with_notes = laid_out(&noted);
        prop_assert!(significant_tokens(&noted).eq(significant_tokens(&with_notes)));
        prop_assert_eq!(noted.matches("// note").count(), with_notes.matches("// note").count());
        prop_assert_eq!(laid_out(&with_notes), with_notes);
    }
}
