"""Channel layers: how a process tells its own sockets, and other processes theirs."""
