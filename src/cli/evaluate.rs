//! `wardheat evaluate`: whether something done in some place made a difference there.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::incident::CrimeTypes;
use crate::pipeline::{ControlChoice, EvaluateRequest, TreatedChoice, evaluate};
use crate::quantity::Metres;
use crate::time::{Month, Window};

use super::english as say;
use super::open;
use super::output::{json_text, tables_text, write_found};

/// Say what an intervention changed: treated, control and buffer, before and after
#[derive(Debug, Args)]
pub(super) struct EvaluateCommand {
    /// Wards where something was done, by code or name
    #[arg(
        long,
        value_name = "WARDS",
        value_delimiter = ',',
        required_unless_present = "treated_area"
    )]
    treated: Vec<String>,
    /// File of outlines where something was done, in place of wards
    #[arg(long, value_name = "FILE", conflicts_with = "treated")]
    treated_area: Option<PathBuf>,
    /// First month with it
    #[arg(long, value_name = "MONTH")]
    start: Month,
    /// Last month with it
    #[arg(long, value_name = "MONTH")]
    end: Month,
    /// Months to compare with; the same months a year earlier if not given and the data hold them
    #[arg(long, value_name = "WINDOW")]
    before: Option<Window>,
    /// Width of the ground about the treated area where displacement is looked for, in metres
    #[arg(long, value_name = "METRES", default_value_t = 500.0)]
    buffer: f64,
    /// Control wards by code or name, or auto for those whose months before were most alike
    #[arg(long, value_name = "WARDS", value_delimiter = ',', default_value = "auto")]
    control: Vec<String>,
    /// Which incidents (see wardheat list)
    #[arg(long = "type", value_name = "TYPE", default_value_t)]
    types: CrimeTypes,
    /// Only incidents of this source of the workspace
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// What it cost, for the cost per crime prevented
    #[arg(long, value_name = "AMOUNT")]
    cost: Option<f64>,
    /// Coverage of intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    confidence: f64,
    /// Write the measures to this file: .csv, or .json for everything
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

impl EvaluateCommand {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        let data = open::dataset(workspace)?;
        let found = evaluate(&self.request()?, &data)?;
        if let Some(path) = &self.out {
            write_found(path, say::AN_EVALUATION, &found, &found.measures)?;
        }
        let mut out = std::io::stdout().lock();
        if self.json {
            out.write_all(&json_text(&found)?)?;
        } else {
            for sentence in &found.words {
                writeln!(out, "{sentence}")?;
            }
            let tables = [&found.counts, &found.measures, &found.candidates];
            writeln!(out, "\n{}", tables_text(&tables.map(|table| (table, usize::MAX))))?;
        }
        for note in &found.notes {
            eprintln!("{note}");
        }
        Ok(())
    }

    fn request(&self) -> anyhow::Result<EvaluateRequest> {
        Ok(EvaluateRequest {
            types: self.types,
            source: self.source.clone(),
            treated: match &self.treated_area {
                Some(path) => TreatedChoice::File(path.clone()),
                None => TreatedChoice::Wards(self.treated.clone()),
            },
            after: Window::new(self.start, self.end)?,
            before: self.before,
            buffer: Metres::new(self.buffer),
            control: match self.control.as_slice() {
                [one] if one == "auto" => ControlChoice::Auto,
                wards => ControlChoice::Wards(wards.to_vec()),
            },
            cost: self.cost,
            confidence: self.confidence,
        })
    }
}
