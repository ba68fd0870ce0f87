//! Integration tests: one binary, a file per face of the product.

mod architecture;
mod backtest;
mod cli;
mod contracts;
mod engines;
mod every_format;
mod export;
mod faults;
mod formats;
mod golden;
mod hostile;
mod http;
mod import;
mod layouts;
mod mess;
mod ogc;
mod points;
mod privacy;
mod readme;
mod score;
mod serve;
mod stockton;
mod subjects;
mod support;
mod tiles;
mod town;
