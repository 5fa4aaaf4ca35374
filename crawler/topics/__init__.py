"""Topics: a query language, a matcher over many queries, and the evidence for each match.

Pure: text in, matches out; `docs/topics.md` is the user's page on the language.

    parse(query)                    -> a tree, or QueryError with the column and the mend
    explain(tree)                   -> the tree in words, as it was understood
    TopicMatcher({name: query})     -> .match(headline=, description=, body=, ...) -> [Match, ...]
    ArticleMatcher(topics, tags)    -> .match(article) -> [Match, ...]

The path of a query: lexer -> query (a tree) -> standing (for which articles) -> index (filed under what must be there).
The path of a text: text, terms (words, folded), stems -> passage (where they stand) -> matcher -> evidence.
Beside it `account/` says why an article does not meet a topic, and `trial` what a topic finds in those seen before.
"""

from crawler.topics.articles import ArticleMatcher
from crawler.topics.matcher import TopicMatcher
from crawler.topics.query import parse
from crawler.topics.tree import explain

__all__ = ["ArticleMatcher", "TopicMatcher", "explain", "parse"]
