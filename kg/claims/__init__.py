"""From names and their entities to what a paper says of them: claims, and results with numbers."""

from kg.claims.measured import measured
from kg.claims.relations import claims
from kg.claims.results import results

__all__ = ["claims", "measured", "results"]
