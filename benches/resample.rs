//! Makes a workspace of resampled police.uk records, for measuring an import of any size:
//! `cargo run --release --example resample -- FOLDER ROWS`, then `wardheat --workspace FOLDER import`.

use std::path::PathBuf;

mod resampled;
#[expect(dead_code, reason = "only its wards are used here")]
mod support;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(Ok(rows))) =
        (arguments.next().map(PathBuf::from), arguments.next().map(|n| n.parse::<usize>()))
    else {
        eprintln!("resample FOLDER ROWS");
        std::process::exit(2);
    };
    let Some(pool) = resampled::Pool::read() else {
        eprintln!("there is no ../shared/data to draw from");
        std::process::exit(1);
    };
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let bytes = resampled::workspace(&pool, &folder, rows);
    println!("{rows} rows, {} MB in {}", bytes / 1_000_000, folder.display());
}
