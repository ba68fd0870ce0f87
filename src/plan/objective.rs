//! What a choice of sites is for: the two models behind one face, so that one search and one proof
//! serve both.

/// State of every site at a node of the search: may be chosen, is chosen, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    Free,
    In,
    Out,
}

/// What changing one site of a choice would give: `gain[j] + keep[r][j] - loss[r]` for the `r`-th
/// chosen site out and site `j` in, `gain[j]` for `j` alone.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    pub gain: Vec<f64>,
    pub loss: Vec<f64>,
    pub keep: Vec<Vec<f64>>,
}

impl Exchange {
    pub fn clear(&mut self, n_sites: usize, n_chosen: usize) {
        self.gain.clear();
        self.gain.resize(n_sites, 0.0);
        self.loss.clear();
        self.loss.resize(n_chosen, 0.0);
        self.keep.resize_with(n_chosen, Vec::new);
        for row in &mut self.keep {
            row.clear();
            row.resize(n_sites, 0.0);
        }
    }
}

/// A value of a choice of sites, to be made as large as can be, and its Lagrangian relaxation.
///
/// The relaxation gives, for multipliers `u`, a constant and a price for each site such that the
/// constant and the prices of any choice together are never below the choice's value.
pub(super) trait Objective: Sync {
    fn n_sites(&self) -> usize;
    /// Value of a choice.
    fn value(&self, chosen: &[usize]) -> f64;
    /// What every change of one site would give.
    fn exchange(&self, chosen: &[usize], out: &mut Exchange);
    /// Multipliers to start from, one for each demand point.
    fn start(&self) -> Vec<f64>;
    /// Writes the price of each site at `u`; gives the constant.
    fn price(&self, u: &[f64], fixed: &[Fixed], prices: &mut [f64]) -> f64;
    /// Writes the slope of the bound at `u`, where `taken` are the sites of the highest prices.
    fn slope(&self, u: &[f64], fixed: &[Fixed], taken: &[usize], slope: &mut [f64]);
    /// Moves the multipliers along the slope by `step`, within what they may be.
    fn step(&self, u: &mut [f64], slope: &[f64], step: f64);
    /// Pairs of demand point and site that an exchange looks at.
    fn pairs(&self) -> u64;
    /// About how many operations one round of prices takes.
    fn work(&self) -> u64;
}
