"""What the store remembers of articles."""

import msgspec

from crawler.news.revision import ArticleState
from crawler.store import keys
from crawler.store.connection import Connection


class Articles:
    """Reads article states; they are written by publish and settle alone (frontier.py)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def state(self, article_id: str) -> ArticleState | None:
        """Return what is known of an article, or None."""
        raw = await self._connection.ask("GET", keys.article(article_id))
        return None if raw is None else msgspec.json.decode(raw, type=ArticleState)
