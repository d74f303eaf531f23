"""Tests of the whole product, and of its documentation."""
