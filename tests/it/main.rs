//! Integration tests: one binary, a file per face of the product.

mod architecture;
