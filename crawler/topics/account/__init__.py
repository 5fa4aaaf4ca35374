"""Why an article meets a topic, or why not and what comes nearest: for `scrapy topics explain`.

judging     the query judged node by node, and the nearest failing part
shortfall   why one word, phrase or NEAR is not met, in a sentence, and by how much it is missed
scope       what a part of a query looks at; window: where its words come closest; names: languages in words
"""

from crawler.topics.account.judging import Account, Failing, Judged, Verdict, account

__all__ = ["Account", "Failing", "Judged", "Verdict", "account"]
