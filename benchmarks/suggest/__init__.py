"""Suggested suites, judged: false alarms on data without a fault, and faults caught."""
