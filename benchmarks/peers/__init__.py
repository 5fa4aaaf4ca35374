"""What people write when they want news with Scrapy: the yardsticks of `benchmarks.whole_path`."""
