"""Files that come in: who may send a large one, and how it gets to the disk."""

import shutil
import uuid

from django.conf import settings
from django.core import signing
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from . import files

_SALT = "transfer.upload"
# So long after its page was made a form may be sent.
KEY_SECONDS = 12 * 60 * 60
# What a form is beside the file in it.
FORM_BYTES = 65_536
# Where the server keeps a body that Django shall not hold: in the ASGI scope.
BODY = "chatsite.body"


def make_key(user):
    """Return what lets `user` send a file larger than any other request may be."""
    return signing.dumps(user.pk, salt=_SALT)


def owner_of(key):
    """Return the pk of the person `key` was made for; None when it is not valid."""
    try:
        return signing.loads(key, salt=_SALT, max_age=KEY_SECONDS)
    except signing.BadSignature:
        return None


class ReceivedFile:
    """A file that was sent: the name it had, and its own in the folder of transfers.

    Whoever takes it over calls `keep`; without that it is gone at the end of `with`.
    """

    def __init__(self, name, stored_as, size_bytes):
        self.name, self.stored_as, self.size_bytes = name, stored_as, size_bytes
        self._is_kept = False

    def keep(self):
        self._is_kept = True

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if not self._is_kept:
            files.remove(self.stored_as)


class ToDisk(FileUploadHandler):
    """Writes the first file of a form to the folder of transfers as it comes."""

    def __init__(self):
        super().__init__()
        self.received = None
        self._stored_as = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self._stored_as is not None:
            raise StopUpload(connection_reset=True)
        self._stored_as = f"{uuid.uuid4().hex}.in"
        self._file = files.create(files.folder() / self._stored_as)

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > settings.TRANSFER_MAX_BYTES:
            self.clear()
            raise StopUpload(connection_reset=True)
        self._file.write(raw_data)

    def file_complete(self, file_size):
        self._file.close()
        self.received = ReceivedFile(self.file_name, self._stored_as, file_size)

    def upload_interrupted(self):
        self.clear()

    def clear(self):
        """Remove what has come so far."""
        if self._stored_as is not None:
            self._file.close()
            files.remove(self._stored_as)
            self.received = None


def receive(request):
    """Return the ReceivedFile of a form with one file in it; None without one.

    What does not parse, or is larger than TRANSFER_MAX_BYTES, counts as none.
    """
    handler = ToDisk()
    request.upload_handlers = [handler]
    body = getattr(request, "scope", {}).get(BODY)
    try:
        if body is None:
            request.POST  # noqa: B018 – reads the form, and the file by the handler
        else:
            _parse(request, body, handler)
    except (MultiPartParserError, OSError) as error:
        handler.clear()
        if isinstance(error, OSError):
            raise
    return handler.received


def _parse(request, body, handler):
    if request.content_type == "multipart/form-data":
        body.seek(0)
        MultiPartParser(request.META, body, [handler], request.encoding).parse()


def copy(path):
    """Copy a file of this machine into the folder; return it as a ReceivedFile."""
    stored_as = f"{uuid.uuid4().hex}.in"
    with open(path, "rb") as source, files.create(files.folder() / stored_as) as file:
        shutil.copyfileobj(source, file, 1024**2)
        size = file.tell()
    return ReceivedFile(path.name, stored_as, size)
