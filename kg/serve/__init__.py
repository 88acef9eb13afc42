"""A graph over HTTP, read only: a SPARQL 1.1 endpoint and linked data.

Starlette and uvicorn are the extra `serve`: they are imported by `kg.serve.app` and `kg.serve.server` only.
"""

from kg.serve.limits import Limits

__all__ = ["Limits"]
