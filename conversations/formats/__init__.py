"""Dates and numbers as people write them, where Django's own are written otherwise."""
