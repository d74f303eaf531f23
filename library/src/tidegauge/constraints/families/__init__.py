"""The constraints themselves: one file a family."""
