"""Starts JupyterLab, and stops it when standard input closes: then whoever started it wants that, or is gone.

When it listens it prints a line: the address of the server and its token, with a blank between them.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

# A token of ours keeps Jupyter from printing its own words about it. It is not an option of the command, because other
# users of the machine can read those.
os.environ["JUPYTER_TOKEN"] = secrets.token_hex(24)

from jupyterlab.labapp import LabApp  # noqa: E402


def stop_with_caller():
    while os.read(0, 1):
        pass
    # To the main thread: if another took the signal, Jupyter would not see it before something else wakes it.
    signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)


def end_servers(scratch):
    """Ends the gopls of kernels that were killed because they did not stop in time: it is in no group of theirs.

    Its command line names a socket in the kernel's temporary folder.
    """
    if not shutil.which("ps"):  # a small container
        return
    listing = subprocess.run(["ps", "-axww", "-o", "pid=,args="], capture_output=True, text=True).stdout
    for line in listing.splitlines():
        pid, _, command = line.strip().partition(" ")
        if f"unix;{scratch}{os.sep}" in command:
            try:
                os.kill(int(pid), signal.SIGTERM)
            except OSError:
                pass  # it has ended


def announce(server):
    print(server.connection_url, server.identity_provider.token, flush=True)


# A kernel that does not stop in time is killed, and leaves its temporary folder.
scratch = tempfile.mkdtemp(prefix="lab-")
os.environ["TMPDIR"] = scratch
threading.Thread(target=stop_with_caller, daemon=True).start()
server = LabApp.initialize_server(argv=sys.argv[1:])
# Behind the callback in which the server begins to listen.
server.io_loop.add_callback(announce, server)
try:
    server.start()
finally:
    end_servers(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
