"""Starts n threads or tasks that wait, while somebody outside looks at this process's memory.

It prints a line when it is about to start them and another when all wait, and reads a line after each.
"""

import asyncio
import sys
import threading


def pause(message):
    print(message, flush=True)
    sys.stdin.readline()


def threads(n):
    release = threading.Event()
    started = threading.Barrier(n + 1)

    def wait():
        started.wait()
        release.wait()

    pause("before")
    for _ in range(n):
        threading.Thread(target=wait, daemon=True).start()
    started.wait()
    pause("after")
    release.set()


async def tasks(n):
    release = asyncio.Event()
    await asyncio.sleep(0)
    pause("before")
    waiting = [asyncio.create_task(release.wait()) for _ in range(n)]
    await asyncio.sleep(0)  # each runs up to its wait
    pause("after")
    release.set()
    await asyncio.gather(*waiting)


kind, n = sys.argv[1], int(sys.argv[2])
if kind == "thread":
    threads(n)
else:
    asyncio.run(tasks(n))
