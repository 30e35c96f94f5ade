"""The store: the only SQL. Everything above speaks of entities and operations."""
