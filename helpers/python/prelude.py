# What the programs that this package runs have in common; it stands before each of them.
import linecache, os, sys, textwrap, traceback, types


def prepare(source, label):
    """Returns a source without what its lines are indented by; tracebacks show its lines, under the label."""
    source = textwrap.dedent(source).lstrip("\n")
    linecache.cache[label] = (len(source), None, source.splitlines(True), label)
    return source


def new_main(path=None):
    """Returns an empty module that takes the place of __main__."""
    main = types.ModuleType("__main__")
    main.__builtins__ = __builtins__
    if path:
        main.__file__ = path
    sys.modules["__main__"] = main
    return main


def describe(error, label):
    """Returns an exception in one line, and its traceback from the first line of the labelled source on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != label:
        trace = trace.tb_next
    summary = ": ".join([type(error).__name__] + str(error).strip().splitlines()[:1])
    return summary, "".join(traceback.format_exception(type(error), error, trace))


def flush():
    """Passes on what was printed, unless the program has closed it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def report_lost():
    """Has asyncio report the exceptions of tasks that nobody awaits, which it does only when these are freed."""
    import gc
    if "asyncio" in sys.modules:
        gc.collect()
        for lost in gc.get_objects():
            if hasattr(type(lost), "_asyncio_future_blocking") and getattr(lost, "_log_traceback", False):
                lost.__del__()
                lost._log_traceback = False


def converse():
    """Returns the questions, as lines, and a function that answers one.

    From here on standard input is empty, and what is printed goes to standard error.
    """
    import json
    pid = os.getpid()
    questions, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def answer(**fields):
        if os.getpid() != pid:  # A child that was forked by the source came back here.
            os._exit(0)
        flush()
        print(json.dumps(fields), file=answers, flush=True)

    return questions, answer


