"""The demonstration: the leads that it imports, and the story that it tells."""
