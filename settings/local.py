"""On your own machine: the embedded store, nothing to set up."""

from settings.base import *  # noqa: F403  # a profile is the base plus what differs
