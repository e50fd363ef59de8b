"""What a parser may be given, and what it may answer: a result, or a refusal in words."""

import re
import signal
import threading
from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from gis_planning.errors import NotAssessed, PlanningError

#: Seconds of computing, not of waiting: a busy machine makes nothing fail.
LIMIT_S = 10
#: What stands in files of people and of programs, and in those of people who mean harm.
ODD = [
    b"", b"0", b"-1", b"nan", b"NaN", b"inf", b"-inf", b"1e308", b"1e999", b"9" * 400, b"0x10", b"1_000", b"1e-320",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff", b"\x80", b"\x1a", b"\r", b"\n\n", b"\t", b" ", b",", b";", b"@",
    b"'", b'"', b"=", b"[", b"]", b"{", b"}", b"<", b">", b"&", b"<a>" * 60, b"</a>", b"&#0;", b"&#xD800;", b"&x;",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<![CDATA[", b"-->", b"[" * 300, b"(" * 300, b"{a=" * 60, b"../../x",
    b"a" * 5000,
    "１２３．５".encode(), "，".encode(), "²".encode(), "٣".encode(), "\u202e".encode(), "地块".encode("gbk"),
    "地块".encode(), "\U0001f333".encode(), b"true", b"null", b"None", b"%s%n", b"{0}", b"{source}", b"2026-02-30",
    b"=1+1", b"http://a.example/", b"/vsicurl/http://a.example/", b"\\", b"\x7f", b"4588700.5", b"-180", b"90.0000001",
]  # fmt: skip
#: What a cell of a table may hold.
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from([one.decode("utf-8", "replace") for one in ODD if len(one) < 400]),
)

#: The same on every machine, and no more than CI has time for.
bounded = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def examples(count):
    """Return how many examples a test may take."""
    return settings(bounded, max_examples=count)


@st.composite
def damaged(draw, sound, most=4):
    """Give bytes that were sound: cut, overwritten, swapped, repeated, or with what should not be there."""
    for _ in range(draw(st.integers(1, most))):
        sound = draw(st.sampled_from(_WAYS))(draw, sound)
    return sound


def _place(draw, sound):
    one, other = draw(st.integers(0, len(sound))), draw(st.integers(0, 40))
    return one, min(one + other, len(sound))


def _cut(draw, sound):
    start, end = _place(draw, sound)
    return sound[:start] if draw(st.booleans()) else sound[:start] + sound[end:]


def _odd(draw, sound):
    start, end = _place(draw, sound)
    return sound[:start] + draw(st.sampled_from(ODD)) + sound[start if draw(st.booleans()) else end :]


def _byte(draw, sound):
    start, _ = _place(draw, sound)
    return sound[:start] + draw(st.binary(max_size=4)) + sound[start + draw(st.integers(0, 4)) :]


def _repeat(draw, sound):
    start, end = _place(draw, sound)
    return sound[:end] + sound[start:end] * draw(st.sampled_from([1, 2, 50])) + sound[end:]


def _swap(draw, sound):
    (a, b), (c, d) = sorted([_place(draw, sound), _place(draw, sound)])
    b = min(b, c)
    return sound[:a] + sound[c:d] + sound[b:c] + sound[a:b] + sound[d:]


def _token(draw, sound):
    """Replace one number or word as a whole."""
    found = list(re.finditer(rb"[-+.\w]+", sound))
    if not found:
        return sound
    one = found[draw(st.integers(0, len(found) - 1))]
    return sound[: one.start()] + draw(st.sampled_from(ODD)) + sound[one.end() :]


def _lines(draw, sound):
    """Repeat, drop or move a line; of XML, an element."""
    parts = re.split(rb"(?<=[\n>])", sound)
    one, other = draw(st.integers(0, len(parts) - 1)), draw(st.integers(0, len(parts) - 1))
    moved = parts[one]
    if draw(st.booleans()):
        del parts[one]
    if draw(st.booleans()):
        parts.insert(other, moved)
    return b"".join(parts)


_WAYS = [_cut, _odd, _byte, _repeat, _swap, _token, _token, _lines]


def answers(call, *args, **options):
    """Return what a call gives, None where it refuses in words; anything else is a fault, and so is a hang."""
    with _clock():
        try:
            return call(*args, **options)
        except (PlanningError, NotAssessed) as refusal:
            tell(refusal)
            return None


def tell(refusal):
    """Say a refusal in both languages; no sentence names an exception or lacks what it is to tell."""
    said = refusal.reason if isinstance(refusal, NotAssessed) else refusal.text
    for lang in ("zh", "en"):
        words = said.to(lang)
        assert words.strip()
        assert not re.search(r"\b[A-Z][a-zA-Z]*(Error|Exception)\b|Traceback|<class '", words), words


@contextmanager
def _clock():
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_):
        raise AssertionError("it does not come to an end")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
