"""What reports show, as plain values: the borderline between computing and drawing."""
