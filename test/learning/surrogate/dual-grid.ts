import type { RateBand } from '../../../src/dynamics/models/rate-band.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Loss, VanRossumLoss } from '../../../src/learning/loss.js'
import type { RunNoise } from '../../../src/learning/noise/run-noise.js'
import { components } from '../../../src/network/graph/components.js'
import { delayOfSynapse } from '../../../src/network/graph/delay-of-synapse.js'
import type { LifValues, LiValues, NetworkInstance, ProjectionValues } from '../../../src/network/instance/instance.js'
import { hasNeurons } from '../../../src/network/models/models.js'
import { createFates } from './grid-fates.js'

/** A number and its derivative by the one parameter that is looked at. */
interface Dual {
  readonly value: number
  readonly slope: number
}

/** The one parameter whose derivative is asked for. */
export interface Probe {
  readonly kind: 'weights' | 'delays' | 'threshold' | 'adaptStep' | 'bias'
  /** Key or name. */
  readonly of: string
  readonly index: number
}

export interface DualOptions {
  readonly dt: number
  readonly slope: number
  readonly until: number
  readonly loss: Loss
  readonly label: number
  readonly stopAfterFirst: string | null
  readonly noise?: RunNoise
  /** By the names of groups. */
  readonly rateBand?: Readonly<Record<string, RateBand>>
}

export interface DualResult {
  readonly loss: number | null
  readonly derivative: number
  /** [group] to [step, unit] of every spike. */
  readonly spikes: Readonly<Record<string, readonly (readonly [step: number, unit: number])[]>>
}

interface State {
  readonly values: LifValues | LiValues
  voltage: Dual[]
  current: Dual[]
  adaptation: Dual[]
  held: number[]
  /** Per step and unit. */
  readonly spikes: Dual[][]
  readonly trace: Dual[][]
  /** Per step and unit: what arrives, and what moving arrivals does to V. */
  readonly inflow: Dual[][]
  readonly shift: number[][]
}

const ZERO: Dual = { value: 0, slope: 0 }
const add = (a: Dual, b: Dual): Dual => ({ value: a.value + b.value, slope: a.slope + b.slope })
const times = (a: Dual, b: Dual): Dual => ({ value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope })
const scaled = (a: Dual, by: number): Dual => ({ value: a.value * by, slope: a.slope * by })
const zeros = (size: number) => Array.from({ length: size }, () => ZERO)

/**
 * One trial on the grid, written down once more: forward only, in doubles, every number with its derivative by one
 * parameter, where the step from voltage to spike has the surrogate derivative. What the trainer finds by going back
 * through time has to come out here, parameter by parameter.
 */
