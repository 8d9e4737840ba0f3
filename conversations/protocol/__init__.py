"""The socket's language, spoken alike by the socket and by plain HTTP."""
