"""Figures for a monitoring system, in the form of Prometheus: counts and ages, never a name, address, word or place."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlite_utils import Database

from bot import logs
from bot.health.pulse import State
from bot.store import counts, waits_of_post

FORM = "text/plain; version=0.0.4; charset=utf-8"


def as_text(db: Database, folder: Path, parts: Mapping[str, State], now: datetime) -> str:
    """Every figure of this moment, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(_Collected([*_of_store(db, now), *_of_disk(folder), *_of_parts(parts), *_of_process()]))
    ProcessCollector(registry=registry)
    return generate_latest(registry).decode()


class _Collected(Collector):
    """Figures that were read already, in the shape in which the library wants them."""

    def __init__(self, metrics: list[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """Each figure once."""
        return iter(self.metrics)


def _of_store(db: Database, now: datetime) -> Iterator[Metric]:
    for name, help_, found in (
        ("mixmatch_messages", "Messages in the store, by state", counts.messages(db)),
        ("mixmatch_letters", "Letters in the outbox, by state", counts.letters(db)),
        ("mixmatch_cases", "Cases, by state", counts.cases(db)),
        ("mixmatch_proposals", "Proposals, by state", counts.proposals(db)),
    ):
        yield _by(name, help_, "state", found)
    for name, help_, waiting in (
        ("mixmatch_oldest_message_seconds", "Age of the oldest message that waits", waits_of_post.messages(db)),
        ("mixmatch_oldest_letter_seconds", "How long the oldest letter is overdue", waits_of_post.letters(db, now)),
    ):
        age = (now - waiting.oldest).total_seconds() if waiting.oldest else 0.0
        yield GaugeMetricFamily(name, help_, value=max(age, 0.0))


def _of_disk(folder: Path) -> Iterator[Metric]:
    size = sum(each.stat().st_size for each in folder.glob("mixmatch.db*") if each.is_file())
    yield GaugeMetricFamily("mixmatch_database_bytes", "Size of the database with its log", value=size)
    free = shutil.disk_usage(folder).free
    yield GaugeMetricFamily("mixmatch_disk_free_bytes", "Room left where the database is", value=free)


def _of_parts(parts: Mapping[str, State]) -> Iterator[Metric]:
    found = {name: int(state == "well") for name, state in parts.items()}
    yield _by("mixmatch_part_up", "1 while a part of the service does its work", "part", found)


def _of_process() -> Iterator[Metric]:
    told = CounterMetricFamily("mixmatch_events", "What the service told in its log, by code", labels=["event"])
    for event, times in sorted(logs.told().items()):
        told.add_metric([event], times)
    yield told
    yield _by("mixmatch_build_info", "The release that runs", "version", {version("mixmatch"): 1})


def _by(name: str, help_: str, label: str, found: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for value, count in sorted(found.items()):
        family.add_metric([value], count)
    return family
