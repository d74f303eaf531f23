"""How often comparisons cry wolf, and how often they see a change that is there: the calibration grid."""
