"""What may be wrong with a site, asked one by one, each with how to repair it.

A module for each noun, a function for each check: `examine()` asks them all.
"""

from .examining import Line, Section, examine, worst
from .findings import Finding, Verdict

__all__ = ["Finding", "Line", "Section", "Verdict", "examine", "worst"]
