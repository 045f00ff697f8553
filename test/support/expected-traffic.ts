import { chooseKernels } from '../../src/dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Placement } from '../../src/hardware/placement.js'
import { isGiven } from '../../src/network/description/given-source.js'
import type { Network } from '../../src/network/description/network.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { nodesOfSlice } from '../../src/network/slices/blocks.js'

/** What has to cross links, by the network alone. */
export interface ExpectedTraffic {
  readonly spikes: number
  readonly gradients: number
  /** To the loss, where it looks at a group. */
  readonly lossSpikes: number
  /** Slices and other cores that listen to them, of whom somebody has to say to whom. */
  readonly listeners: number
}

/**
 * Spikes of neurons, and of sources that emit by themselves, times other cores that hold a synapse of their unit, or
 * neurons of a group that meet all arrivals of any of them; gradients of those of neurons, times subtrees that slices there
 * sum up.
 *
 * @param recorded of all groups that spike
 * @param of what the loss looks at, and on which kernels
 */
export function expectedTraffic(
  network: Network,
  placement: Placement,
  seed: number,
  recorded: Readonly<Record<string, SpikeTrains>>,
  { observed, kernel }: { readonly observed?: string; readonly kernel?: KernelKind } = {},
): ExpectedTraffic {
  const feeds = new Map(chooseKernels(network, kernel).map(({ group, feed }) => [group, feed]))
  const coreOf = coreOfNeuron(placement)
  const sent = { spikes: 0, gradients: 0, lossSpikes: 0 }
  const listeners = new Set<string>()
  const { projections } = instantiate(network, seed)
  for (const group of network.groups) {
    if (isGiven(group) || group.kind === 'li') continue
    const hearing = Array.from({ length: group.size }, () => new Set<number>())
    const leaving = projections.filter(({ source }) => source === group.name)
    for (const { target, sources, targets, absent } of leaving)
      sources.forEach((unit, s) => {
        if (absent?.[s] !== 1)
          for (const core of feeds.get(target) === 'shared'
            ? coresOf(placement, target)
            : [coreOf(target, targets[s]!)])
            hearing[unit]!.add(core)
      })
    const nodes = placement.cores.map(({ core }) => nodesOn(network, placement, group.name, core))
    const owner = coreOf(group.name, 0)
    for (const unit of recorded[group.name]?.units ?? []) {
      const own = coreOf(group.name, unit)
      const others = [...hearing[unit]!].filter((core) => core !== own)
      sent.spikes += others.length
      if (group.kind !== 'source') sent.gradients += others.reduce((sum, core) => sum + nodes[core]!, 0)
      if (group.name === observed && own !== owner) sent.lossSpikes++
    }
    for (const { core: from, slices } of placement.cores)
      for (const { core: to } of placement.cores) {
        const heard = leaving.filter(({ target }) => sliceOn(placement, target, to) !== undefined)
        const isDense = heard.some(({ layout, order }) => {
          const { connectivity } = network.projections[order]!
          return layout === 'dense' && connectivity.kind === 'dense' && connectivity.absent.length === 0
        })
        const isHere = slices.some((slice) => slice.group === group.name)
        if (isHere && from !== to && heard.length > 0 && !isDense) listeners.add(`${group.name} ${from} ${to}`)
      }
  }
  return { ...sent, listeners: listeners.size }
}

function coresOf({ cores }: Placement, group: string): readonly number[] {
  return cores.filter(({ slices }) => slices.some((slice) => slice.group === group)).map(({ core }) => core)
}

function coreOfNeuron({ cores }: Placement) {
  return (group: string, neuron: number): number => {
    const found = cores.find(({ slices }) => {
      return slices.some((slice) => slice.group === group && slice.start <= neuron && neuron < slice.end)
    })
    return found!.core
  }
}

function sliceOn({ cores }: Placement, group: string, core: number) {
  return cores[core]!.slices.find((slice) => slice.group === group)
}

/** Numbers that a core returns for a spike of a group. */
function nodesOn(network: Network, placement: Placement, source: string, core: number): number {
  return network.projections
    .filter((projection) => projection.source === source)
    .reduce((sum, { target }) => {
      const slice = sliceOn(placement, target, core)
      const { size } = network.groups.find(({ name }) => name === target)!
      return sum + (slice === undefined ? 0 : nodesOfSlice(size, slice).length)
    }, 0)
}
