use etiology::diagnostic::render::{Style, render};
use etiology::source::SourceMap;
#[test]
fn all() {
    let mut sources = SourceMap::default();
    let mut paths: Vec<String> = Vec::new();
    for path in std::env::var("ETIO_FILES").unwrap_or_default().split_whitespace() {
        paths.push(path.into());
    }
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let id = sources.add(path.clone(), text.clone());
        let (tree, diagnostics) = etiology::syntax::parse(id, &text);
        let joined: String = tree.pieces.iter().map(|piece| tree.text_of(piece)).collect();
        assert_eq!(joined, text);
        println!("{path}: {} declarations", tree.declarations().count());
        print!("{}", render(&diagnostics, &sources, Style::Graphical { colour: false }));
    }
}
