"""Reads lines of the combined log format with the request time in seconds at the end."""
import re
from collections import namedtuple

Request = namedtuple("Request", "time method path status size referrer agent seconds")

LINE = re.compile(
    r'^\S+ \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" '
    r'(?P<status>\d{3}) (?P<size>\d+|-) "(?P<referrer>[^"]*)" "(?P<agent>[^"]*)" (?P<seconds>[\d.]+)$'
)


def parse_log(lines):
    """Yields a Request for every line of the format; other lines (broken requests) are left out."""
    for line in lines:
        match = LINE.match(line.rstrip("\n"))
        if match:
            field = match.groupdict()
            yield Request(
                time=field["time"],
                method=field["method"],
                path=field["path"].split("?")[0],
                status=int(field["status"]),
                size=0 if field["size"] == "-" else int(field["size"]),
                referrer=field["referrer"],
                agent=field["agent"],
                seconds=float(field["seconds"]),
            )
