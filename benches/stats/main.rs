//! Statistics, each at the sizes that its peers are measured at: weights, association, densities,
//! positions, time. `cargo bench --bench stats -- knox` runs those whose name holds a word.

use criterion::criterion_main;
use wardheat::quantity::Metres;
use wardheat::units::{Grid, Locator};

use support::City;

mod association;
mod density;
mod gi_star;
mod points;
mod space_time;
#[path = "../support.rs"]
mod support;
mod weights;

criterion_main!(
    weights::benches,
    gi_star::benches,
    association::benches,
    density::benches,
    points::benches,
    space_time::benches
);

/// Squares of 100 m, and how many of a city's 500,000 incidents lie in each.
fn counted_cells(columns: usize, rows: usize) -> (Grid, Vec<f64>) {
    let grid =
        Grid::rectangle(Metres::new(100.0), (4_400, 5_100), (columns, rows)).expect("a sound grid");
    let city = City { side: columns as f64 * 100.0, seed: 7 };
    let incidents = city.incidents(500_000, &city.snap_points(50_000));
    let mut values = vec![0.0; grid.len()];
    for cell in Locator::Squares(grid.clone()).locate_all(&incidents).into_iter().flatten() {
        values[cell.index()] += 1.0;
    }
    (grid, values)
}
