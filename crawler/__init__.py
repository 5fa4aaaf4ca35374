"""Storywatch: from a watchlist of outlets and topics to a stream of new and changed articles."""
