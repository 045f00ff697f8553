import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { BLOCK } from '../../../src/numerics/block-sum.js'
import { treeNodes } from '../../../src/numerics/tree-nodes.js'
import { allSynapses } from '../fit/arbitrary-connected.js'
import type { ArbitraryRun } from './arbitrary-run.js'

interface Site {
  readonly chip: number
  readonly core: number
}

type Hops = Record<'east' | 'west' | 'north' | 'south' | 'diagonal' | 'chip', number>

const noHops = (): Hops => ({ east: 0, west: 0, north: 0, south: 0, diagonal: 0, chip: 0 })

/** Of meshes: the tile of a core, over all chips. */
function tileOf({ chip, chips }: ChipProfile, site: Site) {
  const tile = Math.floor(site.core / chip.coresPerTile)
  const [x, y] =
    chip.tileOrder === 'row-major'
      ? [tile % chip.columns, Math.floor(tile / chip.columns)]
      : [Math.floor(tile / chip.rows), tile % chip.rows]
  return { x: (site.chip % chips.columns) * chip.columns + x, y: Math.floor(site.chip / chips.columns) * chip.rows + y }
}

/** Of meshes: the links of a packet, first along x, then along y. */
export function walk(
  profile: ChipProfile,
  from: Site,
  to: Site,
): readonly { readonly key: string; readonly kind: keyof Hops }[] {
  const { chip } = profile
  const [a, b] = [tileOf(profile, from), tileOf(profile, to)]
  const links: { key: string; kind: keyof Hops }[] = []
  const chipAt = ({ x, y }: typeof a) => `${Math.floor(x / chip.columns)} ${Math.floor(y / chip.rows)}`
  let at = a
  const go = (next: typeof a, kind: keyof Hops) => {
    links.push({ key: `${at.x} ${at.y} ${kind}`, kind: chipAt(at) === chipAt(next) ? kind : 'chip' })
    at = next
  }
  while (at.x !== b.x) go({ x: at.x + Math.sign(b.x - at.x), y: at.y }, b.x > at.x ? 'east' : 'west')
  while (at.y !== b.y) go({ x: at.x, y: at.y + Math.sign(b.y - at.y) }, b.y > at.y ? 'north' : 'south')
  return links
}

function createWalked(profile: ChipProfile) {
  const packets = { inCore: 0, inTile: 0, betweenTiles: 0, betweenChips: 0 }
  const [hops, linkCrossings] = [noHops(), noHops()]
  const walked = { packets, hops, linkCrossings, sent: 0 }
  return {
    walked,
    /** One spike to all of these, or one value to one. */
    send(from: Site, targets: readonly Site[], isCopied: boolean) {
      const tree = new Map<string, keyof Hops>()
      for (const to of targets) {
        const links = walk(profile, from, to)
        for (const { key, kind } of links) {
          hops[kind]++
          if (!isCopied || !tree.has(key)) linkCrossings[kind]++
          tree.set(key, kind)
        }
        if (from.chip !== to.chip) packets.betweenChips++
        else if (from.core === to.core) packets.inCore++
        else if (links.length === 0) packets.inTile++
        else packets.betweenTiles++
      }
      walked.sent += isCopied ? Math.min(1, targets.length) : targets.length
    },
  }
}

/** Everything that a run does, spike by spike, synapse by synapse, packet by packet. */
export function walkRun({ network, profile, placement, tally }: ArbitraryRun, seed: number) {
  const pairs = allSynapses(network, seed)
  const siteOf = (group: string, unit: number): Site =>
    placement.cores.find(({ slices }) => slices.some((s) => s.group === group && s.start <= unit && unit < s.end))!
  const sizeOf = (group: string) => network.groups.find(({ name }) => name === group)!.size
  const spikesOf = (group: string, unit: number) => (tally.spikes[group] as readonly number[])[unit]!
  /** Values that a core returns for a spike of a group: one per node of every projection and slice there. */
  const returningFrom = (name: string, site: Site) => {
    const { slices } = placement.cores.find(({ chip, core }) => chip === site.chip && core === site.core)!
    const heard = network.projections.filter(({ source }) => source === name)
    const nodes = heard.flatMap(({ target }) => {
      const blocks = Math.ceil(sizeOf(target) / BLOCK)
      const held = slices.filter(({ group }) => group === target)
      return held.flatMap(({ start, end }) => treeNodes(blocks, start / BLOCK, Math.ceil(end / BLOCK)))
    })
    return nodes.length
  }
  const [forward, backward] = [createWalked(profile), createWalked(profile)]
  let [spikes, neuronSpikes, events, returning, values] = [0, 0, 0, 0, 0]
  for (const { name, size, kind } of network.groups) {
    for (let unit = 0; unit < size; unit++) {
      const from = siteOf(name, unit)
      const own = pairs.filter((pair) => pair.from === name && pair.unit === unit)
      const targets = new Map(
        own.map(({ to, neuron }) => siteOf(to, neuron)).map((at) => [`${at.chip} ${at.core}`, at]),
      )
      for (let spike = 0; spike < spikesOf(name, unit); spike++) {
        spikes++
        events += own.length
        if (kind === 'lif') neuronSpikes++
        forward.send(from, [...targets.values()], profile.routing.multicast)
        if (kind !== 'lif' || targets.size === 0) continue
        returning++
        for (const site of targets.values()) {
          const back = returningFrom(name, site)
          values += back
          for (let value = 0; value < back; value++) backward.send(site, [from], false)
        }
      }
    }
  }
  const neurons = network.groups.filter(({ kind }) => kind !== 'source')
  const active = neurons.reduce(
    (sum, { name }) => sum + (tally.activeSteps[name] as readonly number[]).reduce((a, b) => a + b, 0),
    0,
  )
  const all = neurons.reduce((sum, { size }) => sum + size, 0) * tally.steps
  return {
    forward: {
      ...forward.walked,
      ...{ spikes, neuronSpikes, synapticEvents: events, neuronSteps: { active, idle: all - active } },
    },
    backward: { ...backward.walked, spikes: returning, values, synapticEvents: events },
    update: { weights: pairs.length },
  }
}
