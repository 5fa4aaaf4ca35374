"""The real store, as in the tests of the store."""

from tests.store.conftest import client, limits, server, world

__all__ = ["client", "limits", "server", "world"]
