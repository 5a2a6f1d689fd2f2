"""Starts a Go kernel in the Jupyter server at an address with a token, as a page does, and returns while a cell of it runs."""
import json, sys, time, urllib.request
from jupyter_client import BlockingKernelClient
from jupyter_core.paths import jupyter_runtime_dir
base, token = sys.argv[1:]
request = urllib.request.Request(base + "api/kernels?token=" + token, b'{"name": "gonb"}')
kernel = json.load(urllib.request.urlopen(request))
client = BlockingKernelClient(connection_file=f"{jupyter_runtime_dir()}/kernel-{kernel['id']}.json")
client.load_connection_file()
client.start_channels()
deadline = time.monotonic() + 120
while True:
    try:
        client.wait_for_ready(timeout=120)
        break
    except RuntimeError:  # no heartbeat for a second: on a busy machine the kernel may only be slow
        if time.monotonic() > deadline:
            raise
client.execute('%%\nfmt.Println("runs")\nfor { time.Sleep(time.Second) }')
while True:
    message = client.get_iopub_msg(timeout=120)
    if "runs" in message["content"].get("text", ""):
        break
