"""JSON by the interpreter's own parts alone: the `json` module brings regular expressions along, a third of a start."""
import sys

# Python 2's parts differ, and it starts slowly anyway; other implementations have none.
try:
    if sys.version_info[0] < 3:
        raise ImportError
    from _json import encode_basestring, make_encoder, make_scanner
except ImportError:
    make_scanner = None


class _Rules(object):
    """What json.JSONDecoder() tells its scanner."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {"-Infinity": -float("inf"), "Infinity": float("inf"), "NaN": float("nan")}.__getitem__
    memo = {}


_BLANK = " \t\n\r"


def _decode(text):
    start = len(text) - len(text.lstrip(_BLANK))
    try:
        value, end = _scan(text, start)
    except StopIteration:
        return _explain(text)
    if text[end:].strip(_BLANK):
        return _explain(text)
    return value


def _explain(text):
    import json

    return json.loads(text)


def _refuse(value):
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def _encode(value):
    encoder = make_encoder({}, _refuse, encode_basestring, None, ": ", ", ", False, False, True)
    return "".join(encoder(value, 0))


if make_scanner is None:
    import json

    decode = json.JSONDecoder().decode
    encode = json.JSONEncoder(ensure_ascii=False).encode
else:
    _scan = make_scanner(_Rules)
    decode = _decode
    encode = _encode
