#!/usr/bin/env python3
"""Writes test/reference-networks/*.json: networks with the spike times of a solver in 50 decimal digits.

It shares nothing with the kernels: other language, other arithmetic (mpmath, Debian's package python3-mpmath), another
way to find crossings. Between two events of a neuron V - theta is a sum of exponentials; an interval is cut in halves
until Taylor's bound of second order says that there is no crossing in it, or that there is one alone, which bisection
then closes in on.

    python3 scripts/make-reference-networks.py [name ...]

What a file says beside the network, in the formats of docs/files.md:
  amplification  largest shift of any spike, in units of a shift of the first input spike by 1e-12 ms
  spikes         per spike group, unit, time in ms (30 digits), slope of V - theta, theta, and `tolerance`: how far a
                 computation in doubles may be off that makes at every spike an error of what is attainable there,

                     1e-12 ms + 4 ulp(t) + 16 * 2^-53 theta / slope,

                 as measured by runs that make such errors, all with random signs; and at least that error itself.
"""

import json
import math
import random
import sys
from heapq import heappop, heappush
from pathlib import Path

from mpmath import exp, inf, mp, mpf, nstr

mp.dps = 50
FOLDER = Path(__file__).parent.parent / "test" / "reference-networks"
SHIFT = mpf("1e-12")
RUNS_WITH_ERRORS = 6
# Between the largest shift of so few runs and the largest there can be.
MARGIN = 3
NARROWEST = mpf("1e-36")


class Neuron:
    """State right after its last event, at `time`; while it is refractory V stays at v_reset."""

    def __init__(self, parameters):
        self.p = parameters
        self.time = mpf(0)
        self.v = self.a = self.exc = self.inh = mpf(0)
        self.held_until = -inf

    def terms(self):
        """V - theta as a list of (coefficient, rate, power) of c t^power e^(-rate t), t since the last event."""
        p = self.p
        terms = [(p["bias"] - p["threshold"], mpf(0), 0), (self.v - p["bias"], 1 / p["tauMem"], 0)]
        for current, tau in ((self.exc, p["tauSynExc"]), (self.inh, p["tauSynInh"])):
            if tau == p["tauMem"]:
                terms.append((current / tau, 1 / tau, 1))
            else:
                factor = current * tau / (tau - p["tauMem"])
                terms += [(factor, 1 / tau, 0), (-factor, 1 / p["tauMem"], 0)]
        terms.append((-self.a, 1 / p["tauAdapt"], 0))
        return terms

    def theta(self):
        return self.p["threshold"] + self.a

    def advance(self, time):
        step = time - self.time
        p = self.p
        if time > self.held_until:
            self.v = value(self.terms(), step) + p["threshold"] + self.a * exp(-step / p["tauAdapt"])
        self.a *= exp(-step / p["tauAdapt"])
        self.exc *= exp(-step / p["tauSynExc"])
        self.inh *= exp(-step / p["tauSynInh"])
        self.time = time

    def receive(self, weight):
        if weight >= 0:
            self.exc += weight
        else:
            self.inh += weight

    def fire(self):
        self.v = self.p["vReset"]
        self.a += self.p["adaptStep"]
        self.held_until = self.time + self.p["refractory"] if self.p["refractory"] > 0 else -inf

    def next_crossing(self, before):
        """The first time in (time, before] at which V - theta reaches 0, or None; not while refractory."""
        if self.time < self.held_until:
            return None
        terms = [term for term in self.terms() if term[0] != 0]
        length = before - self.time
        first = first_root(self, terms, mpf(0), length)
        return None if first is None else self.time + first


def value(terms, t):
    return sum((c * (t if power else 1) * exp(-rate * t) for c, rate, power in terms), mpf(0))


def slope(terms, t):
    return sum(
        (c * exp(-rate * t) * ((1 - rate * t) if power else -rate) for c, rate, power in terms),
        mpf(0),
    )


def curvature(neuron, a, terms):
    """An upper bound of |(V - theta)''| from a on, from the differential equations and the state at a."""
    p = neuron.p
    exc = abs(neuron.exc) * exp(-a / p["tauSynExc"])
    inh = abs(neuron.inh) * exp(-a / p["tauSynInh"])
    theta = neuron.a * exp(-a / p["tauAdapt"])
    v = value(terms, a) + p["threshold"] + theta
    drive = abs(p["bias"]) + exc + inh
    first = (max(abs(v), drive) + drive) / p["tauMem"]
    second = (first + exc / p["tauSynExc"] + inh / p["tauSynInh"]) / p["tauMem"]
    return second + theta / p["tauAdapt"] ** 2


