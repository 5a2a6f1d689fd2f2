"""Makes a site of executed notebooks: a page for each, and the page that leads to them.

Called by the Go package beside it with an order on standard input, as JSON: the folder to write to ("folder") and the
pages in their order, each with the notebook as the author has it ("source"), its executed copy ("executed"), and the name
of the page in the folder ("page"). Paths are absolute; names of pages have slashes.
"""

import itertools
import json
import posixpath
import sys
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.nbconvertapp import NbConvertApp
from tutorial_page import outline, relative

HOME = "index.html"


def described(exporter, order):
    """The pages of the order with all that is known of each."""
    for page in order["pages"]:
        nb = nbformat.read(page["executed"], as_version=4)
        context = exporter.template.new_context({"nb": nb, "resources": {}})
        found = outline(context, nb.cells)
        yield page | found | {"nb": nb, "title": found["title"] or Path(page["source"]).stem}


def resources(page, before, after, by_source):
    """What the template reads for one page of the site."""

    def neighbour(other):
        return other and {"href": relative(other["page"], page["page"]), "title": other["title"]}

    return {
        "metadata": {"name": Path(page["source"]).stem, "path": posixpath.dirname(page["source"])},
        "site": {
            "source": page["source"],
            "page": page["page"],
            "pages": by_source,
            "home": relative(HOME, page["page"]),
            "previous": neighbour(before),
            "next": neighbour(after),
        },
    }


def contents(exporter, pages):
    """The page that leads to the others, which follow each other in groups by folder."""
    groups = []
    for folder, members in itertools.groupby(pages, lambda page: posixpath.dirname(page["page"])):
        name = posixpath.basename(folder).replace("_", " ").replace("-", " ").capitalize()
        if groups and not name:  # it would seem to belong to the group before it
            name = "More"
        groups.append({"name": name, "pages": [page | {"href": relative(page["page"], HOME)} for page in members]})
    versions = sorted({page["nb"].metadata.get("language_info", {}).get("version", "") for page in pages} - {""})
    template = exporter.environment.get_template("contents.html.j2")
    return template.render(groups=groups, versions=versions, resources={"language_code": "en"})


def write(folder, name, content):
    file = Path(folder, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def main():
    order = json.load(sys.stdin)
    app = NbConvertApp(log_level="ERROR")
    app.load_config_file()
    exporter = HTMLExporter(config=app.config)
    pages = list(described(exporter, order))
    by_source = {page["source"]: page["page"] for page in pages}
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None]):
        content, _ = exporter.from_notebook_node(page["nb"], resources=resources(page, before, after, by_source))
        write(order["folder"], page["page"], content)
    write(order["folder"], HOME, contents(exporter, pages))


main()
