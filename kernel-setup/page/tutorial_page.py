"""What the page template needs and Jinja cannot do: colours, an outline, errors to read, and nothing of the machine.

Each function is a filter of the template; set-up puts this file where nbconvert and JupyterLab find it.
"""

import base64
import functools
import getpass
import hashlib
import html
import itertools
import json
import posixpath
import re
import socket
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup, Comment, NavigableString
from jinja2 import pass_context
from nbconvert.filters.ansi import ansi2html
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Token
from pygments.util import ClassNotFound

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]

# Code.

# The kinds of token that have a colour, the narrower before the wider, with the CSS classes that Pygments gives them:
# code in prose is coloured by nbconvert itself.
COLOURS = [
    (Token.Comment, "c"),
    (Token.Keyword.Type, "kt"),
    (Token.Keyword.Namespace, "k"),
    (Token.Keyword, "k"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "m"),
    (Token.Name.Function, "nf"),
    (Token.Name.Class, "nf"),
    (Token.Name.Decorator, "nb"),
    (Token.Name.Builtin, "nb"),
    (Token.Operator.Word, "k"),
]


def coloured(code, lexer):
    """Code as markup, in which a span has all that follows each other in one colour."""
    lexer.stripnl = lexer.ensurenl = False
    tokens = ((text, next((css for token, css in COLOURS if kind in token), None)) for kind, text in lexer.get_tokens(code))
    spans = []
    for css, run in itertools.groupby(tokens, lambda token: token[1]):
        text = html.escape("".join(text for text, _ in run), quote=False)
        spans.append(f'<span class="{css}">{text}</span>' if css else text)
    return "".join(spans)


PYTHON = re.compile(r"^\s*(import |from \w+ import |def |async def |class |print\()", re.MULTILINE)


def go_markup(code):
    """Go as markup, in which a raw string that holds a Python program has Python's colours."""
    parts, begin = [], 0
    for raw in re.finditer(r"`([^`]*)`", code):
        if "\n" in raw[1] and PYTHON.search(raw[1]):
            parts.append(coloured(code[begin : raw.start()], get_lexer_by_name("go")))
            parts.append("`" + coloured(raw[1], get_lexer_by_name("python")) + "`")
            begin = raw.end()
    return "".join(parts) + coloured(code[begin:], get_lexer_by_name("go"))


def whole_cell(words):
    """The language of a cell that its first line, cut into words, gives to another program than Go, and its lexer."""
    magic, arguments = words[0], [w for w in words[1:] if not w.startswith("-")]
    if magic == "%%writefile":
        try:
            return "".join(arguments[:1]), get_lexer_for_filename("".join(arguments[:1]))
        except ClassNotFound:
            return "".join(arguments[:1]) or "Text", get_lexer_by_name("text")
    program = posixpath.basename("".join(arguments[:1])) if magic == "%%script" else magic.removeprefix("%%")
    if program.startswith("python"):
        return "Python", get_lexer_by_name("python")
    if program in ("sh", "bash"):
        return "Shell", get_lexer_by_name("bash")
    return program or "Text", get_lexer_by_name("text")


@pass_context
def listing(context, cell):
    """The code of a cell as markup, with the name of its language. Lines for the kernel itself are set apart."""
    language = context["nb"].metadata.get("kernelspec", {}).get("language") or "go"
    if language != "go":  # somebody's own notebook, for another kernel
        try:
            lexer = get_lexer_by_name(language)
        except ClassNotFound:
            lexer = get_lexer_by_name("text")
        return {"language": language.capitalize(), "markup": coloured(cell.source, lexer)}
    lines = cell.source.split("\n")
    words = lines[0].split()
    if words and words[0] in ("%%script", "%%bash", "%%sh", "%%writefile", "%%gx"):
        language, lexer = whole_cell(words)
        first = f'<span class="kernel">{html.escape(lines[0], quote=False)}</span>\n'
        return {"language": language, "markup": first + coloured("\n".join(lines[1:]), lexer)}
    go, parts, continued, shell = [], [], False, False
    for line in lines:
        # GoNB takes commands in this form too, for editors that know only Go.
        command = line.removeprefix("//gonb:")
        if continued or command.startswith(("%", "!")):
            parts += [go_markup("\n".join(go))] if go else []
            parts += [f'<span class="kernel">{html.escape(line, quote=False)}</span>']
            go, continued, shell = [], line.endswith("\\"), shell or command.startswith("!")
        else:
            go.append(line)
    parts += [go_markup("\n".join(go))] if go else []
    only_commands = shell and not "".join(go).strip() and all("kernel" in part or not part.strip() for part in parts)
    return {"language": "Shell" if only_commands else "Go", "markup": "\n".join(parts)}


