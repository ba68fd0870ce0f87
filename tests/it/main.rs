//! Integration tests: one binary, a file per face of the product.

mod architecture;
mod cli;
mod contracts;
mod golden;
mod http;
mod readme;
mod serve;
mod stockton;
#[expect(dead_code, reason = "each face of the product uses its own part")]
mod support;
mod tiles;
mod town;
