"""The key-leak check: each key in the store is in the table, of its type, and lives no longer than the table says."""

from fnmatch import fnmatchcase

import redis

from crawler.store.keys import TABLE, Key


def leaked_keys(client: redis.Redis) -> list[str]:
    """Return what is wrong with the keys in the store, a line each."""
    return [problem for name in map(str, client.scan_iter()) for problem in _problems(client, name)]


def _problems(client: redis.Redis, name: str) -> list[str]:
    row = _row(name)
    if row is None:
        return [f"{name} is not in crawler/store/keys.py"]
    problems = []
    found = str(client.type(name))
    if found != row.type:
        problems.append(f"{name} is a {found}, the table says {row.type}")
    if not row.permanent and client.ttl(name) < 0:
        problems.append(f"{name} has no time to live")
    return problems


def _row(name: str) -> Key | None:
    exact = [row for row in TABLE if row.pattern == name]
    globbed = [row for row in TABLE if "*" in row.pattern and fnmatchcase(name, row.pattern)]
    return next(iter(exact + globbed), None)
