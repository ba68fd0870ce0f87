//! Statistics, each at the sizes that its peers are measured at: weights, association, densities,
//! positions, time. `cargo bench --bench stats -- knox` runs those whose name holds a word.

use criterion::criterion_main;

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
