# Runs a program and notes when each of its threads and tasks runs, and what it waits for, for timeline.RecordPython.
#
# What happens goes into slots of a mapped file, so that it is there however the program ends; texts (names, lines of the
# program) go into a second file and are referred to by number. See pyread.go for the reader. Nothing here takes a lock or
# calls the operating system for an event, so that the program's own turns stay as they are.
def serve(path, slots_path, texts_path, seconds):
    import functools, itertools, mmap, signal, struct, threading, time

    LABEL = "program.py"
    clock, get_ident = time.monotonic_ns, threading.get_ident
    pid = os.getpid()

    # States, in the order of the constants in state.go; Born and so on are the kinds of slots.
    (RUNNING, NO_CPU, READY, SLEEPING, SEND, RECEIVE, SELECT, LOCK, GROUP, CONDITION, NETWORK, PIPE, SYSCALL, OTHER,
     LOOP_BUSY, NO_GIL, BLOCKS_LOOP, SEMAPHORE, EVENT, QUEUE, JOIN, TASK, FUTURE, THREAD) = range(24)
    BORN, CHANGE, DIED, STARTED, ENDED, REGION, REGION_END, CLOCK, TID = range(1, 10)
    FINISHED, CANCELLED, FAILED = range(3)
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()

    with open(slots_path, "r+b") as f:
        slots = mmap.mmap(f.fileno(), 0)
    texts_file = os.open(texts_path, os.O_WRONLY | os.O_APPEND)
    limit = len(slots)
    slot = struct.Struct("<qIIIIBB6x")
    pack, next_slot = slot.pack_into, itertools.count(0, slot.size).__next__
    next_lane, next_text = itertools.count(1).__next__, itertools.count(1).__next__
    texts = {}
    off = []  # not empty in a child that was forked: it is not followed

    def note(kind, lane, state=0, place=0, other=-1, extra=0, at=None):
        position = next_slot()
        if position + slot.size <= limit and not off:
            pack(slots, position, clock() if at is None else at, lane, place, other + 1, extra, state, kind)

    def text(kind, value):
        if off:
            return 0
        key = (kind, value)
        number = texts.get(key)
        if number is None:
            number = texts[key] = next_text()
            line = "{}\t{}\t{}\n".format(number, kind, str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"))
            os.write(texts_file, line.encode("utf-8", "backslashreplace"))
        return number

    lane_of = {}    # thread: the lane that runs in it
    stepping = {}   # thread: the lanes of the tasks that are in a step, the innermost last
    state_of = {}   # lane: its state
    waiting = set() # threads in a call that blocks
    place_of = {}   # lane: its last place

    def change(lane, state, place=0, waker=-1, at=None):
        state_of[lane] = state
        note(CHANGE, lane, state, place, waker, 0, at)

    def current():
        return lane_of.get(get_ident())

    def waker():
        # Who is at work in this thread: -1 if that is the loop itself.
        me = get_ident()
        return lane_of.get(me, -1) if stepping.get(me) or not in_loop.get(me) else from_thread.get(me, -1)

    from_thread = {}  # thread of a loop: the lane of another thread that has the loop do what it does now
    in_loop = {}  # thread: how many loops run in it

    def place(frame):
        # The line of the program that leads to a call, and whether the way goes through an executor's future.
        through_future = False
        while frame is not None:
            code = frame.f_code
            if code.co_filename == LABEL:
                return text("place", "{}:{}".format(frame.f_lineno, code.co_name)), through_future
            if code.co_filename.endswith(FUTURES):
                through_future = True
            frame = frame.f_back
        return 0, through_future

    FUTURES = os.path.join("concurrent", "futures", "_base.py")

    def block(state, function, args, kwargs, depth=2):
        me = get_ident()
        lane = lane_of.get(me)
        if lane is None or me in waiting:
            return function(*args, **kwargs)
        waiting.add(me)
        before = state_of.get(lane, RUNNING)
        where, through_future = place(sys._getframe(depth))
        if in_loop.get(me) and where:
            state = BLOCKS_LOOP
        elif through_future and state == EVENT:
            state = FUTURE
        change(lane, state, where)
        try:
            return function(*args, **kwargs)
        finally:
            waiting.discard(me)
            by = woken_by.pop(me, None)
            if by is None:
                by = getattr(args[0], "_lane_by", -1) if args else -1
            change(lane, before, 0, by if by != lane else -1)

    woken_by = {}  # thread: the lane that ended its wait, where that is known

    def blocking(function, state):
        @functools.wraps(function)
        def call(*args, **kwargs):
            return block(state, function, args, kwargs)
        return call

    def ending(owner, *names, attribute="_lane_by"):
        # Calls that may end the wait of others for the same object.
        def noting(function):
            @functools.wraps(function)
            def call(self, *args, **kwargs):
                try:
                    setattr(self, attribute, lane_of.get(get_ident(), -1))
                except AttributeError:
                    pass
                return function(self, *args, **kwargs)
            return call
        for name in names:
            setattr(owner, name, noting(getattr(owner, name)))

    def blocking_semaphore(function):
        @functools.wraps(function)
        def acquire(semaphore, blocking=True, timeout=None):
            if not blocking or timeout == 0:
                return function(semaphore, blocking, timeout)
            return block(SEMAPHORE, function, (semaphore, blocking, timeout), {})
        return acquire

    def patch(owner, state, *names):
        for name in names:
            function = getattr(owner, name, None)
            if function is not None:
                setattr(owner, name, blocking(function, state))

    # Threads.

    class Lock:
        __slots__ = ("_inner", "_owner", "__weakref__")
        _make = staticmethod(threading.Lock)

        def __init__(self):
            self._inner = self._make()
            self._owner = -1

        def acquire(self, blocking=True, timeout=-1):
            if self._inner.acquire(False):
                return True
            if not blocking:
                return False
            return block(LOCK, self._wait, (timeout,), {})

        def _wait(self, timeout):
            got = self._inner.acquire(True, timeout)
            if got:
                woken_by[get_ident()] = self._owner
            return got

        __enter__ = acquire

        def release(self):
            self._owner = lane_of.get(get_ident(), -1)
            self._inner.release()

        def __exit__(self, *exc):
            self.release()

        def __getattr__(self, name):
            return getattr(object.__getattribute__(self, "_inner"), name)

        def __repr__(self):
            return repr(self._inner)

    class RLock(Lock):
        __slots__ = ()
        _make = staticmethod(threading.RLock)

    Lock.__module__ = RLock.__module__ = "threading"
    Lock.__qualname__, RLock.__qualname__ = "Lock", "RLock"

    plain_bootstrap, plain_start = threading.Thread._bootstrap_inner, threading.Thread.start

    def library(function):
        # A library that starts threads and tasks for purposes of its own.
        module = getattr(function, "__module__", None) or ""
        for name in ("multiprocessing", "concurrent.futures.process", "asyncio"):
            if module == name or module.startswith(name + "."):
                return name.partition(".")[0] if name == "asyncio" else name
        return None

    def thread_name(thread):
        name = thread.name
        owner = library(getattr(thread, "_target", None)) or library(type(thread))
        if owner and not name.startswith("asyncio_"):
            return "~{}/{}".format(owner, name)
        if name.startswith("Thread-"):
            target = getattr(thread, "_target", None)
            called = getattr(target, "__name__", None) or type(thread).__name__
            while isinstance(target, functools.partial):
                target = target.func
                called = getattr(target, "__name__", called)
            return "thread" if called == "<lambda>" else called
        return "=" + name  # the program's own, which gets no number

    def start(thread):
        target = getattr(thread, "_target", None)
        if getattr(target, "__name__", "") == "_do_shutdown":  # asyncio's, at the end of a loop
            return plain_start(thread)
        if not thread.__dict__.get("_lane") and not off:
            lane = thread._lane = next_lane()
            parent = current()
            where, _ = place(sys._getframe(1))
            state_of[lane] = NO_GIL if has_gil else READY
            note(BORN, lane, state_of[lane], text("thread", thread_name(thread)), -1 if parent is None else parent, where)
            report = thread._invoke_excepthook

            def failed(*args):
                thread._lane_failed = True
                return report(*args)
            thread._invoke_excepthook = failed
        me = get_ident()
        if me in waiting:
            return plain_start(thread)
        waiting.add(me)  # It waits until the thread has begun, which is not what a picture is looked at for.
        try:
            return plain_start(thread)
        finally:
            waiting.discard(me)

    def bootstrap(thread):
        lane = thread.__dict__.get("_lane")
        if lane is None:
            return plain_bootstrap(thread)
        me = get_ident()
        lane_of[me] = lane
        note(TID, lane, extra=threading.get_native_id())
        change(lane, RUNNING)
        try:
            return plain_bootstrap(thread)
        finally:
            note(DIED, lane, FAILED if thread.__dict__.get("_lane_failed") else FINISHED)
            lane_of.pop(me, None)
            state_of.pop(lane, None)

    def join(thread, *args, **kwargs):
        def wait():
            try:
                return plain_join(thread, *args, **kwargs)
            finally:
                if not thread.is_alive():
                    woken_by[get_ident()] = thread.__dict__.get("_lane", -1)
        return block(JOIN, wait, (), {})

    plain_join = threading.Thread.join

    def watch_threads():
        import queue
        threading.Lock, threading.RLock = Lock, RLock
        threading.Thread.start, threading.Thread._bootstrap_inner, threading.Thread.join = start, bootstrap, functools.wraps(plain_join)(join)
        time.sleep = blocking(time.sleep, SLEEPING)
        patch(threading.Condition, CONDITION, "wait")
        patch(threading.Event, EVENT, "wait")
        patch(threading.Barrier, CONDITION, "wait")
        threading.Semaphore.acquire = threading.Semaphore.__enter__ = blocking_semaphore(threading.Semaphore.acquire)
        patch(queue.Queue, QUEUE, "get", "join")
        plain_put = queue.Queue.put

        def put(self, *args, **kwargs):
            def wait():
                plain_put(self, *args, **kwargs)
                woken_by[get_ident()] = getattr(self, "_lane_took", -1)
            return block(QUEUE, wait, (), {})
        queue.Queue.put = functools.wraps(plain_put)(put)
        ending(threading.Condition, "notify")
        ending(threading.Event, "set")
        ending(threading.Semaphore, "release")
        ending(queue.Queue, "_put", "task_done")
        ending(queue.Queue, "_get", attribute="_lane_took")

        class SimpleQueue(queue.SimpleQueue):
            def get(self, block_=True, timeout=None, **kwargs):
                block_ = kwargs.pop("block", block_)
                try:
                    return super().get(block=False)
                except queue.Empty:
                    if not block_:
                        raise
                plain_get = super().get

                def wait():
                    item = plain_get(True, timeout)
                    woken_by[get_ident()] = getattr(self, "_lane_by", -1)
                    return item
                return block(QUEUE, wait, (), {})

            def put(self, item, block=True, timeout=None):
                self._lane_by = lane_of.get(get_ident(), -1)
                super().put(item)
        queue.SimpleQueue = SimpleQueue

    def watch_futures():
        from concurrent.futures import _base, thread
        patch(_base.Future, FUTURE, "result", "exception")
        ending(_base.Future, "set_result", "set_exception", "cancel")
        import concurrent.futures
        _base.wait = concurrent.futures.wait = blocking(_base.wait, FUTURE)
        plain_run = thread._WorkItem.run

        def run(item, *args):
            lane = current()
            if lane is not None:
                function = getattr(item, "fn", None) or (getattr(item, "task", None) or (None,))[0]
                while isinstance(function, functools.partial):
                    function = function.func if function.func.__name__ != "run" else (function.args or (function.func,))[0]
                note(REGION, lane, 0, text("name", getattr(function, "__name__", "call")))
            try:
                return plain_run(item, *args)
            finally:
                if lane is not None:
                    note(REGION_END, lane)
        if not hasattr(thread._WorkItem, "__slots__"):
            thread._WorkItem.run = run

    def watch_network():
        import socket
        def blocking_socket(function):
            @functools.wraps(function)
            def call(sock, *args, **kwargs):
                if sock.gettimeout() == 0:
                    return function(sock, *args, **kwargs)
                return block(NETWORK, function, (sock, *args), kwargs)
            return call

        def patch_socket(owner, *names):
            for name in names:
                if hasattr(owner, name):
                    setattr(owner, name, blocking_socket(getattr(owner, name)))
        patch_socket(socket.socket, "connect", "recv", "recv_into", "recvfrom", "send", "sendall", "accept")
        socket.getaddrinfo = blocking(socket.getaddrinfo, NETWORK)
        import selectors

        def blocking_select(plain):
            @functools.wraps(plain)
            def select(selector, timeout=None):
                if in_loop.get(get_ident()):
                    return plain(selector, timeout)
                return block(NETWORK, plain, (selector, timeout), {})
            return select
        for name in ("SelectSelector", "_PollLikeSelector", "EpollSelector", "KqueueSelector", "DevpollSelector"):
            selector = getattr(selectors, name, None)
            if selector is not None and "select" in vars(selector):
                selector.select = blocking_select(selector.select)
        try:
            import ssl
        except ImportError:
            return
        patch_socket(ssl.SSLSocket, "read", "write", "do_handshake", "connect", "recv", "recv_into", "send", "sendall")

    def watch_processes():
        import subprocess
        patch(subprocess.Popen, OTHER, "wait", "communicate")

    # Tasks.

    def watch_tasks():
        import asyncio, asyncio.tasks, asyncio.base_events, asyncio.futures
        import weakref
        ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep
        Base = asyncio.tasks._PyTask
        for name in ("register_task", "unregister_task", "register_eager_task", "unregister_eager_task",
                     "enter_task", "leave_task", "swap_current_task"):
            # From Python 3.14 on, tasks written in Python count for themselves; asyncio.current_task must know them too.
            if hasattr(asyncio.tasks, "_" + name):
                setattr(asyncio.tasks, "_py_" + name, getattr(asyncio.tasks, "_" + name))
        of_executor = weakref.WeakSet()
        calls = {
            "sleep": SLEEPING, "Lock.acquire": LOCK, "Semaphore.acquire": SEMAPHORE, "BoundedSemaphore.acquire": SEMAPHORE,
            "Event.wait": EVENT, "Condition.wait": CONDITION, "Barrier.wait": CONDITION, "Barrier._block": CONDITION,
            "Barrier._wait": CONDITION, "Queue.get": QUEUE, "Queue.put": QUEUE, "Queue.join": QUEUE,
            "TaskGroup.__aexit__": TASK, "wait": TASK, "to_thread": THREAD,
        }
        network = ("streams.py", "base_events.py", "selector_events.py", "sslproto.py", "unix_events.py")

        def chain(task):
            # What a task waits for: the frames from its coroutine down, those of the program and those of libraries.
            awaited, where, state = task._coro, 0, None
            for _ in range(200):
                frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None) or getattr(awaited, "ag_frame", None)
                if frame is None:
                    break
                code = frame.f_code
                if code.co_filename == LABEL:
                    where, state = text("place", "{}:{}".format(frame.f_lineno, code.co_name)), None
                elif code.co_filename.startswith(ASYNCIO):
                    file = code.co_filename[len(ASYNCIO):]
                    if file in network:
                        state = NETWORK
                    elif state is None or state == OTHER:
                        state = calls.get(code.co_qualname, state)
                elif state is None:
                    state = OTHER
                awaited = (getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None) or getattr(awaited, "ag_await", None))
                if awaited is None:
                    break
            future = task._fut_waiter
            if state is None or state == OTHER:
                if future is None:
                    state = state or OTHER
                elif isinstance(future, (asyncio.tasks._GatheringFuture, Base, PlainTask)):
                    state = TASK
                elif future in of_executor:
                    state = THREAD
                else:
                    state = FUTURE if state is None else state
            return state, where

        def coroutine_name(coro):
            frame = getattr(coro, "cr_code", None)
            if frame is not None and frame.co_filename.endswith(("base_subprocess.py", "unix_events.py")):
                return "~asyncio/" + coro.__name__
            name = getattr(coro, "__qualname__", None) or type(coro).__name__
            return name.rpartition("<locals>.")[2] or "task"

        class Task(Base):
            def __init__(self, coro, *, loop=None, name=None, **kwargs):
                self._lane = self._lane_born = None
                self._lane_parent, self._lane_coro = current(), coro
                self._lane_where, _ = place(sys._getframe(1))
                self._lane_named = name is not None
                self._lane_time = clock()
                if loop is None or loop.is_running():
                    self._lane = next_lane()
                super().__init__(coro, loop=loop, name=name, **kwargs)
                if self._lane is not None and not self._lane_born:
                    self._lane_bear()

            def _lane_bear(self):
                # Later than the task was made if that was before its loop ran: the loop's main task has the lane of its thread.
                self._lane_born = True
                if self._lane is None:
                    self._lane = next_lane()
                name = self.get_name() if hasattr(self, "_name") else None
                if self._lane_named and name:
                    name = "=" + str(name)
                else:
                    name = coroutine_name(self._lane_coro)
                parent = self._lane_parent
                note(BORN, self._lane, LOOP_BUSY, text("task", name), -1 if parent is None else parent, self._lane_where, self._lane_time)
                state_of[self._lane] = LOOP_BUSY

            def set_name(self, value):
                super().set_name(value)
                if self._lane_born and self._lane is not None:
                    note(BORN, self._lane, 255, text("task", "=" + str(value)))

            def _lane_begin(self):
                me = get_ident()
                if self._lane_ignored:
                    return None
                if self._lane is None or not self._lane_born:
                    self._lane_bear()
                lane = self._lane
                lane_before = lane_of.get(me)
                lane_of[me] = lane
                stepping.setdefault(me, []).append(lane)
                change(lane, RUNNING)
                return me, lane_before

            def _lane_end(self, begun):
                if begun is None:
                    return
                me, lane_before = begun
                lane = self._lane
                stepping[me].pop()
                if lane_before is None:
                    lane_of.pop(me, None)
                else:
                    lane_of[me] = lane_before
                if self.done():
                    if self._lane_main:
                        change(lane, LOOP_BUSY)
                        return
                    failed = self._exception is not None
                    note(DIED, lane, CANCELLED if self.cancelled() else FAILED if failed else FINISHED)
                    state_of.pop(lane, None)
                    return
                future = self._fut_waiter
                state, where = chain(self)
                change(lane, LOOP_BUSY if future is None or future.done() else state, where)

            _lane_main = _lane_ignored = False

        def stepwise(step):
            def run(self, *args):
                begun = self._lane_begin()
                try:
                    step(self, *args)
                finally:
                    self._lane_end(begun)
            return run

        for name in ("_Task__step", "_Task__eager_start"):
            if hasattr(Base, name):
                setattr(Task, name, stepwise(getattr(Base, name)))
        Task.__name__ = Task.__qualname__ = "Task"
        Task.__module__ = "_asyncio"
        PlainTask = asyncio.tasks.Task
        asyncio.Task = asyncio.tasks.Task = Task
        if hasattr(asyncio, "create_eager_task_factory"):
            asyncio.eager_task_factory = asyncio.tasks.eager_task_factory = asyncio.create_eager_task_factory(Task)

        Loop = asyncio.base_events.BaseEventLoop
        plain_call_soon, plain_until, plain_forever = Loop.call_soon, Loop.run_until_complete, Loop.run_forever
        plain_executor, plain_call_at, plain_threadsafe = Loop.run_in_executor, Loop.call_at, Loop.call_soon_threadsafe

        def call_soon(loop, callback, *args, **kwargs):
            task = getattr(callback, "__self__", None)
            if type(task) is Task and task._lane_born and state_of.get(task._lane, RUNNING) not in (RUNNING, LOOP_BUSY):
                # A timer that is due while the loop is busy makes its task ready all the same.
                now, at = clock(), None
                timer = due.get(task._fut_waiter) if task._fut_waiter is not None else None
                if timer is not None and timer * 1e9 < now - 1e6:
                    at = int(timer * 1e9)
                by = waker()
                change(task._lane, LOOP_BUSY, 0, by if by != task._lane or stepping.get(get_ident()) else -1, at)
            return plain_call_soon(loop, callback, *args, **kwargs)

        due = weakref.WeakKeyDictionary()  # future: the loop's time at which its timer ends it
        sleeps = getattr(asyncio.futures, "_set_result_unless_cancelled", None)

        def call_at(loop, when, callback, *args, **kwargs):
            if callback is sleeps and sleeps is not None and args:
                due[args[0]] = when
            return plain_call_at(loop, when, callback, *args, **kwargs)

        def call_soon_threadsafe(loop, callback, *args, **kwargs):
            me, lane = get_ident(), current()
            if lane is None or in_loop.get(me):
                return plain_threadsafe(loop, callback, *args, **kwargs)

            @functools.wraps(callback)
            def call(*args):
                there = get_ident()
                from_thread[there] = lane
                try:
                    return callback(*args)
                finally:
                    from_thread.pop(there, None)
            return plain_threadsafe(loop, call, *args, **kwargs)

        def run_until_complete(loop, future):
            lane = current()
            if asyncio.iscoroutine(future) and not loop.is_running():
                future = loop.create_task(future)
            if type(future) is Task and lane is not None and not future._lane_born:
                future._lane, future._lane_born, future._lane_main = lane, True, True
                name = getattr(future._lane_coro, "__name__", "")
                if name in ("shutdown_asyncgens", "shutdown_default_executor"):  # asyncio.run, at its end
                    future._lane_ignored = True
                    change(lane, RUNNING if name == "shutdown_asyncgens" else THREAD)
            try:
                return plain_until(loop, future)
            finally:
                if lane is not None:
                    change(lane, RUNNING)

        def run_forever(loop):
            me, lane = get_ident(), current()
            in_loop[me] = in_loop.get(me, 0) + 1
            if lane is not None and state_of.get(lane) == RUNNING:
                change(lane, OTHER, place(sys._getframe(1))[0])
            try:
                return plain_forever(loop)
            finally:
                in_loop[me] -= 1

        def run_in_executor(loop, *args, **kwargs):
            future = plain_executor(loop, *args, **kwargs)
            try:
                of_executor.add(future)
            except TypeError:
                pass
            return future

        for function, plain in ((call_soon, plain_call_soon), (call_at, plain_call_at), (call_soon_threadsafe, plain_threadsafe), (run_until_complete, plain_until), (run_forever, plain_forever), (run_in_executor, plain_executor)):
            setattr(Loop, plain.__name__, functools.wraps(plain)(function))

    # The program.

    os.register_at_fork(after_in_child=lambda: off.append(True))
    main = new_main(path)
    sys.argv = [path]
    status = 0
    with open(path, encoding="utf-8") as f:
        source = prepare(f.read(), LABEL)
    with open(path, "w", encoding="utf-8") as f:  # A process that is spawned reads it again.
        f.write(source)

    def finish(kind):
        note(ENDED, 0, kind)
        flush()

    def without_recorder(told, seen):
        # Removes the frames of this file from a traceback and from those that it holds.
        if told is None or id(told) in seen:
            return
        seen.add(id(told))
        told.stack[:] = [frame for frame in told.stack if frame.filename != RECORDER]
        for other in [told.__cause__, told.__context__, *(getattr(told, "exceptions", None) or ())]:
            without_recorder(other, seen)

    RECORDER = serve.__code__.co_filename

    def wait_for_threads():
        # As the interpreter does at its end: for those that are no daemons.
        shutdown = getattr(threading, "_shutdown", None)
        if shutdown is not None:
            if not any(t is not threading.current_thread() and not t.daemon for t in threading.enumerate()):
                return
            state = state_of.get(0, RUNNING)
            change(0, JOIN)
            shutdown()
            change(0, state)

    try:
        code = compile(source, LABEL, "exec", dont_inherit=True)
        words = lambda *names: any(name in source for name in names)
        watch_threads()
        if words("concurrent", "to_thread", "executor"):
            watch_futures()
        if words("socket", "http", "requests", "urllib", "aiohttp"):
            watch_network()
        if words("subprocess"):
            watch_processes()
        if words("asyncio", "httpx", "anyio", "aiohttp"):
            watch_tasks()
        lane_of[get_ident()] = 0
        state_of[0] = RUNNING
        # The operating system ends this process if nobody else is left to do so.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        note(CLOCK, 0, at=time.time_ns())
        note(STARTED, 0, 0, text("version", "{}.{}".format(*sys.version_info[:2])))
        note(BORN, 0, RUNNING, text("thread", "=main"))
        note(TID, 0, int(has_gil), extra=threading.get_native_id())
        try:
            exec(code, main.__dict__)
        finally:
            wait_for_threads()
        finish(FINISHED)
    except SystemExit as error:
        if error.code not in (None, 0):
            status = error.code if isinstance(error.code, int) else 1
            if not isinstance(error.code, int):
                print(error.code, file=sys.stderr)
            text("error", "SystemExit: {}".format(error.code))
        finish(FAILED if status else FINISHED)
    except BaseException as error:
        status = 1
        told = traceback.TracebackException.from_exception(error)
        without_recorder(told, set())
        text("error", "".join(told.format()))
        finish(FAILED)
    if off:
        os._exit(status)
    import atexit
    try:
        atexit._run_exitfuncs()
        report_lost()
    finally:
        flush()
        os._exit(status & 0xFF)


if __name__ == "__main__":
    sys.path[0] = ""  # as for a program that is typed in
    serve(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
