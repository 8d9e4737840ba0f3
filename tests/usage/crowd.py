"""One of several processes whose threads all ask at once.

    python -m tests.usage.crowd '{"database": "…", "people": [1, 2], "each": 50}'

says `ready`, waits for a line, then prints how many were answered and refused.
"""

import json
import os
import sys
import threading
import uuid
from collections import Counter

PATIENCE_SECONDS = 300


def ask(user, begin, codes):
    from django.db import connection

    from conversations.actions.messages import post_message
    from conversations.actions.refusals import Refusal

    begin.wait()
    try:
        post_message(
            user=user,
            conversation_id=uuid.uuid4(),
            text="Me too",
            client_id=uuid.uuid4(),
            persona_slug="helper",
        )
        codes.append("answered")
    except Refusal as refusal:
        codes.append(refusal.code)
    except Exception as error:
        codes.append(repr(error))
    finally:
        connection.close()


def main(job):
    os.environ |= {"DATABASE_URL": job["database"], "CHAT_MAX_OPEN_REPLIES": "1000"}

    import django
    from django.conf import settings

    # How long they wait for each other is not what is tried here.
    options = settings.DATABASES["default"]["OPTIONS"]
    options.get("pool", options)["timeout"] = PATIENCE_SECONDS
    django.setup()

    from conversations.generation import claiming, process
    from conversations.models import User

    claiming.runs.are_welcome = True
    process.start = lambda *args: None  # nobody writes: what matters is who may ask
    users = list(User.objects.filter(pk__in=job["people"]))
    begin, codes = threading.Event(), []
    threads = [
        threading.Thread(target=ask, args=(user, begin, codes))
        for user in users
        for _ in range(job["each"])
    ]
    for thread in threads:
        thread.start()
    say("ready")
    sys.stdin.readline()
    begin.set()
    for thread in threads:
        thread.join()
    say(json.dumps(Counter(codes)))


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    from tests import environment  # noqa: F401 – the site's, before Django reads it

    main(json.loads(sys.argv[1]))
