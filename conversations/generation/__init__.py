"""A reply's life, from queued to settled."""
