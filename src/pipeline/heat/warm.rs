//! Heat worked out before it is looked at.

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::render::far::far_quads;
use crate::render::field::Field as _;
use crate::stats::{BLOCK, BUCKET, Hills, Quad};

use super::Heat;

/// Largest area whose surface is worked out before it is looked at, in m².
const MOST_WARMED: f64 = 4e9;

impl Heat {
    /// Parts of the ground, from south to north, that [`Self::warm`] takes one after another: what
    /// is asked for meanwhile waits for one of them, not for all.
    pub fn bands(&self) -> Vec<Bounds> {
        let Some(bounds) = self.bounds() else { return Vec::new() };
        let (low, high) = (bounds.min.northing(), bounds.max.northing());
        // As high as the blocks that hills are merged in.
        let side = BUCKET * f64::from(BLOCK);
        let whole = |northing: f64| (northing / side).floor() as i64;
        let edge = |i: i64| (i as f64 * side).clamp(low, high);
        let band = |i| Bounds {
            min: Bng::new(bounds.min.easting(), edge(i)),
            max: Bng::new(bounds.max.easting(), edge(i + 1)),
        };
        (whole(low)..=whole(high)).map(band).collect()
    }

    /// Works out before it is looked at what would make the first who look at this band wait: the
    /// surface of a town or a county; of a country the hills, where all of them can be kept, since
    /// its surface would be let go before anybody looked. And the heat as it is seen from afar,
    /// where a tile shows more ground than can be worked out while somebody waits.
    pub fn warm(&self, band: Bounds) {
        let Some(bounds) = self.bounds() else { return };
        let small = bounds.width() * bounds.height() <= MOST_WARMED;
        if small {
            drop(self.surface(band));
        }
        let (now, before) = self.views();
        let views = [Some(now), before, self.people_view()];
        for view in views.into_iter().flatten() {
            let hills = Hills::new(view, self.bandwidth);
            if !small && view.index.fits_whole() {
                hills.warm(band);
            }
            for (apart, quads) in far_quads(band) {
                let within = quads.iter().map(Quad::bounds).reduce(Bounds::union);
                let Some(within) = within else { continue };
                let mut reader = hills.quads(within, apart);
                for quad in &quads {
                    reader.keep(quad);
                }
            }
        }
    }
}
