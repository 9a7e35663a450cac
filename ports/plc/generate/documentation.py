"""The tables of docs/plc.md: blocks and errors. The rest of the page is written by hand."""

import description

PAGE = description.ROOT.parents[1] / "docs/plc.md"


def plain(text):
    return text.replace("|", "\\|")


def fields(title, group):
    lines = [f"| {title} | type | |", "|---|---|---|"]
    for field in group:
        unit = f", {field.unit}" if field.unit else ""
        lines.append(f"| `{field.name}` | {field.iec}{unit} | {plain(field.doc)} |")
    return lines


def blocks(made):
    lines = []
    for block in made.blocks:
        common = {name for name, *_ in sum(description.COMMON[block.type], [])}
        lines += [f"### {block.name}", "", f"{block.type}. {block.doc}", ""]
        for title, group in (("input", block.inputs), ("output", block.outputs)):
            own = [field for field in group if field.name not in common]
            if own:
                lines += [*fields(title, own), ""]
    return "\n".join(lines)


def errors(made):
    lines = ["| ErrorID | name | meaning | what to do |", "|---|---|---|---|"]
    lines += [f"| `{e.iec}` | {e.name} | {plain(e.doc)} | {plain(e.action)} |" for e in made.errors]
    return "\n".join(lines) + "\n"


def replaced(page, name, text):
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, rest = page.split(begin)
    _, tail = rest.split(end)
    return head + begin + text + end + tail


def files(made):
    page = PAGE.read_text(encoding="utf-8")
    page = replaced(replaced(page, "errors", errors(made)), "blocks", blocks(made))
    return {"../../docs/plc.md": page}
