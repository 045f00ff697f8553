import { createSingleKernel } from '../../dynamics/kernels/component-kernel.js'
import { kernelOfGroup } from '../../dynamics/kernels/kernel-of-group.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Network } from '../../network/description/network.js'
import { components } from '../../network/graph/components.js'
import { instantiate } from '../../network/instance/instantiate.js'
import type { LiIntegralLoss } from '../loss.js'
import type { SpikingSubject } from './measured-trials.js'
import { hear, type KnownSpikes, optionsOf, runComponent, unlessRunaway } from './run-component.js'

/** Standard deviation over the classes of the first scores of a trial: the loss is then about ln(classes). */
const SPREAD = 0.5
/** Draws of the weights into the readout that are measured. */
const DRAWS = 8
/** A cycle with more spikes than this per neuron and trial is not measured. */
const MOST_SPIKES = 1000
/** The scale is rounded: it is measured with an error. */
const DIGITS = 2

/**
 * The loss with the scale at which the first scores of a network differ a little between classes:
 *
 *     scale = 0.5 / σ      σ² the variance over classes of ∫ e^{-t/tau} V dt, its mean over trials and 8 draws of the weights
 *
 * Without a variance, where no spike reaches the readout, neurons run away, or the network has actors, which only sessions
 * load, the score is the mean voltage: scale = 1 / until. Operators are left out of what is measured.
 */
export function scaledIntegral(
  loss: LiIntegralLoss,
  { network, trials }: SpikingSubject,
  seed: number,
): LiIntegralLoss {
  const known = spikesOf({ network, trials }, seed)
  const variance = known === null ? 0 : varianceOfScores(loss, { network, trials }, { known, seed })
  const scale = variance > 0 ? SPREAD / Math.sqrt(variance) : 1 / trials.until
  return { ...loss, scale: Number(scale.toPrecision(DIGITS)) }
}

/** The spikes of all groups; null where they cannot be measured. */
function spikesOf({ network, trials }: SpikingSubject, seed: number): KnownSpikes | null {
  if (network.groups.some(({ kind }) => kind === 'actor')) return null
  const known = new Map<string, SpikeTrains>()
  for (const component of components(network)) {
    const most = MOST_SPIKES * sizeOf(network, component.groups) * trials.count
    const found = unlessRunaway(() => runComponent(network, component, { seed, trials, known, most }))
    if (found === null) return null
    for (const [name, trains] of found) known.set(name, trains)
  }
  return known
}

function sizeOf({ groups }: Network, names: readonly string[]): number {
  return groups.reduce((sum, { name, size }) => (names.includes(name) ? sum + size : sum), 0)
}

interface Heard {
  readonly known: KnownSpikes
  readonly seed: number
}

function varianceOfScores(loss: LiIntegralLoss, subject: SpikingSubject, { known, seed }: Heard): number {
  let sum = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    const { integrals, units } = integralsOf(loss, subject, { known, seed: seed + draw })
    const classes = units / (loss.unitsPerClass ?? 1)
    if (classes === 1) return 0
    for (let first = 0; first < integrals.length; first += units)
      sum += varianceOf(scoresOf(integrals.subarray(first, first + units), classes))
  }
  return sum / (DRAWS * subject.trials.count)
}

/** ∫ e^{-t/tau} V dt of each unit of the readout, row-major [trial][unit]. */
function integralsOf({ group, tau }: LiIntegralLoss, { network, trials }: SpikingSubject, { known, seed }: Heard) {
  const units = sizeOf(network, [group])
  const kernel = kernelOfGroup(instantiate(network, seed, [{ group, start: 0, end: units }]), group)
  const component = createSingleKernel(kernel)
  component.begin(() => ({ ...optionsOf(trials, trials.count), integral: { tau } }))
  hear(component, known, trials.until)
  component.advance(trials.until)
  return { integrals: kernel.integrals(), units }
}

/** Unit k · classes + c belongs to class c. */
function scoresOf(integrals: Float64Array, classes: number): Float64Array {
  const scores = integrals.slice(0, classes)
  for (let unit = classes; unit < integrals.length; unit++)
    scores[unit % classes] = (scores[unit % classes] as number) + (integrals[unit] as number)
  return scores
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1)
}
