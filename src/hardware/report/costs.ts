import type { BackwardCounts, ChipCounts, ForwardCounts, StreamCounts } from '../counts/chip-counts.js'
import type { ChipEnergy, ChipProfile } from '../profile/chip-profile.js'
import { type EnergyFigure, figureValue } from '../profile/figure.js'
import type { Level } from '../routing/layout.js'
import type { ChipPhase, EnergyComponent } from './chip-report.js'
import type { Cost } from './figure-sum.js'

/** An event that costs energy, where and for what. */
export interface EventCost extends Cost {
  readonly component: EnergyComponent
  readonly level: Level
}

/** The costs of what happens in each phase. */
export function eventCosts(
  counts: ChipCounts,
  profile: ChipProfile,
): Readonly<Record<ChipPhase, readonly EventCost[]>> {
  const { forward, backward, loss, update } = counts
  return {
    forward: [...neuronCosts(forward, profile), ...streamCosts(forward, profile)],
    backward: [...backwardCosts(backward, profile), ...valueCosts(backward, profile)],
    loss: [
      ...streamCosts(loss.spikes, profile),
      ...valueCosts(loss.maxima, profile),
      ...valueCosts(loss.gradients, profile),
    ],
    update: [costOf(profile, 'weightUpdate', 'inCore', update.weights)],
  }
}

function neuronCosts(
  { synapticEvents, neuronSteps, neuronSpikes }: ForwardCounts,
  profile: ChipProfile,
): readonly EventCost[] {
  return [
    costOf(profile, 'synapse', 'inCore', synapticEvents),
    costOf(profile, 'idle', 'inCore', neuronSteps.active + neuronSteps.idle),
    costOf(profile, 'neuronUpdate', 'inCore', neuronSteps.active),
    costOf(profile, 'spikeOut', 'inCore', neuronSpikes),
  ]
}

/** Dense time-step execution: in every step every neuron is updated, and every synapse is visited; packets apart. */
export function denseCosts({ network, steps, forward }: ChipCounts, profile: ChipProfile): readonly EventCost[] {
  const { neurons, synapses } = network
  const neuronSteps = { active: neurons * steps, idle: 0 }
  return neuronCosts({ ...forward, synapticEvents: synapses * steps, neuronSteps }, profile)
}

function backwardCosts({ synapticEvents }: BackwardCounts, profile: ChipProfile): readonly EventCost[] {
  return [costOf(profile, 'synapseBackward', 'inCore', synapticEvents)]
}

function streamCosts(
  { packets, sent, linkCrossings, packetBits }: StreamCounts,
  profile: ChipProfile,
): readonly EventCost[] {
  const { east, west, north, south, diagonal, chip } = linkCrossings
  return [
    costOf(profile, 'packetOut', 'inCore', sent),
    costOf(profile, 'spikeInTile', 'inTile', packets.inTile),
    costOf(profile, 'hopX', 'betweenTiles', east + west),
    costOf(profile, 'hopY', 'betweenTiles', north + south),
    { component: 'hopDiagonal', level: 'betweenTiles', field: 'hopDiagonal', figure: null, count: diagonal },
    costOf(profile, 'chipCrossing', 'betweenChips', chip),
    ...routerCosts(profile, 'inTile', sent, packetBits),
    ...routerCosts(profile, 'betweenTiles', east + west + north + south + diagonal, packetBits),
    ...routerCosts(profile, 'betweenChips', chip, packetBits),
  ]
}

/** A packet with a value is longer than those that figures are of, but for bits in routers, which are counted. */
function valueCosts(stream: StreamCounts, profile: ChipProfile): readonly EventCost[] {
  const costs = streamCosts(stream, profile)
  if (canCarryValues(profile) === true)
    return costs.map((cost) => (cost.component === 'routerBit' ? cost : { ...cost, isLeast: true }))
  return costs.map((cost) => ({ ...cost, field: 'payloadBits', figure: null }))
}

/** Whether packets have a payload; null: unknown. */
export function canCarryValues({ formats }: ChipProfile): boolean | null {
  const bits = figureValue(formats.payloadBits)
  return bits === null ? null : bits > 0
}

/**
 * Bits through routers: that of the sender, and one at the end of each link. A chip whose bits have no figure has costs for
 * packets and hops instead.
 */
function routerCosts(
  profile: ChipProfile,
  level: Level,
  routers: number,
  packetBits: number | null,
): readonly EventCost[] {
  const { routerBit } = profile.energy
  if (routerBit === null) return []
  if (packetBits !== null) return [costOf(profile, 'routerBit', level, routers * packetBits)]
  return [{ component: 'routerBit', level, field: 'packetBits', figure: null, count: routers }]
}

function costOf({ energy }: ChipProfile, component: keyof ChipEnergy, level: Level, count: number): EventCost {
  const figure: EnergyFigure = energy[component]
  return { component, level, field: component, figure, count }
}
