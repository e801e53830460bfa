//! `etio clusters`: which documented failures, and which pilots, are alike.

use super::Terminal;
use super::args::{ClustersArgs, ViewName, WithPart};
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use super::{answer, cases, open};
use crate::clusters::{Basis, Clustering, Item, Part, TooFew, View, dendrogram, json, of_case, tell};
use crate::diagnostic::{Code, Diagnostic};

/// Sorts cases and the deployments that were named into clusters.
pub fn clusters(args: &ClustersArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some(corpus) = cases::read_right(args.cases.as_deref(), disk, terminal)? else { return Ok(Exit::Failed) };
    let mut items: Vec<Item> = corpus.cases.iter().map(of_case).collect();
    for dir in &args.dirs {
        let Some(session) = open(dir, args.pack.as_deref(), false, disk, terminal) else { return Ok(Exit::Failed) };
        let item = session.item();
        if items.iter().any(|other| other.name == item.name) {
            return Err(Diagnostic::new(Code::D307, format!("`{}` is there twice", item.name))
                .with_help(format!("give the deployment in `{dir}` another `id`, or name its folder once")));
        }
        if matches!(args.view, ViewName::Coded) && !corpus.has_modes_of(&session.knowledge) {
            return Err(Diagnostic::new(
                Code::X005,
                format!("`{}` cannot be compared with the cases: its pack has none of their failure modes", item.name),
            )
            .with_help("name cases of its own field with `--cases`, or compare figures with `--view measured`"));
        }
        items.push(item);
    }
    let basis = match args.view {
        ViewName::Coded => Basis::Coded,
        ViewName::Measured => Basis::Measured,
    };
    let part = |with: &WithPart| match with {
        WithPart::Domain => Part::Domain,
        WithPart::Evidence => Part::Evidence,
    };
    let view = View { basis, with: args.with.iter().map(part).collect() };
    let found = Clustering::of(view, items).map_err(|why| too_few(&why, basis))?;
    let stability = found.stability(args.draws, args.seed);
    if let Some(path) = &args.dendrogram {
        load::create(path, dendrogram(&found).svg.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("name a file that does not exist yet")
        })?;
        terminal.remark(&format!("drew {}", path.display()));
    }
    answer(&tell(&found, &stability), &json(&found, &stability), args.format, terminal);
    Ok(Exit::Done)
}

fn too_few(why: &TooFew, basis: Basis) -> Diagnostic {
    let known: Vec<String> = why.known.iter().map(|(part, known)| format!("{} {known}", part.title())).collect();
    let needed = match basis {
        Basis::Measured => {
            "an item needs three of these figures; documented failures rarely have them, so name three or more \
             deployments with pilot tables, or use `--view coded`"
        }
        Basis::Coded => "an item needs a failure mode; name a folder with more cases, or leave `--cases` out",
    };
    Diagnostic::new(Code::X005, why.to_string()).with_help(format!(
        "known of {} items: {}; {needed}",
        why.items,
        known.join(", ")
    ))
}
