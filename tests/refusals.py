"""What every refusal is held to: its class, its key, and words in both languages."""

import pytest


def refused(error, key, call, *args, **options):
    """Return what is said, in English, when a call is refused as it should be."""
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    return str(caught.value)
