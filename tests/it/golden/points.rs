//! Point patterns and clusters of points.

use geo::{MultiPolygon, Rect, coord};
use serde_json::Value;
use wardheat::geometry::Shape;
use wardheat::quantity::{Metres, SquareMetres};
use wardheat::stats::{
    ClusterSelection, HdbscanSettings, RipleyEdge, StudyWindow, centrography, dbscan, hdbscan,
    l_from_k, nearest_neighbour, ripley_k,
};

use super::{Check, Expected, Golden, numbers, positions, some};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("nni", nearest),
    ("ripley-k", ripley),
    ("centrography", centres),
    ("dbscan", dbscan_labels),
    ("hdbscan", hdbscan_labels),
];

/// The rectangle that the file states.
fn window(golden: &Golden) -> Result<StudyWindow, String> {
    let edge = |key: &str| golden.input("window")[key].as_f64().ok_or(format!("no {key}"));
    let (min, max) = (
        coord! { x: edge("xmin")?, y: edge("ymin")? },
        coord! { x: edge("xmax")?, y: edge("ymax")? },
    );
    let rect = MultiPolygon::new(vec![Rect::new(min, max).to_polygon()]);
    StudyWindow::new(&Shape::new(rect)).map_err(|e| e.to_string())
}

fn nearest(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let points = positions(golden)?;
    let has_window = !golden.input("window").is_null();
    let window = has_window.then(|| window(golden)).transpose()?;
    let stated = golden.param("area").as_f64().map(SquareMetres::new);
    let area = stated.or(window.as_ref().map(StudyWindow::area)).ok_or("no area")?;
    let perimeter = window.map(|window| window.perimeter());

    let found = nearest_neighbour(&points, area, perimeter).map_err(|e| e.to_string())?;

    let away = found.mean.get() - found.plain.expected.get();
    expected.one("n", Some(found.n as f64))?;
    expected.one("mean_nnd", Some(found.mean.get()))?;
    expected.one("expected_nnd_naive", Some(found.plain.expected.get()))?;
    expected.one("R_naive", Some(found.plain.index))?;
    expected.one("R_donnelly", found.donnelly.map(|edge| edge.index))?;
    expected.one("z_crimestat", Some(away / found.standard_error_cut.get()))?;
    expected.one("z_exact_se", Some(found.plain.z))?;
    expected.one("p_two_sided_spatstat_naive", Some(found.plain.p))?;
    expected.one("p_clustered_spatstat_naive", Some(found.plain.p_clustered))
}

fn ripley(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let points = positions(golden)?;
    let window = window(golden)?;
    let radii: Vec<Metres> = numbers(golden.param("r"))?.into_iter().map(Metres::new).collect();
    let k = expected.within(golden.result("K"));
    k.list("r", &radii.iter().map(|r| Some(r.get())).collect::<Vec<_>>())?;
    let theory = |r: &Metres| Some(std::f64::consts::PI * r.get().powi(2));
    k.list("theo", &radii.iter().map(theory).collect::<Vec<_>>())?;
    for (key, edge) in [
        ("none", RipleyEdge::None),
        ("border", RipleyEdge::Border),
        ("isotropic", RipleyEdge::Isotropic),
        ("translate", RipleyEdge::Translation),
    ] {
        let found = ripley_k(&points, &window, &radii, edge).map_err(|e| e.to_string())?;
        k.list(key, &found)?;
        let l: Vec<_> = found.into_iter().map(|k| k.map(l_from_k)).collect();
        expected.list(&format!("L_{key}"), &l)?;
    }
    Ok(())
}

/// Axes of the ellipse are compared whichever is longer, and their direction to a quarter turn, as
/// the file's notes say.
fn centres(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let points = positions(golden)?;
    let weights = match golden.input("weights") {
        Value::Null => None,
        given => Some(numbers(given)?),
    };
    let found = centrography(&points, weights.as_deref()).map_err(|e| e.to_string())?;
    let pair = |p: wardheat::crs::Bng| some(vec![p.easting(), p.northing()]);
    expected.list("mean_center", &pair(found.mean_centre))?;
    expected.list("weighted_mean_center", &pair(found.mean_centre))?;
    let rel = golden.tolerance("euclidean_median_rel").unwrap_or(expected.rel);
    let median = Expected::at(golden, expected.abs, rel);
    median.list("euclidean_median", &pair(found.median_centre))?;
    expected.one("std_distance", Some(found.standard_distance.get()))?;
    let theirs = golden.result("ellipse");
    if theirs.is_null() {
        return Ok(());
    }
    let axis = |key: &str| {
        golden.met(&theirs[key]);
        theirs[key].as_f64().ok_or(format!("no {key}"))
    };
    let (sx, sy) = (axis("sx")?, axis("sy")?);
    let ours = found.ellipse.ok_or("no ellipse")?;
    let number = |what: &str, ours: f64, theirs: f64| {
        expected.number(what, Some(ours), &Value::from(theirs))
    };
    number("longer axis", ours.major.get(), sx.max(sy))?;
    number("shorter axis", ours.minor.get(), sx.min(sy))?;
    // Anticlockwise from east, as the file has it; ours is clockwise from north.
    let quarter = std::f64::consts::FRAC_PI_2;
    let off = (quarter - ours.bearing.to_radians() - axis("theta_rad")?).rem_euclid(quarter);
    number("direction", off.min(quarter - off), 0.0)
}

fn labels(value: &Value) -> Result<Vec<i64>, String> {
    let list = value.as_array().ok_or("no labels")?;
    list.iter().map(|label| label.as_i64().ok_or_else(|| format!("{label} is no label"))).collect()
}

