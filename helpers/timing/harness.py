# Runs a case's source and times it, for timing.Python. Commands arrive on descriptor 3, one a line: the argument of run(), or
# "-" for none. Each is answered on descriptor 4 by a line of kind and length, and so many bytes. Its own names stay inside
# serve(), since the source gets __main__ for itself.
def serve(path, label, seconds, wants_n):
    import ast, gc, inspect, io, linecache, os, signal, sys, textwrap, time, traceback, types

    pid = os.getpid()
    for descriptor in (3, 4):
        os.set_inheritable(descriptor, False)
    commands = os.fdopen(3, "rb")

    def report(kind, text):
        if os.getpid() != pid:  # A child that was forked by the source came back here.
            os._exit(0)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        payload = text.encode("utf-8", "backslashreplace")
        message = "{} {}\n".format(kind, len(payload)).encode() + payload
        while message:
            message = message[os.write(4, message):]

    def failure(error):
        # The source's own frames only: what is above them is this file.
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != label:
            trace = trace.tb_next
        summary = ": ".join([type(error).__name__] + str(error).strip().splitlines()[:1])
        report("error", summary + "\n" + "".join(traceback.format_exception(type(error), error, trace)))

    def finished(error):
        return isinstance(error, SystemExit) and error.code in (None, 0)

    def limit(on):
        # The kernel of the operating system ends this process when a run takes too long, even if nobody is left to do so.
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, seconds if on else 0)

    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = __builtins__
    fresh = dict(main.__dict__)
    sys.modules["__main__"] = main
    sys.argv = [path]
    clock = time.perf_counter_ns
    limit(True)
    try:
        with io.open(path, encoding="utf-8") as f:
            source = textwrap.dedent(f.read())
        with io.open(path, "w", encoding="utf-8") as f:  # A process that is spawned reads it again.
            f.write(source)
        linecache.cache[label] = (len(source), None, source.splitlines(True), label)
        tree = ast.parse(source, label)
        code = compile(tree, label, "exec", dont_inherit=True)
        imports = compile(
            ast.Module([s for s in tree.body if isinstance(s, (ast.Import, ast.ImportFrom))], []),
            label, "exec", dont_inherit=True)
        entry = [s for s in tree.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)) and s.name == "run"]
        if wants_n and not entry:
            raise NameError("the source must define run(n) at its top level, to be called with each n")
        if entry:
            exec(code, main.__dict__)
    except BaseException as error:
        if not (finished(error) and hasattr(main, "run")):
            failure(error)
            os._exit(1)
    if entry and isinstance(entry[-1], ast.AsyncFunctionDef):
        import asyncio

        def call(*arguments):
            return asyncio.run(main.run(*arguments))
    elif entry:
        def call(*arguments):
            return main.run(*arguments)
    else:
        def call():
            exec(code, main.__dict__)

    def prepare():
        gc.collect()
        if not entry:
            main.__dict__.clear()
            main.__dict__.update(fresh)
            exec(imports, main.__dict__)

    def once(arguments):
        prepare()
        start = clock()
        try:
            result = call(*arguments)
        except SystemExit as error:
            elapsed = clock() - start
            if not finished(error):
                raise
            return elapsed
        elapsed = clock() - start
        if inspect.iscoroutine(result):
            result.close()
            raise TypeError("run() returned a coroutine that nobody awaited: write async def run(), or call asyncio.run")
        return elapsed

    limit(False)
    report("ready", "{}.{}".format(*sys.version_info[:2]))
    for command in commands:
        n = command.strip()
        arguments = () if n == b"-" else (int(n),)
        limit(True)
        try:
            elapsed = once(arguments)
        except BaseException as error:
            failure(error)
            os._exit(1)
        limit(False)
        report("ok", str(elapsed))
    os._exit(0)  # Without waiting for threads and children that the source left behind.


if __name__ == "__main__":
    import sys
    serve(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4] == "n")
