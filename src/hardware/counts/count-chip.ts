import { InputError } from '../../events/errors.js'
import type { Group, Network } from '../../network/description/network.js'
import { isSpiking } from '../../network/models/models.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readFunction, readString } from '../../network/reading/read-value.js'
import { checkChipPlacement } from '../chip-placement/check-chip-placement.js'
import type { ChipPlacement } from '../placement.js'
import { chipPlacementHash } from '../placement-hash.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { incomingOf } from '../reach/incoming.js'
import { type ReachProgress, tellStage } from '../reach/reach-progress.js'
import { createRoutes } from '../routing/routes.js'
import { readTally, type UnitTally } from '../tally/read-tally.js'
import type { Tally } from '../tally/tally.js'
import type { BackwardCounts, ChipCounts, CoreCounts, ForwardCounts } from './chip-counts.js'
import { createCoreWays } from './core-ways.js'
import { countCores, totalOf } from './count-cores.js'
import { countLoss, outputGroups } from './count-loss.js'
import { destinationsOf } from './destinations.js'
import { type Flow, flowsOf } from './flows.js'
import { networkSize, zeroEventsOf } from './network-size.js'
import { createStreamCounter, type StreamCounter, valuePackets } from './stream-counter.js'
import { valuesPerSpike } from './values-per-spike.js'

export interface CountOptions {
  /** Of the run: draws the synapses of rules. Default 0. */
  readonly seed?: number
  /** Groups of neurons that the loss looks at; default: those that no other group hears. */
  readonly loss?: readonly string[]
  /**
   * Called with the progress while synapses are drawn and targets are searched: in large networks that takes minutes.
   */
  readonly onProgress?: (progress: ReachProgress) => void
}

const READERS: Readers<CountOptions> = {
  seed: integerFrom(0),
  loss: listOf(readString),
  onProgress: readFunction,
}

/**
 * What a run does on a chip, exactly, from its spikes per unit:
 *
 *     packets         one per spike and core that holds a target of it, its own core included
 *     target          a synapse, also with weight 0; pairs of a dense projection without a synapse are none
 *     events          spikes times synapses
 *     neuron steps    neurons times steps, active or idle; sources have none, but their packets count
 *     backward        a value per spike of a lif group, core with a target and node that the core returns
 *     to the loss     the spikes of its groups, or a maximum per readout and trial; a value back for each
 *     update          every weight once
 *
 * A node is a whole subtree of the tree in which the blocks of the target are summed: one if a core holds a whole group.
 * Everything is summed over trials. It takes time in proportion to the listed synapses, and to units times cores that hear
 * them, not to spikes.
 *
 * Raises `InputError`: the codes of `defineChipProfile` and `checkChipPlacement`; `TALLY_GROUP`, `TALLY_STEPS`, `TALLY_TICK`,
 * `GROUP_UNKNOWN`, `SHAPE_MISMATCH`, `OPTION_OUT_OF_RANGE`; `ROUTE_DEAD_LINK`, `ROUTE_NONE`; `LOSS_GROUP` for a source.
 *
 * @example
 * const counts = chipCounts(network, placement, profile, tally)
 * counts.forward.packets.betweenChips
 */
export function chipCounts(
  network: Network,
  placement: ChipPlacement,
  given: ChipProfile,
  tally: Tally,
  options: CountOptions = {},
): ChipCounts {
  readNetwork(network)
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const read = readOptions<CountOptions>(options, READERS)
  const { seed = 0, loss = outputGroups(network), onProgress: tell = () => undefined } = read
  const run = readTally(network, profile.time, tally)
  const { cores } = placement
  const incoming = incomingOf(network, seed, tellStage('synapses', tell))
  const destinations = destinationsOf(network, cores, incoming, tell)
  const flows = flowsOf(network, destinations, run.spikes)
  const ways = createCoreWays(createRoutes(profile), cores)
  const stream = () => createStreamCounter(profile, ways)
  const perCore = countCores(network, cores, incoming, run, { flows, multicast: profile.routing.multicast })
  const size = networkSize(network, incoming)
  const forward = forwardCounts(flows, stream(), perCore, run, profile)
  const returned = backwardStream(network, placement, profile, flows, stream())
  return {
    profile: profile.name,
    trials: run.trials,
    steps: run.steps,
    tickMs: run.tickMs ?? figureValue(profile.time.tick),
    placement: {
      coresUsed: cores.length,
      chipsUsed: new Set(cores.map(({ chip }) => chip)).size,
      hash: chipPlacementHash(placement),
    },
    network: size,
    forward,
    backward: { ...returned, synapticEvents: forward.synapticEvents },
    loss: countLoss(lossGroups(network, loss), { profile, ways, coreOf: destinations.coreOf }, run),
    update: { weights: size.synapses },
    cores: perCore,
    zeroEvents: zeroEventsOf(network, incoming, run.spikes),
  }
}

function forwardCounts(
  flows: readonly Flow[],
  stream: StreamCounter,
  cores: readonly CoreCounts[],
  { spikes }: UnitTally,
  { formats }: ChipProfile,
): ForwardCounts {
  for (const { from, targets, spikes: count } of flows) stream.addFan(from, targets, count)
  return {
    ...stream.counts(figureValue(formats.packetBits)),
    spikes: [...spikes.values()].reduce((sum, own) => sum + own.reduce((all, each) => all + each, 0), 0),
    neuronSpikes: totalOf(cores, ({ neuronSpikes }) => neuronSpikes),
    synapticEvents: totalOf(cores, ({ synapticEvents }) => synapticEvents),
    neuronSteps: {
      active: totalOf(cores, ({ neuronSteps }) => neuronSteps.active),
      idle: totalOf(cores, ({ neuronSteps }) => neuronSteps.idle),
    },
  }
}

/** Sources get no gradients: the derivatives by the times of their spikes are not wanted. */
function backwardStream(
  network: Network,
  { cores }: ChipPlacement,
  profile: ChipProfile,
  flows: readonly Flow[],
  stream: StreamCounter,
): Omit<BackwardCounts, 'synapticEvents'> {
  const { bits, perValue } = valuePackets(profile)
  const returning = network.groups.filter(isSpiking).map(({ name }) => name)
  const valuesOf = new Map(returning.map((name) => [name, valuesPerSpike(network, cores, name)]))
  let [spikes, values] = [0, 0]
  for (const flow of flows) {
    const perSpike = valuesOf.get(flow.group)
    if (perSpike === undefined) continue
    spikes += flow.spikes
    for (const core of flow.targets) {
      const count = flow.spikes * (perSpike[core] as number)
      values += count
      stream.add(core, flow.from, perValue * count)
    }
  }
  return { ...stream.counts(bits), spikes, values }
}

function lossGroups({ groups }: Network, names: readonly string[]): readonly Group[] {
  const neurons = groups.filter(({ kind }) => kind !== 'source')
  return names.map((name, k) => {
    const group = neurons.find((each) => each.name === name)
    if (group !== undefined) return group
    throw new InputError({
      code: 'LOSS_GROUP',
      field: `options.loss[${k}]`,
      found: JSON.stringify(name),
      expected: `a group of neurons: ${neurons.map((each) => each.name).join(', ')}`,
    })
  })
}
