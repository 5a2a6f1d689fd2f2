"""Reads the ready configuration in each of the folders that standard input lists, and prints what became of each.

Standard input is JSON, a list of pairs: the folder, and the configuration file. Standard output is the list of what each
said when it ended: "" if all that it sets are settings of JupyterHub or its parts. Those pass over in silence what they do
not know until it is used, and no container is used here.
"""

import json
import os
import sys

from dockerspawner import DockerSpawner
from firstuseauthenticator import FirstUseAuthenticator
from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from traitlets import TraitError
from traitlets.config import PyFileConfigLoader

known = {c.__name__: c for c in (JupyterHub, DockerSpawner, FirstUseAuthenticator, ConfigurableHTTPProxy)}
known |= {"Spawner": DockerSpawner, "Authenticator": FirstUseAuthenticator}


def fault(folder, file):
    os.chdir(folder)
    try:
        config = PyFileConfigLoader(file).load_config()
    except SystemExit as e:
        return str(e)
    for section, settings in config.items():
        for name, value in settings.items():
            if section not in known or name not in known[section].class_traits(config=True):
                return f"c.{section}.{name} is no setting"
            try:
                known[section].class_traits()[name]._validate(known[section].__new__(known[section]), value)
            except TraitError as e:
                return f"c.{section}.{name}: {e}"
    return ""


json.dump([fault(*pair) for pair in json.load(sys.stdin)], sys.stdout)
