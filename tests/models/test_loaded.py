from django.apps import apps
from django.db.models import Model

from conversations.models import Conversation, Persona
from conversations.models.loaded import Loaded
from tests.base import ChatTestCase, add_turn


def as_django_makes_it(row):
    """Return what Django's own `from_db` makes of the values of that row."""
    names = [field.attname for field in row._meta.concrete_fields]
    values = [vars(row)[name] for name in names]
    return Model.from_db.__func__(type(row), "default", names, values)


def told(row):
    """Return all that a row knows, and where it is from."""
    known = vars(row).copy()
    state = known.pop("_state")
    return known, state.adding, state.db


class LoadedTests(ChatTestCase):
    def test_row_is_what_django_makes_of_it(self):
        add_turn(self.conversation, "What is water?", "A drink.")
        for model in filter(lambda m: issubclass(m, Loaded), apps.get_models()):
            for row in model.objects.all():
                with self.subTest(model=model.__name__):
                    self.assertEqual(*map(told, (row, as_django_makes_it(row))))

    def test_what_was_left_out_is_read_when_it_is_asked_for(self):
        row = Conversation.objects.only("title").get(pk=self.conversation.pk)
        self.assertIn("owner_id", row.get_deferred_fields())
        with self.assertNumQueries(1):
            self.assertEqual(row.owner_id, self.alice.pk)

    def test_row_is_saved_in_its_place(self):
        row = Persona.objects.get(pk=self.conversation.persona_id)
        row.name = "Another"
        row.save()

        self.assertEqual(Persona.objects.get(pk=row.pk).name, "Another")
