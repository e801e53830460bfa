//! What the plan is to reach: every risk under a band.

use crate::diagnostic::{Code, Diagnostic, List, or_nearest};
use crate::model::KnowledgeBase;

/// The band that risks are to be under where nobody says otherwise, by its place: in the shipped pack the one of
/// which it says to act before patients depend on the tool.
const USUAL: usize = 2;

/// Returns the band, by its place, that every risk is to be under; without a name the third, or the last of fewer.
///
/// # Errors
/// `X002 unknown-name` for a band that the pack does not have or that begins at 0, so that nothing is under it, and
/// for a pack without such a band.
pub fn band_to_be_under(knowledge: &KnowledgeBase, named: Option<&str>) -> Result<usize, Diagnostic> {
    let bands = &knowledge.bands;
    let names = || bands.iter().filter(|band| band.from > 0.0).map(|band| band.id.as_str());
    let listed = || format!("a plan can bring risks under {}", List::or(names()));
    let Some(name) = named else {
        let usual = bands.len().checked_sub(1).map(|last| last.min(USUAL));
        return usual.filter(|place| bands.get(*place).is_some_and(|band| band.from > 0.0)).ok_or_else(|| {
            Diagnostic::new(Code::X002, "the pack has no two bands, so there is none that risks could be brought under")
                .with_help("declare bands in the pack, such as `band high \"High\" { from 25 }`")
        });
    };
    match bands.iter().position(|band| band.id == name) {
        Some(place) if bands[place].from > 0.0 => Ok(place),
        Some(_) => {
            Err(Diagnostic::new(Code::X002, format!("`{name}` begins at 0, and no risk is under it"))
                .with_help(listed()))
        }
        None => Err(Diagnostic::new(Code::X002, format!("the pack has no band called `{name}`"))
            .with_help(or_nearest(name, names(), listed))),
    }
}
