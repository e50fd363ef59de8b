"""Lay out what layers are to hold: for a console, and as pages of documentation in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gis_planning.conventions import Kind, KindTitle, kinds
from gis_planning.conventions.structures import Structure
from gis_planning.conventions.values import Value, list_title, value_list
from gis_planning.judging.guide import FieldGuide, Guide
from gis_planning.texts import LANGS, Lang, say

#: Longer lists have a page of their own.
SHORT_LIST = 60
#: How the columns of the table of fields are headed.
COLUMNS = ("field", "meaning", "type", "aliases", "values")


def kind_lines(kinds: Iterable[Kind], lang: Lang) -> str:
    """Return a line for each kind: its key, its title and its geometry."""
    return "\n".join(f"{kind.name:<22}{kind.title(lang)} · {_geometry(kind, lang)}" for kind in kinds)


def told(guide: Guide, lang: Lang) -> str:
    """Return everything about one kind as plain text."""
    lines = [f"{guide.kind.title(lang)} [{guide.kind.name}]", "", *_head(guide, lang)]
    for field in guide.fields:
        lines += ["", f"{field.field.name}{_need(guide, field, lang)}: {field.meaning.to(lang)}"]
        lines.append(f"  {_label('type', lang)}{say(f'guide.type_{field.field.type}', lang)}")
        lines.append(f"  {_label('aliases', lang)}{_listed(field.field.aliases, lang)}")
        for name, values in field.values.items():
            lines.append(f"  {_label('values', lang)}{_list_head(name, lang)}")
            lines += [f"    {line}" for line in _values(name, values, lang)]
    if rows := guide.rows(lang):
        lines += ["", say("guide.examples", lang), "  " + " | ".join(_headings(guide, lang))]
        lines += ["  " + " | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join([*lines, "", *_clauses(guide, lang)])


def table_told(table: Structure, lang: Lang) -> str:
    """Return which layers a table of a delivered database is read as, and the columns its standard asks for."""
    facts = {"table": table.name, "title": table.title(lang)}
    lines = [say("guide.table_filled" if table.fills else "guide.table_idle", lang, **facts)]
    for fill in table.fills:
        layer = f"{kinds()[fill.kind].title(lang)} [{fill.kind}]"
        where = {"column": fill.column, "values": _listed(fill.values, lang)}
        lines.append("  " + (say("guide.table_where", lang, layer=layer, **where) if fill.column else layer))
    lines += ["", say("guide.table_columns" if table.whole else "guide.table_some_columns", lang)]
    for column in table.columns:
        length = say("guide.column_length", lang, length=column.length) if column.length else ""
        need = f" ({say('guide.required', lang)})" if column.mandatory else ""
        type_ = say(f"guide.type_{column.type}", lang)
        lines.append(f"  {column.name:<10}{column.title(lang)}{need}: {type_}{length}")
    return "\n".join(lines)


def list_told(name: str, lang: Lang) -> str:
    """Return one list of codes or words as plain text."""
    return "\n".join([_list_head(name, lang), "", *(_value(value, lang) for value in value_list(name))])


def pages(guides: Iterable[Guide], lists: Iterable[str]) -> dict[str, str]:
    """Return the pages of documentation by file name: one a kind, one a long list, and an index."""
    guides, long = list(guides), [name for name in lists if len(value_list(name)) > SHORT_LIST]
    made = " ".join(say("guide.page_made", lang) for lang in reversed(LANGS))
    index = ["# Layers / 图层", "", made, "", "| layer / 图层 | title / 名称 | geometry / 几何 |", "|---|---|---|"]
    found = {}
    for guide in guides:
        kind = guide.kind
        title = f"{kind.title('zh')}<br>{kind.title('en')}"
        geometry = f"{_geometry(kind, 'zh')}<br>{_geometry(kind, 'en')}"
        index.append(f"| [{kind.name}]({kind.name}.md) | {title} | {geometry} |")
        lines = [f"# {kind.name}: {kind.title('zh')} / {kind.title('en')}"]
        for lang in LANGS:
            lines += ["", f"## {kind.title(lang)}", "", *_page(guide, lang)]
        found[f"{kind.name}.md"] = "\n".join(lines) + "\n"
    for name in long:
        head = f"# {name}: {list_title(name, 'zh')} / {list_title(name, 'en')}"
        lines = [head, "", "| code | zh | en |", "|---|---|---|"]
        lines += [f"| {value.code} | {value.title('zh')} | {value.title('en')} |" for value in value_list(name)]
        found[f"codes-{name}.md"] = "\n".join(lines) + "\n"
    index += ["", "Codes / 代码: " + ", ".join(f"[{name}](codes-{name}.md)" for name in long)]
    found["README.md"] = "\n".join(index) + "\n"
    return found


def _page(guide: Guide, lang: Lang) -> Iterator[str]:
    for line in _head(guide, lang):
        yield f"- {line}"
    if guide.fields:
        yield from ("", _row(say(f"guide.column_{column}", lang) for column in COLUMNS), "|---" * len(COLUMNS) + "|")
    for field in guide.fields:
        yield _row((
            field.field.name + _need(guide, field, lang),
            field.meaning.to(lang),
            say(f"guide.type_{field.field.type}", lang),
            _listed(field.field.aliases, lang),
            "<br>".join(_page_values(field, lang)),
        ))  # fmt: skip
    if rows := guide.rows(lang):
        yield from ("", f"{say('guide.examples', lang)}", "")
        yield from (_row(_headings(guide, lang)), "|---" * len(rows[0]) + "|", *(_row(map(str, row)) for row in rows))
    yield from ("", *_clauses(guide, lang))


def _head(guide: Guide, lang: Lang) -> Iterator[str]:
    """Yield what holds for the layer as a whole."""
    kind = guide.kind
    yield say("guide.head_geometry", lang, geometry=_geometry(kind, lang))
    if kind.built_from:
        parts = (KindTitle(one).to(lang) for one in kind.built_from)
        yield say("guide.head_built_from", lang, layers=_listed(parts, lang))
    else:
        names = dict.fromkeys((kind.name, kind.titles["zh"], kind.titles["en"], *kind.names))
        yield say("guide.head_names", lang, names=_listed(names, lang))
    if kind.control:
        yield say("guide.head_control", lang)
    if kind.refuse_empty:
        yield say("guide.head_refuse_empty", lang)
    if kind.sheet is not None:
        yield say(f"guide.sheet_{kind.sheet}", lang)


def _clauses(guide: Guide, lang: Lang) -> Iterator[str]:
    if not guide.clauses:
        yield say("guide.no_clauses", lang)
        return
    yield say("guide.head_clauses", lang)
    yield ""
    for document, codes in guide.clauses.items():
        yield "- " + say("guide.clauses_line", lang, document=document, codes=", ".join(codes))


def _page_values(field: FieldGuide, lang: Lang) -> Iterator[str]:
    for name, values in field.values.items():
        if len(values) > SHORT_LIST:
            yield say("guide.values_page", lang, count=len(values), title=list_title(name, lang), list=name)
        else:
            yield _list_head(name, lang)
            yield from (_value(value, lang) for value in values)


def _values(name: str, values: tuple[Value, ...], lang: Lang) -> Iterator[str]:
    if len(values) > SHORT_LIST:
        yield say("guide.values_more", lang, count=len(values), list=name)
        return
    yield from (_value(value, lang) for value in values)


def _value(value: Value, lang: Lang) -> str:
    title = value.title(lang)
    said = say("guide.value_line", lang, code=value.code, title=title) if title else value.code
    more = " " + say("guide.also", lang, words=_listed(value.also, lang)) if value.also else ""
    return said + more


def _list_head(name: str, lang: Lang) -> str:
    return say("guide.list_line", lang, title=list_title(name, lang), name=name)


def _need(guide: Guide, field: FieldGuide, lang: Lang) -> str:
    if not field.field.required:
        return ""
    key = "required_or_name" if guide.kind.name == "facilities" else "required"
    return f" ({say(f'guide.{key}', lang)})"


def _headings(guide: Guide, lang: Lang) -> list[str]:
    return [field.heading(lang) for field in guide.fields if field.filled_in]


def _geometry(kind: Kind, lang: Lang) -> str:
    return say(f"guide.geometry_{kind.geometry}", lang)


def _label(column: str, lang: Lang) -> str:
    return say(f"guide.column_{column}", lang) + ("：" if lang == "zh" else ": ")


def _listed(words: Iterable[str], lang: Lang) -> str:
    return say("import.comma", lang).join(words)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