def first_root(neuron, terms, a, b):
    """The first t in (a, b] at which V - theta comes to 0 from below."""
    middle = (a + b) / 2
    half = (b - a) / 2
    f, df = value(terms, middle), slope(terms, middle)
    bend = curvature(neuron, a, terms)
    if f + abs(df) * half + bend * half**2 / 2 < 0:
        return None
    start = value(terms, a)
    if a == 0 and start == 0 and slope(terms, a) >= 0:
        raise ArithmeticError("it starts on the threshold and rises")
    if a > 0 and start >= 0:
        return a
    if df - bend * half > 0:
        return bisect(terms, a, b) if value(terms, b) >= 0 else None
    if half < NARROWEST:
        return None
    return first_root(neuron, terms, a, middle) or first_root(neuron, terms, middle, b)


def bisect(terms, a, b):
    while b - a > NARROWEST * max(1, b):
        middle = (a + b) / 2
        if middle in (a, b):
            break
        if value(terms, middle) >= 0:
            b = middle
        else:
            a = middle
    return b


def simulate(network, inputs, until, error=None):
    """Event by event: always the earliest of all, own spikes before arrivals. Returns spikes by (time, group, unit)."""
    neurons = {}
    for group in network["groups"]:
        if group["kind"] == "lif":
            for unit in range(group["size"]):
                neurons[group["name"], unit] = Neuron(parameters_of(group, unit))
    queues = {key: [] for key in neurons}
    synapses = synapses_of(network)
    counter = 0

    def send(source, time):
        nonlocal counter
        for target, weight, delay in synapses.get(source, ()):
            counter += 1
            if time + delay < until:
                heappush(queues[target], (time + delay, counter, weight))
                predictions[target] = predict(target)

    def predict(key):
        """The neuron's next event: (time, rank, kind)."""
        neuron, queue = neurons[key], queues[key]
        arrival = queue[0][0] if queue else until
        if neuron.time < neuron.held_until:
            return (neuron.held_until, 0, "end") if neuron.held_until <= arrival else (arrival, 2, "arrival")
        crossing = neuron.next_crossing(arrival)
        return (arrival, 2, "arrival") if crossing is None else (crossing, 1, "spike")

    predictions = {}
    for key in neurons:
        predictions[key] = predict(key)
    for group, train in inputs.items():
        for time, unit in zip(train["times"], train["units"]):
            send((group, unit), time)
    spikes = []
    while True:
        key = min(predictions, key=lambda k: predictions[k][:2], default=None)
        if key is None or predictions[key][0] >= until:
            break
        time, _, kind = predictions[key]
        neuron = neurons[key]
        if kind == "arrival":
            neuron.advance(time)
            neuron.receive(heappop(queues[key])[2])
        elif kind == "end":
            neuron.advance(time)
        else:
            grade = slope(neuron.terms(), time - neuron.time)
            neuron.advance(time)
            theta = neuron.theta()
            spike = {"group": key[0], "unit": key[1], "time": time, "slope": grade, "theta": theta}
            if error is not None:
                spike["time"] = time + error(spike)
                neuron.time = spike["time"]
            spikes.append(spike)
            neuron.fire()
            send(key, spike["time"])
        predictions[key] = predict(key)
    return sorted(spikes, key=lambda s: (s["time"], s["group"], s["unit"]))


def parameters_of(group, unit):
    defaults = {"bias": 0, "vReset": 0, "refractory": 0, "tauAdapt": 100, "adaptStep": 0}
    given = {**defaults, **group}
    if "tauSyn" in given:
        given["tauSynExc"] = given["tauSynInh"] = given["tauSyn"]
    names = ("tauMem", "tauSynExc", "tauSynInh", "threshold", *defaults)
    return {name: mpf(given[name][unit] if isinstance(given[name], list) else given[name]) for name in names}


