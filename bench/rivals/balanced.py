"""The balanced random network in Brian 2, as a C++ program on a grid of 0.1 ms; prints what it measured as JSON."""
import json
import shutil
import sys
import tempfile

import numpy as np
from brian2 import (
    Hz, NeuronGroup, Network, PoissonInput, SpikeMonitor, Synapses, __version__, defaultclock, device, ms, seed,
    set_device,
)

order = json.load(sys.stdin)
neurons, in_degree, until = order["neurons"], order["inDegree"], order["until"]
excitatory = round(0.8 * neurons)
folder = tempfile.mkdtemp()
set_device("cpp_standalone", directory=folder, build_on_run=False)
defaultclock.dt = 0.1 * ms
seed(1)
random = np.random.default_rng(1)

cells = NeuronGroup(
    neurons,
    """
    dv/dt = (current - v) / (20 * ms) : 1 (unless refractory)
    dcurrent/dt = -current / (0.5 * ms) : 1
    """,
    threshold="v >= 20",
    reset="v = 10",
    refractory=2 * ms,
    method="exact",
)
scale = 1000 / in_degree
parts = [PoissonInput(cells, "current", 1000, order["driveRate"] / scale / 1000 * Hz, 4 * scale)]
for first, count, share, weight in [(0, excitatory, 0.8, 4), (excitatory, neurons - excitatory, 0.2, -20)]:
    synapses = Synapses(cells, cells, on_pre=f"current_post += {weight * scale}", delay=1.5 * ms)
    degree = round(share * in_degree)
    sources = random.integers(first, first + count, neurons * degree, dtype=np.int32)
    synapses.connect(i=sources, j=np.repeat(np.arange(neurons, dtype=np.int32), degree))
    parts.append(synapses)
monitor = SpikeMonitor(cells, record=False)
network = Network(cells, monitor, *parts)
network.run(until * ms)
device.build(directory=folder, compile=True, run=True, debug=False)
spikes = int(monitor.num_spikes)
print(json.dumps({"spikes": spikes, "seconds": device._last_run_time, "versions": f"Brian {__version__}, C++"}))
shutil.rmtree(folder)