export function dualTrial(
  { groups, projections }: NetworkInstance,
  inputs: Readonly<Record<string, SpikeTrains>>,
  probe: Probe,
  options: DualOptions,
): DualResult {
  const { dt, slope, until } = options
  const steps = Math.ceil(until / dt - 1e-9)
  const seed = (kind: Probe['kind'], of: string, index: number, value: number): Dual => ({
    value,
    slope: probe.kind === kind && probe.of === of && probe.index === index ? 1 : 0,
  })
  const states = new Map<string, State>()
  for (const values of groups) {
    if (!hasNeurons(values)) continue
    const rows = () => Array.from({ length: steps }, () => zeros(values.size))
    states.set(values.name, {
      values,
      voltage: zeros(values.size),
      current: zeros(values.size),
      adaptation: zeros(values.size),
      held: Array(values.size).fill(0),
      spikes: rows(),
      trace: rows(),
      inflow: rows(),
      shift: Array.from({ length: steps }, () => Array(values.size).fill(0)),
    })
  }

  const fates = createFates({ groups, projections }, options.noise ?? null)

  function arrive(projection: ProjectionValues, unit: number, time: number, spike: Dual): void {
    const fate = fates.next(projection, unit, spike.value > 0)
    if (fate === null) return
    const { key, sources, targets, absent, weights, delays, delayShape, sourceSize } = projection
    const target = states.get(projection.target) as State
    for (let s = 0; s < weights.length; s++) {
      if (sources[s] !== unit || absent?.[s] === 1) continue
      const delay = delayOfSynapse(delays, delayShape, 0, unit, s)
      const place = { none: -1, scalar: 0, perSource: unit, perSynapse: s }[delayShape]
      const moved = seed('delays', key, place, delay).slope * spike.value
      const step = Math.floor(fate.arrival(time, delay) / dt + 0.5)
      const n = targets[s] as number
      if (step >= steps || sourceSize === 0) continue
      const weight = seed('weights', key, s, weights[s] as number)
      const { tauMem, tauSynExc } = target.values
      const brought = times(weight, spike)
      const row = target.inflow[step] as Dual[]
      row[n] = add(row[n] as Dual, {
        value: brought.value,
        slope: brought.slope + (weight.value * moved) / (tauSynExc[n] as number),
      })
      const shifts = target.shift[step] as number[]
      shifts[n] = (shifts[n] as number) - (weight.value * moved) / (tauMem[n] as number)
    }
  }

  function deliver(projection: ProjectionValues, k: number): void {
    const state = states.get(projection.source)
    if (state !== undefined) {
      if (k === 0) return
      state.spikes[k]?.forEach((spike, unit) => {
        arrive(projection, unit, k * dt, spike)
      })
      return
    }
    const { offsets, times: at, units } = inputs[projection.source] ?? { offsets: [0, 0], times: [], units: [] }
    for (let spike = offsets[0] as number; spike < (offsets[1] as number); spike++) {
      const time = at[spike] as number
      if (Math.floor(time / dt + 0.5) === k) arrive(projection, units[spike] as number, time, { value: 1, slope: 0 })
    }
  }

  function settle(state: State, k: number): void {
    state.current = state.current.map((current, n) => add(current, state.inflow[k]?.[n] as Dual))
    state.voltage = state.voltage.map(({ value, slope }, n) => ({
      value,
      slope: slope + (state.shift[k]?.[n] as number),
    }))
  }

  for (const { groups: names } of components({ groups, projections })) {
    const own = names.flatMap((name) => states.get(name) ?? [])
    const into = projections.filter(({ target }) => names.includes(target))
    const isWithin = ({ source }: ProjectionValues) => names.includes(source)
    for (const projection of into.filter((each) => !isWithin(each)))
      for (let k = 0; k < steps; k++) deliver(projection, k)
    for (let k = 0; own.length > 0 && k < steps; k++) {
      if (k > 0) for (const state of own) move(state, k)
      for (const projection of into.filter(isWithin)) deliver(projection, k)
      for (const state of own) settle(state, k)
    }
  }

  function move(state: State, k: number): void {
    const { values } = state
    for (let n = 0; n < values.size; n++) {
      const [tauMem, tauSyn] = [values.tauMem[n] as number, values.tauSynExc[n] as number]
      const decay = Math.exp(-dt / tauMem)
      const kappa =
        Math.abs(tauSyn - tauMem) < 1e-9 * tauMem
          ? (dt / tauMem) * decay
          : (tauSyn / (tauSyn - tauMem)) * (Math.exp(-dt / tauSyn) - decay)
      const bias = seed('bias', values.name, n, values.bias[n] as number)
      const current = state.current[n] as Dual
      const moved = add(add(scaled(state.voltage[n] as Dual, decay), scaled(current, kappa)), scaled(bias, 1 - decay))
      state.current[n] = scaled(current, Math.exp(-dt / tauSyn))
      ;(state.trace[k] as Dual[])[n] = moved
      if (values.kind === 'li') state.voltage[n] = moved
      else fire(state, values, k, n, moved)
    }
  }

  function fire(state: State, values: LifValues, k: number, n: number, moved: Dual): void {
    const relief = Math.exp(-dt / (values.tauAdapt[n] as number))
    const raised = scaled(state.adaptation[n] as Dual, relief)
    state.adaptation[n] = raised
    if ((state.held[n] as number) > 0) {
      state.held[n] = (state.held[n] as number) - 1
      state.voltage[n] = { value: values.vReset[n] as number, slope: 0 }
      return
    }
    const threshold = seed('threshold', values.name, n, values.threshold[n] as number)
    const x = add(moved, scaled(add(threshold, raised), -1))
    const fired = x.value >= 0
    const width = 1 + slope * Math.abs(x.value)
    const spike: Dual = { value: fired ? 1 : 0, slope: x.slope / (width * width) }
    ;(state.spikes[k] as Dual[])[n] = spike
    state.voltage[n] = fired ? { value: values.vReset[n] as number, slope: 0 } : moved
    state.adaptation[n] = add(raised, times(spike, seed('adaptStep', values.name, n, values.adaptStep[n] as number)))
    const stops = options.stopAfterFirst === values.name
    if (fired) state.held[n] = stops ? steps : Math.round((values.refractory[n] as number) / dt)
  }

  return { ...everyLoss(states, options), spikes: spikesOf(states) }
}

/** The derivative has what holds neurons to their bands, the loss that is told has not. */
function everyLoss(states: ReadonlyMap<string, State>, options: DualOptions) {
  const { loss, derivative } = lossOf(states.get(options.loss.group) as State, options)
  const held = Object.entries(options.rateBand ?? {}).map(([name, band]) => bandLoss(states.get(name) as State, band))
  return { loss, derivative: derivative + held.reduce((sum, { slope }) => sum + slope, 0) }
}

/** strength / 2 times the squared distance of every neuron's number of spikes from the band. */
function bandLoss({ values, spikes }: State, { low, high, strength }: RateBand): Dual {
  return Array.from({ length: values.size }, (_, n) => {
    const count = spikes.reduce((sum, row) => add(sum, row[n] as Dual), ZERO)
    const nearest = Math.min(high, Math.max(low, count.value))
    const distance = add(count, { value: -nearest, slope: 0 })
    return scaled(times(distance, distance), strength / 2)
  }).reduce(add, ZERO)
}

