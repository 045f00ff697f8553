import type { ComponentKernel } from '../dynamics/component-kernel.js'
import { createFusedKernel } from '../dynamics/fused-kernel.js'
import { createSingleKernel } from '../dynamics/single-kernel.js'
import { type Component, components } from '../network/components.js'
import type { NetworkInstance } from '../network/instance.js'
import { shortCycle } from '../network/lookahead.js'
import type { Deliver } from '../streams/deliver.js'
import type { Pathway } from '../streams/pathway.js'
import { createLocalPathway } from '../streams/pathways/local-pathway.js'
import { createReadout, type Readout } from '../streams/readout.js'
import { createGroupActor, type GroupActor, type Output } from './group-actor.js'
import { createLossActor, type LossActor, type LossInput } from './loss-actor.js'
import { createSourceActor, type SourceActor } from './source-actor.js'

/** The actors of one process and the links between them. */
export interface WiredNetwork {
  readonly sources: readonly SourceActor[]
  readonly groups: readonly GroupActor[]
  readonly loss: LossActor
  /** Keys of the projections that lie on a cycle. */
  readonly cyclic: ReadonlySet<string>
  close(): void
}

/** A projection seen from its source. */
interface Outgoing {
  readonly target: string
  readonly order: number
}

/** Builds the actors of a network, one per component, and one link per projection. */
export function wireNetwork(instance: NetworkInstance, deliver: Deliver): WiredNetwork {
  const links = instance.projections.map(() => createLocalPathway(deliver))
  const parts = components(instance)
  const onCycle = ({ source, target }: { source: string; target: string }) =>
    parts.some((part) => part.cyclic && part.groups.includes(source) && part.groups.includes(target))
  const cyclic = new Set(instance.projections.filter(onCycle).map(({ key }) => key))
  const observed = new Map<string, LossInput>()
  for (const { name, kind, size } of instance.groups) {
    if (kind === 'source') continue
    const readout = kind === 'li' ? createReadout(deliver) : null
    observed.set(name, { group: name, size, link: createLocalPathway(deliver), readout })
  }

  const kindOf = (name: string) => instance.groups.find((group) => group.name === name)?.kind
  const sources = parts
    .flatMap((part) => part.groups)
    .filter((name) => kindOf(name) === 'source')
    .map((name) =>
      createSourceActor(
        name,
        outputsOf(name, 0, () => true),
      ),
    )
  const groups = parts
    .filter(({ groups: [name = ''] }) => kindOf(name) !== 'source')
    .flatMap((part) => componentsOf(part).map((component) => wireComponent(component, !part.cyclic)))
  const loss = createLossActor([...observed.values()])

  /** One component per group, unless spikes go around a cycle in next to no time: then its groups run within one kernel. */
  function componentsOf(part: Component): readonly ComponentKernel[] {
    if (shortCycle(instance, part) !== null) return [createFusedKernel(instance, part.groups)]
    return part.groups.map((name) => createSingleKernel(instance, name))
  }

  function wireComponent(component: ComponentKernel, whole: boolean): GroupActor {
    const names = component.kernels.map(({ values }) => values.name)
    const inputs = component.inputs.map(({ order }) => links[order] as Pathway)
    const incoming = new Set(component.inputs.map(({ order }) => order))
    const leaves = ({ target, order }: Outgoing) => !names.includes(target) || incoming.has(order)
    return createGroupActor({
      component,
      inputs,
      outputs: names.flatMap((name, group) => [...outputsOf(name, group, leaves), ...lossOutputs(name, group)]),
      readouts: names.map((name): Readout | null => observed.get(name)?.readout ?? null),
      whole,
    })
  }

  /** @param leaves false for projections that run inside the component's kernel, not over a link */
  function outputsOf(name: string, group: number, leaves: (projection: Outgoing) => boolean): readonly Output[] {
    return instance.projections
      .map(({ source, target }, order) => ({ source, target, order }))
      .filter((projection) => projection.source === name && leaves(projection))
      .map(({ order }) => ({ order, group, link: links[order] as Pathway }))
  }

  function lossOutputs(name: string, group: number): readonly Output[] {
    const input = observed.get(name)
    return input === undefined || input.readout !== null ? [] : [{ order: Infinity, group, link: input.link }]
  }

  function close(): void {
    for (const actor of [...sources, ...groups, loss]) actor.close()
    for (const link of links) link.close()
    for (const { link, readout } of observed.values()) {
      link.close()
      readout?.close()
    }
  }

  return { sources, groups, loss, cyclic, close }
}
