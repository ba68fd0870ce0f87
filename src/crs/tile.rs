//! Tile addresses of the Web Mercator square.

use thiserror::Error;

use super::WebMercator;

/// Half the side of the Web Mercator square, in its stretched metres.
pub const WORLD_HALF_WIDTH: f64 = 20_037_508.342_789_244;

/// Deepest zoom an address can have.
const MAX_ZOOM: u8 = 30;

/// A tile that cannot exist.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no tile {z}/{x}/{y}: zoom is 0 to 30, x and y are below 2^zoom")]
pub struct TileError {
    /// Zoom as asked.
    pub z: u8,
    /// Column as asked.
    pub x: u32,
    /// Row as asked.
    pub y: u32,
}

/// One tile of the XYZ scheme: row 0 is the northernmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

impl TileId {
    /// The tile at this address.
    ///
    /// # Errors
    ///
    /// [`TileError`] if zoom is past 30 or a column or row lies outside the square.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, TileError> {
        if z <= MAX_ZOOM && x < 1 << z && y < 1 << z {
            Ok(Self { z, x, y })
        } else {
            Err(TileError { z, x, y })
        }
    }

    /// Zoom level.
    pub fn z(self) -> u8 {
        self.z
    }

    /// Column, from the west.
    pub fn x(self) -> u32 {
        self.x
    }

    /// Row, from the north.
    pub fn y(self) -> u32 {
        self.y
    }

    /// North-west and south-east corners.
    pub fn corners(self) -> (WebMercator, WebMercator) {
        let side = 2.0 * WORLD_HALF_WIDTH / f64::from(1u32 << self.z);
        let west = -WORLD_HALF_WIDTH + side * f64::from(self.x);
        let north = WORLD_HALF_WIDTH - side * f64::from(self.y);
        (WebMercator::new(west, north), WebMercator::new(west + side, north - side))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_tiles_are_refused() {
        assert!(TileId::new(0, 0, 0).is_ok());
        assert!(TileId::new(0, 1, 0).is_err());
        assert!(TileId::new(31, 0, 0).is_err());
        assert!(TileId::new(255, 0, 0).is_err());
    }

    #[test]
    fn the_corners_of_the_whole_world() {
        let (north_west, south_east) = TileId::new(0, 0, 0).unwrap().corners();

        assert_eq!((north_west.x(), north_west.y()), (-WORLD_HALF_WIDTH, WORLD_HALF_WIDTH));
        assert_eq!((south_east.x(), south_east.y()), (WORLD_HALF_WIDTH, -WORLD_HALF_WIDTH));
    }
}
