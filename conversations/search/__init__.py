"""Full text: what a person wrote and was told, in every branch, and their titles.

    find(user, "rainbow persona:tutor") → Page

Nobody needs to tell the index of a text. Triggers of the database take every text in
that is inserted, changed or removed, by whatever way, in the same transaction: see
`texts` for which. They are attached after each `migrate`, so that tables can change
without them; `manage.py reindex_search --check` says whether the two agree.

words.py     a text as the index has it        sqlite.py, postgres.py  the index itself
texts.py     which texts it has                index.py     made, filled, checked
query.py     a question, read                  entries.py   what of the index it finds
finding.py   what of that is shown             excerpts.py  with the words marked
nearest.py   what to offer when there is none  beginnings.py  words half typed
"""

from .finding import Group, Hit, Page, find
from .nearest import nearest
from .query import parse

__all__ = ["Group", "Hit", "Page", "find", "nearest", "parse"]
