"""Makes pages of executed notebooks: all that a template cannot do, and a site of many.

Set-up installs it as a module. Its Preprocessor is part of the page template, for every export. Run as a program, it makes
a site, by an order on standard input, in JSON: the pages in their order, each with the notebook as the author has it
("source"), its executed copy ("executed"), the name of the page ("page"), and the places where the notebook can be run
("run", each with "name" and "href"). Paths are absolute; names of pages have slashes. It answers with the content of the pages
("pages"), and the reason why the others could not be made ("failed"), both by the names of pages.
"""

import ast
import base64
import functools
import hashlib
import html
import itertools
import json
import mimetypes
import os
import posixpath
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import nbformat
from bs4 import BeautifulSoup, NavigableString
from bs4.element import PreformattedString
from jupyter_core.paths import jupyter_runtime_dir
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Token
from pygments.util import ClassNotFound

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


class Fault(Exception):
    """What is wrong with a notebook, in a sentence for its author."""


class Tutorial(Preprocessor):
    """Makes the markup of each cell, which the template finds in its metadata, and the outline."""

    def preprocess(self, nb, resources):
        if "page" not in nb.metadata:  # nobody has looked at all pages of a site before
            prepare(nb, resources.get("metadata", {}).get("path", ""))
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.metadata.page.markup = linked(cell.metadata.page.markup, resources)
        return nb, resources


def prepare(nb, folder):
    """Makes the markup of each cell of a notebook in a folder, and the outline of the page."""
    anonymous = functools.partial(anonymous_rules(nb.metadata.get("kernel_folders")).sub, nameless)
    asked, prose, taken = False, [], {"content", "status"}
    for number, cell in enumerate(nb.cells):
        cell.source = whole(cell.source)
        page = cell.metadata["page"] = nbformat.from_dict({"id": own(f"cell-{cell.get('id', number)}", taken, set())})
        if cell.cell_type == "markdown":
            asked = "**Predict" in cell.source
            prose.append((page, reading(cell, folder)))
        elif cell.cell_type == "code":
            page |= listing(nb, cell) | {"predicted": asked, "verdict": verdict(cell)}
            page.output = whole("\n".join(filter(None, outputs(cell, anonymous))))
            cell.outputs = []
    nb.metadata["page"] = outline([soup for _, soup in prose], taken)
    for page, soup in prose:
        page.markup = whole(str(soup))


def verdict(cell):
    if "raises-exception" in cell.metadata.get("tags", []):
        return "meant to fail"
    return "failed" if any(o.output_type == "error" for o in cell.outputs) else ""


# What no page can hold: control signs, and halves of letters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HALVES = re.compile("[\ud800-\udfff\ufffe\uffff]")


def whole(text):
    return HALVES.sub("\ufffd", UNPRINTABLE.sub("", text))


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


def listing(nb, cell):
    """The code of a cell as markup, with the name of its language. Lines for the kernel itself are set apart."""
    language = nb.metadata.get("kernelspec", {}).get("language") or "go"
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


class Renderer(IPythonRenderer):
    """Leaves the addresses of pictures as they are; embed takes those of HTML as well."""

    def _embed_image_or_attachment(self, src):
        return src


def reading(cell, folder):
    """A markdown cell, read."""
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    page = safe(BeautifulSoup(MarkdownWithMath(renderer=renderer).render(cell.source), "html.parser"))
    for picture in page.find_all(["img", "source"]):
        name = "src" if picture.name == "img" else "srcset"
        content = embedded(picture.get(name, ""), cell.get("attachments", {}), folder)
        if content:
            picture[name] = content
        else:
            instead_of(picture)
    for link in page.find_all("a", href=re.compile("^attachment:", re.IGNORECASE)):
        link.append(" (attached to the notebook)")  # a page could not open it
        link.unwrap()
    for table in page.find_all("table"):
        table.wrap(page.new_tag("div", attrs={"class": "scroll"}))
        for corner in table.find_all("th"):
            if not corner.get_text(strip=True):
                corner.name = "td"  # a header without words is none
    return page


