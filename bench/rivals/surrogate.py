"""Times a surrogate-gradient time-step trainer in PyTorch, in its strongest form on a CPU.

One hidden layer of leaky integrate-and-fire neurons with exponential synapses, an integrating readout, softmax
cross-entropy on the readout's maximum, Adam; single precision; one thread. Strongest form: layer by layer instead of
step by step, the first product sparse, and each layer one autograd function that runs its own loops in place.

Reads one JSON object from stdin: sizes, batch, steps, dt, tauMem, tauSyn, weights (mean and standard deviation per
layer), seconds, and `samples`, a list of [units, times] with the input spikes. Prints one JSON object: processor time
per trained sample in microseconds, samples per second, hidden spikes per sample, versions.
"""

import json
import math
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)

SLOPE = 10.0


def integrate(charges, decay_syn):
    """Turns charges per step into synaptic currents after each step, in place."""
    rows = charges.unbind(0)
    for before, now in zip(rows, rows[1:]):
        now.add_(before, alpha=decay_syn)


def integrate_adjoint(d_currents, decay_syn):
    """The adjoint of `integrate`, in place."""
    rows = d_currents.unbind(0)
    for now, before in zip(reversed(rows), reversed(rows[:-1])):
        before.add_(now, alpha=decay_syn)


class Lif(torch.autograd.Function):
    """Spikes [steps, batch, neurons] of neurons driven by charges of the same shape; fast-sigmoid surrogate."""

    @staticmethod
    def forward(ctx, charges, decay_mem, decay_syn, gain):
        integrate(charges, decay_syn)
        voltages = torch.empty_like(charges)
        spikes = torch.empty_like(charges)
        current = torch.zeros_like(charges[0])
        after = torch.zeros_like(current)
        for voltage, fires, now in zip(voltages.unbind(0), spikes.unbind(0), charges.unbind(0)):
            torch.mul(after, decay_mem, out=voltage)
            voltage.add_(current, alpha=gain)
            torch.ge(voltage, 1.0, out=fires)
            torch.addcmul(voltage, voltage, fires, value=-1.0, out=after)
            current = now
        ctx.save_for_backward(voltages, spikes)
        ctx.constants = decay_mem, decay_syn, gain
        return spikes

    @staticmethod
    def backward(ctx, d_spikes):
        voltages, spikes = ctx.saved_tensors
        decay_mem, decay_syn, gain = ctx.constants
        slopes = voltages.sub(1.0).abs_().mul_(SLOPE).add_(1.0).square_().reciprocal_()
        direct = d_spikes.mul_(slopes)
        through = slopes.mul_(voltages).neg_().sub_(spikes).add_(1.0)
        d_charges = voltages
        d_charges[-1].zero_()
        d_voltage = torch.zeros_like(voltages[0])
        rows = d_charges.unbind(0)
        steps = list(zip(rows, direct.unbind(0), through.unbind(0)))
        for (_, jump, factor), (before, _, _) in zip(reversed(steps), reversed(steps[:-1])):
            torch.addcmul(jump, d_voltage, factor, out=d_voltage)
            torch.mul(d_voltage, gain, out=before)
            d_voltage.mul_(decay_mem)
        integrate_adjoint(d_charges, decay_syn)
        return d_charges, None, None, None


class Readout(torch.autograd.Function):
    """Largest voltages [batch, units] of integrators driven by charges [steps, batch, units]."""

    @staticmethod
    def forward(ctx, charges, decay_mem, decay_syn, gain):
        integrate(charges, decay_syn)
        voltages = torch.empty_like(charges)
        voltages[0].zero_()
        rows = voltages.unbind(0)
        for before, now, current in zip(rows, rows[1:], charges.unbind(0)):
            torch.mul(before, decay_mem, out=now)
            now.add_(current, alpha=gain)
        largest, at = voltages.max(0)
        ctx.save_for_backward(at)
        ctx.constants = charges.shape, decay_mem, decay_syn, gain
        return largest

    @staticmethod
    def backward(ctx, d_largest):
        (at,) = ctx.saved_tensors
        shape, decay_mem, decay_syn, gain = ctx.constants
        d_voltages = torch.zeros(shape).scatter_(0, at.unsqueeze(0), d_largest.unsqueeze(0))
        integrate_adjoint(d_voltages, decay_mem)
        d_charges = torch.zeros(shape)
        torch.mul(d_voltages[1:], gain, out=d_charges[:-1])
        integrate_adjoint(d_charges, decay_syn)
        return d_charges, None, None, None


