"""Conversations on their way in and out: a module per format, and who runs them.

`native` is our own format, `markdown`, `text` and `html` are for reading, `archive` is
everything a person owns in one ZIP. `jobs` runs what takes long, `files` keeps what
comes in and goes out.
"""