/// Our labels renumbered by first appearance, -1 for none.
fn by_appearance(labels: &[Option<u32>]) -> Vec<i64> {
    let mut seen: Vec<u32> = Vec::new();
    let number = |label: &Option<u32>| {
        let Some(label) = label else { return -1 };
        let place = seen.iter().position(|known| known == label).unwrap_or_else(|| {
            seen.push(*label);
            seen.len() - 1
        });
        place as i64
    };
    labels.iter().map(number).collect()
}

/// Every label is compared, but that of a point which the file says may be in several clusters.
fn dbscan_labels(golden: &Golden) -> Result<(), String> {
    let points = positions(golden)?;
    let mut eps = golden.param("eps").as_f64().ok_or("no eps")?;
    let mut least = golden.param("min_samples").as_u64().ok_or("no min_samples")? as usize;
    if *golden.param("closed") == false {
        eps = eps.next_down();
    }
    // Ours counts the point itself.
    least += usize::from(*golden.param("include_self") == false);
    let theirs = labels(golden.result("labels"))?;
    let core = golden.result("core").as_array().ok_or("no core")?;
    let ambiguous = labels(golden.result("ambiguous_border")).unwrap_or_default();

    for key in ["labels", "core", "ambiguous_border", "n_clusters", "n_noise"] {
        golden.met(golden.result(key));
    }
    let found = dbscan(&points, Metres::new(eps), least).map_err(|e| e.to_string())?;

    let ours = by_appearance(&found.labels);
    if ours.len() != theirs.len() {
        return Err(format!("ours has {} labels, theirs {}", ours.len(), theirs.len()));
    }
    let sure = |i: &usize| !ambiguous.contains(&(*i as i64));
    // Relabelled without the points that are not sure.
    let (mut there, mut back) =
        (std::collections::HashMap::new(), std::collections::HashMap::new());
    for i in (0..ours.len()).filter(sure) {
        let same = *there.entry(ours[i]).or_insert(theirs[i]) == theirs[i]
            && *back.entry(theirs[i]).or_insert(ours[i]) == ours[i]
            && (ours[i] < 0) == (theirs[i] < 0);
        if !same {
            return Err(format!("point {i}: ours {}, theirs {}", ours[i], theirs[i]));
        }
    }
    for (i, core) in core.iter().enumerate() {
        if core.as_bool() != Some(found.core[i]) {
            return Err(format!("point {i}: core {}, theirs {core}", found.core[i]));
        }
    }
    let n_noise = found.labels.iter().filter(|label| label.is_none()).count();
    for (key, ours) in [("n_clusters", found.n_clusters), ("n_noise", n_noise)] {
        let theirs = golden.result(key).as_u64();
        if theirs.is_some_and(|theirs| theirs != ours as u64) {
            return Err(format!("{key}: ours {ours}, theirs {theirs:?}"));
        }
    }
    Ok(())
}

/// The adjusted Rand index of two partitions: 1 where they are the same, 0 by chance.
fn adjusted_rand(a: &[i64], b: &[i64]) -> f64 {
    let mut together = std::collections::HashMap::<(i64, i64), f64>::new();
    let (mut rows, mut columns) = (together.clone(), together.clone());
    for (&a, &b) in a.iter().zip(b) {
        *together.entry((a, b)).or_default() += 1.0;
        *rows.entry((a, 0)).or_default() += 1.0;
        *columns.entry((b, 0)).or_default() += 1.0;
    }
    let pairs = |counts: &std::collections::HashMap<(i64, i64), f64>| {
        counts.values().map(|n| n * (n - 1.0) / 2.0).sum::<f64>()
    };
    let n = a.len() as f64;
    let expected = pairs(&rows) * pairs(&columns) / (n * (n - 1.0) / 2.0);
    let most = f64::midpoint(pairs(&rows), pairs(&columns));
    // One cluster in both: nothing to disagree on.
    if most <= expected { 1.0 } else { (pairs(&together) - expected) / (most - expected) }
}

/// The labels of either peer, at the agreement that the file states.
fn hdbscan_labels(golden: &Golden) -> Result<(), String> {
    let points = positions(golden)?;
    let param = |key: &str| golden.param(key).as_u64().ok_or(format!("no {key}"));
    let (least, near) = (param("min_cluster_size")? as usize, param("min_samples")? as usize);
    // Where a file states no tolerance, labels are exact.
    let wanted = golden.tolerance("ari_min").unwrap_or(1.0);
    let selection = match golden.param("cluster_selection").as_str() {
        None | Some("eom") => ClusterSelection::ExcessOfMass,
        Some("leaf") => ClusterSelection::Leaf,
        Some(other) => return Err(format!("no cluster selection `{other}`")),
    };

    let settings = HdbscanSettings {
        least,
        near,
        alpha: golden.param("alpha").as_f64().unwrap_or(1.0),
        selection,
        apart: Metres::new(golden.param("cluster_selection_epsilon").as_f64().unwrap_or(0.0)),
        may_be_one: golden.param("allow_single_cluster").as_bool().unwrap_or(false),
        most: golden.param("max_cluster_size").as_u64().map(|most| most as usize),
    };

    let found = hdbscan(&points, &settings).map_err(|e| e.to_string())?;

    let ours = by_appearance(&found.labels);
    let best = ["labels_sklearn", "labels_hdbscan_pkg"]
        .iter()
        .map(|key| golden.result(key))
        .filter(|labels| !labels.is_null())
        .map(|theirs| labels(theirs).map(|theirs| adjusted_rand(&ours, &theirs)))
        .try_fold(f64::NEG_INFINITY, |best, rand| rand.map(|rand| best.max(rand)))?;
    println!("  hdbscan {}: agreement {best:.4}, wanted {wanted}", golden.file["case"]);
    if best >= wanted { Ok(()) } else { Err(format!("agreement {best}, wanted {wanted}")) }
}
