"""Drawing: values in, text or HTML out. Nothing that computes imports this."""
