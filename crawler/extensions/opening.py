"""Which store the settings mean, and opening it: for the worker and for every command that looks."""

from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.extensions.policy import Policy
from crawler.news.errors import ConfigurationError
from crawler.store import Store, open_store

SCHEMES = ("redis://", "rediss://", "unix://")


def check_store(settings: BaseSettings) -> None:
    """See that the settings name a store.

    Raises:
        ConfigurationError: REDIS_URL is missing in production, or is no URL of a store; STORE_REPLICAS is no number.
    """
    url = settings["REDIS_URL"]
    if url and not url.startswith(SCHEMES):
        raise ConfigurationError(
            f'environment: REDIS_URL "{url.rpartition("@")[2]}" is no address of a store. '
            'Write "redis://host:6379/0", "rediss://..." (TLS) or "unix:///path/to/socket".'
        )
    if not url and not settings.getbool("EMBEDDED_STORE"):
        raise ConfigurationError(
            "environment: REDIS_URL is not set, and production does not use the embedded store. "
            'Set it, for example to "redis://:password@valkey:6379/0".'
        )
    replicas_of(settings)


def replicas_of(settings: BaseSettings) -> int:
    """Return how many replicas must have each write.

    Raises:
        ConfigurationError: STORE_REPLICAS is no number.
    """
    text = str(settings["STORE_REPLICAS"]).strip()
    if not text.isdecimal():
        raise ConfigurationError(f'setting STORE_REPLICAS: "{text}" is no number of replicas. Write 0, 1, 2 ...')
    return int(text)


async def open_for(settings: BaseSettings, *, whole: bool = True) -> Store:
    """Open the store that the settings mean; `whole`: not one into which a load was broken off.

    Raises:
        ConfigurationError: they mean none. StoreError: it cannot be reached.
    """
    check_store(settings)
    policy = Policy.from_settings(settings)
    return await open_store(
        settings["REDIS_URL"],
        Path(settings["STATE_DIR"]),
        limits=policy.limits,
        patience_s=policy.patience_s,
        replicas=replicas_of(settings),
        whole=whole,
    )
