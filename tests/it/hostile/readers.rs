//! What reads a changed file: every cell and corner of it, and then the file as what it may be about.

use std::hint::black_box;
use std::path::Path;

use wardheat::hint::Hint;
use wardheat::pipeline::{CheckRequest, Unwatched, check_file};
use wardheat::read::{
    Layouts, LoadedFile, ReadError, ValueSpec, archive, format, guess, read_areas, read_population,
    read_snap_points, read_streets, read_values, study_area,
};
use wardheat::store;
use wardheat::workspace::{
    AreaFile, Config, Crs, DESCRIPTION, DateForm, KEY_FILE, PopulationFile, SnapPointFile,
    StreetFile, Workspace,
};

use super::targets::{NAMES, Refusal, keys, unbundle};

pub fn refused(error: &ReadError) -> Refusal {
    let mut message = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        message = format!("{message}: {source}");
    }
    Refusal { message, hint: error.hint() }
}

pub fn from_memory<const NAME: usize>(_: &Path, bytes: &[u8], way: usize) -> Result<(), Refusal> {
    let file = LoadedFile::from_bytes(NAMES[NAME], bytes);
    each_subject(&file, way).map_err(|error| refused(&error))
}

pub fn from_disk<const NAME: usize>(
    folder: &Path,
    bytes: &[u8],
    way: usize,
) -> Result<(), Refusal> {
    let path = folder.join(NAMES[NAME]);
    std::fs::write(&path, bytes).unwrap();
    every_member(&path, way).map_err(|error| refused(&error))
}

pub fn every_member(path: &Path, way: usize) -> Result<(), ReadError> {
    let Some(found) = archive(path)? else {
        return each_subject(&LoadedFile::open(path)?, way);
    };
    found.files.iter().try_for_each(|member| each_subject(&LoadedFile::open(member)?, way))
}

/// The whole of cleaning: with boundaries or without, by the layout that fits or by any at all.
pub fn cleaned(folder: &Path, bytes: &[u8], way: usize) -> Result<(), Refusal> {
    let path = folder.join(NAMES[0]);
    std::fs::write(&path, bytes).unwrap();
    std::fs::write(folder.join(KEY_FILE), keys().remove(0)).unwrap();
    let wards = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/geojson/wards.geojson");
    let areas = AreaFile {
        kind: "ward".into(),
        file: wards.to_string_lossy().into_owned(),
        code: "WD24CD".into(),
        name: "WD24NM".into(),
        edition: "2024".into(),
        crs: None,
    };
    let config = Config { name: "Test".into(), areas: vec![areas], ..Config::default() };
    let workspace = Workspace { dir: folder.to_owned(), config };
    let profiles: Vec<&str> = Layouts::known().profiles().map(|p| p.id.as_str()).collect();
    let profile = (way % 4 == 3).then(|| profiles[way / 8 % profiles.len()].to_owned());
    let date = (way % 4 > 1).then_some(DateForm::DayMonthYear);
    let file = path.to_string_lossy().into_owned();
    let request = CheckRequest { file, profile, date, today: jiff::civil::date(2026, 6, 1) };
    let workspace = way.is_multiple_of(2).then_some(&workspace);
    let checked = check_file(&request, workspace, &folder.join("scratch"), &Unwatched);
    let Err(error) = checked else { return Ok(()) };
    let hint = error.downcast_ref::<Hint>().map(ToString::to_string);
    Err(Refusal { message: format!("{error:#}"), hint })
}

pub fn shapefile(folder: &Path, bytes: &[u8], way: usize) -> Result<(), Refusal> {
    for (name, part) in unbundle(bytes) {
        let ending = name.rsplit('.').next().unwrap();
        std::fs::write(folder.join(format!("hostile.{ending}")), part).unwrap();
    }
    every_member(&folder.join("hostile.shp"), way).map_err(|error| refused(&error))
}

