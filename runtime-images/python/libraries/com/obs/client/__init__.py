"""The object storage client under its old name."""
