"""Which page of which browser wants to hear of which news."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

Key = tuple[str, type[Any]]
"""A socket token and the State class that shows something on its page."""


class Followers:
    """Pages by topic. Knows nothing of sockets: whoever delivers drops the pages that are gone."""

    def __init__(self) -> None:
        self._topics: dict[Key, frozenset[str]] = {}
        self._shown: dict[str, Key] = {}
        self._pages: defaultdict[str, set[Key]] = defaultdict(set)

    def show(self, key: Key, topics: tuple[str, ...]) -> None:
        """From now on the browser shows this page, and the one it showed before wants nothing more."""
        if before := self._shown.get(key[0]):
            self.drop(before)
        self.follow(key, topics)
        self._shown[key[0]] = key

    def follow(self, key: Key, topics: tuple[str, ...]) -> None:
        """From now on this part of the screen wants exactly these topics."""
        self.drop(key)
        self._topics[key] = frozenset(topics)
        for topic in self._topics[key]:
            self._pages[topic].add(key)

    def drop(self, key: Key) -> None:
        """This page wants nothing any more."""
        if self._shown.get(key[0]) == key:
            del self._shown[key[0]]
        for topic in self._topics.pop(key, frozenset()):
            self._pages[topic].discard(key)
            if not self._pages[topic]:
                del self._pages[topic]

    def of(self, topic: str) -> tuple[Key, ...]:
        """The pages that want this topic."""
        return tuple(self._pages.get(topic, ()))

    def pages(self) -> tuple[Key, ...]:
        """Every page that wants anything."""
        return tuple(self._topics)
