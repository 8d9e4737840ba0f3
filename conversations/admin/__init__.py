"""The operator's view. What people wrote to each other is on none of its pages.

Nothing is imported here: Django makes the site of `site.py`, and then looks for pages.
Ours are in `registered.py`, which `apps.py` imports when those of other apps are there.
"""
