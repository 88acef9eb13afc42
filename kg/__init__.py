"""kg: listings of machine-learning papers become a knowledge graph in which every statement quotes its sentence."""

__version__ = "0.1.0"
