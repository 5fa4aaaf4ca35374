"""When to poll a source again, and what to remember of it meanwhile.

schedule    after each answer: what is remembered, when the source is due, and why
lessons     what an answer teaches: which entries are new, when they were published
rhythm      when and how often a source publishes, and so when the next look is worth it
window      what a source announced last, in a few bytes
wishes      what servers and feeds wish: how long to wait, when to stay away
"""

from crawler.discovery.polling.schedule import (
    BARRED,
    DAY_MS,
    GONE,
    after_failure,
    after_not_modified,
    after_part,
    after_success,
    conditional_headers,
    is_capped,
    is_unchanged,
)

__all__ = [
    "BARRED",
    "DAY_MS",
    "GONE",
    "after_failure",
    "after_not_modified",
    "after_part",
    "after_success",
    "conditional_headers",
    "is_capped",
    "is_unchanged",
]
