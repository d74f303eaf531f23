"""Checks on this repository itself, and what runs its tests in other environments."""
