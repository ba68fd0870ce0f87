//! Densities and the grids they are taken on.

use serde_json::Value;
use wardheat::aggregate::count_by_unit;
use wardheat::crs::Bng;
use wardheat::quantity::Metres;
use wardheat::stats::{
    Bandwidths, Comparison, Kernel, Layout, Star, Weighting, dual, kde, local_g, normal_reference,
    scott, sfhotspot_cell, two_sided_p,
};
use wardheat::units::{Grid, Locator, UnitIdx};
use wardheat::weights::{Contiguity, cell_contiguity, distance_band};

use super::{Check, Expected, Golden, numbers, positions, some};

pub(super) const METHODS: &[(&str, Check)] =
    &[("kde", density), ("dual-kde", two_densities), ("sfhotspot-gistar-kde", sfhotspot)];

/// The raster whose centres the file lists, row by row from the south-west.
fn layout(golden: &Golden, cell: f64) -> Result<(Layout, Vec<usize>), String> {
    let (x, y) = (numbers(golden.input("grid_x"))?, numbers(golden.input("grid_y"))?);
    let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
    let (west, south) = (least(&x), least(&y));
    let steps = |v: f64, from: f64| ((v - from) / cell).round();
    let most = |v: &[f64], from| v.iter().map(|&v| steps(v, from) as usize).max().unwrap_or(0);
    let layout = Layout {
        origin: Bng::new(west - cell / 2.0, south - cell / 2.0),
        cell: Metres::new(cell),
        n_columns: most(&x, west) + 1,
        n_rows: most(&y, south) + 1,
    };
    let index = |(&x, &y): (&f64, &f64)| {
        let (column, row) = (steps(x, west), steps(y, south));
        let off = (west + column * cell - x).abs().max((south + row * cell - y).abs());
        let place = row as usize * layout.n_columns + column as usize;
        if off < 1e-6 { Ok(place) } else { Err(format!("{x}, {y} is no centre of the raster")) }
    };
    let places = x.iter().zip(&y).map(index).collect::<Result<_, _>>()?;
    Ok((layout, places))
}

fn density(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let points = positions(golden)?;
    let h = golden.param("bandwidth_h").as_f64().ok_or("no bandwidth")?;
    let cell = golden.param("cell_size").as_f64().ok_or("no cell size")?;
    let (layout, places) = layout(golden, cell)?;
    // The cells are those listed: the window they were made from adds nothing.
    golden.input("window");
    let weights = match (golden.input("w"), golden.input("weights")) {
        (Value::Null, Value::Null) => None,
        (Value::Null, given) | (given, _) => Some(numbers(given)?),
    };
    // A file with densities of both kinds weighs those alone that say so.
    let all = golden.result("quartic_weighted_density").is_null();
    for (key, kernel, scaled) in [
        ("quartic_density", Kernel::Quartic, true),
        ("quartic_unscaled", Kernel::Quartic, false),
        ("quartic_weighted_density", Kernel::Quartic, true),
        ("quartic_weighted_unscaled", Kernel::Quartic, false),
        ("gaussian_weighted_density_sigma_h", Kernel::Gaussian, true),
        ("epanechnikov_density", Kernel::Epanechnikov, true),
        ("triangular_density", Kernel::Triangular, true),
        ("triweight_density", Kernel::Triweight, true),
        ("uniform_density", Kernel::Uniform, true),
        ("gaussian_density_sigma_h", Kernel::Gaussian, true),
    ] {
        let h = Metres::new(h);
        let weights = weights.as_deref().filter(|_| all || key.contains("weighted"));
        let surface = kde(&points, weights, kernel, h, layout).map_err(|e| e.to_string())?;
        let scale = if scaled { 1.0 } else { 1.0 / kernel.peak(h) };
        let ours = places.iter().map(|&i| Some(surface.values[i] * scale)).collect::<Vec<_>>();
        expected.list(key, &ours)?;
    }
    // What sfhotspot returns (the rule for one axis) is in the file too, and is not ours.
    let nrd = normal_reference(&points);
    expected.one("bandwidth_nrd_x", nrd.map(|b| b.easting))?;
    expected.one("bandwidth_nrd_y", nrd.map(|b| b.northing))?;
    expected.one("bandwidth_nrd_mean", nrd.map(Bandwidths::mean))?;
    let scott = scott(&points);
    expected.list("bw_scott", &[scott.map(|b| b.easting), scott.map(|b| b.northing)])
}

/// The kernel that the file names in words, quartic where it names none.
fn kernel(golden: &Golden) -> Result<Kernel, String> {
    let Some(words) = golden.param("kernel").as_str() else { return Ok(Kernel::Quartic) };
    let named = Kernel::ALL.into_iter().find(|kernel| words.contains(kernel.id()));
    named.ok_or_else(|| format!("no kernel in `{words}`"))
}

/// Bandwidth of each of two surfaces: one number for both, or one each.
fn bandwidths(golden: &Golden) -> Result<[Metres; 2], String> {
    let two = |value: &Value| match value {
        Value::Array(two) if two.len() == 2 => Some([two[0].as_f64()?, two[1].as_f64()?]),
        one => one.as_f64().map(|h| [h, h]),
    };
    let given = two(golden.param("bandwidth")).ok_or("no bandwidth")?;
    let adjust = match golden.param("bandwidth_adjust") {
        Value::Null => [1.0, 1.0],
        factors => two(factors).ok_or("bandwidth_adjust is no number")?,
    };
    Ok([Metres::new(given[0] * adjust[0]), Metres::new(given[1] * adjust[1])])
}

