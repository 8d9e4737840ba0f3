"""The pages: find it among what is theirs, act, answer."""
