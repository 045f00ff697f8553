import { exact, Real } from './decimal.js'
import type { Arrival, NeuronParameters } from './decimal-neuron.js'

/** The arithmetic `pictureAt` is written in: doubles, or decimals. */
export interface Arithmetic<N> {
  readonly number: (x: number | Real) => N
  readonly exp: (x: N) => N
  readonly plus: (a: N, b: N) => N
  readonly times: (a: N, b: N) => N
  readonly div: (a: N, b: N) => N
  readonly less: (a: N, b: N) => boolean
  /** tauSyn/(tauSyn - tauMem) (e^{-d/tauSyn} - e^{-d/tauMem}) for unequal constants. */
  readonly kappa: (d: N, tauSyn: number, tauMem: number) => N
}

/**
 * V and theta at time t by superposition over all arrivals and spikes before t; no state is carried on.
 *
 *     V(t) = vReset e^{-(t-r)/tauMem} + bias (1 - e^{-(t-r)/tauMem}) + sum of w e^{-(b-t_i)/tauSyn} kappa(t - b)
 *
 * with r the end of the last spike's refractory period and b = max(t_i, r).
 */
export function pictureAt<N>(
  n: Arithmetic<N>,
  p: NeuronParameters,
  { arrivals, spikes, t }: { arrivals: readonly Arrival[]; spikes: readonly N[]; t: N },
): { v: N; theta: N; held: boolean } {
  const minus = (a: N, b: N) => n.plus(a, n.times(n.number(-1), b))
  const decay = (d: N, tau: number) => n.exp(n.div(n.times(n.number(-1), d), n.number(tau)))
  const earlier = spikes.filter((spike) => n.less(spike, t))
  let theta = n.number(p.threshold)
  for (const spike of earlier) {
    theta = n.plus(theta, n.times(n.number(p.adaptStep), decay(minus(t, spike), p.tauAdapt)))
  }
  const last = earlier.at(-1)
  const release = last === undefined ? n.number(0) : n.plus(last, n.number(p.refractory))
  const vStart = n.number(last === undefined ? 0 : p.vReset)
  if (n.less(t, release)) return { v: vStart, theta, held: true }
  const elapsed = decay(minus(t, release), p.tauMem)
  const bias = n.number(p.bias)
  let v = n.plus(n.times(minus(vStart, bias), elapsed), bias)
  for (const { time, weight } of arrivals) {
    const at = n.number(time)
    if (!n.less(at, t)) break
    const tau = weight < 0 ? p.tauSynInh : p.tauSynExc
    const begin = n.less(at, release) ? release : at
    const d = minus(t, begin)
    const left = n.times(n.number(weight), decay(minus(begin, at), tau))
    const kappa = tau === p.tauMem ? n.times(n.div(d, n.number(tau)), decay(d, tau)) : n.kappa(d, tau, p.tauMem)
    v = n.plus(v, n.times(left, kappa))
  }
  return { v, theta, held: false }
}

export const DOUBLES: Arithmetic<number> = {
  number: Number,
  exp: Math.exp,
  plus: (a, b) => a + b,
  times: (a, b) => a * b,
  div: (a, b) => a / b,
  less: (a, b) => a < b,
  kappa: (d, syn, mem) => ((Math.exp(-d / mem) * syn) / (syn - mem)) * Math.expm1((d / syn) * ((syn - mem) / mem)),
}

export const DECIMALS: Arithmetic<Real> = {
  number: exact,
  exp: (x) => Real.exp(x),
  plus: (a, b) => a.plus(b),
  times: (a, b) => a.times(b),
  div: (a, b) => a.div(b),
  less: (a, b) => a.lt(b),
  kappa: (d, tauSyn, tauMem) => {
    const [syn, mem] = [exact(tauSyn), exact(tauMem)]
    return Real.exp(d.div(syn).neg())
      .minus(Real.exp(d.div(mem).neg()))
      .times(syn)
      .div(syn.minus(mem))
  },
}
