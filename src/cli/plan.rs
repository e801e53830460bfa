//! `etio plan`: what to test, what to watch, and the cheapest way to bring the risks down.

use super::args::DocumentFormat;
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use super::{Terminal, open};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Type;
use crate::plan::{Costs, Goal, band_to_be_under, json, tell};
use crate::report::markdown::markdown;
use crate::report::text::{Look, render};
use crate::risk::World;
use crate::session::Looking;
use clap::{Args, ValueEnum};

/// A deployment, and what its plan is to reach.
#[derive(Clone, Debug, Args)]
pub struct PlanArgs {
    /// Folder with deployment.yaml
    pub dir: String,
    /// Pack to use instead of the manifest's: a built-in name or a folder
    #[arg(long)]
    pub pack: Option<String>,
    /// Band that every risk is to be under; the pack's third where this is not given
    #[arg(long, value_name = "BAND")]
    pub under: Option<String>,
    /// Figures that are to be under it
    #[arg(long, value_enum, default_value_t)]
    pub on: Figures,
    /// What efforts cost, in whole units of your own; what is not named keeps its cost
    #[arg(long, value_name = "COSTS", default_value = "low=1,medium=3,high=9", value_parser = costs)]
    pub cost: Costs,
    /// Rows that come in a period, on which figures are watched; the pilot's own periods, or the whole pilot, where this
    /// is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub rows: Option<u64>,
    /// How long a period is, such as "1 month"
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub period: Option<(f64, String)>,
    /// Tell every test in full, those for risks that only may reach the band included
    #[arg(long)]
    pub all: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: DocumentFormat,
    /// Write to this file, which must not exist, instead of standard output
    #[arg(long, short, alias = "out", value_name = "FILE")]
    pub output: Option<std::path::PathBuf>,
}

/// Which figures of the risks count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Figures {
    /// What is known counts as it is, and what is unknown does not.
    #[default]
    Estimate,
    /// Everything unknown turns out for the worst.
    High,
}

fn costs(text: &str) -> Result<Costs, String> {
    let mut costs = Costs::default();
    for part in text.split(',') {
        let named = part.split_once('=').map(|(effort, cost)| (effort.trim(), cost.trim()));
        let Some((effort, cost)) = named else { return Err(format!("`{part}` is not of the form `low=1`")) };
        let cost: u32 = cost.parse().map_err(|_| format!("`{cost}` is no whole number from 0 to {}", u32::MAX))?;
        match effort {
            "low" => costs.low = cost,
            "medium" => costs.medium = cost,
            "high" => costs.high = cost,
            _ => return Err(format!("`{effort}` is no effort; they are low, medium and high")),
        }
    }
    Ok(costs)
}

fn length(text: &str) -> Result<(f64, String), String> {
    let refused = || format!("`{text}` is no length of time; write one such as `1 month` or `2 weeks`");
    let (count, unit) = text.trim().split_once(' ').ok_or_else(refused)?;
    let count: f64 = count.parse().map_err(|_| refused())?;
    let days = Type::days_in(unit.trim()).ok_or_else(refused)? * count;
    if !days.is_finite() || days <= 0.0 {
        return Err(refused());
    }
    Ok((days, text.trim().to_owned()))
}

/// Writes the plan of a deployment.
pub fn plan(args: &PlanArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some(session) = open(&args.dir, args.pack.as_deref(), false, disk, terminal) else { return Ok(Exit::Failed) };
    let world = match args.on {
        Figures::Estimate => World::Estimate,
        Figures::High => World::High,
    };
    let band = band_to_be_under(&session.knowledge, args.under.as_deref())?;
    let looking = Looking { rows: args.rows, length: args.period.clone() };
    let plan = match session.plan(Goal { band, world, costs: args.cost }, looking, disk) {
        Ok(plan) => plan,
        Err(problems) => {
            terminal.diagnostics(&problems, &session.sources);
            return Ok(Exit::Failed);
        }
    };
    let title = session.manifest.title.as_deref().unwrap_or(&session.manifest.id);
    let document = || tell(session.case(), &plan, title, args.all);
    let value = || json(session.case(), &plan, &session.manifest.id, &session.digest);
    let Some(path) = &args.output else {
        super::hand_on(document, value, args.format, terminal);
        return Ok(Exit::Done);
    };
    let text = match args.format {
        DocumentFormat::Text => render(&document(), Look::default()),
        DocumentFormat::Json => format!("{:#}\n", value()),
        DocumentFormat::Markdown => markdown(&document()),
    };
    load::create(path, text.as_bytes()).map_err(|error| {
        Diagnostic::new(Code::X006, error.to_string()).with_help("name a file that does not exist yet")
    })?;
    terminal.remark(&format!("wrote {}", path.display()));
    Ok(Exit::Done)
}
