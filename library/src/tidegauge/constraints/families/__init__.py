"""The constraints themselves: one file for each family."""
