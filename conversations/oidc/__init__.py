"""OpenID Connect: signing in with an account of somewhere else, by way of allauth."""
