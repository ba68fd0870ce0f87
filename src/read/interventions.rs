//! Interventions: what was done, where and when.

use geojson::GeometryValue;

use crate::context::{Intervention, Treated};
use crate::geometry::Shape;
use crate::quantity::Metres;
use crate::workspace::{Crs, InterventionFile};

use super::areas::outline;
use super::english::{name, reason as say};
use super::pii::person_sign;
use super::position::{Owner, to_bng};
use super::priorities::day;
use super::subject::{Cells, Subject, each_row};
use super::wards::Wards;
use super::{LoadedFile, ReadError, choose_crs, format};

const NAME: usize = 0;
const START: usize = 1;
const END: usize = 2;
const WARD: usize = 3;
const X: usize = 4;
const Y: usize = 5;
const RADIUS: usize = 6;
const COST: usize = 7;
const FUNDER: usize = 8;
const OWNER: usize = 9;

/// Reads interventions as the workspace describes them, in file order.
///
/// The place of a row is its outline where the format has one, else the position with its radius,
/// else the ward.
///
/// # Errors
///
/// [`ReadError`] on a missing column or a file without rows.
pub fn read_interventions(
    file: &LoadedFile,
    spec: &InterventionFile,
    wards: &Wards,
) -> Result<Subject<Vec<Intervention>>, ReadError> {
    let wanted = [
        (Some(spec.name.as_str()), "`name` of [[interventions]]"),
        (Some(spec.start.as_str()), "`start` of [[interventions]]"),
        (spec.end.as_deref(), "`end` of [[interventions]]"),
        (spec.ward.as_deref(), "`ward` of [[interventions]]"),
        (spec.x.as_deref(), "`x` of [[interventions]]"),
        (spec.y.as_deref(), "`y` of [[interventions]]"),
        (spec.radius.as_deref(), "`radius` of [[interventions]]"),
        (spec.cost.as_deref(), "`cost` of [[interventions]]"),
        (spec.funder.as_deref(), "`funder` of [[interventions]]"),
        (spec.owner.as_deref(), "`owner` of [[interventions]]"),
    ];
    let crs = choose_crs(format::open(file)?.crs, spec.crs);
    let mut found = Vec::new();
    let account = each_row(file, &wanted, |cells| {
        let name = cells.required(NAME, say::NO_NAME)?.to_owned();
        let start = day(cells.text(START), spec.date, say::NO_FIRST_DAY, say::FIRST_DAY_UNREAD)?;
        let end = match cells.text(END) {
            "" => None,
            text => Some(day(text, spec.date, say::NO_LAST_DAY, say::LAST_DAY_UNREAD)?),
        };
        if end.is_some_and(|end| end < start) {
            return Err(say::ENDS_BEFORE_IT_STARTS);
        }
        let cost = cells.figure(COST, say::COST_NO_NUMBER)?;
        if cost.is_some_and(|cost| cost < 0.0) {
            return Err(say::COST_BELOW_ZERO);
        }
        let (funder, owner) = (cells.optional(FUNDER), cells.optional(OWNER));
        let said = [Some(&name), funder.as_ref(), owner.as_ref()];
        if said.into_iter().flatten().any(|words| person_sign(words).is_some()) {
            return Err(say::PERSONAL);
        }
        let place = place(file, cells, crs, wards)?;
        found.push(Intervention { name, place, start, end, cost, funder, owner });
        Ok(())
    })?;
    Ok(Subject { found, account })
}

fn place(
    file: &LoadedFile,
    cells: &Cells<'_, '_>,
    crs: Crs,
    wards: &Wards,
) -> Result<Treated, &'static str> {
    let owner = Owner { file: &file.name, what: name::INTERVENTION.to_owned() };
    let geometry = cells.row().geometry;
    if matches!(geometry, Some(GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. }))
    {
        let polygons =
            outline(&owner, geometry, crs, ("", "")).map_err(|_| say::OUTLINE_UNUSABLE)?;
        return Ok(Treated::Outline(Shape::new(polygons)));
    }
    let at = if let Some(GeometryValue::Point { coordinates }) = geometry {
        let at = coordinates.as_slice();
        at.first().copied().zip(at.get(1).copied())
    } else {
        let number = |place| cells.figure(place, say::POSITION_NO_NUMBER);
        number(X)?.zip(number(Y)?)
    };
    if let Some(pair) = at {
        let radius = cells.figure(RADIUS, say::RADIUS_NO_NUMBER)?;
        let radius = radius.filter(|metres| *metres > 0.0).ok_or(say::NO_RADIUS)?;
        let centre = to_bng(&owner, &[pair], crs)
            .map_err(|_| say::OFF_THE_MAP)?
            .first()
            .copied()
            .ok_or(say::OFF_THE_MAP)?;
        return Ok(Treated::Circle { centre, radius: Metres::new(radius) });
    }
    let ward = cells.required(WARD, say::NO_PLACE)?;
    let code = wards.code_of(ward).ok_or(say::UNKNOWN_WARD)?;
    Ok(Treated::Ward(code.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Bng;

    fn spec() -> InterventionFile {
        InterventionFile {
            name: "Name".into(),
            start: "Start".into(),
            end: Some("End".into()),
            x: Some("E".into()),
            y: Some("N".into()),
            radius: Some("Radius".into()),
            cost: Some("Cost".into()),
            owner: Some("Owner".into()),
            crs: Some(Crs::Bng),
            ..InterventionFile::default()
        }
    }

    #[test]
    fn a_position_with_its_radius_is_a_circle() {
        let text = "Name,Start,End,E,N,Radius,Cost,Owner,Notes\n\
            Alley gates,2025-03-01,,444500,520100,250,\"£12,500\",Community Safety Team,x\n\
            Patrols,2025-05-01,2025-04-01,444500,520100,250,,,x\n\
            CCTV,2025-05-01,,444500,520100,,,,x\n";

        let read =
            read_interventions(&LoadedFile::from_bytes("i.csv", text), &spec(), &Wards::default())
                .unwrap();

        let [gates] = read.found.as_slice() else { panic!("{read:?}") };
        let centre = Bng::new(444_500.0, 520_100.0);
        assert_eq!(gates.place, Treated::Circle { centre, radius: Metres::new(250.0) });
        assert_eq!((gates.cost, gates.end), (Some(12_500.0), None));
        let reasons: Vec<_> = read.account.reasons.iter().map(|r| r.reason).collect();
        assert_eq!(reasons, ["a last day before the first", "a position without a radius"]);
    }

    #[test]
    fn an_outline_is_taken_as_it_is() {
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Name":"Dispersal","Start":"2025-03-01"},"geometry":{"type":"Polygon","coordinates":[[[444000,520000],[445000,520000],[445000,521000],[444000,520000]]]}}]}"#;
        let spec = InterventionFile {
            end: None,
            x: None,
            y: None,
            radius: None,
            cost: None,
            owner: None,
            ..spec()
        };

        let read = read_interventions(
            &LoadedFile::from_bytes("i.geojson", text),
            &spec,
            &Wards::default(),
        )
        .unwrap();

        let Treated::Outline(shape) = &read.found[0].place else { panic!("{read:?}") };
        assert!((shape.area().get() - 500_000.0).abs() < 1.0);
    }
}
