//! Every kind of incident in the records: how often, when, where, and under which codes.

use super::patterns::{
    COUNCIL, CRIME, DAY_LONG, EVEN_YEAR, EVENING, Kind, Known, NIGHT, SHOP_WEEK, SHOPS,
    SMALL_HOURS, SUMMER, Source, WEEKEND, WINTER, draw, fires, nights_out, nuisance, shopping,
};

/// Every kind of incident in the records, hotspots apart.
pub(super) static KINDS: &[Kind] = &[
    Kind {
        label: "Violence and sexual offences",
        per_year: 5_900.0,
        trend: 0.02,
        draw: draw(1.0, 0.9, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        months: &EVEN_YEAR,
        season: nights_out,
        domestic: 34,
        details: &[
            ("105/01", "Common assault and battery", 37),
            ("008/06", "Assault occasioning actual bodily harm, section 47", 19),
            ("008/67", "Malicious communications", 12),
            ("195/94", "Harassment", 12),
            ("008/71", "Stalking involving fear of violence", 5),
            ("008/56", "Threats to kill", 4),
            ("008/74", "Controlling or coercive behaviour", 4),
            ("020/05", "Sexual assault on a female aged 13 and over", 4),
            ("019/08", "Rape of a female aged 16 and over", 2),
            ("005/01", "Wounding with intent to do grievous bodily harm", 1),
        ],
        ..CRIME
    },
    Kind {
        label: "Criminal damage and arson",
        per_year: 1_620.0,
        trend: -0.02,
        draw: draw(1.0, 0.5, 2),
        hours: &NIGHT,
        weekdays: &WEEKEND,
        season: nuisance,
        holidays: 1.1,
        known: Known::Hours,
        domestic: 11,
        details: &[
            ("058/03", "Criminal damage to a vehicle", 42),
            ("058/01", "Criminal damage to a dwelling", 24),
            ("058/02", "Criminal damage to a building, not a dwelling", 12),
            ("058/04", "Other criminal damage", 18),
            ("056/02", "Arson not endangering life", 4),
        ],
        ..CRIME
    },
    Kind {
        label: "Public order",
        per_year: 1_400.0,
        trend: 0.03,
        draw: draw(0.8, 1.6, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        months: &SUMMER,
        season: nights_out,
        domestic: 5,
        details: &[
            ("125/09", "Fear or provocation of violence, section 4", 22),
            ("125/11", "Intentional harassment, alarm or distress, section 4A", 38),
            ("125/12", "Harassment, alarm or distress, section 5", 28),
            ("066/91", "Affray", 5),
            ("125/58", "Racially or religiously aggravated harassment, alarm or distress", 7),
        ],
        ..CRIME
    },
    Kind {
        label: "Shoplifting",
        per_year: 1_150.0,
        trend: 0.07,
        draw: draw(0.05, 3.0, 0),
        hours: &SHOPS,
        weekdays: &SHOP_WEEK,
        season: shopping,
        details: &[("046/00", "Theft from a shop or stall", 100)],
        ..CRIME
    },
    Kind {
        label: "Vehicle crime",
        per_year: 990.0,
        trend: -0.03,
        draw: draw(1.0, 0.4, 1),
        hours: &SMALL_HOURS,
        months: &WINTER,
        known: Known::Absence,
        details: &[
            ("045/10", "Theft from a motor vehicle", 56),
            ("048/01", "Theft or unauthorised taking of a motor vehicle", 31),
            ("126/00", "Interfering with a motor vehicle", 13),
        ],
        ..CRIME
    },
    Kind {
        label: "Burglary",
        per_year: 760.0,
        trend: -0.05,
        draw: draw(1.0, 0.25, 1),
        hours: &SMALL_HOURS,
        months: &WINTER,
        known: Known::Absence,
        details: &[
            ("028/24", "Burglary, residential, home", 58),
            ("028/25", "Attempted burglary, residential, home", 14),
            ("028/26", "Burglary, residential, unconnected building", 14),
            ("030/24", "Burglary, business and community", 14),
        ],
        ..CRIME
    },
    Kind {
        label: "Other theft",
        per_year: 1_240.0,
        draw: draw(0.8, 1.1, 1),
        hours: &DAY_LONG,
        known: Known::Hours,
        domestic: 3,
        details: &[
            ("049/10", "Other theft or unauthorised taking", 78),
            ("049/15", "Making off without payment", 14),
            ("035/00", "Blackmail", 8),
        ],
        ..CRIME
    },
    Kind {
        label: "Drugs",
        per_year: 560.0,
        trend: 0.02,
        draw: draw(0.7, 1.3, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        details: &[
            ("092/50", "Possession of cannabis", 66),
            ("092/46", "Possession of cocaine", 14),
            ("092/30", "Being concerned in supplying cocaine", 12),
            ("092/74", "Production of cannabis", 8),
        ],
        ..CRIME
    },
    Kind {
        label: "Theft from the person",
        per_year: 215.0,
        draw: draw(0.1, 3.0, 0),
        hours: &EVENING,
        weekdays: &WEEKEND,
        season: shopping,
        details: &[("039/00", "Theft from the person of another", 100)],
        ..CRIME
    },
    Kind {
        label: "Robbery",
        per_year: 225.0,
        draw: draw(0.6, 1.7, 2),
        hours: &NIGHT,
        weekdays: &WEEKEND,
        details: &[
            ("034/22", "Robbery of personal property", 86),
            ("034/21", "Robbery of business property", 14),
        ],
        ..CRIME
    },
    Kind {
        label: "Possession of weapons",
        per_year: 165.0,
        draw: draw(0.6, 1.5, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        details: &[
            ("010/11", "Possessing an article with a blade or point", 64),
            ("010/08", "Possession of an offensive weapon without lawful authority", 36),
        ],
        ..CRIME
    },
    Kind {
        label: "Bicycle theft",
        per_year: 215.0,
        trend: -0.04,
        draw: draw(0.4, 1.6, 0),
        hours: &SHOPS,
        months: &SUMMER,
        known: Known::Hours,
        details: &[("044/00", "Theft or unauthorised taking of a pedal cycle", 100)],
        ..CRIME
    },
    Kind {
        label: "Other crime",
        per_year: 370.0,
        draw: draw(1.0, 0.6, 1),
        domestic: 6,
        details: &[
            ("079/00", "Perverting the course of justice", 30),
            ("083/05", "Failing to surrender to bail at the appointed time", 24),
            ("099/99", "Other notifiable offence", 46),
        ],
        ..CRIME
    },
    Kind {
        source: Source::PoliceAsb,
        label: "Anti-social behaviour",
        per_year: 4_050.0,
        trend: -0.04,
        draw: draw(1.0, 0.9, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        months: &SUMMER,
        season: nuisance,
        holidays: 1.22,
        details: &[
            ("ASB Rowdy or inconsiderate behaviour", "ASB - Nuisance", 44),
            ("ASB Rowdy or nuisance neighbours", "ASB - Personal", 18),
            ("ASB Vehicle nuisance or inappropriate use", "ASB - Nuisance", 14),
            ("ASB Noise", "ASB - Nuisance", 6),
            ("ASB Malicious or nuisance communications", "ASB - Personal", 6),
            ("ASB Street drinking", "ASB - Environmental", 4),
            ("ASB Begging or vagrancy", "ASB - Environmental", 4),
            ("ASB Fireworks", "ASB - Nuisance", 2),
            ("ASB Trespass", "ASB - Nuisance", 2),
        ],
        ..CRIME
    },
    Kind {
        label: "Noise",
        per_year: 1_700.0,
        draw: draw(1.0, 0.5, 1),
        months: &SUMMER,
        details: &[
            ("Noise", "Loud music", 46),
            ("Noise", "Barking dog", 30),
            ("Noise", "Alarm or machinery", 24),
        ],
        ..COUNCIL
    },
    Kind {
        label: "Rowdy behaviour",
        per_year: 620.0,
        draw: draw(0.9, 0.9, 2),
        months: &SUMMER,
        season: nuisance,
        holidays: 1.2,
        details: &[
            ("Rowdy behaviour", "Groups gathering", 70),
            ("Rowdy behaviour", "Off-road bikes", 30),
        ],
        ..COUNCIL
    },
    Kind {
        label: "Neighbour nuisance",
        per_year: 540.0,
        draw: draw(1.0, 0.1, 2),
        details: &[
            ("Neighbour nuisance", "Dispute – boundary or parking", 44),
            ("Neighbour nuisance", "Abuse or threats", 56),
        ],
        ..COUNCIL
    },
    Kind {
        label: "Street drinking",
        per_year: 190.0,
        draw: draw(0.1, 2.5, 1),
        months: &SUMMER,
        details: &[("Street drinking", "Public spaces order breach", 100)],
        ..COUNCIL
    },
    Kind {
        label: "Fly-tipping",
        per_year: 2_050.0,
        trend: 0.04,
        draw: draw(1.0, 0.3, 2),
        details: &[
            ("Fly-tipping", "Household waste", 52),
            ("Fly-tipping", "White goods – over £50 to clear", 18),
            ("Fly-tipping", "Builders' rubble", 16),
            ("Fly-tipping", "Other", 14),
        ],
        ..COUNCIL
    },
    Kind {
        label: "Graffiti",
        per_year: 330.0,
        draw: draw(0.5, 1.4, 1),
        details: &[("Graffiti", "Non-offensive", 84), ("Graffiti", "Offensive", 16)],
        ..COUNCIL
    },
    Kind {
        label: "Abandoned vehicle",
        per_year: 410.0,
        details: &[
            ("Abandoned vehicle", "Untaxed vehicle", 72),
            ("Abandoned vehicle", "Burnt out", 28),
        ],
        ..COUNCIL
    },
    Kind {
        label: "Litter",
        per_year: 620.0,
        draw: draw(0.5, 1.3, 1),
        months: &SUMMER,
        details: &[
            ("Litter", "Overflowing bin", 60),
            ("Litter", "Drug paraphernalia", 14),
            ("Litter", "Dog fouling", 26),
        ],
        ..COUNCIL
    },
    Kind {
        source: Source::Fire,
        label: "Deliberate fire",
        per_year: 265.0,
        trend: -0.03,
        draw: draw(1.0, 0.3, 2),
        hours: &EVENING,
        weekdays: &WEEKEND,
        months: &SUMMER,
        season: fires,
        holidays: 1.35,
        details: &[("Secondary Fire", "Deliberate", 74), ("Primary Fire", "Deliberate", 26)],
        ..CRIME
    },
    Kind {
        source: Source::Fire,
        label: "Accidental fire",
        per_year: 330.0,
        draw: draw(1.0, 0.3, 1),
        hours: &EVENING,
        details: &[
            ("Primary Fire", "Accidental", 70),
            ("Secondary Fire", "Accidental", 18),
            ("Chimney Fire", "Accidental", 12),
        ],
        ..CRIME
    },
    Kind {
        source: Source::Fire,
        label: "False alarm",
        per_year: 920.0,
        draw: draw(0.8, 1.0, 1),
        details: &[
            ("AFA", "", 66),
            ("False alarm - Good intent", "", 28),
            ("False alarm - Malicious", "", 6),
        ],
        ..CRIME
    },
    Kind {
        source: Source::Ambulance,
        label: "Ambulance call-out",
        per_year: 2_650.0,
        trend: 0.02,
        draw: draw(1.0, 0.9, 2),
        hours: &NIGHT,
        weekdays: &WEEKEND,
        season: nights_out,
        details: &[
            ("04", "Assault or sexual assault", 34),
            ("23", "Overdose or poisoning", 38),
            ("27", "Stab, gunshot or penetrating trauma", 4),
            ("25", "Psychiatric or suicide attempt", 24),
        ],
        ..CRIME
    },
];
