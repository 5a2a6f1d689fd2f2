"""Lets the kernels of a Jupyter server talk over Unix sockets in a folder that only its user may enter.

Over TCP anybody on the machine could send them messages, and of two servers that pick the same free port one gets no kernel.
"""

import atexit
import functools
import os
import shutil
import sys
import tempfile
import types
import uuid

from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import CaselessStrEnum


@functools.cache
def private_folder():
    parent = tempfile.gettempdir()
    if len(parent) > 60:  # a socket's path may have some hundred bytes
        parent = "/tmp"
    folder = tempfile.mkdtemp(prefix="kernels-", dir=parent)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class PrivateKernelManager(ServerKernelManager):
    transport = CaselessStrEnum(["tcp", "ipc"], default_value="ipc", config=True)

    def _ip_default(self):
        if self.transport == "ipc":
            return os.path.join(private_folder(), uuid.uuid4().hex[:8])
        return super()._ip_default()


# Jupyter wants the name of a class that can be imported.
module = sys.modules["tutorial_kernels"] = types.ModuleType("tutorial_kernels")
module.PrivateKernelManager = PrivateKernelManager
c.MultiKernelManager.kernel_manager_class = "tutorial_kernels.PrivateKernelManager"  # noqa: F821