function spikesOf(states: ReadonlyMap<string, State>): DualResult['spikes'] {
  return Object.fromEntries(
    [...states].map(([name, { spikes }]) => [
      name,
      spikes.flatMap((row, k) => row.flatMap(({ value }, n) => (value > 0 ? [[k, n] as const] : []))),
    ]),
  )
}

function lossOf({ values, spikes, trace }: State, { loss, label, dt, slope, noise }: DualOptions) {
  const { tick = 0 } = noise?.device ?? {}
  const readAt = (k: number) => (tick > 0 ? tick * Math.max(1, Math.ceil((k * dt) / tick - 1e-9)) : k * dt)
  const last = (trace.length - 1) * dt
  const fading = (time: number) => Math.exp(-time / (loss.kind === 'spikeCount' ? loss.tau : 1))
  /** What would be read behind the last point counts as there. */
  const countAt = ({ value, slope: by }: Dual, k: number): Dual => {
    return { value: value * fading(readAt(k)), slope: by * fading(Math.min(last, readAt(k))) }
  }
  const units = Array.from({ length: values.size }, (_, n) => n)
  const column = (rows: readonly (readonly Dual[])[], n: number) => rows.map((row) => row[n] as Dual)
  switch (loss.kind) {
    case 'vMax':
      return softmaxLoss(
        units.map((n) => column(trace, n).reduce((a, b) => (b.value > a.value ? b : a))),
        label,
        loss.smoothing,
      )
    case 'spikeCount':
      return softmaxLoss(
        units.map((n) => column(spikes, n).reduce((sum, spike, k) => add(sum, countAt(spike, k)), ZERO)),
        label,
        loss.smoothing,
      )
    case 'liIntegral':
      return softmaxLoss(
        units.map((n) =>
          column(trace, n).reduce(
            (sum, v, k) => add(sum, scaled(v, loss.scale * dt * Math.exp((-k * dt) / loss.tau))),
            ZERO,
          ),
        ),
        label,
        loss.smoothing,
      )
    case 'vanRossum':
      return distanceLoss(
        units.map((n) => column(spikes, n)),
        loss,
        dt,
      )
    case 'firstSpike': {
      const times = units.map((n) => firstTime(column(spikes, n), dt, slope))
      const late = times[label] ?? null
      if (late === null) return { loss: null, derivative: 0 }
      const race = softmaxLoss(
        times.map((time) => (time === null ? null : scaled(time, -1 / loss.tau0))),
        label,
        loss.smoothing,
      )
      const lateness = Math.exp(late.value / loss.tau1)
      return {
        loss: race.loss + loss.alpha * (lateness - 1),
        derivative: race.derivative + ((loss.alpha * lateness) / loss.tau1) * late.slope,
      }
    }
    default:
      throw new Error(loss.kind)
  }
}

/** 1/2 sum over pairs of jumps; the square of an amplitude that is 0 has no derivative. */
function distanceLoss(spikes: readonly (readonly Dual[])[], { tau, targets }: VanRossumLoss, dt: number) {
  let sum = ZERO
  spikes.forEach((row, unit) => {
    const wanted = Array.from(targets.times).filter((_, k) => targets.units[k] === unit)
    const jumps = [
      ...row.map((amplitude, k) => ({ time: k * dt, amplitude })),
      ...wanted.map((time) => ({ time, amplitude: { value: -1, slope: 0 } })),
    ]
    for (const a of jumps)
      for (const b of jumps)
        sum = add(sum, scaled(times(a.amplitude, b.amplitude), 0.5 * Math.exp(-Math.abs(a.time - b.time) / tau)))
  })
  return { loss: sum.value, derivative: sum.slope }
}

/** Every point up to the first spike has a share in its time. */
function firstTime(spikes: readonly Dual[], dt: number, slope: number): Dual | null {
  const first = spikes.findIndex(({ value }) => value > 0)
  if (first < 0) return null
  const shares = spikes.slice(1, first + 1).reduce((sum, spike) => sum + spike.slope, 0)
  return { value: first * dt, slope: -shares * slope * dt }
}

function softmaxLoss(scores: readonly (Dual | null)[], label: number, smoothing = 0) {
  const top = Math.max(...scores.map((score) => score?.value ?? -Infinity))
  const weights = scores.map((score) => (score === null ? 0 : Math.exp(score.value - top)))
  const total = weights.reduce((a, b) => a + b)
  const raced = scores.filter((score) => score !== null)
  const even = scaled(raced.reduce(add), 1 / raced.length)
  const own = add(scaled(scores[label] as Dual, 1 - smoothing), scaled(even, smoothing))
  const mean = scores.reduce((sum, score, n) => sum + ((weights[n] as number) / total) * (score?.slope ?? 0), 0)
  return { loss: Math.log(total) - (own.value - top), derivative: mean - own.slope }
}
