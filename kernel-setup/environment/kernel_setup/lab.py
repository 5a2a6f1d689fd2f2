"""Starts JupyterLab, and stops it when standard input closes: then whoever started it wants that, or is gone.

When it listens it prints a line: the address of the server and its token, with a blank between them. Then it closes
standard output.
"""

import logging
import os
import secrets
import shutil
import signal
import sys
import threading

# A token of ours keeps Jupyter from printing its own words about it. It is not an option of the command, because other
# users of the machine can read those.
os.environ["JUPYTER_TOKEN"] = secrets.token_hex(24)

from jupyterlab.labapp import LabApp  # noqa: E402

from kernel_setup.end_gopls import end_gopls  # noqa: E402


def stop_with_caller():
    while os.read(0, 1):
        pass
    logging.disable()  # Jupyter would report the signal that ends it as critical
    # To the main thread: if another took the signal, Jupyter would not see it before something else wakes it.
    signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)


def announce(server):
    print(server.connection_url, server.identity_provider.token, flush=True)
    os.dup2(2, 1)  # kernels will inherit it, and whoever started this waits for the end of what it has now


scratch = os.environ["TMPDIR"]  # is this server's alone; kernels that are killed leave something there
threading.Thread(target=stop_with_caller, daemon=True).start()
try:
    server = LabApp.initialize_server(argv=sys.argv[1:])
    # Behind the callback in which the server begins to listen.
    server.io_loop.add_callback(announce, server)
    server.start()
finally:
    end_gopls(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
