//! The National Grid projection on GRS80: what OSTN15 shifts.

/// Semi-major axis of GRS80, in metres.
const SEMI_MAJOR: f64 = 6_378_137.0;
/// Flattening of GRS80.
const FLATTENING: f64 = 1.0 / 298.257_222_101;
/// Third flattening of GRS80: every series below is in its powers.
const N: f64 = FLATTENING / (2.0 - FLATTENING);
/// Scale on the central meridian.
const SCALE: f64 = 0.999_601_271_7;
/// Longitude of the central meridian, in degrees.
const CENTRAL_MERIDIAN: f64 = -2.0;
/// Latitude of the true origin, in degrees.
const ORIGIN_LATITUDE: f64 = 49.0;
/// Easting of the true origin.
const FALSE_EASTING: f64 = 400_000.0;
/// Northing of the true origin.
const FALSE_NORTHING: f64 = -100_000.0;

/// Radius of the sphere on which a quadrant is as long as on GRS80, scaled; in metres.
const RADIUS: f64 =
    SCALE * SEMI_MAJOR / (1.0 + N) * (1.0 + N * N * (0.25 + N * N * (1.0 / 64.0 + N * N / 256.0)));

/// Terms of each series: the first left out is below a thousandth of a millimetre.
const TERMS: usize = 4;

/// Latitude to conformal latitude.
const TO_CONFORMAL: [f64; TERMS] = [
    N * (-2.0 + N * (2.0 / 3.0 + N * (4.0 / 3.0 + N * (-82.0 / 45.0 + N * (32.0 / 45.0))))),
    N * N * (5.0 / 3.0 + N * (-16.0 / 15.0 + N * (-13.0 / 9.0 + N * (904.0 / 315.0)))),
    N * N * N * (-26.0 / 15.0 + N * (34.0 / 21.0 + N * (8.0 / 5.0))),
    N * N * N * N * (1237.0 / 630.0 + N * (-12.0 / 5.0)),
];

/// Conformal latitude to latitude.
const FROM_CONFORMAL: [f64; TERMS] = [
    N * (2.0 + N * (-2.0 / 3.0 + N * (-2.0 + N * (116.0 / 45.0 + N * (26.0 / 45.0))))),
    N * N * (7.0 / 3.0 + N * (-8.0 / 5.0 + N * (-227.0 / 45.0 + N * (2704.0 / 315.0)))),
    N * N * N * (56.0 / 15.0 + N * (-136.0 / 35.0 + N * (-1262.0 / 105.0))),
    N * N * N * N * (4279.0 / 630.0 + N * (-332.0 / 35.0)),
];

/// Sphere to ellipsoid on the map plane.
const TO_PLANE: [f64; TERMS] = [
    N * (0.5 + N * (-2.0 / 3.0 + N * (5.0 / 16.0 + N * (41.0 / 180.0 + N * (-127.0 / 288.0))))),
    N * N * (13.0 / 48.0 + N * (-3.0 / 5.0 + N * (557.0 / 1440.0 + N * (281.0 / 630.0)))),
    N * N * N * (61.0 / 240.0 + N * (-103.0 / 140.0 + N * (15061.0 / 26880.0))),
    N * N * N * N * (49561.0 / 161_280.0 + N * (-179.0 / 168.0)),
];

/// Ellipsoid to sphere on the map plane.
const FROM_PLANE: [f64; TERMS] = [
    N * (-0.5 + N * (2.0 / 3.0 + N * (-37.0 / 96.0 + N * (1.0 / 360.0 + N * (81.0 / 512.0))))),
    N * N * (-1.0 / 48.0 + N * (-1.0 / 15.0 + N * (437.0 / 1440.0 + N * (-46.0 / 105.0)))),
    N * N * N * (-17.0 / 480.0 + N * (37.0 / 840.0 + N * (209.0 / 4480.0))),
    N * N * N * N * (-4397.0 / 161_280.0 + N * (11.0 / 504.0)),
];

/// Transverse Mercator by Krüger's series, with the constants of the National Grid.
///
/// # Shapes and units
///
/// Degrees of ETRS89 to and from metres of the grid before any shift. Good within some 20° of the
/// central meridian.
///
/// # Source
///
/// Krüger (1912), *Konforme Abbildung des Erdellipsoids in der Ebene*; coefficients as in Karney
/// (2011), *Journal of Geodesy* 85(8), 475-485, <https://doi.org/10.1007/s00190-011-0445-3>, and
/// for the conformal latitude Engsager and Poder (2007). Constants: Ordnance Survey, *A guide to
/// coordinate systems in Great Britain*, annexe A.
#[derive(Debug)]
pub(super) struct NationalGrid {
    /// Northing of the equator.
    equator: f64,
}

impl NationalGrid {
    /// The projection with its constants worked out.
    pub(super) fn new() -> Self {
        let at_zero = Self { equator: 0.0 };
        let (_, origin) = at_zero.forward(CENTRAL_MERIDIAN, ORIGIN_LATITUDE);
        Self { equator: FALSE_NORTHING - origin }
    }

