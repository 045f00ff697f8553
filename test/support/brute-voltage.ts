/** One neuron by plain formulas, with sums over all that arrived: slow, and independent of every kernel. */
export interface BruteNeuron {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  readonly tauAdapt: number
  readonly threshold: number
  readonly adaptStep: number
  readonly bias: number
  readonly vReset: number
  readonly refractory: number
  /** In the order of time. */
  readonly arrivals: readonly { readonly time: number; readonly weight: number }[]
  readonly spikes: readonly number[]
}

/** V at a time, as if the neuron had no spikes but the first `count`. */
export function bruteVoltage(neuron: BruteNeuron, time: number, count: number): number {
  const { tauMem, bias, vReset, refractory, arrivals, spikes } = neuron
  const spike = count === 0 ? Number.NEGATIVE_INFINITY : spikes[count - 1]!
  const start = count === 0 ? 0 : spike + refractory
  if (time < start) return vReset
  const left = (v: number) => v * Math.exp(-(time - start) / tauMem)
  let v = left(count === 0 ? 0 : vReset) + bias * (1 - Math.exp(-(time - start) / tauMem))
  for (const arrival of arrivals) {
    if (arrival.time > time) break
    const tauSyn = arrival.weight < 0 ? neuron.tauSynInh : neuron.tauSynExc
    const from = Math.max(arrival.time, start)
    const current = arrival.weight * Math.exp(-(from - arrival.time) / tauSyn)
    v += current * kappa(tauMem, tauSyn, time - from)
  }
  return v
}

function kappa(tauMem: number, tauSyn: number, d: number): number {
  if (Math.abs(tauMem - tauSyn) < 1e-6 * tauMem) return (d / tauMem) * Math.exp(-d / tauMem)
  return (tauSyn / (tauSyn - tauMem)) * (Math.exp(-d / tauSyn) - Math.exp(-d / tauMem))
}

/** The threshold at a time, with what the first `count` spikes have added. */
export function bruteThreshold({ threshold, adaptStep, tauAdapt, spikes }: BruteNeuron, time: number, count: number) {
  return spikes
    .slice(0, count)
    .reduce((sum, spike) => sum + adaptStep * Math.exp(-(time - spike) / tauAdapt), threshold)
}
