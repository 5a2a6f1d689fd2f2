# Runs a case's source and times it, for timing.Python. A question is the argument of run(), or "-" for none; the answer is a
# time in nanoseconds. Its own names stay inside serve(), since the source gets __main__ for itself.
def serve(path, label, seconds, wants_n):
    import ast, gc, inspect, signal, symtable, threading, time

    questions, answer = converse()

    def fail(error, where=""):
        summary, traceback = describe(error, label)
        answer(summary=summary + where, traceback=traceback)
        os._exit(1)

    def finished(error):
        return isinstance(error, SystemExit) and error.code in (None, 0)

    def limit(on):
        # The kernel of the operating system ends this process when a run takes too long, even if nobody is left to do so.
        signal.setitimer(signal.ITIMER_REAL, seconds if on else 0)

    failed = []  # in threads and tasks, which end without anybody's notice

    def note(failure):
        if failure.exc_type is not SystemExit:
            name = failure.thread.name if failure.thread else "that has ended"
            failed.append((failure.exc_value or failure.exc_type(), "in thread " + name))

    def note_lost(loop, context):
        if context.get("exception"):
            failed.append((context["exception"], context["message"]))

    def check():
        report_lost()
        for error, where in failed:
            fail(error, " ({})".format(where))

    threading.excepthook = note
    main = new_main(path)
    fresh = dict(main.__dict__)
    sys.argv = [path]
    clock = time.perf_counter_ns
    run = None
    limit(True)
    try:
        with open(path, encoding="utf-8") as f:
            source = prepare(f.read(), label)
        with open(path, "w", encoding="utf-8") as f:  # A process that is spawned reads it again.
            f.write(source)
        if "async" in source:
            import asyncio  # so that this is not timed
            asyncio.BaseEventLoop.default_exception_handler = note_lost
        tree = ast.parse(source, label)
        code = compile(tree, label, "exec", dont_inherit=True)
        top = [s for s in tree.body if isinstance(s, (ast.Import, ast.ImportFrom))]
        imports = compile(ast.Module(top, []), label, "exec", dont_inherit=True)
        # However run comes about, evaluating the source shows it. A script that does not name it is only timed.
        if "run" in symtable.symtable(source, label, "exec").get_identifiers() or "import *" in source:
            try:
                exec(code, main.__dict__)
            except SystemExit as error:
                if not finished(error):
                    raise
            run = getattr(main, "run", None)
        if not callable(run):
            run = None
        if wants_n and not run:
            raise NameError("the source must define run(n) at its top level, to be called with each n")
    except BaseException as error:
        fail(error)

    def call(*arguments):
        if run:
            result = run(*arguments)
            if inspect.iscoroutine(result):
                import asyncio
                asyncio.run(result)
            elif inspect.isgenerator(result) or inspect.isasyncgen(result):
                raise TypeError("run() gave a generator, which has run nothing so far: let run() go through it to its end")
        else:
            exec(code, main.__dict__)

    def once(arguments):
        gc.collect()
        if not run:
            main.__dict__.clear()
            main.__dict__.update(fresh)
            exec(imports, main.__dict__)
        start = clock()
        try:
            call(*arguments)
        except SystemExit as error:
            if not finished(error):
                raise
        return clock() - start

    limit(False)
    check()
    answer(answer="{}.{}".format(*sys.version_info[:2]))
    for question in questions:
        n = question.strip()
        limit(True)
        try:
            elapsed = once(() if n == "-" else (int(n),))
        except BaseException as error:
            fail(error)
        limit(False)
        check()
        answer(answer=elapsed)
    os._exit(0)  # Without waiting for threads and children that the source left behind.


serve(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4] == "n")
