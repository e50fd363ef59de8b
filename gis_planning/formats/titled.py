"""Tell which tables of a delivery are layers by their own names, and draft for county.toml what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gis_planning.conventions import Kind, KindTitle, kinds
from gis_planning.conventions.layer_names import meant, near
from gis_planning.formats.datum import DATUMS
from gis_planning.formats.found import FoundTable
from gis_planning.formats.write.folder import commented, toml_of
from gis_planning.texts import Lang, Text, say, text

#: Fields that a draft names.
NAMED_FIELDS = 20
#: What stands for the kind in a draft until a person chooses.
KIND = "KIND"


def titled(
    tables: Iterable[FoundTable], filled: Mapping[str, str]
) -> tuple[dict[str, FoundTable], list[tuple[FoundTable, Text]]]:
    """Return the tables that are layers by their own names, by kind; and the others, each with why it is none.

    Parameters
    ----------
    tables
        Tables that have no structure of the standards.
    filled
        What each kind is taken from already, and nothing else may be.
    """
    tables = list(tables)
    wanted: dict[str, list[FoundTable]] = {}
    for table in tables:
        for kind in table.kinds if len(table.kinds) == 1 else ():
            wanted.setdefault(kind, []).append(table)
    found, others = {}, []
    for table in tables:
        reason = _why_not(table, wanted, filled)
        if reason is None:
            found[table.kinds[0]] = table
        else:
            others.append((table, reason))
    return found, others


def _why_not(table: FoundTable, wanted: Mapping[str, list[FoundTable]], filled: Mapping[str, str]) -> Text | None:
    """Return why a table is not the layer of its name, None where it is."""
    if not table.kinds:
        return table.reason if table.refused else _unfit(table) or table.reason or text("import.unknown")
    if len(table.kinds) > 1:
        return text("import.two_kinds", kinds=[KindTitle(one) for one in table.kinds])
    kind = table.kinds[0]
    if kind in filled:
        return text("import.taken", layer=KindTitle(kind), table=filled[kind])
    if len(wanted[kind]) > 1:
        rivals = [one.called for one in wanted[kind] if one is not table]
        return text("import.several", layer=KindTitle(kind), tables=rivals)
    return _lacking(table, kinds()[kind])


def _unfit(table: FoundTable) -> Text | None:
    """Return the layers a table is named after where its geometry is not theirs."""
    named = meant(table.name)
    if not named or table.geometry is None:
        return None
    held = text(f"import.geometry_{table.geometry}")
    return text("import.other_shapes", layers=[KindTitle(kind) for kind in named], found=held)


def draft(table: FoundTable, source: str, reason: Text, lang: Lang) -> str:
    """Return a commented table of county.toml: what was seen, and what to uncomment once a person has chosen."""
    likely = table.kinds or near(table.name, table.geometry)
    head = likely[0] if len(likely) == 1 else KIND
    lines = [_seen(table, lang), reason.to(lang)]
    if head == KIND and likely:
        lines.append(say("import.draft_likely", lang, kinds=_spoken(likely, lang), kind=KIND))
    elif head == KIND:
        lines.append(say("import.draft_kind", lang, kind=KIND))
    entry: dict[str, str | None] = {"source": source, "layer": table.table}
    if table.datum is not None or table.datum_open:
        entry["datum"] = table.datum or ""
        if table.datum_open:
            lines.append(say("import.draft_datum", lang, datums=", ".join(DATUMS)))
    elif table.crs is None:
        entry["crs"] = ""
        lines.append(say("import.draft_crs", lang))
    return commented([*lines, *toml_of({f"layers.{head}": entry}).splitlines()])


def drafted(table: FoundTable) -> bool:
    """Say whether a table may be a layer: it has shapes, or it goes by a layer's name and could not be read."""
    if table.refused:
        # A sheet of the template that nobody filled in is no layer.
        emptied = table.reason is not None and table.reason.key == "points.empty"
        return not emptied and bool(near(table.name, None))
    return table.geometry is not None


def _lacking(table: FoundTable, kind: Kind) -> Text | None:
    """Return why a table cannot be the layer it is named after, None where it can."""
    if table.datum_open:
        return text("import.no_datum", datums=list(DATUMS))
    if table.geometry != "raster" and not table.features:
        return text("import.empty")
    held = {field.casefold() for field in table.fields}
    for field in kind.fields:
        # What a facility is can be told by its name.
        instead = kind.fields[0].aliases if kind.name == "facilities" else ()
        if field.required and held.isdisjoint(alias.casefold() for alias in (*field.aliases, *instead)):
            return text("import.no_field", layer=KindTitle(kind.name), field=field.name, aliases=list(field.aliases))
    return None


def _seen(table: FoundTable, lang: Lang) -> str:
    fields = [*table.fields[:NAMED_FIELDS], *(["..."] if len(table.fields) > NAMED_FIELDS else [])]
    facts = {"table": table.called, "fields": say("import.comma", lang).join(fields) or "-"}
    if table.refused or table.geometry is None:
        return say("import.draft_unread", lang, table=table.called)
    return say(
        "import.draft_seen",
        lang,
        **facts,
        geometry=say(f"import.geometry_{table.geometry}", lang),
        count=table.features,
    )


def _spoken(likely: Iterable[str], lang: Lang) -> str:
    return say("import.comma", lang).join(KindTitle(kind).to(lang) for kind in likely)
