"""A function a use case: open a unit of work, load, ask the domain, save, return a Result."""
