//! The Python face of the Tidegauge kernel.
