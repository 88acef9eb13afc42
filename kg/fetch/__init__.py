"""Listings of papers from the services that offer them, downloaded into files that `kg build` reads.

Every service is a function from a query and a place in its answers to the next page of them (`services.py`); what
comes is kept beside the file until all of it is there (`download.py`), and nobody is asked more often than they allow
(`client.py`).
"""

from __future__ import annotations

from kg.fetch.client import Client
from kg.fetch.download import Outcome, download
from kg.fetch.query import Query
from kg.fetch.services import SERVICES, Service

__all__ = ["SERVICES", "Client", "Outcome", "Query", "Service", "download"]
