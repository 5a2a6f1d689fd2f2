"""Fails if the ready configuration sets anything that JupyterHub or its parts do not know. It knows no spelling mistakes:
a setting that no class has is passed over in silence until the class is used, and containers are not used here.
"""

import os
import sys

from dockerspawner import DockerSpawner
from firstuseauthenticator import FirstUseAuthenticator
from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from traitlets.config import PyFileConfigLoader

known = {c.__name__: c for c in (JupyterHub, DockerSpawner, FirstUseAuthenticator, ConfigurableHTTPProxy)}
known |= {"Spawner": DockerSpawner, "Authenticator": FirstUseAuthenticator}
config = PyFileConfigLoader(os.environ["CLASS_CONFIG"]).load_config()
for section, settings in config.items():
    for name, value in settings.items():
        if section not in known or name not in known[section].class_traits(config=True):
            sys.exit(f"c.{section}.{name} is no setting")
        if section in ("DockerSpawner", "Spawner", "FirstUseAuthenticator", "Authenticator"):
            trait = known[section].class_traits()[name]
            trait._validate(known[section].__new__(known[section]), value)
print("ok")
