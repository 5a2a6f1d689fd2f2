"""Runs one notebook in its kernel, and prints what became of it as one line of JSON.

Called by the Go package beside it with one argument, a JSON object: the notebook to read, the copy to write, the seconds
a cell may take, path for the kernel's PATH, and proxy for its GOPROXY; the last two and copy may be empty. If keep_going is
true, a failure ends nothing: the copy has it in the cell's metadata, and a cell that takes too long is interrupted.
When standard input closes, whoever called is gone: the kernel is shut down and the notebook is given up.
end_gopls.py stands before it.
"""

import asyncio
import itertools
import json
import os
import re
import signal
import sys
import tempfile
import threading
from html.parser import HTMLParser

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output

SHELL = re.compile(r"^\s*(!|%%(script|bash|sh)\b)", re.MULTILINE)
EXIT_STATUS = re.compile(r"^exit status \d+\s*$|^signal: \w+", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Failure(Exception):
    """The notebook did not do what it should."""


def error_of(cell):
    """What the cell failed with, or None.

    GoNB replies ok although a shell command failed; only its standard error tells.
    """
    stderr = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    stderr = ANSI.sub("", stderr).strip()
    for output in cell.outputs:
        if output.output_type == "error":
            # A program that ran has printed its own failure; of one that was not built, only the box tells.
            if EXIT_STATUS.search(output.evalue):
                return stderr or output.evalue
            return "\n".join(filter(None, [stderr, compiler_message(cell) or output.evalue]))
    if SHELL.search(cell.source) and EXIT_STATUS.search(stderr):
        return stderr
    return None


class CompilerBox(HTMLParser):
    """Takes the compiler's lines out of the box in which GoNB shows them, without the hover boxes of source text."""

    def __init__(self, page):
        super().__init__()
        self.text = ""
        self.hidden = 0  # depth inside an element that does not show
        self.feed(page.replace("&", "&amp;"))  # GoNB quotes the source text, and not what the compiler says of it
        self.close()

    def handle_starttag(self, tag, attrs):
        hides = tag == "style" or dict(attrs).get("class") in ("gonb-err-context", "gonb-err-location")
        if self.hidden or hides:
            self.hidden += 1

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.text += data


def compiler_message(cell):
    """What the compiler said, a line for each error, with the cell's own line numbers."""
    for output in cell.outputs:
        page = output.get("data", {}).get("text/html", "")
        if "gonb-err-location" in page:
            lines = CompilerBox(page).text.splitlines()
            lines = (re.sub(r"^(Cell\[\d+\]: Line \d+) *", r"\1: ", line.strip()) for line in lines)
            return "\n".join(line for line in lines if line and not line.startswith("# gonb_"))
    return ""


def check(cell):
    failed = error_of(cell)
    must_fail = "raises-exception" in cell.metadata.get("tags", [])
    if must_fail and failed is None:
        raise Failure("This cell is tagged raises-exception, so it should fail, and it succeeded.")
    if failed is not None and not must_fail:
        raise Failure(failed)


def coalesced(outputs):
    """The outputs with all text between two displays in one piece, standard output before standard error.

    The kernel sends text as it comes, and of the two streams in no certain order.
    """
    joined = []
    for is_text, group in itertools.groupby(outputs, lambda o: o.output_type == "stream"):
        if not is_text:
            joined += group
            continue
        texts = {}
        for output in group:
            texts.setdefault(output.name, []).append(output.text)
        joined += (new_output("stream", name=name, text="".join(texts[name])) for name in sorted(texts, reverse=True))
    return joined


class Run:
    """One notebook in one kernel."""

    def __init__(self, order):
        self.order = order
        self.cell = None  # the number of the code cell under way, from 1
        self.source = ""
        self.left = []  # what the cells left in the folder for temporary files

    async def run(self):
        with tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True) as scratch:
            nb = await self.run_in(scratch)
            self.left = sorted(name for name in os.listdir(scratch) if not name.startswith("gonb_"))
            return nb

    async def run_in(self, scratch):
        nb = nbformat.read(self.order["notebook"], as_version=4)
        manager = AsyncKernelManager(kernel_name=nb.metadata.kernelspec.name)
        if len(scratch) < 90:  # a socket's path may have some hundred bytes; TCP is open to everybody on the machine
            manager.transport, manager.ip = "ipc", os.path.join(scratch, "k")
        spec = manager.kernel_spec
        spec.env["TMPDIR"] = scratch  # a kernel that is killed leaves its own temporary folder behind
        if self.order["path"]:
            spec.env["PATH"] = self.order["path"]
        if self.order["proxy"]:
            spec.env["GOPROXY"] = self.order["proxy"]
        client = NotebookClient(
            nb,
            km=manager,
            timeout=None if self.order["keep_going"] else self.order["timeout"],
            startup_timeout=60,
            allow_errors=True,
            record_timing=False,
            resources={"metadata": {"path": os.path.dirname(os.path.abspath(self.order["notebook"]))}},
        )
        group = None
        try:
            async with client.async_setup_kernel(cleanup_kc=True):
                group = manager.provisioner.pid
                await self.cells(client, nb)
                info = (await client.async_wait_for_reply(client.kc.kernel_info()))["content"]
                nb.metadata["language_info"] = {"version": info.get("language_version", "")} | info["language_info"]
                # Outputs may name these, and pages hide them.
                programs = [name for name in os.listdir(scratch) if name.startswith("gonb_")]
                nb.metadata["kernel_folders"] = {"scratch": scratch, "programs": programs}
        finally:
            # A kernel that is killed leaves behind the program of its cell, which is in its process group.
            end_gopls(scratch)  # noqa: F821
            if group:
                try:
                    os.killpg(group, signal.SIGKILL)
                except OSError:
                    pass
        # The format of notebooks wants a name to show, and notebooks made by hand may have none.
        nb.metadata.kernelspec.setdefault("display_name", nb.metadata.kernelspec.name)
        return nb

    async def cells(self, client, nb):
        number = 0
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            number += 1
            self.cell, self.source = number, cell.source
            print(json.dumps({"event": "cell", "cell": number}), flush=True)
            if self.order["keep_going"]:
                await self.keep_going(client, cell, index)
                continue
            try:
                await client.async_execute_cell(cell, index)
            except CellTimeoutError:
                client.shutdown_kernel = "immediate"  # it would first wait for the cell
                raise Failure(f"This cell took longer than {self.order['timeout']:g} s; see -timeout.") from None
            except DeadKernelError:
                raise Failure("The kernel died while this cell ran.") from None
            cell.outputs = coalesced(cell.outputs)
            check(cell)
        self.cell = None

    async def keep_going(self, client, cell, index):
        """Runs a cell, and notes in its metadata as what it failed."""

        async def interrupt():
            await asyncio.sleep(self.order["timeout"])
            await client.km.interrupt_kernel()

        late = asyncio.create_task(interrupt())
        try:
            await client.async_execute_cell(cell, index)
            check(cell)
        except Failure as e:
            cell.metadata["failure"] = str(e)
        finally:
            late.cancel()


