"""Feeds of every kind, and what each says of itself.

feed        which reader a body is for, and the bounds of them all
wellformed  RSS, RDF and Atom that are well-formed, fast; names and settling are what it knows of feedparser's ways
tolerant    all other RSS and Atom, by feedparser
jsonfeed    JSON Feed
wordpress   the posts of WordPress' REST API, and how to ask for few of them
claims      what a feed says of an entry, and the entry made of it
hints       what a feed says of itself: how often to ask, when not to
"""

from crawler.discovery.feeds.feed import FeedReading, read_feed
from crawler.discovery.feeds.hints import FeedHints

__all__ = ["FeedHints", "FeedReading", "read_feed"]
