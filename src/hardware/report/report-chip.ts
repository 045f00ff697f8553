import { InputError } from '../../events/errors.js'
import type { ChipCounts } from '../counts/chip-counts.js'
import { bitsPerSynapse } from '../fit/core-limits.js'
import { type ChipEnergy, type ChipProfile, chipCount } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import type { ChipPhase, ChipReport, NeuroBenchMetrics, PartEnergy } from './chip-report.js'
import { canCarryValues, denseCosts, type EventCost, eventCosts } from './costs.js'
import { kindOf, sumOfEnergies } from './figure-sum.js'
import { partEnergy, type StaticCost } from './part-energy.js'
import { readCounts } from './read-counts.js'
import { secondsOf, stepTimeOf } from './step-time.js'

/** pJ of a J. */
const JOULE = 1e12

/**
 * What a run costs on a chip: counts times the figures of its profile.
 *
 *     dynamic     sum of events times pJ: synaptic events, steps of neurons (idle, and on top if active), spikes and packets
 *                 that leave, packets within a tile, links, bits in routers
 *     static      W times the seconds of the chip: chips that there are, cores in use, boards
 *     seconds     stepped: steps times the tick at the chip's speed, or what is known of a step if that is longer;
 *                 continuous: model time at the chip's speed
 *
 * Energies are in pJ. A figure that is unknown makes every sum null that has events of it, and `unknown` names it; one that is
 * included in another counts there. Bounds and ranges make `atLeast` and `atMost`. Dynamic and static energy are never added,
 * for one is of events and the other of time. `denseForward` is what the same network would cost on the same chip in dense time
 * steps: neurons times steps and synapses times steps in the place of those with events. How long a chip takes for anything
 * but the forward pass is unknown.
 *
 * Raises `InputError`: `CHIP_KINDS` for events some of whose figures are marginal and some an average, `REPORT_PROFILE` for
 * counts on another profile; the codes of `defineChipProfile`; `FIELD_TYPE`, `FIELD_MISSING`, `FIELD_UNKNOWN`,
 * `OPTION_OUT_OF_RANGE` for counts.
 *
 * @example
 * const { energy } = chipReport(counts, profile)
 * energy.byPhase.forward.dynamic.value // null: see .unknown and .atLeast
 */
export function chipReport(given: ChipCounts, on: ChipProfile): ChipReport {
  const profile = defineChipProfile(on)
  const counts = readCounts(given, 'counts')
  requireProfile(counts, profile)
  const { zeroEvents, ...shown } = counts
  const stepTime = stepTimeOf(counts, profile)
  const seconds = secondsOf(counts, profile, stepTime)
  const costs = eventCosts(counts, profile)
  requireOneKind(profile, Object.values(costs).flat())
  const power = staticCosts(counts, profile, seconds)
  const later = (phase: ChipPhase) => (costs[phase].some(({ count }) => count > 0) ? UNKNOWN_TIME : [])
  const byPhase: Readonly<Record<ChipPhase, PartEnergy>> = {
    forward: partEnergy(costs.forward, power),
    backward: partEnergy(costs.backward, later('backward')),
    loss: partEnergy(costs.loss, later('loss')),
    update: partEnergy(costs.update, later('update')),
  }
  const all = [...costs.forward, ...costs.backward, ...costs.loss, ...costs.update]
  const trainingStep = partEnergy(all, [...power, ...later('backward'), ...later('loss'), ...later('update')])
  const gradientsTravel = canCarryValues(profile)
  return {
    ...shown,
    energy: {
      byPhase,
      trainingStep,
      denseForward: isStepped(profile) ? sumOfEnergies(denseCosts(counts, profile)) : null,
    },
    stepTime,
    seconds,
    neurobench: neuroBench(counts, zeroEvents, profile),
    gradientsTravel,
    notes: notesOf(counts, gradientsTravel),
  }
}

function isStepped({ time }: ChipProfile): boolean {
  return time.mode === 'stepped'
}

const UNKNOWN_TIME: readonly StaticCost[] = [{ component: null, field: 'seconds', figure: null, count: 1 }]

function staticCosts({ placement }: ChipCounts, profile: ChipProfile, seconds: number | null): readonly StaticCost[] {
  const { energy, chips } = profile
  const perBoard = figureValue(chips.perBoard)
  const counts: Readonly<Partial<Record<keyof ChipEnergy, number | null>>> = {
    staticPerChip: chipCount(profile),
    staticPerActiveCore: placement.coresUsed,
    staticPerBoard: perBoard === null ? null : Math.ceil(chipCount(profile) / perBoard),
  }
  return (['staticPerChip', 'staticPerActiveCore', 'staticPerBoard'] as const).map((component): StaticCost => {
    const [figure, count] = [energy[component], counts[component] ?? null]
    if (figure === null) return { component, field: component, figure, count: 1 }
    if (count === null) return { component, field: 'chips.perBoard', figure: null, count: 1 }
    if (seconds === null) return { component, field: 'seconds', figure: null, count: 1 }
    return { component, field: component, figure, count: count * seconds * JOULE }
  })
}

function requireProfile({ profile }: ChipCounts, { name }: ChipProfile): void {
  if (profile === name) return
  throw new InputError({
    code: 'REPORT_PROFILE',
    field: 'profile',
    found: JSON.stringify(name),
    expected: `${JSON.stringify(profile)}, on which was counted`,
  })
}

/** The sums of a report are of all these costs, or of some. */
function requireOneKind({ name }: ChipProfile, costs: readonly EventCost[]): void {
  const known = costs.flatMap(({ component, figure, count }) => {
    const kind = count > 0 ? kindOf(figure) : null
    return kind === null ? [] : [{ component, kind }]
  })
  const [first] = known
  const other = known.find(({ kind }) => kind !== first?.kind)
  if (first === undefined || other === undefined) return
  throw new InputError({
    code: 'CHIP_KINDS',
    field: `energy.${other.component}`,
    found: `a figure of ${name} that is ${other.kind}, beside ${first.component}, which is ${first.kind}`,
    expected: 'figures of one kind, for the others cannot be added to them',
    remedy: 'Give null for one of them: sums are lower bounds then.',
  })
}

function neuroBench(counts: ChipCounts, zeroEvents: number, profile: ChipProfile): NeuroBenchMetrics {
  const { network, trials, steps, forward } = counts
  const { synapses, zeroWeights, pairs, spiking } = network
  const { bits, unknown } = bitsPerSynapse(profile)
  const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.max(0, 1 - part / whole))
  return {
    ParameterCount: network.parameters,
    Footprint: unknown.length === 0 ? (synapses * bits) / 8 : null,
    ConnectionSparsity: share(synapses - zeroWeights, pairs),
    ActivationSparsity: share(forward.neuronSpikes, spiking * steps),
    MembraneUpdates: forward.neuronSteps.active / trials,
    SynapticOperations: {
      Effective_MACs: 0,
      Effective_ACs: (forward.synapticEvents - zeroEvents) / trials,
      Dense: (pairs * steps) / trials,
    },
  }
}

function notesOf({ backward, loss }: ChipCounts, gradientsTravel: boolean | null): readonly string[] {
  if (gradientsTravel === true || backward.values + loss.gradients.values === 0) return []
  return [
    gradientsTravel === false
      ? 'Gradients cannot travel on this chip: its packets have no payload.'
      : 'Whether gradients can travel on this chip is unknown: nothing says whether its packets have a payload.',
  ]
}
