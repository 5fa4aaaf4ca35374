"""The path of a fetched article, in order. A new stage is one file here and its line below.

No stage drops an item: whatever a stage finds, it notes on the visit, and publish settles it. What follows can neither
lose nor double an article.
"""

ITEM_PIPELINES = {
    "pipelines.permit.Permit": 50,  # opt-outs that we obey
    "pipelines.normalise.Normalise": 100,  # clean fields and URLs
    "pipelines.recognise.Recognise": 200,  # new, revised or unchanged
    "pipelines.match.MatchTopics": 300,  # topics, with their evidence
    "pipelines.publish.Publish": 400,  # one step: event -> stream, state saved, lease ended, outcome counted
    "pipelines.learn.Learn": 500,  # what the outlet's articles repeat
}