class SparseProduct(torch.autograd.Function):
    """rows @ weights for sparse rows; `columns` is the transpose of `rows`."""

    @staticmethod
    def forward(ctx, rows, columns, weights):
        ctx.columns = columns
        return rows @ weights

    @staticmethod
    def backward(ctx, d_product):
        return None, None, ctx.columns @ d_product


def encode(samples, steps, dt, inputs):
    """The spikes of a mini-batch as a sparse matrix [steps * batch, inputs] and its transpose."""
    rows, columns = [], []
    for trial, (units, times) in enumerate(samples):
        rows += [min(int(t / dt), steps - 1) * len(samples) + trial for t in times]
        columns += units
    ones = torch.ones(len(rows))
    shape = (steps * len(samples), inputs)
    matrix = torch.sparse_coo_tensor(torch.tensor([rows, columns]), ones, shape).coalesce()
    return matrix.to_sparse_csr(), matrix.t().coalesce().to_sparse_csr()


def main():
    order = json.load(sys.stdin)
    inputs, hidden, outputs = order["sizes"]
    batch, steps, dt = order["batch"], order["steps"], order["dt"]
    decay_mem = math.exp(-dt / order["tauMem"])
    decay_syn = math.exp(-dt / order["tauSyn"])
    gain = order["tauSyn"] / (order["tauMem"] - order["tauSyn"]) * (decay_mem - decay_syn)
    constants = decay_mem, decay_syn, gain
    (mean1, std1), (mean2, std2) = order["weights"]
    weights1 = torch.nn.Parameter(mean1 + std1 * torch.randn(inputs, hidden))
    weights2 = torch.nn.Parameter(mean2 + std2 * torch.randn(hidden, outputs))
    # So slowly that the spikes stay as many as they are.
    optimizer = torch.optim.Adam([weights1, weights2], lr=1e-9, foreach=True)
    samples = order["samples"]
    starts = range(0, len(samples) - batch + 1, batch)
    batches = [encode(samples[start : start + batch], steps, dt, inputs) for start in starts]
    labels = torch.randint(outputs, (batch,))
    counted = []

    def train(rows, columns):
        charges = SparseProduct.apply(rows, columns, weights1).view(steps, batch, hidden)
        spikes = Lif.apply(charges, *constants)
        largest = Readout.apply((spikes.view(steps * batch, hidden) @ weights2).view(steps, batch, outputs), *constants)
        loss = torch.nn.functional.cross_entropy(largest, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if len(counted) < len(batches):
            counted.append(spikes.sum().item() / batch)

    costs = []
    for seconds in [order["seconds"] / 4] + 5 * [order["seconds"] / 5]:
        wall, processor, done = time.perf_counter(), time.process_time(), 0
        while done == 0 or time.perf_counter() < wall + seconds:
            train(*batches[done % len(batches)])
            done += 1
        costs.append((time.process_time() - processor, time.perf_counter() - wall, done * batch))
    costs = costs[1:]
    middle = len(costs) // 2
    print(
        json.dumps(
            {
                "processorTime": sorted(1e6 * processor / n for processor, _, n in costs)[middle],
                "samplesPerSecond": sorted(n / wall for _, wall, n in costs)[middle],
                "hiddenSpikes": sum(counted) / len(counted),
                "versions": f"PyTorch {torch.__version__}",
            }
        )
    )


if __name__ == "__main__":
    main()