def embedded(address, attachments, folder):
    """A picture as an address that has it inside; nothing if there is none in the cell or in the folder of the notebook."""
    if address.startswith("data:image/"):
        return address
    scheme, _, name = address.partition(":")
    if scheme == "attachment":
        for name in (name, unquote(name)):
            for kind, content in sorted(attachments.get(name, {}).items(), key=lambda a: a[0] != "image/svg+xml"):
                if not kind.startswith("image/"):
                    raise Fault(f"{name} is shown as a picture, and is of the kind {kind}; write a link to it without the !")
                content = base64_or_empty(content)
                if not content:
                    raise Fault(f"the picture {name} in its cell is damaged; attach it again, or remove the reference")
                return f"data:{kind};base64,{content}"
        raise Fault(f"its cell has no picture {name}; attach it again, or remove the reference")
    base = Path(folder).resolve()
    for name in (address, unquote(re.split("[?#]", address)[0])):
        file, kind = base / name, mimetypes.guess_type(name)[0] or ""
        if kind.startswith("image/") and file.is_file() and file.resolve().is_relative_to(base):
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    return ""


def base64_or_empty(content):
    """Content in base64 without its blanks; nothing if it is damaged."""
    content = "".join(content.split())
    try:
        base64.b64decode(content, validate=True)
        return content
    except ValueError:
        return ""


def instead_of(tag):
    """Puts in the place of what a page does not load its description, with a link to it if it is on the web."""
    address = tag.get("src") or tag.get("data") or ""
    tag.name, words = "span", tag.get("alt") or tag.get("title") or ""
    tag.attrs = {}
    if urlsplit(address).scheme in ("http", "https"):
        tag.name, tag.attrs, words = "a", {"href": address}, words or address
    tag.clear()
    tag.string = words


GONE = ["style", "script", "link", "base", "meta", "title", "head > *"]
UNWRAPPED = ["html", "body", "head", "noscript", "template", "object", "video", "audio", "canvas", "plaintext", "xmp", "frameset"]


def safe(page):
    """Takes out of somebody's HTML what would do something to the page around it, or ask for something."""
    for tag in page.select(", ".join(GONE)):
        tag.decompose()
    for tag in page.find_all(["iframe", "embed", "frame"]):
        instead_of(tag)
    for tag in page.find_all(UNWRAPPED):
        tag.unwrap()
    for text in page.find_all(string=True):
        if isinstance(text, PreformattedString):  # a comment, a declaration
            text.extract()
        elif type(text) is not NavigableString:  # was in a template, and is now text as any other
            text.replace_with(NavigableString(text))
    for tag in page.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if not name.lower().startswith("on")}
        if re.match(r"\s*(javascript|vbscript):", str(tag.get("href", "")), re.IGNORECASE):
            del tag["href"]
    return page


def outline(pages, taken):
    """The title of a notebook, its headings for the contents, and what it promises, or else its first paragraph. Each heading gets an id of
    its own."""
    title, lead, headings = "", "", []
    found = []
    for page in pages:
        for heading in page.find_all(HEADINGS):
            text = heading.get_text().strip() or " ".join(i.get("alt", "") for i in heading.find_all("img")).strip()
            if text:
                found.append((heading, text, heading.get("id") or re.sub(r"\s", "-", text)))
            else:
                heading.decompose()  # nothing can lead to it
    natural = {name for _, _, name in found}
    for page in pages:
        for tag in page.find_all(id=True):
            if tag.name not in HEADINGS:
                tag["id"] = own(tag["id"], taken, natural)
    for heading, text, name in found:
        level = int(heading.name[1])
        heading["id"] = own(name, taken, natural - {name})
        if level == 1 and not title:
            title, first = text, heading.find_next_sibling()
            if first and first.name == "p":
                promise = next((p for p in heading.find_next_siblings("p") if p.get_text().startswith("After this chapter")), first)
                lead = BeautifulSoup(promise.decode_contents(), "html.parser")
                for tag in lead.find_all(["a", "img"]):
                    tag.unwrap() if tag.name == "a" else tag.decompose()
        elif level <= 3:
            headings.append({"href": "#" + quote(heading["id"], safe=FRAGMENT), "text": text, "level": max(2, level)})
        mark = BeautifulSoup("", "html.parser").new_tag("a", attrs={"class": "anchor-link", "href": "#" + quote(heading["id"], safe=FRAGMENT)})
        # The table of contents leads to the same places; as stops of the Tab key these would double it.
        mark.attrs |= {"aria-hidden": "true", "tabindex": "-1"}
        mark.string = "#"
        heading.append(mark)
    return {"title": title, "lead": str(lead), "headings": headings}


