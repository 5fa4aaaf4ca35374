"""What every `scrapy <command>` of Storywatch shares: help that teaches, exit codes, errors without a traceback.

Scrapy folds the newlines of a command's long description and adds eight global options to each help page. Ours keep
their examples as written and offer `-s` alone: a command that only looks needs no log, profile or pid file.
"""

import argparse
import os
import sys
from collections.abc import Callable
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.news.errors import ConfigurationError, StorywatchError, WatchlistError

DONE, FAILED, MISCONFIGURED, INTERRUPTED = 0, 1, 2, 130


class Command(ScrapyCommand):
    """A command without a crawl. Subclasses say `summary` and `epilog`, and either `execute` or have actions:

        class Watchlist(Command):
            summary = "Check your watchlist"

            def arguments(self, parser):
                check = self.action(parser, "check", self.check, "list everything that is wrong with it")
                check.add_argument("path", type=Path)

            def check(self, opts) -> int: ...

    Exit codes: what `execute` returns; 2: bad command line, configuration or watchlist; 1: any other error of ours.
    """

    # Scrapy makes a command of each class that says it comes from the module it stands in: not of this abstract one.
    __module__ = "crawler.commands"

    summary: ClassVar[str]
    epilog: ClassVar[str] = ""
    requires_project = True
    requires_crawler_process = False
    settings: Settings  # Scrapy sets it before it calls any of the methods below
    _actions: "argparse._SubParsersAction[argparse.ArgumentParser] | None" = None

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments and actions."""

    def execute(self, opts: argparse.Namespace) -> int:
        """Do it and return the exit code. Here: call the action that the user named."""
        code: int = opts.action(opts)
        return code

    def action(
        self,
        parser: argparse.ArgumentParser,
        name: str,
        run: Callable[[argparse.Namespace], int],
        summary: str,
        *,
        epilog: str = "",
    ) -> argparse.ArgumentParser:
        """Add the action of `scrapy <command> <name>` and return its parser, to which arguments may be added."""
        if self._actions is None:
            self._actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
        action = self._actions.add_parser(
            name,
            help=summary,
            description=_sentence(summary),
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        action.set_defaults(action=run)
        _add_settings_option(action, default=argparse.SUPPRESS)  # else it would wipe out the -s before the action
        return action

    # What Scrapy calls.

    def short_desc(self) -> str:
        return self.summary

    def long_desc(self) -> str:
        return _sentence(self.summary)

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        parser.prog = f"scrapy {type(self).__module__.rpartition('.')[2]}"
        parser.usage = None  # Scrapy's own leaves out the arguments
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = self.epilog
        parser.set_defaults(logfile=None, loglevel=None, nolog=False, profile=None, pidfile=None, pdb=False)
        _add_settings_option(parser, default=[])
        self.arguments(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError(f"unknown argument: {' '.join(args)}", print_help=False)
        self.exitcode = self._exit_code(opts)

    def _exit_code(self, opts: argparse.Namespace) -> int:
        try:
            code = self.execute(opts)
            sys.stdout.flush()
        except (ConfigurationError, WatchlistError) as error:
            print(error, file=sys.stderr)
            return MISCONFIGURED
        except StorywatchError as error:
            print(error, file=sys.stderr)
            return FAILED
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:  # `scrapy events | head`: the reader has all it wanted
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
            return DONE
        return code


def _add_settings_option(parser: argparse.ArgumentParser, *, default: object) -> None:
    parser.add_argument(
        "-s",
        dest="set",
        action="append",
        default=default,
        type=_setting,
        metavar="NAME=VALUE",
        help="set a setting for this once (may be repeated)",
    )


def _setting(text: str) -> str:
    """Read the value of -s; Scrapy takes it apart later.

    Raises:
        argparse.ArgumentTypeError: it is none. Often it was no option at all: `test '-sport dam'`.
    """
    if "=" not in text:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no NAME=VALUE. What begins with a dash and is no option stands after --"
        )
    return text


def _sentence(summary: str) -> str:
    return f"{summary[:1].upper()}{summary[1:].rstrip('.')}."
