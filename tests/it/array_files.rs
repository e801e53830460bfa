//! What numpy, torch and safetensors save gives the figures of the same rows in CSV; what is no column is
//! refused with what to save instead, and damage never stops the program.

use crate::bad_input::{codes, refuses};
use crate::pilot::{data, named, request, scored, table, value};
use crate::program::Folder;
use crate::table_formats::{csv, memory, same_figures, stored};
use etiology::diagnostic::Code;
use etiology::metrics::{MetricIndex, Options, evaluate};
use etiology::table::Precision;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// A column: its name, its type as numpy writes it, and its cells one after the other.
type Column = (String, String, Vec<u8>);

/// Packs files under names into a zip archive.
fn archive(files: &[(String, Vec<u8>)], method: zip::CompressionMethod, large: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method).large_file(large);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One array of numpy, given the parts of its header and its bytes.
fn npy(description: &str, first_closest: bool, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let truth = if first_closest { "True" } else { "False" };
    let header = format!("{{'descr': {description}, 'fortran_order': {truth}, 'shape': {shape}, }}");
    let filled = format!("{header:<width$}\n", width = (header.len() + 11).div_ceil(64) * 64 - 11);
    let length = u16::try_from(filled.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\0", length.as_slice(), filled.as_bytes(), bytes].concat()
}

fn numbers<const N: usize>(cells: &[f64], bytes: impl Fn(f64) -> [u8; N]) -> Vec<u8> {
    cells.iter().flat_map(|cell| bytes(*cell)).collect()
}

/// Returns a column of numbers where all cells are, and of texts of a fixed width elsewhere.
fn column(place: usize, name: &str, cells: &[&str]) -> Column {
    let all: Option<Vec<f64>> =
        cells.iter().map(|cell| if cell.is_empty() { Some(f64::NAN) } else { cell.parse().ok() }).collect();
    let (code, bytes) = match all {
        Some(all) if all.iter().all(|number| *number == 0.0 || *number == 1.0) => {
            ("|b1", numbers(&all, |cell| [u8::from(cell == 1.0)]))
        }
        Some(all) if place.is_multiple_of(2) => (">f8", numbers(&all, f64::to_be_bytes)),
        Some(all) => ("<f8", numbers(&all, f64::to_le_bytes)),
        None if place.is_multiple_of(2) => {
            let points = |cell: &&str| cell.chars().map(u32::from).chain([0; 3]).take(3).collect::<Vec<u32>>();
            (">U3", cells.iter().flat_map(points).flat_map(u32::to_be_bytes).collect())
        }
        None => ("|S2", cells.iter().flat_map(|cell| cell.bytes().chain([0; 2]).take(2)).collect()),
    };
    (name.to_owned(), code.to_owned(), bytes)
}

fn columns(header: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let cells = |place: usize| rows.iter().map(|row| row[place].as_str()).collect::<Vec<_>>();
    header.iter().enumerate().map(|(place, name)| column(place, name, &cells(place))).collect()
}

fn npz(header: &[String], rows: &[Vec<String>], method: zip::CompressionMethod, large: bool) -> Vec<u8> {
    let array = |(name, code, bytes): Column| {
        (format!("{name}.npy"), npy(&format!("'{code}'"), false, &format!("({},)", rows.len()), &bytes))
    };
    archive(&columns(header, rows).into_iter().map(array).collect::<Vec<_>>(), method, large)
}

/// One array whose entries have fields, with some bytes of filling.
fn fields(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let columns = columns(header, rows);
    let list: Vec<String> = columns.iter().map(|(name, code, _)| format!("('{name}', '{code}')")).collect();
    let entry = |row: usize| {
        let parts = columns.iter().flat_map(move |(_, _, bytes)| {
            let size = bytes.len() / rows.len();
            bytes[row * size..(row + 1) * size].iter().copied()
        });
        parts.chain([0xAA; 3])
    };
    let bytes: Vec<u8> = (0..rows.len()).flat_map(entry).collect();
    npy(&format!("[{}, ('', '|V3')]", list.join(", ")), false, &format!("({},)", rows.len()), &bytes)
}

/// The rows with each text replaced by a number, since tensors hold no texts.
fn coded(rows: &[Vec<String>]) -> Vec<Vec<f64>> {
    let code = |cell: &String| match cell.as_str() {
        "" => f64::NAN,
        cell => cell.parse().unwrap_or_else(|_| f64::from(cell.bytes().next().unwrap())),
    };
    rows.iter().map(|row| row.iter().map(code).collect()).collect()
}

fn coded_csv(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let text = |cell: &f64| if cell.is_nan() { String::new() } else { cell.to_string() };
    csv(header, &coded(rows).iter().map(|row| row.iter().map(text).collect()).collect::<Vec<_>>())
}

fn safetensors(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let (rows, size) = (coded(rows), 8 * rows.len());
    let tensor = |(place, name): (usize, &String)| {
        format!(
            "{name:?}:{{\"dtype\":\"F64\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
            rows.len(),
            place * size,
            (place + 1) * size
        )
    };
    let tensors: Vec<String> = header.iter().enumerate().map(tensor).collect();
    let header_text = format!("{{\"__metadata__\":{{\"format\":\"pt\"}},{}}}", tensors.join(","));
    let cells = (0..header.len()).flat_map(|place| rows.iter().map(move |row| row[place]));
    let bytes = cells.flat_map(f64::to_le_bytes);
    let length = (header_text.len() as u64).to_le_bytes();
    length.into_iter().chain(header_text.bytes()).chain(bytes).collect()
}

fn pickled_text(text: &str) -> Vec<u8> {
    [b"X", u32::try_from(text.len()).unwrap().to_le_bytes().as_slice(), text.as_bytes()].concat()
}

/// A column of one storage of rows, as protocol 2 describes it.
fn tensor(place: usize, rows: usize, columns: usize) -> Vec<u8> {
    let number = |number: usize| [b"J", i32::try_from(number).unwrap().to_le_bytes().as_slice()].concat();
    let parts: [&[u8]; 14] = [
        b"ctorch._utils\n_rebuild_tensor_v2\n((",
        &pickled_text("storage"),
        b"ctorch\nDoubleStorage\n",
        &pickled_text("0"),
        &pickled_text("cpu"),
        &number(rows * columns),
        b"tQ",
        &number(place),
        &number(rows),
        b"\x85",
        &number(columns),
        b"\x85",
        b"\x89ccollections\nOrderedDict\n)R",
        b"tR",
    ];
    parts.concat()
}

/// What `torch.save` makes of a pickle and the storage beside it.
fn saved(pickle: Vec<u8>, order: &str, cells: impl Iterator<Item = f64>) -> Vec<u8> {
    let bytes = cells.flat_map(|cell| if order == "big" { cell.to_be_bytes() } else { cell.to_le_bytes() }).collect();
    let files = [("data.pkl", pickle), ("byteorder", order.as_bytes().to_vec()), ("data/0", bytes)];
    let files = files.map(|(name, bytes)| (format!("pilot/{name}"), bytes));
    archive(&files, zip::CompressionMethod::Stored, false)
}

/// A dict of tensors, all of them columns of one storage of rows.
fn torch(header: &[String], rows: &[Vec<String>], order: &str) -> Vec<u8> {
    let named =
        header.iter().enumerate().map(|(place, name)| [pickled_text(name), tensor(place, rows.len(), header.len())]);
    let entries: Vec<u8> = named.flatten().flatten().collect();
    let pickle = [b"\x80\x02}q\0(".as_slice(), &entries, b"u."].concat();
    saved(pickle, order, coded(rows).into_iter().flatten())
}

#[test]
fn arrays_give_the_figures_of_the_same_rows_in_csv() {
    let text = stored("csv", |header, rows| memory(csv(header, rows)));
    for (what, method, large) in
        [("stored", zip::CompressionMethod::Stored, true), ("deflated", zip::CompressionMethod::Deflated, false)]
    {
        same_figures(what, &text, &stored("npz", |header, rows| memory(npz(header, rows, method, large))));
    }
    same_figures("fields", &text, &stored("npy", |header, rows| memory(fields(header, rows))));

    let coded = stored("csv", |header, rows| memory(coded_csv(header, rows)));
    same_figures("safetensors", &coded, &stored("safetensors", |header, rows| memory(safetensors(header, rows))));
    same_figures("torch", &coded, &stored("pt", |header, rows| memory(torch(header, rows, "little"))));
    same_figures("big", &coded, &stored("pth", |header, rows| memory(torch(header, rows, "big"))));
}

/// The same arrays, saved by the libraries themselves.
#[test]
fn what_the_libraries_saved_is_read_alike() {
    let mut pilot = scored();
    pilot.columns.label = Some(named("y_true"));
    pilot.columns.score = Some(named("y_prob_1"));
    pilot.columns.numeric = vec![named("age"), named("y_prob_0")];
    pilot.columns.categorical = vec![named("ward")];
    let wanted = [request("auroc", MetricIndex::Scalar, &[]), request("brier", MetricIndex::Scalar, &[])];
    let mut found = Vec::new();
    // The precision decides whether a file is read as a whole or in batches.
    let endings = ["npz", "npy", "safetensors", "pt"].into_iter();
    for (ending, precision) in
        endings.flat_map(|ending| [Precision::Exact, Precision::Approximate].map(|of| (ending, of)))
    {
        pilot.precision = precision;
        let file = format!("pilot.{ending}");
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(&file);
        pilot.deployment = table(&file);
        let tables = vec![data(&file, std::fs::read(path).unwrap())];
        let evaluation = evaluate(&pilot, tables, &wanted, &Options::default());
        let evaluation = evaluation.unwrap_or_else(|errors| panic!("{file}: {errors:#?}"));
        found.push((value(&evaluation, "auroc", None), value(&evaluation, "brier", None)));
    }
    assert!(found.iter().all(|other| *other == found[0]), "{found:?}");
    // What scikit-learn makes of the same file.
    assert!((found[0].0 - 0.8125).abs() < 1e-12, "{found:?}");
}

#[test]
fn two_axes_give_numbered_columns() {
    let cells: Vec<f64> = (0..72).map(f64::from).map(|cell| cell / 72.0).collect();
    let by_column: Vec<f64> = (0..72).map(|place| cells[place % 24 * 3 + place / 24]).collect();
    let bytes = |cells: &[f64]| numbers(cells, f64::to_le_bytes);
    let (by_row, by_column) = (bytes(&cells), bytes(&by_column));
    let one = npy("'<f8'", false, "(24, 3)", &by_row);
    let label = npy("'|i1'", false, "(24,)", &(0..24).map(|row| u8::from(row % 3 == 0)).collect::<Vec<_>>());
    let guess = |files: &[(&str, &[u8])], name: &str| Folder::with(files).run(&["metrics", "--guess", name]).stdout;
    let first = guess(&[("x.npy", &one)], "x.npy");
    assert!(["column_0", "column_1", "column_2"].iter().all(|name| first.contains(name)), "{first}");
    assert_eq!(guess(&[("x.npy", &npy("'<f8'", true, "(24, 3)", &by_column))], "x.npy"), first);
    let pair = [("y.npy".to_owned(), label), ("x.npy".to_owned(), one)];
    let both = guess(&[("x.npz", &archive(&pair, zip::CompressionMethod::Stored, false))], "x.npz");
    assert!(["y ", "x_0", "x_1", "x_2"].iter().all(|name| both.contains(name)), "{both}");
}

/// A deployment whose table is that file.
fn deployment(name: &str, bytes: &[u8]) -> Folder {
    let manifest =
        format!("deployment: {{id: here}}\ntables: {{deployment: {name}}}\ncolumns: {{label: y, score: s}}\n");
    Folder::with(&[("deployment.yaml", manifest.as_bytes()), (name, bytes)])
}

#[test]
fn what_is_no_column_is_refused_with_what_to_save() {
    let of = |description: &str, shape: &str, size: usize| npy(description, false, shape, &vec![0; size]);
    let arrays: [(&str, Code, Vec<u8>); 9] = [
        ("npy-axes", Code::D123, of("'<f8'", "(2, 3, 4)", 192)),
        ("npy-single", Code::D123, of("'<f8'", "()", 8)),
        ("npy-objects", Code::D123, of("'|O'", "(3,)", 24)),
        ("npy-dates", Code::D123, of("'<M8[D]'", "(3,)", 24)),
        ("npy-inner", Code::D123, of("[('y', '<f8', (2,))]", "(3,)", 48)),
        ("npy-short", Code::D102, of("'<f8'", "(3,)", 23)),
        ("npy-long", Code::D102, of("'<f8'", "(3,)", 25)),
        ("npy-vast", Code::D102, of("'<f8'", "(99999999999999, 99999999999999)", 8)),
        ("npy-header", Code::D102, of("__import__('os')", "(3,)", 24)),
    ];
    for (name, code, bytes) in arrays {
        refuses(name, code, &deployment("pilot.npy", &bytes));
    }
    let array = |name: &str, n: usize| (format!("{name}.npy"), of("'<f8'", &format!("({n},)"), 8 * n));
    let lengths = archive(&[array("y", 3), array("s", 4)], zip::CompressionMethod::Stored, false);
    refuses("npz-lengths", Code::D123, &deployment("pilot.npz", &lengths));
    refuses("npz-text", Code::D102, &deployment("pilot.npz", b"y,s\n1,0.5\n"));
    let bomb = archive(&[array("y", 8 << 20)], zip::CompressionMethod::Deflated, false);
    refuses("npz-bomb", Code::D102, &deployment("pilot.npz", &bomb));

    let pickle = |pickle: &[u8]| {
        let files = [("a/data.pkl".to_owned(), pickle.to_vec())];
        deployment("pilot.pt", &archive(&files, zip::CompressionMethod::Stored, false))
    };
    refuses("pt-number", Code::D123, &pickle(b"\x80\x02}q\0X\x05\0\0\0epochq\x01K\x03s."));
    // A call that would run a command if anything were carried out.
    let command = b"\x80\x02cposix\nsystem\nX\x0a\0\0\0touch here\x85R.";
    let folder = pickle(command);
    refuses("pt-command", Code::D123, &folder);
    assert!(!folder.path().join("here").exists());
    let deep = [b"\x80\x02N".to_vec(), vec![0x85; 1 << 20], b".".to_vec()].concat();
    assert_eq!(codes(&pickle(&deep).run(&["assess", "."]).stderr), ["D123"]);
    // Many names for one tensor.
    let again: Vec<u8> =
        (0..5000).flat_map(|place| [pickled_text(&format!("x_{place}")), b"h\0".to_vec()].concat()).collect();
    let shared = [b"\x80\x02}(", pickled_text("y").as_slice(), &tensor(0, 90, 1), b"q\0", &again, b"u."].concat();
    refuses("pt-shared", Code::D123, &deployment("pilot.pt", &saved(shared, "little", (0..90).map(f64::from))));
    refuses("pt-old", Code::D123, &deployment("pilot.pt", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."));
    let vast = [&u64::MAX.to_le_bytes()[..], b"{}"].concat();
    refuses("safetensors-vast", Code::D102, &deployment("pilot.safetensors", &vast));
}

/// Damage anywhere in a file may give an error or another table, and never a panic.
#[test]
fn arrays_with_damage_anywhere_do_not_panic() {
    let mut pilot = scored();
    pilot.columns.categorical = vec![named("g")];
    let wanted = [request("auroc", MetricIndex::Scalar, &[])];
    let header = ["y", "s", "g"].map(str::to_owned);
    let row = |row: u32| vec![(row % 2).to_string(), format!("0.{row}"), ["a", "b"][row as usize % 3 / 2].to_owned()];
    let rows: Vec<Vec<String>> = (10..34).map(row).collect();
    let stored = zip::CompressionMethod::Stored;
    let files = [
        ("d.npz", npz(&header, &rows, stored, true)),
        ("d.npz", npz(&header, &rows, zip::CompressionMethod::Deflated, false)),
        ("d.npy", fields(&header, &rows)),
        ("d.safetensors", safetensors(&header, &rows)),
        ("d.pt", torch(&header, &rows, "little")),
    ];
    let mut refused = 0;
    for (file, whole) in files {
        pilot.deployment = table(file);
        let read = |bytes: Vec<u8>| evaluate(&pilot, vec![data(file, bytes)], &wanted, &Options::default());
        read(whole.clone()).unwrap_or_else(|errors| panic!("{file}: {errors:#?}"));
        for place in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[place] ^= [0x01, 0x80, 0xFF][place % 3];
            refused += usize::from(read(damaged).is_err());
            assert!(read(whole[..place].to_vec()).is_err(), "{file} cut at {place}");
        }
    }
    assert!(refused > 300, "{refused} damaged files were refused");
}
