"""`scrapy topics explain`: how a query is understood, and why an article meets it or not."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text
from scrapy.settings import Settings

from crawler.commands.base import DONE, FAILED, MISCONFIGURED
from crawler.commands.looking import console, with_store
from crawler.commands.pages import kind_of, page_arguments, study_file, study_url
from crawler.commands.querying import TRIED, query_arguments, topic_named, topic_of
from crawler.commands.showing import plain
from crawler.commands.telling import as_json, indented, marked, show_terms, snippet, uncut
from crawler.extensions.watching import watchlist_of
from crawler.news.article import Article
from crawler.news.errors import ConfigurationError, ExtractionError, StoreError
from crawler.news.topic import Evidence, Match, Topic
from crawler.store import Store
from crawler.topics import explain as tree_text
from crawler.topics.account import Account, Verdict, account
from crawler.topics.articles import ArticleMatcher, fields_of
from crawler.topics.standing import standing
from crawler.topics.tree import Not
from crawler.watchlist import Watchlist

EPILOG = """\
Without an article: the query as it was understood. With one: whether it meets the topic, and the words that say so, or
the nearest part that fails. A URL or file is read as `scrapy article` reads it. An articleId is looked up among the
articles that the store keeps, so that offsets are those of the text as it was published.

examples:
  scrapy topics explain "Dams of Orvania"
  scrapy topics explain "Dams of Orvania" https://harbour-post.example/news/dam
  scrapy topics explain "Dams of Orvania" n4e7zyc267jbykal
  scrapy topics explain --query 'Orvania AND dam*' page.html     a query that is on no watchlist

Where a query begins with a dash, write NOT for the dash, or join it with a sign: --query='-sport dam'

exit code: 0 it meets the topic; 1 it does not; 2 nobody can say: a wrong argument or watchlist, an article that cannot
be read, or a store that cannot be reached
"""

PLACES = 8  # of a part of the query in one text: who wants them all takes --json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    parser.add_argument("names", nargs="*", metavar="TOPIC [URL|FILE|articleId]", help="a topic's name, and an article")
    parser.add_argument("--query", help="instead of TOPIC: a query to try")
    query_arguments(parser)
    page_arguments(parser)
    parser.add_argument("--json", action="store_true", help="for programs")


def explain(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError, WatchlistError: a wrong argument, query or watchlist.
    """
    watchlist = watchlist_of(settings)
    topic, page = _wanted(watchlist, opts)
    if page is None:
        if opts.json:
            print(as_json(_topic_data(topic)))
        else:
            _show_topic(console(), topic)
        return DONE
    article = _article(settings, opts, page)
    if article is None:
        return MISCONFIGURED
    told = account(topic, **fields_of(article, watchlist.tags))
    matches = ArticleMatcher([topic], watchlist.tags).match(article)
    if opts.json:
        print(as_json(_account_data(topic, article, told, matches)))
    else:
        _show_account(console(), topic, article, told, matches)
    return DONE if told.met else FAILED


def why_not(told: Account) -> str:
    """Return in a line why a topic is not met; of many reasons the first two."""
    return "; ".join(failing.why for failing in told.nearest[:2])


def _wanted(watchlist: Watchlist, opts: argparse.Namespace) -> tuple[Topic, str | None]:
    """Return the topic that is meant, and what names the article, if any."""
    names = list(opts.names)
    if opts.query is not None:
        topic = topic_of(opts.query, opts, watchlist)
    elif opts.lang or opts.inflect:
        raise ConfigurationError("--lang and --inflect go with --query. A topic of the watchlist has its own.")
    elif names:
        topic = topic_named(watchlist, names.pop(0))
    else:
        raise ConfigurationError('Name a topic of your watchlist, or a --query "...". scrapy topics list shows them.')
    if len(names) > 1:
        raise ConfigurationError(
            f"{len(names)} articles are named. Name one; a query or name with spaces stands in quotes."
        )
    return topic, names[0] if names else None


def _article(settings: Settings, opts: argparse.Namespace, page: str) -> Article | None:
    """Return the article that is named; None: it cannot be had, which is told.

    Raises:
        ConfigurationError: a wrong argument. WatchlistError: the watchlist is wrong.
    """
    kind = kind_of(page)
    try:
        return _kept(settings, page) if kind == "id" else _read(settings, opts, page, is_url=kind == "url")
    except (ExtractionError, StoreError) as error:
        print(error, file=sys.stderr)
        return None


def _read(settings: Settings, opts: argparse.Namespace, page: str, *, is_url: bool) -> Article | None:
    """Return what is read in a page now."""
    studied = study_url(settings, opts, page) if is_url else study_file(settings, opts, Path(page))
    if studied and studied.study.refusal:
        print(f"No article ({studied.study.refusal.reason}): {studied.study.refusal}", file=sys.stderr)
    return studied.article if studied else None


