"""The ready configuration, with what a class without containers needs: servers that are processes of this machine.

All processes belong to one user here, so this keeps no learner from another's files. It is for trying and measuring.
"""

import os

c = get_config()  # noqa: F821
load_subconfig(os.environ["CLASS_CONFIG"])  # noqa: F821

port = os.environ["CLASS_PORT"]
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:" + os.environ["CLASS_HUB_PORT"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:" + os.environ["CLASS_PROXY_PORT"]
del c.JupyterHub["hub_ip"]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["CLASS_HOMES"] + "/{username}"
c.Spawner.cmd = [os.environ["CLASS_SERVER"]]
c.Spawner.args = c.Spawner.args + ["--ServerApp.ip=127.0.0.1"]
if os.geteuid() == 0:
    c.Spawner.args = c.Spawner.args + ["--allow-root"]
# By this the processes of the class are found. Services get nothing of the hub's environment, and one outlives a hub that is
# killed.
for service in c.JupyterHub.services:
    service["environment"] = {"CLASS_RUN": os.environ["CLASS_RUN"]}
# Processes have no limits of their own.
c.Spawner.mem_limit = None
c.Spawner.cpu_limit = None
c.Spawner.env_keep = ["PATH", "LANG", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOENV", "CLASS_RUN", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH"]
c.Spawner.environment = {"JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_PLATFORM_DIRS": "1"}


def bring_notebooks(spawner):
    """Does what the image does at its start: notebooks come into the home, and never over a learner's own."""
    import shutil

    home = os.environ["CLASS_HOMES"] + "/" + spawner.user.name
    if not os.path.exists(home + "/notebooks"):
        shutil.copytree(os.environ["CLASS_NOTEBOOKS"], home + "/notebooks")


c.Spawner.pre_spawn_hook = bring_notebooks
