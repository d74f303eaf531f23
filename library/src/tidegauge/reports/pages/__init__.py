"""HTML: one file a kind of report, over one style sheet."""