    /// Easting and northing of a longitude and latitude.
    pub(super) fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (sin, cos) = lat.to_radians().sin_cos();
        let (sin, cos) = conformal(sin, cos);
        let (sin_lon, cos_lon) = (lon - CENTRAL_MERIDIAN).to_radians().sin_cos();
        // On the sphere turned to the central meridian: `east` is the sine of the angle from it.
        let (east, north) = (cos * sin_lon, cos * cos_lon);
        let rest = 1.0 - east * east;
        let (sin2, cos2) = (2.0 * sin * north / rest, (north * north - sin * sin) / rest);
        let (cosh2, sinh2) = ((1.0 + east * east) / rest, 2.0 * east / rest);
        let bent = plane_series(&TO_PLANE, sin2, cos2, cosh2, sinh2);
        let (xi, eta) = (sin.atan2(north) + bent.0, east.atanh() + bent.1);
        (FALSE_EASTING + RADIUS * eta, self.equator + RADIUS * xi)
    }

    /// Longitude and latitude of an easting and northing.
    pub(super) fn inverse(&self, easting: f64, northing: f64) -> (f64, f64) {
        let (xi, eta) = ((northing - self.equator) / RADIUS, (easting - FALSE_EASTING) / RADIUS);
        let (sin2, cos2) = (2.0 * xi).sin_cos();
        let bent = plane_series(&FROM_PLANE, sin2, cos2, (2.0 * eta).cosh(), (2.0 * eta).sinh());
        let (xi, eta) = (xi + bent.0, eta + bent.1);
        let (sin, cos) = xi.sin_cos();
        let east = eta.sinh();
        let lon = east.atan2(cos).to_degrees() + CENTRAL_MERIDIAN;
        let north = east.hypot(cos);
        let length = sin.hypot(north);
        let (sin, cos) = (sin / length, north / length);
        let lat = sin.atan2(cos) + sine_series(&FROM_CONFORMAL, sin, cos);
        (lon, lat.to_degrees())
    }
}

/// Sine and cosine of the conformal latitude of the latitude with this sine and cosine.
fn conformal(sin: f64, cos: f64) -> (f64, f64) {
    // At most 0.0034: a turn by so little needs no further sine.
    let turn = sine_series(&TO_CONFORMAL, sin, cos);
    let square = turn * turn;
    let turn_sin = turn * (1.0 - square / 6.0 * (1.0 - square / 20.0));
    let turn_cos = 1.0 - square / 2.0 * (1.0 - square / 12.0);
    (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin)
}

/// `Σ c_j sin 2jφ` from the sine and cosine of φ, by Clenshaw's recurrence.
fn sine_series(terms: &[f64; TERMS], sin: f64, cos: f64) -> f64 {
    let (sin2, twice_cos2) = (2.0 * sin * cos, 2.0 * (cos * cos - sin * sin));
    let (mut last, mut sum) = (0.0, 0.0);
    for term in terms.iter().rev() {
        (last, sum) = (sum, term + twice_cos2 * sum - last);
    }
    sum * sin2
}

#[derive(Clone, Copy)]
struct Complex(f64, f64);

/// `Σ c_j sin 2jζ` for a complex `ζ = ξ + iη`, from the functions of 2ξ and 2η.
fn plane_series(terms: &[f64; TERMS], sin2: f64, cos2: f64, cosh2: f64, sinh2: f64) -> Complex {
    let sine = Complex(sin2 * cosh2, cos2 * sinh2);
    let twice_cosine = Complex(2.0 * cos2 * cosh2, -2.0 * sin2 * sinh2);
    let times = |a: Complex, b: Complex| Complex(a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    let (mut last, mut sum) = (Complex(0.0, 0.0), Complex(0.0, 0.0));
    for term in terms.iter().rev() {
        let next = times(twice_cosine, sum);
        (last, sum) = (sum, Complex(term + next.0 - last.0, next.1 - last.1));
    }
    times(sum, sine)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROJ's own transverse Mercator, which goes to the sixth power of n.
    #[test]
    fn agrees_with_proj_to_a_hundredth_of_a_millimetre() {
        let proj = proj::Proj::new(
            "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=GRS80",
        )
        .unwrap();
        let grid = NationalGrid::new();
        for lon in (-90..=30).map(|tenth| f64::from(tenth) / 10.0) {
            for lat in (490..=615).map(|tenth| f64::from(tenth) / 10.0) {
                let (east, north) = grid.forward(lon, lat);
                let (back_lon, back_lat) = grid.inverse(east, north);

                let wanted = proj.project((lon.to_radians(), lat.to_radians()), false).unwrap();
                assert!((east - wanted.0).hypot(north - wanted.1) < 1e-5, "{lon} {lat}");
                assert!((back_lon - lon).hypot(back_lat - lat) < 1e-10, "{lon} {lat}");
            }
        }
    }
}
