"""How hypothesis behaves while mutants are tried: the same examples for each, no database, no complaint about forks."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("mutants")
