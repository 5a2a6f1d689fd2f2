"""Starts JupyterLab, and stops it when standard input closes: then whoever started it wants that, or is gone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from jupyterlab.labapp import main


def stop_with_caller():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


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


scratch = tempfile.mkdtemp(prefix="lab-")
os.environ["TMPDIR"] = scratch
threading.Thread(target=stop_with_caller, daemon=True).start()
try:
    sys.exit(main())
finally:
    end_servers(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
