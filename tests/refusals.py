"""What every refusal is held to: its class, its key, and words in both languages."""

import pytest

from gis_planning.errors import PlanningError


def read_or_refused(read, *args, **options):
    """Hold that whatever is delivered is read, or refused in words; and that what is remarked on it has words."""
    try:
        delivered = read(*args, **options)
    except PlanningError as fault:
        said = [fault.to("zh"), fault.to("en")]
    else:
        assert len(delivered.frame)
        said = [str(warning) for warning in delivered.warnings]
    assert all(said)


def refused(error, key, call, *args, **options):
    """Return what is said, in English, when a call is refused as it should be."""
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    return str(caught.value)