FRAGMENT = "!$&'()*+,;=:@/?"


def own(name, taken, others):
    """The name, with a number if it is taken already. A name with a number is none of the others."""
    names = itertools.chain([name], (other for n in itertools.count(2) if (other := f"{name}-{n}") not in others))
    name = next(n for n in names if n not in taken)
    taken.add(name)
    return name


NAVIGATION = re.compile(r"(Previous|Next|Start page|\s|·|\|)+")


def linked(markup, resources):
    """Prose with links that lead where there is something: on a site to its pages, else to pages beside the notebook."""
    site, folder = resources.get("site"), resources.get("metadata", {}).get("path", "")
    page = BeautifulSoup(markup, "html.parser")
    if site:
        for paragraph in page.find_all("p"):
            if NAVIGATION.fullmatch(paragraph.get_text(" ", strip=True)) and paragraph.find("a"):
                paragraph.decompose()  # the page has its own
    for a in page.find_all("a", href=True):
        parts = urlsplit(a["href"])
        if parts.scheme or parts.netloc or not parts.path:
            continue
        if site:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(site["source"]), unquote(parts.path)))
            if target not in site["pages"]:
                a.unwrap()
                continue
            parts = parts._replace(path=relative(site["pages"][target], site["page"]))
        elif parts.path.endswith(".ipynb") and Path(folder, unquote(other := parts.path.removesuffix("ipynb") + "html")).exists():
            parts = parts._replace(path=other)
        a["href"] = parts.geturl()
    return str(page)


def relative(page, start):
    """The address of a page, as the page start gives it."""
    return quote(posixpath.relpath(page, posixpath.dirname(start) or "."))


# Output.


