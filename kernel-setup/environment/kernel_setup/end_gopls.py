"""For the programs that run kernels."""

import os
import shutil
import signal
import subprocess


def end_gopls(scratch):
    """Ends the gopls of kernels that were killed, or could not end it in time: it is in no group of theirs.

    Its command line names a socket in the kernel's folder for temporary files, which is scratch.
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
