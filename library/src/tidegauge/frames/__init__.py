"""Anything tabular, on its way into the kernel, importing nothing that is not imported already.

Whether data is a pandas frame can only be asked where pandas is loaded: `sys.modules` tells.
"""