# Prose.


def reading(context, cell):
    """A markdown cell as HTML."""
    context = context.derived({"cell": cell})  # the filter looks there for pictures that are attached
    return BeautifulSoup(context.environment.filters["markdown2html"](context, cell.source), "html.parser")


def label(heading):
    """The text of a heading, without the mark that links to it."""
    return "".join(s for s in heading.strings if s.parent.get("class") != ["anchor-link"]).strip()


@pass_context
def outline(context, cells):
    """The title of a notebook, its headings of the second and third level, and the first paragraph."""
    title, lead, headings = "", "", []
    for cell in cells:
        if cell.cell_type != "markdown":
            continue
        page = reading(context, cell)
        for heading in page.find_all(HEADINGS[:3]):
            text, level = label(heading), int(heading.name[1])
            if level > 1:
                headings.append({"id": heading.get("id", ""), "text": text, "level": level})
            elif not title:
                title, first = text, heading.find_next_sibling()
                if first and first.name == "p":
                    for a in first.find_all("a"):
                        a.unwrap()
                    lead = first.decode_contents()
    return {"title": title, "lead": lead, "headings": headings}


@pass_context
def predicted(context, cell):
    """Whether the reader has been asked to predict what the cell shows: the text before it says **Predict**."""
    asked = False
    for other in context["nb"].cells:
        if other.cell_type == "markdown":
            asked = "**Predict" in other.source
        elif other.id == cell.id:
            return asked
    return False


@pass_context
def prose(context, cell):
    """A markdown cell as it stands on the page."""
    page = reading(context, cell)
    site = context["resources"].get("site") or None
    for mark in page.select("a.anchor-link"):
        mark.string = "#"
        # The table of contents leads to the same places; as stops of the Tab key these would double it.
        mark.attrs.update({"aria-hidden": "true", "tabindex": "-1"})
    for table in page.find_all("table"):
        table.wrap(page.new_tag("div", attrs={"class": "scroll"}))
        for corner in table.find_all("th"):
            if not corner.get_text(strip=True):
                corner.name = "td"  # a header without words is none
    if site:
        for paragraph in page.find_all("p"):
            if NAVIGATION.fullmatch(paragraph.get_text(" ", strip=True)) and paragraph.find("a"):
                paragraph.decompose()  # the page has its own
        for a in page.find_all("a", href=True):
            href = site_link(a["href"], site)
            if href is None:
                a.unwrap()
            else:
                a["href"] = href
    return str(page)


NAVIGATION = re.compile(r"(Previous|Next|Start page|\s|·|\|)+")


def site_link(href, site):
    """Where a link of a notebook leads on the site; None if to nothing that is there."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return href
    target = posixpath.normpath(posixpath.join(posixpath.dirname(site["source"]), unquote(parts.path)))
    page = site["pages"].get(target)
    if page is None:
        return None
    return relative(page, site["page"]) + (f"#{parts.fragment}" if parts.fragment else "")


def relative(page, start):
    """The address of a page, as the page start gives it."""
    return quote(posixpath.relpath(page, posixpath.dirname(start) or "."))


# Output.


def program_paths(config):
    """The folders of this machine that outputs name, each with what stands for it on a page."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = {
        sys.prefix: ".venv",
        f"{sys.base_prefix}/lib/{version}": version,
        sys.base_prefix: "$PYTHON",
        tempfile.gettempdir(): "/tmp",
        str(Path.home()): "~",
    }
    if config.exists():
        folders |= json.loads(config.read_text(encoding="utf-8"))
    everybodys = ("/", "/usr", "/usr/local", "/tmp", "")
    return {folder: name for folder, name in folders.items() if folder not in everybodys}


@functools.cache
def anonymous_rules():
    """Regular expressions with their replacements, the longer folders first."""
    folders = program_paths(Path(sys.prefix, "share/jupyter/nbconvert/templates/tutorial/places.json"))
    rules = [
        (r"(?:/[^\s:'\"\[\]]*)?/gonb_[0-9a-f]{8}/", ""),  # where GoNB builds a cell
        (r"\bgonb_[0-9a-f]{8}\b", "gonb"),  # the name of the program that is a cell
        (r"/(?:run|lab)-[a-z0-9_]{8}\b", ""),  # the kernel's temporary folder
        (r"\btoken=[\w-]{16,}", "token=…"),
    ]
    for folder, name in sorted(folders.items(), key=lambda f: -len(f[0])):
        path = rf"(?<![\w.-]){re.escape(folder)}"
        rules.append((rf"{path}/src/" if name == "$GOROOT" else rf"{path}/", "" if name in (".", "$GOROOT") else name + "/"))
        rules.append((rf"{path}(?![\w-])", name))
    rules.append((r"/(?:home|Users)/[^/\s:'\"]+", "~"))
    return [(re.compile(pattern), name) for pattern, name in rules]


