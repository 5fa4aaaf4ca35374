"""Which store the settings mean."""

import pytest
from scrapy.settings import BaseSettings

from crawler.extensions.opening import check_store
from crawler.news.errors import ConfigurationError


@pytest.mark.parametrize("replicas", ["-1", "one", ""])
def test_replicas_are_a_number(replicas: str) -> None:
    """STORE_REPLICAS is read before anything starts; what is no number is named, with the mend."""
    with pytest.raises(ConfigurationError, match=f'STORE_REPLICAS: "{replicas}" is no number of replicas. Write 0'):
        check_store(BaseSettings({"REDIS_URL": "redis://localhost", "STORE_REPLICAS": replicas}))
