"""The instance's side of the runtime protocol for Python functions."""
