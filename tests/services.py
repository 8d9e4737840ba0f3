"""PostgreSQL and Redis for tests: private instances, from Debian's packages.

    with PostgreSQL() as postgres, Redis() as redis:
        environment = {"DATABASE_URL": postgres.url("one"), "REDIS_URL": redis.url}

Each listens on a free port of the loopback and keeps its data in a temporary folder.
`stop()` ends it as an operator does and `start()` starts it again, at the same port;
PostgreSQL then has its data, Redis has lost its own. Both end with the `with` block, or
with the process that started them, even if that is killed.

python -m tests.services installs both where they are missing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.daemon import Daemon


class PostgreSQL(Daemon):
    """A PostgreSQL; `durable=True` where a test cuts its power, so to speak."""

    package, program = "postgresql", "postgres"
    end_signal, pid_file = "INT", "data/postmaster.pid"
    CLUSTER = [
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]
    QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

    def __init__(self, *, durable=False):
        if os.geteuid() == 0:
            self.owner = _unprivileged_user()
        super().__init__()
        self.settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            "timezone": "UTC",
        }
        if not durable:
            self.settings |= self.QUICK

    @classmethod
    def find(cls):
        # Debian keeps several versions side by side, and none of them in the PATH.
        folders = Path("/usr/lib/postgresql").glob("*/bin")
        newest_first = sorted(folders, key=lambda bin: float(bin.parent.name))[::-1]
        path = os.pathsep.join([*map(str, newest_first), os.environ["PATH"]])
        return shutil.which(cls.program, path=path)

    def prepare(self):
        initdb = Path(self.program_path).with_name("initdb")
        subprocess.run(
            [initdb, "--pgdata=data", "--no-sync", *self.CLUSTER],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            check=True,
            **self._as_owner,
        )

    def command(self):
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        return [self.program_path, "-D", "data", *settings]

    def url(self, name, *, template="template1"):
        """Return the DATABASE_URL of `name`, a copy of `template` if there is none."""
        import psycopg
        from psycopg import errors, sql

        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
            with suppress(errors.DuplicateDatabase):
                connection.execute(create)
        return self._url(name)

    def _url(self, name):
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"


def _unprivileged_user():
    """PostgreSQL refuses to run as root."""
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


class Redis(Daemon):
    """A Redis that forgets everything when it ends."""

    package, program = "redis-server", "redis-server"
    end_signal, pid_file = "TERM", "redis.pid"

    def command(self):
        listen = ["--port", f"{self.port}", "--bind", "127.0.0.1"]
        keep_nothing = ["--save", "", "--appendonly", "no", "--pidfile", self.pid_file]
        return [self.program_path, *listen, *keep_nothing]

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self):
        """Forget every key, of everybody who uses this Redis."""
        import redis

        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def pause(self):
        """Have it keep its connections and answer none, until `resume()`."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.pid, signal.SIGCONT)


def main():
    try:
        PostgreSQL.find_or_install()
        Redis.find_or_install()
    except FileNotFoundError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
