"""Kills, outages and signals: what guarantees 1 and 2 are worth. `FAULTS=all` (make faults) tries every case."""
