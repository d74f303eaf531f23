"""Markdown and plain text: one file a kind of report."""
