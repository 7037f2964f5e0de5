"""What is counted and timed, for Prometheus. Numbers only: no text, no names."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
TAKEN = Counter("mlinfra_events", "Events taken in.", ["platform", "event"], registry=REGISTRY)
ANSWERED = Counter("mlinfra_answers", "Replies given.", ["platform", "reply"], registry=REGISTRY)
FAULTS = Counter(
    "mlinfra_faults", "Faults, by whose they are.", ["platform", "whose"], registry=REGISTRY
)
VERDICTS = Counter(
    "mlinfra_verdicts", "Thumbs up and down.", ["platform", "verdict"], registry=REGISTRY
)
SECONDS = Histogram(
    "mlinfra_answer_seconds",
    "From an event taken in to its reply given.",
    ["platform"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
PENDING = Gauge("mlinfra_pending", "Events that wait to be answered.", registry=REGISTRY)


def page() -> bytes:
    """All of it, in Prometheus' text format."""
    return generate_latest(REGISTRY)
