use approx::assert_relative_eq;
use proptest::prelude::*;

use super::*;

fn layout(n_columns: usize, n_rows: usize, cell: f64) -> Layout {
    Layout { origin: Bng::new(0.0, 0.0), cell: Metres::new(cell), n_columns, n_rows }
}

/// The definition, point by point and cell by cell.
fn by_definition(
    points: &[Bng],
    weights: &[f64],
    kernel: Kernel,
    h: f64,
    layout: Layout,
) -> Vec<f64> {
    let surface = layout.surface(vec![]);
    let value = |i: usize| {
        let centre = surface.centre(i % layout.n_columns, i / layout.n_columns);
        let add = |(point, weight): (&Bng, &f64)| {
            let u = centre.distance(*point) / h;
            let inside = f64::from(u8::from(u < 1.0));
            let circle = std::f64::consts::PI * h * h;
            weight
                * match kernel {
                    Kernel::Quartic => inside * 3.0 / circle * (1.0 - u * u).powi(2),
                    Kernel::Triweight => inside * 4.0 / circle * (1.0 - u * u).powi(3),
                    Kernel::Epanechnikov => inside * 2.0 / circle * (1.0 - u * u),
                    Kernel::Triangular => inside * 3.0 / circle * (1.0 - u),
                    Kernel::Uniform => inside / circle,
                    Kernel::Gaussian => 0.5 / circle * (-0.5 * u * u).exp(),
                }
        };
        points.iter().zip(weights).map(add).sum()
    };
    (0..layout.n_columns * layout.n_rows).map(value).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Points inside, beyond and on the edge of the raster; bandwidths of one cell and of many.
    #[test]
    fn scattering_gives_the_definition(
        points in prop::collection::vec((-300.0_f64..900.0, -300.0_f64..700.0, 0.0_f64..3.0), 0..40),
        h in 50.0_f64..400.0,
        n_columns in 1_usize..14,
        n_rows in 1_usize..20,
    ) {
        let layout = layout(n_columns, n_rows, 50.0);
        let at: Vec<_> = points.iter().map(|p| Bng::new(p.0, p.1)).collect();
        let weights: Vec<_> = points.iter().map(|p| p.2).collect();
        for kernel in Kernel::ALL {
            let ours = kde(&at, Some(&weights), kernel, Metres::new(h), layout).unwrap();
            let theirs = by_definition(&at, &weights, kernel, h, layout);
            for (a, b) in ours.values.iter().zip(theirs) {
                prop_assert!((a - b).abs() <= 1e-18 + 1e-9 * b, "{kernel:?}: {a} and {b}");
            }
        }
    }
}

#[test]
fn every_kernel_has_a_volume_of_one() {
    let layout = layout(200, 200, 10.0);
    for kernel in Kernel::ALL {
        let h = Metres::new(if kernel == Kernel::Gaussian { 100.0 } else { 400.0 });
        let one = kde(&[Bng::new(1003.0, 998.0)], None, kernel, h, layout).unwrap();
        let volume: f64 = one.values.iter().sum::<f64>() * 100.0;
        assert_relative_eq!(volume, 1.0, max_relative = 2e-3);
    }
}

#[test]
fn one_thread_and_many_give_the_same_bits() {
    let points: Vec<_> = (0..5_000_u32)
        .map(|i| Bng::new(f64::from(i * 7919 % 4001), f64::from(i * 104_729 % 3001)))
        .collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            kde(&points, None, Kernel::Quartic, Metres::new(300.0), layout(41, 31, 100.0))
        })
        .unwrap()
    };

    assert_eq!(with(1), with(8));
}

#[test]
fn a_year_and_a_square_kilometre_are_the_unit() {
    let density = layout(1, 1, 100.0).surface(vec![2e-6]);

    assert_relative_eq!(per_km2_year(&density, 0.5).values[0], 4.0);
}

#[test]
fn what_cannot_be_smoothed_is_refused() {
    let point = [Bng::new(5.0, 5.0)];
    let at = layout(2, 2, 100.0);
    let with = |h| kde(&point, None, Kernel::Quartic, Metres::new(h), at);

    assert!(matches!(with(0.0), Err(KdeError::Bandwidth(_))));
    assert!(matches!(with(f64::NAN), Err(KdeError::Bandwidth(_))));
    assert!(matches!(with(99.0), Err(KdeError::BandwidthBelowCell { .. })));
    assert!(with(100.0).is_ok());
    assert_eq!(
        kde(&point, Some(&[]), Kernel::Quartic, Metres::new(300.0), at),
        Err(KdeError::Weights { weights: 0, points: 1 })
    );
    assert_eq!(
        kde(&[Bng::new(f64::NAN, 0.0)], None, Kernel::Quartic, Metres::new(300.0), at),
        Err(KdeError::NotFinite(0))
    );
}

#[test]
fn no_points_are_no_density() {
    let none = kde(&[], None, Kernel::Quartic, Metres::new(300.0), layout(3, 2, 100.0)).unwrap();

    assert_eq!(none.values, [0.0; 6]);
}

#[test]
fn a_layout_stands_on_the_national_grid() {
    let bounds =
        Bounds { min: Bng::new(444_510.0, 520_260.0), max: Bng::new(445_000.0, 520_900.0) };

    let layout = Layout::covering(bounds, Metres::new(100.0)).unwrap();

    assert_eq!(layout.origin, Bng::new(444_500.0, 520_200.0));
    assert_eq!((layout.n_columns, layout.n_rows), (5, 7));
    assert!(Layout::covering(bounds, Metres::new(0.0)).is_err());
    assert!(Layout::covering(bounds, Metres::new(0.01)).is_err());
}

/// Places in whole metres, so that many centres lie at just the bandwidth.
#[test]
fn what_lies_on_the_edge_of_a_uniform_hill_is_outside_it() {
    let (cell, h) = (100.0, 300.0);
    let layout = Layout {
        origin: Bng::new(439_700.0, 509_700.0),
        cell: Metres::new(cell),
        n_columns: 26,
        n_rows: 26,
    };
    for (x, y) in (0..400).map(|i| (440_050 + i % 20 * 70, 510_050 + i / 20 * 30)) {
        let point = Bng::new(f64::from(x), f64::from(y));

        let ours = kde(&[point], None, Kernel::Uniform, Metres::new(h), layout).unwrap();

        let nearer = (0..26 * 26)
            .map(|i| layout.centre(i % 26, i / 26))
            .filter(|c| {
                let (dx, dy) = (c.easting() - point.easting(), c.northing() - point.northing());
                dx * dx + dy * dy < h * h
            })
            .count();
        let covered = ours.values.iter().filter(|value| **value > 0.0).count();
        assert_eq!(covered, nearer, "{x}, {y}");
    }
}