def program_folders():
    """The folders of this machine that outputs name, each with what stands for it on a page."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = {
        sys.prefix: ".venv",
        f"{sys.base_prefix}/lib/{version}": version,
        sys.base_prefix: "$PYTHON",
        tempfile.gettempdir(): "/tmp",
        str(Path.home()): "~",
    }
    config = Path(sys.prefix, "share/jupyter/nbconvert/templates/tutorial/places.json")
    if config.exists():
        folders |= json.loads(config.read_text(encoding="utf-8"))
    return {folder: name for folder, name in folders.items() if folder not in ("/", "/usr", "/usr/local", "/tmp", "")}


def tokens():
    """The tokens of Jupyter servers that run here."""
    found = [os.environ.get(name) for name in ("JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")]
    for file in Path(jupyter_runtime_dir()).glob("*server-*.json"):
        try:
            found.append(json.loads(file.read_text(encoding="utf-8")).get("token"))
        except (OSError, ValueError):
            pass  # it has just ended
    return [token for token in found if token and len(token) > 7]


# What stands before and after a whole path.
BEFORE = r"(?P<before>^|[\s\"'`=:,;(\[{<>|]|file://|\\[nt]|\x1b\[[\d;]*m)"
AFTER = r"(?P<slash>/)|(?=[^\w.~+@%-]|\.(?:\s|$))|$"


def anonymous_rules(kernel):
    """Finds what belongs to the machine that the outputs were made on: its folders, the kernel's, and tokens.

    kernel has the folders of the kernel that the runner noted: its folder for temporary files, and the names that GoNB gave
    to cells' programs. Without it a name of GoNB's form below the folder for temporary files counts.
    """
    folders, names, program = program_folders(), [], "(?!)"
    if kernel:
        folders[kernel["scratch"]], names = "/tmp", kernel["programs"]
        folders |= {f"{kernel['scratch']}/{name}": "." for name in names}
    else:
        program = re.escape(tempfile.gettempdir()) + r"/(?:[\w.-]+/)?gonb_[0-9a-f]{8}"
    known = {quote(folder): name for folder, name in folders.items()} | folders
    known |= {os.path.realpath(folder): name for folder, name in known.items()}
    known = {folder + sub: name + sub for folder, name in known.items() for sub in ("/src", "") if not sub or name == "$GOROOT"}
    groups.update(known)
    paths = "|".join(re.escape(folder) for folder in sorted(known, key=len, reverse=True))
    names, secrets = ("|".join(map(re.escape, words)) or "(?!)" for words in (names, tokens()))
    return re.compile(rf"{BEFORE}(?P<path>{program}|{paths})(?:{AFTER})|\b(?P<name>{names})\b|(?P<token>{secrets})", re.MULTILINE)


groups = {}  # what stands for each folder


def nameless(match):
    """What stands on a page for a place of the machine."""
    if not match["path"]:
        return "…" if match["token"] else "gonb"
    name = groups.get(match["path"], ".")
    if match["slash"] and name in (".", "$GOROOT/src"):
        return match["before"]
    return match["before"] + name + (match["slash"] or "")


SEQUENCE = re.compile(
    "\x1b\\[([0-?]*)[ -/]*([@-~]?)"
    "|\x1b\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)?"  # a title, an address
    "|\x1b[PX^_][^\x1b]*\x1b\\\\"
    "|\x1b[ -/]*[0-~]?"
)


def terminal(text):
    """What a terminal would show: colours are kept, other commands leave nothing, and a line that is written over its last form."""
    text = re.sub("[\x80-\x9f]", lambda m: "\x1b" + chr(ord(m[0]) - 0x40), re.sub(r"\r+(\n|\Z)", r"\1", text))  # one sign for ESC and a letter
    text = SEQUENCE.sub(lambda m: m[0] if m[2] == "m" else "", text)
    text = re.sub("[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", "", re.sub(r".*\r(?=[^\n])", "", text))
    while text != (shorter := re.sub("[^\n\b]\b", "", text)):
        text = shorter
    return text


CELL_LINE = re.compile(r'<span class="[^"]*inverse[^"]*">(Cell \[\d+\], line \d+)</span>')


def said(text, kind, anonymous):
    """Text of a terminal as markup. The kernel sets the place in the cell in reverse, which stays as a mark."""
    text = anonymous(terminal(text))
    try:
        markup = ansi2html(text).rstrip("\n")
    except IndexError:  # a colour that ends before it is named
        markup = html.escape(SEQUENCE.sub("", text)).rstrip("\n")
    if not markup:
        return ""
    markup = CELL_LINE.sub(r"<mark>\1</mark>", markup)
    first = "\n" if markup.startswith("\n") else ""  # HTML drops the first line break of a pre
    return f'<pre class="text{kind}">{first}{markup}</pre>'


def outputs(cell, anonymous):
    """The markup of each output of a cell, in their order; text that follows text of the same stream is one."""
    failed, before, number = bool(verdict(cell)), "", itertools.count()
    kinds = {"stdout": "", "stderr": " error" if failed else " aside"}
    for name, group in itertools.groupby(cell.outputs, lambda o: o.name if o.output_type == "stream" else ""):
        if name:
            text = "".join(o.text for o in group)
            before += text
            yield said(text, kinds.get(name, ""), anonymous)
            continue
        for output in group:
            if output.output_type == "error":
                yield failure(output, before, anonymous)
            else:
                yield displayed(output, f"{cell.metadata.page.id}-{next(number)}-", anonymous)


def failure(output, before, anonymous):
    """What an error reply adds to what the cell has said already; it may be nothing."""
    text = "\n".join(output.get("traceback") or [output.get("evalue", "")])
    if output.evalue in before.splitlines():
        return ""
    return said(text, " error", anonymous)


def displayed(output, prefix, anonymous):
    """A display in the best of its forms that a page can show; if there is none, a sentence about it."""
    data = output.data
    order = ["text/html", "text/markdown", "image/svg+xml", "image/png", *sorted(k for k in data if k.startswith("image/"))]
    order += ["text/plain", "text/latex", *sorted(k for k in data if re.match("text/(?!javascript|vnd)", k)), "application/json"]
    for kind in dict.fromkeys(order):
        content = data.get(kind)
        if not content:
            continue
        if kind in ("text/html", "text/markdown"):
            markup, words = shown(content, kind, prefix, anonymous), data.get("text/plain") or ""
            if markup and ACTIVE.search(content) and words.strip() not in markup:
                markup += said(words, "", anonymous)  # something is missing, and the text may say what
        elif kind.startswith("image/"):
            markup = picture(output, kind, anonymous)
        else:
            markup = said(content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False), "", anonymous)
        if markup:
            return markup
    for kind, content in data.items():
        if content and kind not in ("text/plain", "text/markdown") and (kind != "text/html" or ACTIVE.search(content)):
            return f'<p class="unshown">This output ({html.escape(kind)}) shows only in JupyterLab.</p>'
    return ""


ACTIVE = re.compile("<(script|iframe|object|embed|canvas|video|audio|frame)", re.IGNORECASE)


def picture(output, kind, anonymous):
    """A picture as a figure; nothing if the data is none."""
    content = output.data[kind]
    words = output.metadata.get(kind, {}).get("alt") or output.data.get("text/plain") or "Picture without a description"
    if kind == "image/svg+xml" and "<svg" in content:
        content = base64.b64encode(whole(anonymous(content)).encode()).decode()
    content = base64_or_empty(content)
    return content and f'<figure><img alt="{html.escape(anonymous(terminal(words)))}" src="data:{html.escape(kind)};base64,{content}"></figure>'


SEEN = ["img", "svg", "hr", "table", "progress", "meter", "input", "button", "math"]


def shown(markup, kind, prefix, anonymous):
    """HTML or markdown that a cell displayed, in the page's own terms; nothing if nothing of it is to be seen."""
    if kind == "text/markdown":
        markup = MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(markup)
    page = safe(BeautifulSoup(SEQUENCE.sub("", markup), "html.parser"))
    for tag in page.find_all("img"):
        if not tag.get("src", "").startswith("data:image/"):
            instead_of(tag)
    seen = BeautifulSoup(str(page), "html.parser")
    for tag in seen.select("[hidden], [style*='display:none'], [style*='display: none']"):
        tag.decompose()
    if not seen.get_text(strip=True) and not seen.find(SEEN):
        return ""
    for tag in page.find_all(HEADINGS):
        tag.name = "p"  # an output is no section of the page
        tag["class"] = "heading"
    names = {tag["id"]: prefix + tag["id"] for tag in page.find_all(id=True)}
    reference = re.compile("(?<=#)(" + "|".join(map(re.escape, names)) + r")(?![\w-])") if names else None
    for text in page.find_all(string=True):
        text.replace_with(anonymous(str(text)))
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            if not isinstance(value, str) or value.startswith("data:"):
                continue
            value = anonymous(value)
            if names:
                named = name in ("id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
                value = " ".join(names.get(v, v) for v in value.split(" ")) if named else reference.sub(lambda m: names[m[1]], value)
            tag[name] = value
    for table in page.find_all("table"):
        table.wrap(page.new_tag("div", attrs={"class": "scroll"}))
    return f'<div class="prose">\n{page}</div>' if kind == "text/markdown" else str(page)


# The page and the site.


def digest(script):
    """The digest of a script for a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


HOME = "index.html"


def python_names(nb):
    """The names of modules that the Python cells of a notebook use, each with the place of the first cell that does."""
    places = {}
    for cell in nb.cells:
        if cell.cell_type != "code" or cell.metadata.page.language != "Python":
            continue
        try:
            nodes = list(ast.walk(ast.parse(cell.source.partition("\n")[2])))
        except (SyntaxError, ValueError):
            continue  # it shows what Python says of it
        modules = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
        names = [f"{n.module}.{a.name}" for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names]
        names += [ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n.value) in modules]
        for name in names:
            places.setdefault(name, "#" + quote(cell.metadata.page.id, safe=FRAGMENT))
    return places


def entries(page):
    """What the search on the first page finds of a page: its headings, the constructs that it introduces, and Python's names."""
    href = relative(page["page"], HOME)
    found = [(page["title"], "")] + [(h["text"], h["href"]) for h in page["headings"]]
    for cell in page["nb"].cells:
        found += [(name, "#" + quote(cell.metadata.page.id, safe=FRAGMENT)) for name in cell.metadata.get("introduces", [])]
    found += python_names(page["nb"]).items()
    return [[text, page["title"], href + place] for text, place in dict.fromkeys(found)]


def contents(exporter, pages):
    """The page that leads to the others, which follow each other in groups by folder."""
    groups = []
    for folder, members in itertools.groupby(pages, lambda page: posixpath.dirname(page["page"])):
        name = posixpath.basename(folder).replace("_", " ").replace("-", " ").capitalize()
        if groups and not name:  # it would seem to belong to the group before it
            name = "More"
        groups.append({"name": name, "pages": [page | {"href": relative(page["page"], HOME)} for page in members]})
    versions = sorted({page["nb"].metadata.get("language_info", {}).get("version", "") for page in pages} - {""})
    index = json.dumps([entry for page in pages for entry in entries(page)], ensure_ascii=False).replace("<", "\\u003c")
    template = exporter.environment.get_template("contents.html.j2")
    return template.render(groups=groups, versions=versions, index=index, resources={"language_code": "en"})


def described(page):
    """A page of the order with all that is known of its notebook."""
    try:
        nb = nbformat.read(page["executed"], as_version=4)
        for cell in nb.cells:
            if "id" in cell:  # only the page asks for it, so it is no reason to refuse what runs
                cell.id = re.sub("[^a-zA-Z0-9_-]", "-", cell.id)[:64] or "-"
        nbformat.validate(nb, relax_add_props=True)
    except Exception as e:
        raise Fault(f"its executed copy does not follow the format of notebooks: {getattr(e, 'message', e)}") from None
    prepare(nb, posixpath.dirname(page["source"]))
    found = nb.metadata.page
    return page | found | {"nb": nb, "title": found.title or Path(page["source"]).stem}


def rendered(exporter, pages, i):
    """The content of a page, which leads to those before and after it."""
    page = pages[i]

    def neighbour(other):
        return other and {"href": relative(other["page"], page["page"]), "title": other["title"]}

    resources = {
        "metadata": {"name": Path(page["source"]).stem, "path": posixpath.dirname(page["source"])},
        "site": {
            "source": page["source"],
            "page": page["page"],
            "run": page.get("run"),
            "pages": {page["source"]: page["page"] for page in pages},
            "home": relative(HOME, page["page"]),
            "previous": neighbour(pages[i - 1] if i else None),
            "next": neighbour(pages[i + 1] if i + 1 < len(pages) else None),
        },
    }
    return exporter.from_notebook_node(page["nb"], resources=resources)[0]


def every(things, make, failed):
    """What make makes of each thing that it does not fail with. The pages of the others are noted with the reason."""
    made = []
    for page, *arguments in things:
        try:
            made.append(make(*arguments))
        except Exception as e:  # whatever it is, it is this page's
            reason = str(e) if isinstance(e, Fault) else f"{type(e).__name__}: {e}".strip().splitlines()[0]
            failed[page] = whole(reason)[:300]
    return made


def main():
    order = json.load(sys.stdin)
    # Not above: JupyterLab imports this module in two threads at once, and with these one of them would see half of it.
    from nbconvert.exporters import HTMLExporter
    from nbconvert.nbconvertapp import NbConvertApp

    app = NbConvertApp(log_level="ERROR")
    app.load_config_file()
    exporter = HTMLExporter(config=app.config)
    failed = {}
    pages = every([(page["page"], page) for page in order], described, failed)
    while True:  # until there is no page left that leads to one that could not be made
        texts = every([(page["page"], exporter, pages, i) for i, page in enumerate(pages)], rendered, failed)
        if len(texts) == len(pages):
            break
        pages = [page for page in pages if page["page"] not in failed]
    made = {page["page"]: text for page, text in zip(pages, texts)}
    if pages:
        made[HOME] = contents(exporter, pages)
    json.dump({"pages": made, "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main()
