"""The engine's metrics in Prometheus text format."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from pendopo.engine.telemetry.metrics import Measure, Metrics

TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The MIME type of Prometheus text format 0.0.4."""


class _MetricsCollector(Collector):
    def __init__(self, metrics: Metrics, gauges: list[Measure]) -> None:
        self._metrics = metrics
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for measure in [*self._metrics.list_measures(), *self._gauges]:
            labels = list(measure.samples[0][0]) if measure.samples else []
            make = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
            family = make(measure.name, measure.words, labels=labels)
            for values, value in measure.samples:
                family.add_metric(list(values.values()), value)
            yield family
        times = HistogramMetricFamily("pendopo_handler_seconds", "How long handlers take, commit included.")
        times.add_metric([], *self._metrics.handling.buckets())
        yield times
        words = "From a command's being stored to the first thing people see of it."
        replies = HistogramMetricFamily("pendopo_first_reply_seconds", words, labels=["route"])
        for route, histogram in self._metrics.first_replies.items():
            replies.add_metric([route], *histogram.buckets())
        yield replies


def render_metrics(metrics: Metrics, gauges: list[Measure]) -> bytes:
    """Render all metrics for a scraper."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_MetricsCollector(metrics, gauges))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
