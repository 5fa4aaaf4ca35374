"""The crawl that all tests of this folder read the traces of."""

import pytest

from tests.polling.play import play
from tests.polling.scripted import SCRIPTS, Played


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Three days in the life of a crawl, with all sources of the test files that were collected."""
    return play(SCRIPTS, tmp_path_factory.mktemp("polling"))
