"""Functions written for the old client import it from here."""
from obs import ObsClient

__all__ = ["ObsClient"]
