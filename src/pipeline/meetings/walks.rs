//! How far residents are from halls: straight lines and a detour, or distances worked out elsewhere.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};

use super::MeetingsGround;
use super::halls::Gate;
use crate::crs::{Bng, LonLat, bng_to_lonlat};
use crate::hint::Hint;
use crate::layer::english::{head, unit};
use crate::pipeline::english::plan as say;
use crate::plan::Distances;
use crate::read::WalkRow;
use crate::store::Dataset;
use crate::table::{Column, Table, Value};

/// Walking distances as a file holds them.
#[derive(Debug)]
pub struct WalkFile {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: Vec<WalkRow>,
}

/// Walks of a file: `[n_points]` by hall of the dataset, metres; what is not there has no way.
#[derive(Debug)]
pub(super) struct Walks {
    metres: HashMap<(usize, usize), f64>,
    pub file: String,
}

impl MeetingsGround {
    /// Demand points with their ids, for a program that works out walking distances.
    pub fn points_table(&self) -> Table {
        let columns = [
            Column::new("point", head::POINT, "", 0),
            Column::new("easting", head::EASTING, unit::M, 1),
            Column::new("northing", head::NORTHING, unit::M, 1),
            Column::new("lon", head::LONGITUDE, unit::DEGREES, 6),
            Column::new("lat", head::LATITUDE, unit::DEGREES, 6),
            Column::new("residents", head::RESIDENTS, "", 2),
            Column::new("weight", head::COUNTS_AS, unit::RESIDENTS, 2),
        ];
        let demand = &self.demand;
        let row = |(i, at): (usize, &Bng)| {
            let degrees = bng_to_lonlat(*at).ok();
            vec![
                demand.ids[i].clone().into(),
                Value::Number(at.easting()),
                Value::Number(at.northing()),
                Value::number(degrees.map(LonLat::lon)),
                Value::number(degrees.map(LonLat::lat)),
                Value::Number(demand.residents[i]),
                Value::Number(demand.weights[i]),
            ]
        };
        Table {
            id: "demand-points".to_owned(),
            title: say::DEMAND_POINTS.to_owned(),
            columns: columns.to_vec(),
            rows: demand.places.iter().enumerate().map(row).collect(),
        }
    }

    /// Takes walking distances in place of straight lines. A pair that the rows lack has no way.
    ///
    /// # Errors
    ///
    /// If a row names a point or hall that does not exist, or a pair comes twice.
    pub fn walk_by(&mut self, file: &WalkFile, data: &Dataset) -> anyhow::Result<()> {
        let WalkFile { name: file, rows } = file;
        let points: HashMap<&str, usize> =
            self.demand.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
        let venues: HashMap<&str, usize> =
            data.venues.iter().enumerate().map(|(i, venue)| (venue.id.as_str(), i)).collect();
        let mut metres = HashMap::with_capacity(rows.len());
        let mut take = |row: &WalkRow| {
            let at = *venues
                .get(row.venue.as_str())
                .ok_or_else(|| anyhow!("there is no hall `{}`", row.venue))
                .with_context(|| {
                    Hint("halls are named by their ids: wardheat venues prints them".to_owned())
                })?;
            let point = *points
                .get(row.point.as_str())
                .ok_or_else(|| anyhow!("there is no demand point `{}`", row.point))
                .with_context(|| {
                    Hint("write them with wardheat venues --points, from the same store".to_owned())
                })?;
            match metres.insert((point, at), row.metres.unwrap_or(f64::INFINITY)) {
                Some(_) => Err(anyhow!("point {} to {} comes twice", row.point, row.venue)),
                None => Ok(()),
            }
        };
        for row in rows {
            take(row).with_context(|| format!("{file} line {}", row.line))?;
        }
        self.walks = Some(Walks { metres, file: file.clone() });
        Ok(())
    }

    /// Distances from each demand point to each hall that may be chosen, how they came, in words,
    /// and what to know of them.
    pub(super) fn distances(
        &self,
        gate: &Gate,
        data: &Dataset,
        straight: bool,
        detour: f64,
    ) -> anyhow::Result<(Distances, String, Option<String>)> {
        let places = &self.demand.places;
        let Some(walks) = self.walks.as_ref().filter(|_| !straight) else {
            let sites: Vec<Bng> = gate.eligible.iter().map(|&i| data.venues[i].place).collect();
            let straight = Distances::straight(places, &sites, detour);
            return Ok((straight, say::straight(detour), None));
        };
        let (mut cells, mut missing) = (Vec::new(), 0_usize);
        for point in 0..places.len() {
            for &venue in &gate.eligible {
                let far = walks.metres.get(&(point, venue)).copied();
                missing += usize::from(far.is_none());
                cells.push(far.unwrap_or(f64::INFINITY));
            }
        }
        let n = cells.len();
        let note = (missing > 0).then(|| say::walks_missing(missing, n, &walks.file));
        let distances = Distances::new(places.len(), gate.eligible.len(), cells)?;
        Ok((distances, say::distances_of(&walks.file), note))
    }
}
