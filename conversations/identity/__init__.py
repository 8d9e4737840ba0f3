"""Signing in with an account of somewhere else: allauth's way, made strict."""
