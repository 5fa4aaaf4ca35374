"""Reading a story's file from the store."""

import msgspec

from crawler.desk.stories import StoryFile
from crawler.store import Store

_decoder = msgspec.json.Decoder(StoryFile)


def decode_file(text: str) -> StoryFile:
    """Read a story's file."""
    return _decoder.decode(text)


def encode_file(file: StoryFile) -> tuple[str, str]:
    """Return a story's id and its file as text."""
    return file.story.storyId, msgspec.json.encode(file).decode()


async def read_file(store: Store, story_id: str) -> StoryFile | None:
    """Return a story's file, or that of the story which it became part of; None: it is forgotten."""
    followed = set[str]()
    while story_id not in followed and (text := await store.stories.story(story_id)):
        followed.add(story_id)
        file = decode_file(text)
        if file.story.mergedInto is None:
            return file
        story_id = file.story.mergedInto
    return None
