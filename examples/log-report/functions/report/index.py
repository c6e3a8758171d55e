"""Summarises a web server's access log: on a timer, asynchronously, or for a caller who waits."""
import json
import os
from collections import Counter

from parse import parse_log

REQUESTS = []


def initialize(context):
    """Reads the log once per instance; every request works on what was read."""
    path = os.path.join(os.environ["RUNTIME_CODE_ROOT"], context.getUserData("LOG_FILE"))
    with open(path) as log:
        REQUESTS.extend(parse_log(log))


def handler(event, context):
    """Answers the section that the event (or a timer's user_event) names."""
    section = choose_section(event)
    if section not in SECTIONS:
        raise ValueError("unknown section '%s'; use one of: %s" % (section, ", ".join(sorted(SECTIONS))))
    answer = SECTIONS[section](REQUESTS)
    context.getLogger().info("section %s of %d requests: %s" % (section, len(REQUESTS), json.dumps(answer, sort_keys=True)))
    return answer


def choose_section(event):
    if event.get("trigger_type") == "TIMER":
        event = json.loads(event.get("user_event") or "{}")
    return event.get("section", "summary")


def summary(requests):
    durations = sorted(request.seconds for request in requests)
    return {
        "requests": len(requests),
        "bytes": sum(request.size for request in requests),
        "clients": len({request.agent for request in requests}),
        "from": requests[0].time,
        "to": requests[-1].time,
        "p50Ms": percentile_ms(durations, 0.50),
        "p95Ms": percentile_ms(durations, 0.95),
    }


def statuses(requests):
    return dict(Counter("%dxx" % (request.status // 100) for request in requests))


def paths(requests):
    return ranked(Counter(request.path for request in requests))


def referrers(requests):
    return ranked(Counter(request.referrer for request in requests if request.referrer != "-"))


def missing(requests):
    return ranked(Counter(request.path for request in requests if request.status == 404))


def ranked(counter, top=5):
    """The most frequent first; equals in alphabetical order, so that the answer is always the same."""
    return [[name, count] for name, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:top]]


def percentile_ms(ordered, share):
    return round(ordered[int(share * (len(ordered) - 1))] * 1000)


SECTIONS = {"summary": summary, "statuses": statuses, "paths": paths, "referrers": referrers, "missing": missing}
