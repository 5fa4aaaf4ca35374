"""In containers and on servers: a store of its own, named by REDIS_URL, CONTACT, everything from the environment."""

from settings.base import *  # noqa: F403  # a profile is the base plus what differs

EMBEDDED_STORE = False
CONTACT_REQUIRED = True