def _kept(settings: Settings, article_id: str) -> Article | None:
    """Return an article as the store keeps it."""

    async def find(store: Store) -> tuple[Article | None, str]:
        kept = await store.archive.find(article_id)
        state = None if kept else await store.articles.state(article_id)
        return kept.article if kept else None, state.url if state else ""

    article, url = with_store(settings, find)
    if article:
        return article
    if url:
        print(
            f"The text of article {article_id} is not kept any more (settings KEEP_EVENTS, KEEP_UNMATCHED). "
            f"Name its URL, and it is fetched anew: {url}",
            file=sys.stderr,
        )
    else:
        print(f"The store knows no article {article_id}. Name its URL.", file=sys.stderr)
    return None


def _show_topic(out: Console, topic: Topic) -> None:
    """Print a topic, and each of its queries as it is understood."""
    out.print(Text(_called(topic), style="bold"), soft_wrap=True)
    show_terms(out, topic, indent=2)
    for query in standing(topic):
        print()
        if query.key != "query":
            out.print(Text(f"{query.key}:", style="dim"))
        out.print(Text(tree_text(query.tree)), soft_wrap=True)


def _show_account(out: Console, topic: Topic, article: Article, told: Account, matches: Sequence[Match]) -> None:
    """Print whether an article meets a topic, why, and the queries with ticks and crosses."""
    indented(out, Text(plain(article.headline or "(no headline)"), "bold"), 0)
    facts = [article.outlet or "no outlet of the watchlist", article.inLanguage or "no language", article.url]
    uncut(out, Text(plain("  ".join(facts)), "dim"), 2)
    print()
    verdict = ("meets", "bold green") if told.met else ("does not meet", "bold red")
    out.print(Text.assemble("It ", verdict, f" {_called(topic)}:"), soft_wrap=True)
    for failing in told.nearest:
        indented(out, Text(plain(failing.why)), 2)
        if failing.snippet:
            indented(out, marked(failing.snippet), 4)
    for match in matches:
        for evidence in match.evidence:
            _show_evidence(out, evidence)
    for judged in told.judged:
        print()
        if judged.key != "query":
            out.print(Text(f"{judged.key}:", style="dim"))
        _show_verdict(out, judged.verdict)
    for key in told.passed_over:
        print()
        out.print(Text(f"{key} is for articles in other languages", "dim"))


def _show_evidence(out: Console, evidence: Evidence) -> None:
    """Print what is found in one text, and for each part of the query where."""
    indented(out, snippet(evidence), 2)
    places: dict[str, list[str]] = {}
    for part, (start, end) in zip(evidence.parts, evidence.offsets, strict=True):
        places.setdefault(part, []).append(f"{start}-{end}")
    for part, at in places.items():
        more = f" and {len(at) - PLACES:,} more" if len(at) > PLACES else ""
        indented(out, Text.assemble((f"{part}  ", "bold"), f"{', '.join(at[:PLACES])}{more}"), 4)


def _show_verdict(out: Console, verdict: Verdict, depth: int = 0, *, wanted: bool = True) -> None:
    """Print a node of the query and those below it, green where the verdict is the `wanted` one."""
    line = Text.assemble(("✓ " if verdict.met else "✗ ", "green" if verdict.met is wanted else "red"), verdict.part)
    if verdict.where:
        line.append(f"  {', '.join(_counted(evidence) for evidence in verdict.where)}", "dim")
    elif verdict.reason and not verdict.children:
        line.append(f"  {plain(verdict.reason)}", "dim")
    indented(out, line, 2 * depth)
    for child in verdict.children:
        _show_verdict(out, child, depth + 1, wanted=wanted is not isinstance(verdict.node, Not))


def _counted(evidence: Evidence) -> str:
    """Return the field, and the words in it."""
    return f"{evidence.field}: {plain(', '.join(evidence.words))}"


def _called(topic: Topic) -> str:
    return topic.name if topic.name == TRIED else f'"{topic.name}"'


# For programs.


def _topic_data(topic: Topic) -> dict[str, object]:
    queries = [{"key": query.key, "tree": tree_text(query.tree).splitlines()} for query in standing(topic)]
    return {"topic": topic, "queries": queries}


def _account_data(topic: Topic, article: Article, told: Account, matches: Sequence[Match]) -> dict[str, object]:
    return {
        "topic": topic,
        "article": {
            "articleId": article.articleId,
            "url": article.url,
            "outlet": article.outlet,
            "headline": article.headline,
            "inLanguage": article.inLanguage,
        },
        "met": told.met,
        "evidence": [evidence for match in matches for evidence in match.evidence],
        "nearest": told.nearest,
        "queries": [{"key": judged.key, "tree": _verdict_data(judged.verdict)} for judged in told.judged],
        "passedOver": told.passed_over,
    }


def _verdict_data(verdict: Verdict) -> dict[str, object]:
    told: dict[str, object] = {"part": verdict.part, "met": verdict.met}
    if verdict.reason:
        told["reason"] = verdict.reason
    if verdict.where:
        told["where"] = verdict.where
    if verdict.children:
        told["children"] = [_verdict_data(child) for child in verdict.children]
    return told