@functools.cache
def machine_names():
    """The names of whoever runs this and of the machine, if they are not everybody's."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have none
        user = ""
    names = {user: "user", socket.gethostname().split(".")[0]: "host"}
    return {name: other for name, other in names.items() if len(name) > 1 and name not in ("root", "user", "host", "localhost")}


@pass_context
def anonymous(context, text):
    """The text without the paths and names of the machine that it was made on."""
    for pattern, name in anonymous_rules():
        text = pattern.sub(name, text)
    for name, other in machine_names().items():
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        # A name that the notebook itself uses is no secret, and to change it would make nonsense of what it says.
        if not any(word.search(cell.source) for cell in context["nb"].cells):
            text = word.sub(other, text)
    return text


def text_markup(text):
    """Text of a terminal as markup. GoNB sets the place in the cell in reverse, which stays as a mark."""
    return CELL_LINE.sub(r"<mark>Cell [\1], line \2</mark>", ansi2html(text))


CELL_LINE = re.compile(r'<span class="[^"]*inverse[^"]*">\[\[ Cell \[(\d+)\] Line (\d+) \]\]</span>')


@pass_context
def said(context, text):
    """A stream or a traceback as markup."""
    markup = text_markup(anonymous(context, text)).rstrip("\n")
    return "\n" + markup if markup.startswith("\n") else markup  # HTML drops the first line break of a pre


@pass_context
def failure(context, output, cell):
    """What an error reply adds to what the cell has said already, as markup; it may be nothing."""
    text = "\n".join(output.get("traceback") or [output.get("evalue", "")])
    before = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    if output.evalue.startswith("failed to run"):  # the whole command, with folders of the kernel
        report = any("gonb-err-location" in o.get("data", {}).get("text/html", "") for o in cell.outputs)
        return "" if report else "The program was not built."
    if output.evalue in before.splitlines():
        return ""
    return said(context, text)


@pass_context
def shown(context, markup):
    """HTML that a cell displayed, in the page's own terms."""
    page = BeautifulSoup(markup, "html.parser")
    for tag in page.find_all(["style", "script", "link", "iframe", "base", "meta"]):
        tag.decompose()
    if page.select(".gonb-err-location"):
        return compiler_report(context, page)
    for tag in page.find_all(HEADINGS):
        tag.name = "p"  # an output is no section of the page
        tag["class"] = "heading"
    for text in page.find_all(string=True):
        if type(text) is NavigableString:
            text.replace_with(anonymous(context, str(text)))
        elif isinstance(text, Comment):
            text.extract()
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            if isinstance(value, str) and not value.startswith("data:"):
                tag[name] = anonymous(context, value)
    for table in page.find_all("table"):
        table.wrap(page.new_tag("div", attrs={"class": "scroll"}))
    return str(page)


def compiler_report(context, page):
    """What the compiler said, from the box that GoNB shows, with the lines that it is about.

    For a program that ran and failed there is a box too; what it says is in the standard error already.
    """
    report = []
    for entry in page.select('div[style*="pre-wrap"]'):
        place, source = entry.select_one(".gonb-cell-line-info"), entry.select_one(".gonb-err-line")
        for part in entry.select(".gonb-cell-line-info, .gonb-err-context"):
            part.extract()
        if at := entry.select_one(".gonb-err-location"):
            if at.get_text().startswith("/"):
                continue
            at.extract()
        message = anonymous(context, entry.get_text().strip())
        if message.startswith("# ") or not message:
            continue
        message = html.escape(message, quote=False)
        if place:
            where = re.sub(r"Cell\[(\d+)\]: Line (\d+)", r"Cell [\1], line \2", html.escape(place.get_text(), quote=False))
            message = f"<mark>{where}</mark> {message}"
        if source:
            message += "\n    " + html.escape(source.get_text().strip(), quote=False)
        report.append(message)
    return '<pre class="text error">' + "\n".join(report) + "</pre>" if report else ""


# The page.


def digest(script):
    """The digest of a script for a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
