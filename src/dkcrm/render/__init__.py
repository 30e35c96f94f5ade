"""From a Result to text: the only place that prints, and the only one that imports rich."""
