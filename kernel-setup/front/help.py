"""Prints what Python says of the name at a place in a program, which is not run: {"code": ..., "cursor_pos": ...} comes on standard input."""

import ast
import builtins
import importlib
import inspect
import json
import re
import sys

request = json.load(sys.stdin)
code, at = request["code"], request["cursor_pos"]
code = code.encode("utf-16-le")[: 2 * at].decode("utf-16-le", "ignore"), code.encode("utf-16-le")[2 * at :].decode("utf-16-le", "ignore")
before = re.search(r"[\w.]*$", code[0])[0]
after = re.match(r"\w*", code[1])[0]
if not before + after:  # behind an opening bracket it is the function's name that counts
    before = (re.search(r"([\w.]+)\([^()]*$", code[0]) or [""])[0].partition("(")[0]
names = (before + after).strip(".").split(".")
program = "\n".join("".join(code).split("\n")[1:])  # without the line %%script


def parsed():
    """The program, or what of it is valid up to the first fault."""
    lines = program.split("\n")
    while lines:
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as e:
            lines = lines[: min(len(lines), e.lineno or 1) - 1]
    return ast.parse("")


def find(tree):
    """The object that the names lead to, or the definition in the program, or None."""
    known = dict(vars(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for a in node.names:
                module = importlib.import_module(a.name)
                known[a.asname or a.name.partition(".")[0]] = module if a.asname else sys.modules[a.name.partition(".")[0]]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for a in node.names:
                known[a.asname or a.name] = getattr(importlib.import_module(node.module), a.name, None)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            known[node.name] = node
    found = known.get(names[0])
    for name in names[1:]:
        found = getattr(found, name, None)
    return found


try:
    found = find(parsed())
except Exception:  # a module that is not there, or fails
    found = None
if isinstance(found, ast.AST):
    first = ast.unparse(found).split(":\n")[0]
    print(first.split("\n")[-1], ast.get_docstring(found) or "", sep="\n\n")
elif found is not None:
    try:
        print(names[-1] + str(inspect.signature(found)) + "\n")
    except (TypeError, ValueError):
        print(".".join(names) + "\n")
    print(inspect.getdoc(found) or "")
