"""Topics: a query language, a matcher over many queries, and the evidence for each match.

Pure: text in, matches out; `docs/topics.md` is the user's page on the language.

    parse(query)                    -> a tree, or QueryError with the column and the mend
    explain(tree)                   -> the tree in words, as it was understood
    TopicMatcher({name: query})     -> .match(headline=, description=, body=, ...) -> [Match, ...]
    ArticleMatcher(topics)          -> .match(article) -> [Match, ...]
"""

from crawler.topics.articles import ArticleMatcher
from crawler.topics.matcher import TopicMatcher
from crawler.topics.query import parse
from crawler.topics.tree import explain

__all__ = ["ArticleMatcher", "TopicMatcher", "explain", "parse"]
