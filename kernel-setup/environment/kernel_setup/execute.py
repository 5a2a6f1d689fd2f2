"""Runs cells in a kernel. The Go package beside it reads what becomes of them, and judges.

Standard input has a line of JSON for each cell: its code. The first line says how: kernel, the folder to run in, the seconds and
the characters of output that a cell may take, path for the kernel's PATH and proxy for its GOPROXY (both may be empty).
Each cell gets a line of JSON on standard output, and all together one at the end. When standard input closes, the kernel is
shut down, also in the middle of a cell. It ends too after a cell that must not go on, unless keep_going is true.
"""

import asyncio
import itertools
import json
import os
import signal
import tempfile
import threading
import time

import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kernel_setup.end_gopls import end_gopls

# For so long may a cell print nothing and wait for what will hardly come.
PATIENCE = 20
# What a small message takes beside its text.
MESSAGE = 100
READ = {"x86_64": "0", "aarch64": "63"}.get(os.uname().machine)  # the number of the system call


class Client(NotebookClient):
    """A client that notes how much a cell puts out."""

    def begin(self, limit):
        self.limit, self.size, self.heard = limit, 0, time.monotonic()
        self.flooded = asyncio.get_running_loop().create_future()

    def process_message(self, msg, cell, cell_index):
        self.heard = time.monotonic()
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "error", "update_display_data"):
            size = len(json.dumps(msg["content"], ensure_ascii=False)) + MESSAGE
            if msg["msg_type"] != "update_display_data":  # that takes the place of another
                size += self.size
                self.size = size
            if size > self.limit:
                if not self.flooded.done():
                    self.flooded.set_result(None)
                return None
        return super().process_message(msg, cell, cell_index)


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


class Programs:
    """What runs in a kernel's process group."""

    def __init__(self, group):
        self.group = group
        leader = psutil.Process(group)
        self.kernel = next((p for p in [leader, *leader.children()] if p.name() == "gonb"), leader)

    def waiting(self):
        """What the cell waits for, and the programs that are to blame; or None, if nothing that will hardly come."""
        try:
            if any(p.status() == psutil.STATUS_ZOMBIE for p in self.kernel.children()):
                left = sorted(" ".join(p.cmdline()) for p in psutil.process_iter() if self.is_left(p))
                return {"for": "background", "programs": left}
            if any(self.reads_input(p.pid) for p in self.kernel.children(recursive=True)):
                return {"for": "input", "programs": []}
            return None
        except (OSError, psutil.Error):  # something ended meanwhile
            return None

    def is_left(self, p):
        """Whether whoever started p has ended."""
        try:
            return (
                os.getpgid(p.pid) == self.group
                and p.status() != psutil.STATUS_ZOMBIE
                and p.pid not in (self.group, self.kernel.pid)
                and p.ppid() not in (self.group, self.kernel.pid)
            )
        except (OSError, psutil.Error):
            return False

    async def end(self, cell):
        """Ends what the cell has started, and returns whether the cell then ended too."""
        for sign in signal.SIGINT, signal.SIGKILL:
            for p in psutil.process_iter():
                try:
                    if os.getpgid(p.pid) == self.group and p.pid not in (self.group, self.kernel.pid):
                        p.send_signal(sign)
                except (OSError, psutil.Error):
                    pass
            if (await asyncio.wait(cell, timeout=5))[0]:
                return True
        return False

    def reads_input(self, pid):
        """Whether a thread reads from the pipe into which only the kernel could write."""
        try:
            pipe = os.readlink(f"/proc/{pid}/fd/0")
            threads = os.listdir(f"/proc/{pid}/task")
            if not any(self.call(pid, thread) == [READ, "0x0"] for thread in threads):
                return False
            ends = f"/proc/{self.kernel.pid}/fd"
            return any(os.readlink(f"{ends}/{fd}") == pipe for fd in os.listdir(ends))
        except OSError:  # not Linux, or it has ended
            return False

    def call(self, pid, thread):
        with open(f"/proc/{pid}/task/{thread}/syscall") as f:
            return f.read().split()[:2]


