"""Starts JupyterLab, and stops it when standard input closes: then whoever started it wants that, or is gone."""

import os
import signal
import sys
import threading

from jupyterlab.labapp import main


def stop_with_caller():
    while os.read(0, 1):
        pass
    # To the main thread: if another took the signal, Jupyter would not see it before something else wakes it.
    signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)


threading.Thread(target=stop_with_caller, daemon=True).start()
sys.exit(main())