/// Every cell and corner, and then the file as one of the subjects it may be about.
pub fn each_subject(file: &LoadedFile, way: usize) -> Result<(), ReadError> {
    let table = format::open(file)?;
    let mut seen = 0;
    table.rows.each(&mut |row| {
        seen += (0..row.len()).map(|column| row.get(column).len()).sum::<usize>();
        seen += usize::from(row.geometry.is_some()) + row.text().len();
    })?;
    black_box(seen);
    let column = |i: usize| table.columns.get(i).cloned().unwrap_or_else(|| "code".to_owned());
    let named = |name: &str, i| table.column(name).map_or_else(|| column(i), |_| name.to_owned());
    match way % 5 {
        0 => {
            let spec = AreaFile {
                kind: "ward".into(),
                file: String::new(),
                code: named("code", 0),
                name: named("name", 1),
                edition: String::new(),
                crs: None,
            };
            black_box(study_area(&read_areas(file, &spec)?));
        }
        1 => {
            let value = Some(named("n", 2)).filter(|name| table.column(name).is_some());
            black_box(read_values(file, &ValueSpec { value, ..ValueSpec::default() })?);
        }
        2 => {
            let spec = PopulationFile {
                kind: "ward".into(),
                file: String::new(),
                code: column(0),
                residents: Some(column(1)),
                households: Some(column(2)),
                workday: None,
            };
            black_box(read_population(file, &spec)?);
            let (x, y) = (column(1), column(2));
            let spec = SnapPointFile { file: String::new(), x, y, crs: Crs::Bng };
            black_box(read_snap_points(file, &spec)?);
        }
        3 => {
            let spec = StreetFile { file: String::new(), name: Some(column(0)), crs: None };
            black_box(read_streets(file, &spec)?);
        }
        _ => {
            black_box(guess::guess_incidents(&table, Layouts::known())?);
            black_box(guess::guess_areas(file, None, Layouts::known())?);
        }
    }
    Ok(())
}

pub fn wkt(_: &Path, bytes: &[u8], _: usize) -> Result<(), Refusal> {
    let known = Crs::from_name(&String::from_utf8_lossy(bytes));
    known.map(drop).ok_or(Refusal { message: String::new(), hint: None })
}

pub fn description(folder: &Path, bytes: &[u8], _: usize) -> Result<(), Refusal> {
    std::fs::write(folder.join(DESCRIPTION), bytes).unwrap();
    let refused = |error: wardheat::workspace::WorkspaceError| Refusal {
        message: error.to_string(),
        hint: Some(error.hint()),
    };
    let workspace = Workspace::load(folder).map_err(refused)?;
    let _: &Config = black_box(&workspace.config);
    Ok(())
}

pub fn mapping(folder: &Path, bytes: &[u8], _: usize) -> Result<(), Refusal> {
    std::fs::create_dir(folder.join("mapping")).unwrap();
    std::fs::write(folder.join("mapping/hostile.toml"), bytes).unwrap();
    let layouts = Layouts::of(folder).map_err(|error| refused(&error))?;
    let headers: Vec<String> =
        layouts.profiles().flat_map(|one| one.columns.values().flatten().cloned()).collect();
    black_box(layouts.recognise(&headers));
    Ok(())
}

pub fn key(folder: &Path, bytes: &[u8], _: usize) -> Result<(), Refusal> {
    std::fs::write(folder.join(KEY_FILE), bytes).unwrap();
    let config = Config::parse(super::samples::DESCRIPTION).unwrap();
    let workspace = Workspace { dir: folder.to_owned(), config };
    let refused = |error: wardheat::workspace::WorkspaceError| Refusal {
        message: error.to_string(),
        hint: Some(error.hint()),
    };
    workspace.key().map(drop).map_err(refused)
}

/// A store with a changed file; half the time with checksums that vouch for it.
pub fn stored(folder: &Path, bytes: &[u8], way: usize) -> Result<(), Refusal> {
    let store = folder.join("store");
    let mut parts = unbundle(bytes);
    if way.is_multiple_of(2) {
        super::samples::vouch(&mut parts);
    }
    for (name, part) in &parts {
        let path = store.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, part).unwrap();
    }
    let refused = |error: store::StoreError| Refusal {
        message: error.to_string(),
        hint: error.hint().map(str::to_owned),
    };
    black_box(store::open(&store).map_err(refused)?);
    Ok(())
}
