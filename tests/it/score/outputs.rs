//! What is written, and what other programs make of it; what an interrupt does.

use std::fmt::Write as _;

use crate::support::Workspace;

use super::{GI_STAR, workspace};

/// Runs a program if the machine has it; its absence is said.
fn tool(name: &str, arguments: &[&str], folder: &std::path::Path) -> Option<String> {
    let Ok(output) = std::process::Command::new(name).args(arguments).current_dir(folder).output()
    else {
        println!("skipped: {name} is not installed");
        return None;
    };
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_surface_is_a_geotiff_that_gdal_reads_in_place() {
    let workspace = Workspace::new();
    let text = "E,N\n444500,520500\n444900,520100\n444100,520900\n444100,520100\n";
    std::fs::write(workspace.path().join("points.csv"), text).unwrap();

    workspace.ok(&[
        "analyse",
        "kde",
        "points.csv",
        "--x",
        "E",
        "--y",
        "N",
        "--crs",
        "EPSG:27700",
        "--cell",
        "100",
        "--bandwidth",
        "300",
        "-o",
        "heat.tif",
    ]);

    let Some(said) = tool("gdalinfo", &["-json", "-stats", "heat.tif"], workspace.path()) else {
        return;
    };
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(said["coordinateSystem"]["wkt"].as_str().unwrap().contains("British National Grid"));
    let transform: Vec<f64> =
        said["geoTransform"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert_eq!((transform[1], transform[5]), (100.0, -100.0));
    assert!((transform[0] / 100.0).fract() == 0.0 && transform[0] < 444_000.0, "{transform:?}");
    let statistics = &said["bands"][0]["metadata"][""];
    let highest: f64 = statistics["STATISTICS_MAXIMUM"].as_str().unwrap().parse().unwrap();
    // One quartic hill of 300 m, 50 m off its centre both ways: 3 (1 - 5000/90000)² / (π 0.09 km²).
    let expected = 3.0 * (1.0_f64 - 5_000.0 / 90_000.0).powi(2) / (std::f64::consts::PI * 0.09);
    assert!((highest - expected).abs() < 1e-9, "{highest} for {expected}");
}

#[test]
fn what_the_extension_cannot_hold_is_said_with_those_that_can() {
    let workspace = workspace();

    let said = workspace.fails(&[&GI_STAR[..], &["-o", "out.tif"]].concat());

    assert!(said.contains("cannot be written as `.tif`"), "{said}");
    assert!(said.contains("geojson, gpkg, json"), "{said}");
}

#[test]
fn permuted_gi_star_goes_to_a_geopackage_that_gdal_reads() {
    let workspace = workspace();

    let request = "analyse gi-star areas.geojson --value n --weights queen --permutations 9999 \
                   -o out.gpkg";
    workspace.ok(&request.split_whitespace().collect::<Vec<_>>());

    let Some(said) = tool("ogrinfo", &["-al", "-q", "out.gpkg"], workspace.path()) else { return };
    let rows: Vec<&str> = said.split("OGRFeature(").skip(1).collect();
    assert_eq!(rows.len(), 36);
    let figure = |row: &str, name: &str| -> f64 {
        let line = row.lines().find(|line| line.trim().starts_with(&format!("{name} ("))).unwrap();
        line.rsplit(" = ").next().unwrap().parse().unwrap()
    };
    for (i, row) in rows.iter().enumerate() {
        // Pseudo p-values are whole multiples of one in 10,000, doubled and at most 1.
        let p = figure(row, "p") * 10_000.0;
        assert!((p - p.round()).abs() < 1e-6 && (1.999_999..=10_000.0).contains(&p), "{row}");
        // The inmost of the four has five low neighbours, too many at this rate of false discoveries.
        assert_eq!(row.contains("= hotspot"), matches!(i, 0 | 1 | 6), "{row}");
        assert_eq!(figure(row, "p") < 0.01, matches!(i, 0 | 1 | 6 | 7), "{row}");
    }
    assert!(rows[0].contains("444000 520000"), "{}", rows[0]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_a_long_statistic() {
    use std::process::{Command, Stdio};

    let workspace = Workspace::new();
    let mut dated = "x,y,day\n".to_owned();
    for i in 0..3_000_u32 {
        let (x, y) = (400_000 + i * 7_919 % 5_003, 300_000 + i * 104_729 % 4_999);
        writeln!(dated, "{x},{y},2024-{:02}-{:02}", 1 + i % 12, 1 + i % 28).unwrap();
    }
    std::fs::write(workspace.path().join("dated.csv"), dated).unwrap();
    // Four and a half million pairs a million times over: days, on any computer.
    let mut running = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(workspace.path())
        .args(["analyse", "mantel", "dated.csv", "--x", "x", "--y", "y", "--time", "day"])
        .args(["--crs", "EPSG:27700", "--permutations", "999999"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    listens(running.id());
    assert!(running.try_wait().unwrap().is_none(), "it ended before it was told to");

    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = running.wait().unwrap();

    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(ended.code(), Some(130), "{ended:?} {said}");
    assert!(said.contains("it was stopped before it was done"), "{said}");
}

/// Waits until a process hears an interrupt, which Linux says in its status: one that comes before
/// would end it unheard.
#[cfg(unix)]
fn listens(process: u32) {
    let status = format!("/proc/{process}/status");
    let hears = |status: String| {
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        Some(u64::from_str_radix(caught.trim(), 16).ok()? & 2 != 0)
    };
    for _ in 0..600 {
        match std::fs::read_to_string(&status).ok().and_then(hears) {
            Some(false) => std::thread::sleep(std::time::Duration::from_millis(50)),
            Some(true) | None => return,
        }
    }
}
