"""Reports: documents for people, made of values computed before. Nothing here judges, it only shows."""

from tidegauge.reports.report import Report, report

__all__ = ["Report", "report"]