/// Two sets of points on one grid, compared as sums of unscaled kernels.
fn two_densities(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let of_grid = |key: &str| golden.input("grid")[key].as_f64().ok_or(format!("no {key}"));
    let layout = Layout {
        origin: Bng::new(of_grid("xmin")?, of_grid("ymin")?),
        cell: Metres::new(of_grid("cell_size")?),
        n_columns: of_grid("nx")? as usize,
        n_rows: of_grid("ny")? as usize,
    };
    let [first, second] = bandwidths(golden)?;
    let kernel = kernel(golden)?;
    let surface = |x: &str, y: &str, weights: &str, h: Metres| {
        let (x, y) = (numbers(golden.input(x))?, numbers(golden.input(y))?);
        let weights = match golden.input(weights) {
            Value::Null => None,
            given => Some(numbers(given)?),
        };
        let points: Vec<Bng> = x.into_iter().zip(y).map(|(x, y)| Bng::new(x, y)).collect();
        let mut surface =
            kde(&points, weights.as_deref(), kernel, h, layout).map_err(|e| e.to_string())?;
        surface.values.iter_mut().for_each(|value| *value /= kernel.peak(h));
        Ok::<_, String>(surface)
    };
    let (first, second) = (surface("ax", "ay", "aw", first)?, surface("bx", "by", "bw", second)?);
    for (key, comparison) in [
        ("ratio", Comparison::Ratio),
        ("log_ratio", Comparison::LogRatio),
        ("diff", Comparison::Difference),
        ("sum", Comparison::Sum),
    ] {
        let ours = dual(&first, &second, comparison).map_err(|e| e.to_string())?;
        expected.list(key, &ours)?;
    }
    Ok(())
}

/// Counts, density and Gi* of one grid.
fn sfhotspot(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let of_grid = |key: &str| golden.input("grid")[key].as_f64().ok_or(format!("no {key}"));
    let cell = of_grid("cell_size")?;
    // Ours stand on multiples of the cell size: the file's grid is moved there with its points.
    let (moved_east, moved_north) =
        (of_grid("xmin")?.rem_euclid(cell), of_grid("ymin")?.rem_euclid(cell));
    let (west, south) = (of_grid("xmin")? - moved_east, of_grid("ymin")? - moved_north);
    let (n_columns, n_rows) = (of_grid("nx")? as usize, of_grid("ny")? as usize);
    let first = ((west / cell).round() as i64, (south / cell).round() as i64);
    let grid = Grid::rectangle(Metres::new(cell), first, (n_columns, n_rows))
        .map_err(|e| e.to_string())?;
    if grid.origin() != Bng::new(west, south) {
        return Err("the grid does not stand on multiples of its cell size".into());
    }
    let centres: Vec<Bng> = (0..grid.len()).map(|i| grid.centre(UnitIdx::new(i))).collect();
    let near = cell_contiguity(&grid, Contiguity::Queen);
    if Ok(&near) != distance_band(&centres, Metres::new(cell * 2.0_f64.sqrt())).as_ref() {
        return Err("queen neighbours are not those within the diagonal of a cell".into());
    }

    let points: Vec<Bng> = positions(golden)?
        .iter()
        .map(|at| Bng::new(at.easting() - moved_east, at.northing() - moved_north))
        .collect();
    let units = Locator::Squares(grid).locate_all(&points);
    golden.words("nb_dist", &["cell_size*sqrt(2) between centroids (queen)"])?;
    golden.words("weights", &["binary"])?;
    golden.words("p_adjust", &["none"])?;
    let star = match golden.param("include_self").as_bool() {
        Some(false) => Star::ExcludesSelf,
        _ => Star::IncludesSelf,
    };
    let boundary = golden.param("boundary").as_str().unwrap_or_default();
    let dates = golden.input("date").as_array().ok_or("no dates")?;
    let after = |date: &Value| usize::from(date.as_str().unwrap_or_default() >= boundary);
    let periods: Vec<usize> = dates.iter().map(after).collect();
    let counted = count_by_unit(&units, &periods, centres.len(), 2).map_err(|e| e.to_string())?;
    let by_unit: Vec<f64> = counted.by_unit().into_iter().map(|n| n as f64).collect();
    let in_period = |period: usize| {
        let at = |i| Some(f64::from(counted.at(UnitIdx::new(i), period)));
        (0..centres.len()).map(at).collect::<Vec<_>>()
    };
    expected.list("count", &some(by_unit.clone()))?;
    expected.list("n_before", &in_period(0))?;
    expected.list("n_after", &in_period(1))?;

    let h = Metres::new(golden.param("bandwidth").as_f64().ok_or("no bandwidth")?);
    let layout =
        Layout { origin: Bng::new(west, south), cell: Metres::new(cell), n_columns, n_rows };
    let surface = kde(&points, None, Kernel::Quartic, h, layout).map_err(|e| e.to_string())?;
    let peak = Kernel::Quartic.peak(h);
    let unscaled: Vec<_> = surface.values.iter().map(|v| Some(v / peak)).collect();
    expected.list("kde_unscaled_quartic", &unscaled)?;

    let z = local_g(&by_unit, &near.into(), star, Weighting::Plain).map_err(|e| e.to_string())?;
    let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
    expected.list("gistar_z", &z)?;
    expected.list("p_two_sided", &p)?;
    expected.one("auto_cell_size", sfhotspot_cell(&points).map(Metres::get))?;
    let nrd = normal_reference(&points);
    expected.list("bandwidth_nrd_xy", &[nrd.map(|b| b.easting), nrd.map(|b| b.northing)])
}
