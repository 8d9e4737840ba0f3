from django.db.models.base import ModelState


class Loaded:
    """Mixed into models that a page loads many of, or each page one.

    Django makes each row by way of `__init__`, which may be given anything: most of the
    time in which a page of rows is read goes there. Here no `post_init` is sent.
    """

    @classmethod
    def from_db(cls, db, field_names, values):
        row = cls.__new__(cls)
        row._state = state = ModelState()
        state.adding, state.db = False, db
        row.__dict__.update(zip(field_names, values, strict=True))
        return row