def synapses_of(network):
    """Per (group, unit): (target, weight, delay)."""
    table = {}
    for projection in network["projections"]:
        source, target = projection["source"], projection["target"]
        delays = projection.get("delays", 0)
        for k, row in enumerate(projection["weights"]):
            for j, weight in enumerate(row):
                if weight is None:
                    continue
                delay = delays
                if isinstance(delays, list):
                    delay = delays[k][j] if isinstance(delays[0], list) else delays[j]
                table.setdefault((source, j), []).append(((target, k), mpf(weight), mpf(delay)))
    return table


def attainable(spike):
    time = float(spike["time"])
    return mpf("1e-12") + 4 * mpf(math.ulp(time)) + 16 * mpf(2) ** -53 * spike["theta"] / spike["slope"]


def shifts(spikes, others):
    """Per spike how far it moved; the order of spikes close to each other may differ."""
    moved = {}
    for spike in others:
        moved.setdefault((spike["group"], spike["unit"]), []).append(spike["time"])
    if len(others) != len(spikes):
        raise ArithmeticError("a small error changed the number of spikes")
    return [abs(s["time"] - moved[s["group"], s["unit"]].pop(0)) for s in spikes]


def shifted(inputs):
    """The first input spike later by SHIFT."""
    first = min(((train["times"][0], group) for group, train in inputs.items() if train["times"]), default=None)
    if first is None:
        return None
    return {
        group: {**train, "times": [t + SHIFT if k == 0 and group == first[1] else t for k, t in enumerate(train["times"])]}
        for group, train in inputs.items()
    }


def reference(about, network, inputs, until):
    exact = {group: {**train, "times": [mpf(t) for t in train["times"]]} for group, train in inputs.items()}
    end = mpf(until)
    spikes = simulate(network, exact, end)
    later = shifted(exact)
    moved = shifts(spikes, simulate(network, later, end)) if later is not None else []
    tolerances = [attainable(spike) for spike in spikes]
    for seed in range(RUNS_WITH_ERRORS):
        signs = random.Random(seed)
        found = simulate(network, exact, end, lambda spike: signs.choice((-1, 1)) * attainable(spike))
        tolerances = [max(t, MARGIN * s) for t, s in zip(tolerances, shifts(spikes, found))]
    return {
        "about": about,
        "network": {"format": "antidrome-network", "version": 1, **network},
        "input": inputs,
        "until": until,
        "amplification": float(nstr(max(moved) / SHIFT, 4)) if moved else None,
        "spikes": [
            {
                "group": s["group"],
                "unit": s["unit"],
                "time": nstr(s["time"], 30),
                "slope": float(nstr(s["slope"], 6)),
                "theta": float(nstr(s["theta"], 6)),
                "tolerance": float(nstr(t, 4)),
            }
            for s, t in zip(spikes, tolerances)
        ],
    }


# The networks. Numbers are doubles, taken as they are.

STANDARD = {"tauMem": 20, "tauSyn": 5, "threshold": 1}


def source(size, name="input"):
    return {"name": name, "kind": "source", "size": size}


def lif(name, size, **parameters):
    return {"name": name, "kind": "lif", "size": size, **parameters}


def join(source, target, weights, delays=None):
    return {"source": source, "target": target, "weights": weights, **({} if delays is None else {"delays": delays})}


def train(*pairs):
    ordered = sorted(pairs)
    return {"times": [t for t, _ in ordered], "units": [u for _, u in ordered]}


def poisson(rng, size, mean, until):
    pairs = []
    for unit in range(size):
        time = rng.expovariate(1 / mean)
        while time < until:
            pairs.append((time, unit))
            time += rng.expovariate(1 / mean)
    return train(*pairs)


def single_neuron(about, inputs, weights, until, **parameters):
    network = {
        "groups": [source(len(weights)), lif("neuron", 1, **{**STANDARD, **parameters})],
        "projections": [join("input", "neuron", [weights])],
    }
    return about, network, {"input": inputs}, until


def split_constants(parameters):
    return {k: v for k, v in parameters.items() if k != "tauSyn"}


def grazing(sign):
    """A weight whose peak is above (1) or below (-1) the threshold by about 2e-12 of it."""
    tau_mem, tau_syn = mpf(20), mpf(5)
    peak_time = tau_mem * tau_syn / (tau_mem - tau_syn) * mp.log(tau_mem / tau_syn)
    kappa = tau_syn / (tau_syn - tau_mem) * (exp(-peak_time / tau_syn) - exp(-peak_time / tau_mem))
    weight = float((1 + sign * mpf("2e-12")) / kappa)
    assert (weight * kappa - 1) * sign > mpf("1e-12")
    return weight


