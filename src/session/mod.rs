//! The façade: from names of packs and folders to an assessment that can be questioned.
//!
//! [`Session::open`] is the whole path in one function. The command line, the REPL and the tests
//! use it; nothing here prints.

mod ask;
mod condition;
mod definitions;
mod deployment;
mod guess;
mod imports;
mod pack_tests;
mod packs;
mod plan;
mod profile;
mod prompt_rule;
mod tables;

pub use ask::{Question, Reply};
pub use definitions::metric_requests;
pub use guess::{Guess, Guessed, GuessedRole, guess};
pub use pack_tests::{Failure, TestResult, facts_given, run_tests};
pub use packs::{BUILT_IN, LoadedPack, PackFiles, check_pack, load_pack};
pub use plan::Looking;
pub use profile::{merged_profile, profile};
pub use prompt_rule::AddedRule;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::facts::{FactStore, Manifest};
use crate::metrics::{self, Curves, Evaluation};
use crate::model::KnowledgeBase;
use crate::risk::{Assessment, Options, Propagation, assess_with};
use crate::source::{LoadError, Loader, SourceMap};
use crate::table::{Content, PilotSpec};

/// What a session needs of the outside: text files, and tables that may be too large for memory.
pub trait Files: Loader {
    /// Opens a table.
    ///
    /// # Errors
    /// Says that the file is not there or cannot be read.
    fn open(&self, path: &str) -> Result<Content, LoadError>;

    /// Tells whether there is a file or folder of that name.
    fn exists(&self, path: &str) -> bool;

    /// Tells whether there is a folder of that name; a link to one is none.
    fn is_folder(&self, _path: &str) -> bool {
        false
    }

    /// Returns the names of the folders that lie directly in a folder; links are not among them.
    fn folders(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns the names of the files that lie directly in a folder, sorted; links are not among them.
    fn files(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns the folders in which imported packs are looked for, after that of the importing pack.
    fn pack_folders(&self) -> &[String] {
        &[]
    }
}

/// A deployment, the pack it is held against, and what came out.
#[derive(Debug)]
pub struct Session {
    /// The deployment's folder, as it was given.
    pub folder: String,
    /// Every text file that was read.
    pub sources: SourceMap,
    /// The pack.
    pub knowledge: KnowledgeBase,
    /// The files of the pack and of those that it imports.
    pub pack_files: Vec<PackFiles>,
    /// The deployment's manifest.
    pub manifest: Manifest,
    /// SHA-256 over everything that the deployment supplied, in lower-case hexadecimal.
    pub digest: String,
    /// What the pilot tables gave, where there are tables.
    pub evaluation: Option<Evaluation>,
    /// What is known.
    pub facts: FactStore,
    /// What follows.
    pub assessment: Assessment,
    /// What was odd about the pack or the deployment, but did not stop the run.
    pub warnings: Diagnostics,
}

impl Session {
    /// Reads the deployment in `folder` and the pack it names, computes its metrics and assesses it, with
    /// likelihoods by local propagation.
    ///
    /// # Errors
    /// Returns the source map with everything that is wrong, so that places can be shown.
    pub fn open(folder: &str, pack: Option<&str>, files: &dyn Files) -> Result<Session, Box<(SourceMap, Diagnostics)>> {
        Session::open_with(folder, pack, Propagation::Local, files)
    }

    /// Opens a session as [`Session::open`] does, with likelihoods by `propagation` wherever they are shown.
    ///
    /// # Errors
    /// As for [`Session::open`], and `R001 too-entangled` where exact likelihoods would take too long.
    pub fn open_with(
        folder: &str,
        pack: Option<&str>,
        propagation: Propagation,
        files: &dyn Files,
    ) -> Result<Session, Box<(SourceMap, Diagnostics)>> {
        let mut sources = SourceMap::default();
        match open(folder, pack, files, &mut sources) {
            Ok((inputs, pack_files, warnings)) => {
                let deployment::Deployment { knowledge, manifest, digest, evaluation, facts } = inputs;
                let options = Options { propagation, swings: true };
                let assessment = match assess_with(&knowledge, &facts, options) {
                    Ok(assessment) => assessment,
                    Err(error) => return Err(Box::new((sources, Diagnostic::from(error).into()))),
                };
                Ok(Session {
                    folder: folder.to_owned(),
                    sources,
                    knowledge,
                    pack_files,
                    manifest,
                    digest,
                    evaluation,
                    facts,
                    assessment,
                    warnings,
                })
            }
            Err(mut problems) => {
                problems.sort(&sources);
                Err(Box::new((sources, problems)))
            }
        }
    }

    /// Returns the file that the answers are in, or would be.
    pub fn answers_file(&self) -> String {
        deployment::answers_file(&self.manifest, &self.folder)
    }

    /// Reads the pilot's tables again, for what charts of them need.
    ///
    /// # Errors
    /// Every table problem of D1xx, where a file is no longer what it was.
    pub fn curves(&self, files: &dyn Files) -> Result<Curves, Diagnostics> {
        let tables = tables::open_tables(&self.manifest, &self.folder, files)?;
        metrics::curves(&self.manifest.pilot, tables, metrics::Options::default().one_class)
    }

    /// Assesses one deployment whose facts are known, such as a row of a fleet.
    ///
    /// # Errors
    /// As for [`assess_with`].
    pub fn of_facts(
        id: &str,
        digest: String,
        knowledge: KnowledgeBase,
        facts: FactStore,
        sources: SourceMap,
    ) -> Result<Session, Diagnostic> {
        let options = Options { propagation: Propagation::Local, swings: true };
        let assessment = assess_with(&knowledge, &facts, options)?;
        let manifest = Manifest {
            id: id.to_owned(),
            title: None,
            pack: None,
            pilot: PilotSpec::default(),
            files: Vec::new(),
            inputs: Vec::new(),
            entities: Vec::new(),
            relations: Vec::new(),
            answers: None,
        };
        Ok(Session {
            folder: String::new(),
            sources,
            knowledge,
            pack_files: Vec::new(),
            manifest,
            digest,
            evaluation: None,
            facts,
            assessment,
            warnings: Diagnostics::default(),
        })
    }
}

fn open(
    folder: &str,
    pack: Option<&str>,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<(deployment::Deployment, Vec<PackFiles>, Diagnostics), Diagnostics> {
    let manifest = deployment::read_manifest(folder, files, sources)?;
    let pack = deployment::pack_of(&manifest, folder, pack);
    let LoadedPack { knowledge, diagnostics: mut warnings, files: pack_files } = load_pack(&pack, files, sources);
    let Some(knowledge) = knowledge.filter(|_| !warnings.has_errors()) else { return Err(warnings) };
    warnings.clear_warnings();
    let deployment = deployment::read_deployment(folder, manifest, knowledge, files, sources)?;
    Ok((deployment, pack_files, warnings))
}
