# Starts n threads or tasks that wait, while somebody outside looks at this process's memory: before, and when it has answered.
import asyncio
import threading

questions, answer = converse()


def pause(message):
    answer(answer=message)
    questions.readline()


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