def random_recurrent(rng, size):
    def row(target):
        return [
            None if source == target or rng.random() < 0.3 else round(rng.gauss(0.55, 0.9), 3) for source in range(size)
        ]

    weights = [row(target) for target in range(size)]
    delays = [[round(rng.uniform(0.4, 6), 3) for _ in range(size)] for _ in range(size)]
    return weights, delays


def ring(size, weight, delay):
    return [[weight if source == (target - 1) % size else None for source in range(size)] for target in range(size)], delay


def networks():
    rng = random.Random(2026)
    several = train((1.0, 0), (1.5, 0), (4.0, 0), (9.25, 0), (9.5, 0), (30.0, 0), (30.0, 0))
    mixed = poisson(rng, 6, 7.0, 120.0)
    mixed_weights = [1.4, 0.9, 1.1, 1.3, -0.8, -0.6]
    yield "several-spikes", single_neuron("one neuron, several spikes, two of the input at once", several, [3.2], 60.0)
    yield "inhibition", single_neuron("one neuron, excited and inhibited", mixed, mixed_weights, 120.0)
    yield "refractory", single_neuron(
        "arrivals within refractory periods, and a reset below rest", mixed, mixed_weights, 120.0, refractory=3.5, vReset=-0.4
    )
    yield "equal-constants", single_neuron("tauSyn = tauMem", mixed, [0.5 * w for w in mixed_weights], 120.0, tauSyn=20)
    yield "nearly-equal-constants", single_neuron(
        "tauSyn next to tauMem: 2^-30 apart", mixed, [0.5 * w for w in mixed_weights], 120.0, tauSyn=20 * (1 + 2**-30)
    )
    yield "slow-synapse", single_neuron("tauSyn > tauMem", mixed, mixed_weights, 120.0, tauMem=8, tauSyn=20)
    two = {"tauSynExc": 4, "tauSynInh": 11, **split_constants(STANDARD)}
    network = {
        "groups": [source(6), lif("neuron", 1, **two)],
        "projections": [join("input", "neuron", [mixed_weights])],
    }
    yield "two-synaptic-constants", ("separate constants of excitation and inhibition", network, {"input": mixed}, 120.0)
    yield "adaptation", single_neuron(
        "a threshold that rises with every spike and falls back", mixed, [2 * w for w in mixed_weights], 120.0,
        adaptStep=0.4, tauAdapt=35,
    )
    yield "falling-threshold", single_neuron(
        "the threshold falls onto a falling voltage", train((0.5, 0), (3.5, 0), (50.0, 0)), [30.0], 90.0,
        adaptStep=3.0, tauAdapt=15, vReset=0.9, tauMem=60, tauSyn=3,
    )
    yield "bias-alone", single_neuron(
        "a bias above the threshold drives it, inputs disturb it", mixed, [0.3, -0.3, 0.2, -0.2, 0.1, -0.1], 120.0,
        bias=1.3, refractory=2,
    )
    yield "grazing-above", single_neuron("the peak is above threshold by 2e-12 of it", train((1.0, 0)), [grazing(1)], 60.0)
    yield "grazing-below", single_neuron("the peak is below threshold by 2e-12 of it", train((1.0, 0)), [grazing(-1)], 60.0)

    weights, delay = ring(5, 8.0, 1.3)
    network = {
        "groups": [source(1), lif("ring", 5, **STANDARD, refractory=1)],
        "projections": [join("input", "ring", [[8.0], [None], [None], [None], [None]]), join("ring", "ring", weights, delay)],
    }
    yield "ring", ("one spike goes around a ring of five", network, {"input": train((0.7, 0))}, 250.0)

    network = {
        "groups": [source(2), lif("pair", 2, **STANDARD, bias=1.2, refractory=2, adaptStep=0.2, tauAdapt=50)],
        "projections": [join("input", "pair", [[1.0, None], [None, 1.0]]), join("pair", "pair", [[None, -1.5], [-1.5, None]], 0.8)],
    }
    yield "mutual-inhibition", (
        "two neurons with bias and adaptation that inhibit each other", network, {"input": train((0.3, 0), (2.1, 1))}, 200.0,
    )

    network = {
        "groups": [source(1), lif("loop", 3, **STANDARD, refractory=4)],
        "projections": [join("input", "loop", [[8.0], [None], [None]]), join("loop", "loop", ring(3, 8.0, 0)[0])],
    }
    yield "loop-without-delay", ("three neurons in a cycle without delay", network, {"input": train((0.25, 0))}, 120.0)

    size = 10
    weights, delays = random_recurrent(rng, size)
    inputs = [[round(rng.uniform(0.2, 1.6), 3) for _ in range(4)] for _ in range(size)]
    network = {
        "groups": [
            source(4),
            lif("net", size, **STANDARD, refractory=1.5, adaptStep=0.15, tauAdapt=60,
                bias=[round(rng.uniform(0, 0.3), 3) for _ in range(size)]),
        ],
        "projections": [join("input", "net", inputs), join("net", "net", weights, delays)],
    }
    yield "random-recurrent", (
        "ten neurons, random weights and delays per synapse, adaptation", network, {"input": poisson(rng, 4, 9.0, 80.0)}, 80.0,
    )

    size = 8
    weights = [
        [None if s == t or rng.random() < 0.25 else round(rng.gauss(-0.3, 1.6), 3) for s in range(size)] for t in range(size)
    ]
    network = {
        "groups": [source(1), lif("net", size, **STANDARD, bias=[round(rng.uniform(1.01, 1.1), 3) for _ in range(size)])],
        "projections": [join("input", "net", [[1.0] for _ in range(size)]), join("net", "net", weights, 1.1)],
    }
    yield "flat-crossings", (
        "bias little above the threshold: flat crossings that amplify, in a recurrent network",
        network, {"input": train((0.3, 0), (40.0, 0))}, 220.0,
    )

    layers = [6, 5, 4]
    groups, projections = [source(layers[0])], []
    for k, (before, after) in enumerate(zip(layers, layers[1:])):
        name = "input" if k == 0 else f"layer{k}"
        groups.append(lif(f"layer{k + 1}", after, **STANDARD))
        matrix = [[round(rng.gauss(1.3, 0.8), 3) for _ in range(before)] for _ in range(after)]
        late = [[round(rng.uniform(0, 5), 3) for _ in range(before)] for _ in range(after)]
        projections.append(join(name, f"layer{k + 1}", matrix, late))
    yield "layers", (
        "two layers with delays per synapse", {"groups": groups, "projections": projections},
        {"input": poisson(rng, layers[0], 6.0, 60.0)}, 60.0,
    )

    size = 12
    weights = [
        [None if s == t or rng.random() < 0.4 else (120.0 if s < 9 else -400.0) for s in range(size)] for t in range(size)
    ]
    network = {
        "groups": [
            source(size),
            lif("net", size, tauMem=20, tauSyn=0.5, threshold=20, vReset=10, refractory=2),
        ],
        "projections": [
            join("input", "net", [[90.0 if s == t else None for s in range(size)] for t in range(size)]),
            join("net", "net", weights, 1.5),
        ],
    }
    yield "small-balanced", (
        "the constants of the balanced random network, twelve neurons, each driven by a Poisson train",
        network, {"input": poisson(rng, size, 1.2, 60.0)}, 60.0,
    )


def lines_of(found):
    """JSON with a line for each field and each spike."""
    spikes = ",\n".join("    " + json.dumps(spike) for spike in found["spikes"])
    rest = [f"  {json.dumps(key)}: {json.dumps(entry)}" for key, entry in found.items() if key != "spikes"]
    return "{\n" + ",\n".join([*rest, f'  "spikes": [\n{spikes}\n  ]' if spikes else '  "spikes": []']) + "\n}"


def main(wanted):
    FOLDER.mkdir(exist_ok=True)
    for name, (about, network, inputs, until) in networks():
        if wanted and name not in wanted:
            continue
        found = reference(about, network, inputs, until)
        (FOLDER / f"{name}.json").write_text(lines_of(found) + "\n")
        times = [s["tolerance"] for s in found["spikes"]]
        print(f"{name}: {len(times)} spikes, amplification {found['amplification']}, largest tolerance {max(times, default=0)} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
