"""For each program of a list, as JSON on standard input: which constructs of the tutorial's vocabulary it uses.

A program that is not Python has the answer null.
"""

import ast
import json
import sys

NAMES = {
    "threading.Thread": "Thread",
    "threading.Event": "threading.Event",
    "concurrent.futures.ThreadPoolExecutor": "ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor": "process pool",
    "concurrent.futures.as_completed": "as_completed",
    "concurrent.futures.Future": "Future",
    "multiprocessing.Pool": "process pool",
    "contextlib.ExitStack": "ExitStack",
    "contextlib.AsyncExitStack": "ExitStack",
    "asyncio.BoundedSemaphore": "asyncio.Semaphore",
    "asyncio.timeout_at": "asyncio.timeout",
} | {f"asyncio.{name}": name for name in ("gather", "to_thread", "create_task", "wait", "TaskGroup", "shield", "as_completed")
} | {f"asyncio.{name}": f"asyncio.{name}" for name in ("run", "timeout", "Future", "Lock", "Semaphore", "Event", "Condition")}


def constructs(source):
    tree = ast.parse(source)
    aliases = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                aliases[name.asname or name.name.split(".")[0]] = name.name if name.asname else name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                aliases[name.asname or name.name] = f"{node.module}.{name.name}"

    def dotted(node):
        if isinstance(node, ast.Name):
            return aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            left = dotted(node.value)
            return left and f"{left}.{node.attr}"
        return None

    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and (name := dotted(node)) in NAMES:
            found.add(NAMES[name])
        if isinstance(node, ast.Attribute):
            if node.attr == "submit":
                found.add("Future")
            elif node.attr == "create_future":
                found.add("asyncio.Future")
            elif node.attr == "create_task":
                found.add("create_task")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cancel" and "asyncio" in aliases.values():
            found.add("cancel")
        if isinstance(node, ast.keyword) and node.arg == "daemon":
            found.add("daemon")
        for kind, name in ((ast.AsyncFunctionDef, "async def"), (ast.Await, "await"), (ast.AsyncWith, "async with"), (ast.TryStar, "except*")):
            if isinstance(node, kind):
                found.add(name)
    return sorted(found)


def answer(source):
    try:
        return constructs(source)
    except (SyntaxError, ValueError):
        return None


json.dump([answer(source) for source in json.load(sys.stdin)], sys.stdout)