def write(nb, name):
    """Writes the executed copy, whole or not at all."""
    handle, part = tempfile.mkstemp(dir=os.path.dirname(name), prefix=".new-", suffix=".ipynb")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as f:
            nbformat.write(nb, f)
        os.chmod(part, 0o644)
        os.replace(part, name)
    except BaseException:
        os.unlink(part)
        raise


async def main():
    order = json.loads(sys.argv[1])
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def watch_caller():
        while os.read(0, 1):  # not sys.stdin: its lock would be in the way at exit
            pass
        loop.call_soon_threadsafe(task.cancel)

    threading.Thread(target=watch_caller, daemon=True).start()
    run = Run(order)
    outcome = {"event": "done"}
    try:
        nb = await run.run()
        if order["copy"]:
            write(nb, order["copy"])
        outcome.update(left=run.left)
    except Failure as e:
        outcome.update(error=str(e))
    except NoSuchKernel as e:
        outcome.update(error=f"The kernel {e.name!r} is not installed; run: go run ./kernel-setup")
    except DeadKernelError:
        outcome.update(error="The kernel did not start.")
    except asyncio.CancelledError:
        outcome.update(error="interrupted")
    except Exception as e:  # told as it is: the caller prints it
        outcome.update(error=f"{type(e).__name__}: {e}")
    if "error" in outcome and run.cell:
        outcome.update(cell=run.cell, source=run.source)
    print(json.dumps(outcome), flush=True)


asyncio.run(main())
