use etiology::diagnostic::render::{Style, render};
use etiology::source::SourceMap;
#[test]
fn all() {
    let mut sources = SourceMap::default();
    let mut trees = Vec::new();
    let mut all = etiology::diagnostic::Diagnostics::default();
    for path in std::env::var("ETIO_FILES").unwrap_or_default().split_whitespace() {
        let text = std::fs::read_to_string(&path).unwrap();
        let id = sources.add(path, text.clone());
        let (tree, diagnostics) = etiology::syntax::parse(id, &text);
        let joined: String = tree.pieces.iter().map(|piece| tree.text_of(piece)).collect();
        assert_eq!(joined, text);
        trees.push(tree);
        all.append(diagnostics);
    }
    let (base, diagnostics) = etiology::model::lower(&trees, &sources);
    all.append(diagnostics);
    print!("{}", render(&all, &sources, Style::Graphical { colour: false }));
    if let Some(base) = base { println!("ok: {} rules, {} findings", base.rules.len(), base.findings.len()); if std::env::var("ETIO_DUMP").is_ok() { println!("{base:#?}"); } }
}
