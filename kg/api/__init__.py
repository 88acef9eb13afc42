"""The graph as an object of Python, for scripts and notebooks: see docs/python.md."""
