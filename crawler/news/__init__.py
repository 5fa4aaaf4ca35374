"""What news is: the nouns every other room speaks in. Pure: no Scrapy, no Redis, no clock, no I/O."""
