"""How long a test waits for an event before it fails: long, as machines may be busy."""

PATIENCE_SECONDS = 60
START_SECONDS = 120  # a process that migrates, or starts beside others that do