class Kernel:
    """One kernel, and the cells that run in it one after another."""

    def __init__(self, order, scratch):
        self.order = order
        self.marks = os.path.join(scratch, "commands")
        self.folder = os.path.join(scratch, "tmp")  # a kernel that is killed leaves its own temporary folder behind
        os.mkdir(self.folder)
        manager = AsyncKernelManager(kernel_name=order["kernel"])
        if len(scratch) < 90:  # a socket's path may have some hundred bytes; TCP is open to everybody on the machine
            manager.transport, manager.ip = "ipc", os.path.join(scratch, "k")
        env = manager.kernel_spec.env
        env.update(TMPDIR=self.folder, TUTORIAL_COMMANDS=self.marks)
        env.update({name: value for name, value in (("PATH", order["path"]), ("GOPROXY", order["proxy"])) if value})
        self.client = Client(
            new_notebook(),
            km=manager,
            timeout=None,
            startup_timeout=60,
            iopub_timeout=60,
            raise_on_iopub_timeout=True,
            allow_errors=True,
            record_timing=False,
            resources={"metadata": {"path": order["folder"]}},
        )

    async def run(self, sources, closed, say):
        """Runs cells until there are no more."""
        group = None
        try:
            async with self.client.async_setup_kernel(cleanup_kc=True):
                group = self.client.km.provisioner.pid
                programs = Programs(group)
                while (source := await sources.get()) is not None:
                    answer = await self.cell(source, programs, closed)
                    say(answer)
                    if answer["cut"] and not answer["ended"]:
                        self.client.shutdown_kernel = "immediate"  # it would first wait for the cell
                        return
                info = (await self.client.async_wait_for_reply(self.client.kc.kernel_info()))["content"]
                # Outputs may name these, and pages hide them.
                programs = [name for name in os.listdir(self.folder) if name.startswith("gonb_")]
        finally:
            # A kernel that is killed leaves behind the program of its cell, which is in its process group.
            end_gopls(self.folder)
            if group:
                try:
                    os.killpg(group, signal.SIGKILL)
                except OSError:
                    pass
        cells = [coalesced(cell.outputs) for cell in self.client.nb.cells]  # once more: a cell may change a display of another
        left = sorted(name for name in os.listdir(self.folder) if not name.startswith("gonb_"))
        language = {"version": info.get("language_version", "")} | info["language_info"]
        say({"cells": cells, "left": left, "language": language, "folders": {"scratch": self.folder, "programs": programs}})

    async def cell(self, source, programs, closed):
        """Runs a cell, and returns what came of it. cut is why it was not let run to its end, by what is to blame for that."""
        open(self.marks, "w").close()
        cell = new_code_cell(source)
        nb = self.client.nb
        nb.cells.append(cell)
        self.client.begin(self.order["output"])
        running = asyncio.ensure_future(self.client.async_execute_cell(cell, len(nb.cells) - 1))
        cut = await self.follow(running, programs, closed)
        ended = not cut or self.order["keep_going"] and await programs.end({running})
        if not ended:
            running.cancel()
        await asyncio.wait({running})
        if not cut and isinstance(running.exception(), DeadKernelError):
            cut = "died", None
        elif not cut:
            running.result()
        with open(self.marks) as f:
            marks = f.read().split()
        why, waiting = cut or (None, None)
        return {
            "outputs": [] if why == "output" else coalesced(cell.outputs),
            "execution_count": cell.execution_count,
            "commands": marks,
            "cut": why,
            "ended": ended and why != "died",
            "waiting": waiting,
        }

    async def follow(self, running, programs, closed):
        """Waits until the cell has ended, or must not go on: then it returns why."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        waiting, since = None, start
        while not running.done():
            left = start + self.order["seconds"] - loop.time()
            if left <= 0:
                return "time", await asyncio.to_thread(programs.waiting)
            await asyncio.wait({running, closed, self.client.flooded}, timeout=min(left, 2), return_when=asyncio.FIRST_COMPLETED)
            if closed.done():
                return "closed", None
            if self.client.flooded.done():
                return "output", None
            if loop.time() > start + 2 and not running.done():
                found = await asyncio.to_thread(programs.waiting)
                if found != waiting:
                    waiting, since = found, loop.time()
                if waiting and time.monotonic() - self.client.heard > PATIENCE and loop.time() - since > PATIENCE:
                    return "waits", waiting
        return None


async def main():
    loop = asyncio.get_running_loop()
    sources, closed = asyncio.Queue(), loop.create_future()

    def end():
        closed.set_result(None)
        sources.put_nowait(None)

    def read():
        for line in open(0, "rb", closefd=False):  # not sys.stdin: its lock would be in the way at exit
            loop.call_soon_threadsafe(sources.put_nowait, json.loads(line))
        loop.call_soon_threadsafe(end)

    def say(answer):
        print(json.dumps(answer), flush=True)

    threading.Thread(target=read, daemon=True).start()
    order = await sources.get()
    if order is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True) as scratch:
            await Kernel(order, scratch).run(sources, closed, say)
    except NoSuchKernel as e:
        say({"fault": f"The kernel {e.name!r} is not installed; run: go run ./kernel-setup"})
    except DeadKernelError:
        say({"fault": "The kernel did not start."})
    except Exception as e:  # told as it is: the caller prints it
        say({"fault": f"{type(e).__name__}: {e}"})


asyncio.run(main())
