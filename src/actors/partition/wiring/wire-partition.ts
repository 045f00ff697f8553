import type { CreateActor } from '../../../dynamics/kernels/actor/actor-contract.js'
import type { ActorOrigin } from '../../../dynamics/kernels/actor/actor-kernel.js'
import { chooseKernels } from '../../../dynamics/kernels/choose-kernel.js'
import { type ComponentKernel, createSingleKernel } from '../../../dynamics/kernels/component-kernel.js'
import { createFusedKernel } from '../../../dynamics/kernels/fused-kernel.js'
import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import {
  actorKernelOfGroup,
  chosenKernelOfGroup,
  windowKernelOfGroup,
} from '../../../dynamics/kernels/kernel-of-group.js'
import { EXPLICIT } from '../../../dynamics/kernels/returned-events.js'
import type { WorkerPool } from '../../../dynamics/kernels/simd/worker-pool.js'
import type { ComponentInput } from '../../../dynamics/timeline/kernel-input.js'
import { InternalError } from '../../../events/errors.js'
import type { Placement } from '../../../hardware/placement.js'
import { createFiringTally, type FiringTally } from '../../../learning/diagnosis/firing-tally.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Group, Network } from '../../../network/description/network.js'
import { type Component, components } from '../../../network/graph/components.js'
import { cyclicKeys } from '../../../network/graph/cyclic-keys.js'
import { groupsBehind } from '../../../network/graph/groups-behind.js'
import { shortCycle } from '../../../network/graph/lookahead.js'
import type { ActorValues, NetworkInstance, SourceValues } from '../../../network/instance/instance.js'
import { isReadout, isSpiking } from '../../../network/models/models.js'
import type { Deliver } from '../../../streams/deliver.js'
import type { SpikeReceiver } from '../../../streams/pathway.js'
import type { PathwayEnds } from '../../../streams/pathways/pathway-ends.js'
import type { VectorStream } from '../../../streams/vector-stream.js'
import type { Computation } from '../../computation-options.js'
import { createGroupActor, type GroupActor } from '../../group/group-actor.js'
import type { Input, Output } from '../../group/group-ends.js'
import { createLossActor, type LossActor, type LossInput } from '../../group/loss-actor.js'
import { type ComponentObserver, observedComponent } from '../../group/observed-component.js'
import { createSourceActor, type SourceActor } from '../../group/source-actor.js'
import type { Stage } from '../../trace/run-stages.js'
import { type SharedParameters, sharedParametersOf } from '../learning/shared-parameters.js'
import type { PathwayTable, ProjectionPathway } from '../pathways/pathway-table.js'
import { placedSlices, spikingSlices } from '../pathways/placed-slices.js'
import { windowedGroups } from '../pathways/windowed-groups.js'
import { createOperators, type OperatorSetup } from './create-operators.js'

/** What the kernels of a core are made from. */
interface KernelSetup extends Pick<Computation, 'seed' | 'kernel'>, OperatorSetup {
  readonly network: Network
  /** The slices of this core and the projections into them. */
  readonly instance: NetworkInstance
  readonly placement: Placement
  readonly core: number
  /** The threads that SIMD kernels run on. */
  readonly pool: WorkerPool
  readonly beat: () => void
}

export interface PartitionSetup extends KernelSetup, Pick<Computation, 'spikeLimit'> {
  readonly table: PathwayTable
  readonly ends: PathwayEnds
  /** Decides when a message between actors here arrives. */
  readonly deliver: Deliver
  /** See `SourceActorOptions`. */
  readonly spikesPerBatch?: number
  /** What looks at the work of a component into which these receivers lead; default: nothing. */
  readonly observersOf?: (
    component: ComponentKernel,
    receivers: readonly SpikeReceiver[],
  ) => readonly ComponentObserver[]
  /** See `createLossActor`. */
  readonly evaluated?: Stage | undefined
}

/** The actors of one core, joined to each other and to the ends of pathways. */
export interface WiredPartition {
  readonly sources: readonly SourceActor[]
  readonly groups: readonly GroupActor[]
  readonly loss: LossActor
  readonly kernels: readonly Kernel[]
  /** Of the LIF slices here. */
  readonly firing: readonly FiringTally[]
  readonly shared: readonly SharedParameters[]
  /** Keys of the projections that lie on a cycle. */
  readonly cyclic: ReadonlySet<string>
  close(): void
}

/** Builds the actors of a core: one per source slice, one per component of its slices, and its loss. */
export function wirePartition(setup: PartitionSetup): WiredPartition {
  const { network, ends } = setup
  const parts = components(network)
  const kernelsOf = createComponentKernels(setup)
  const outputs = createOutputs(setup)
  const groupOf = new Map(network.groups.map((group) => [group.name, group]))
  const cyclic = cyclicKeys(network, parts)

  const sources = parts
    .flatMap(({ groups }) => groups)
    .flatMap((name) => sourceHere(groupOf.get(name), setup))
    .map((values) => createSourceActor({ ...setup, values, outputs: outputs.of(values.name, 0, new Set()) }))
  const groups = parts.flatMap((part) => {
    return kernelsOf(part).map((component) => wireComponent(component, !part.cyclic))
  })
  const kernels = groups.flatMap(({ component }) => component.kernels)
  const firing = groups.flatMap(({ component, spikes$ }) => {
    const slices = component.kernels.map(({ values }) => values)
    const tallies = slices.flatMap((slice) => (isSpiking(slice) ? [createFiringTally(slice)] : []))
    spikes$.subscribe((batch) => tallies.find(({ group }) => group === batch.stream)?.add(batch))
    return tallies
  })
  const loss = createLossActor(lossInputs(setup), setup)

  function wireComponent(component: ComponentKernel, whole: boolean): GroupActor {
    const names = component.kernels.map(({ values }) => values.name)
    const incoming = component.inputs.map((input) => streamInto(component, input, setup))
    const inside = streamsInside(names, new Set(incoming), setup)
    const inputs = incoming.map((stream, k): Input => {
      const source = groupOf.get(component.inputs[k]?.source ?? '')
      if (source === undefined) throw new RangeError(`input ${k} of "${names[0]}" comes from nowhere`)
      return { source, receiver: ends.pathway(stream) }
    })
    const receivers = inputs.map(({ receiver }) => receiver)
    return createGroupActor({
      component: observedComponent(component, setup.observersOf?.(component, receivers) ?? []),
      inputs,
      outputs: names.flatMap((name, group) => [...outputs.of(name, group, inside), ...outputs.toLoss(name, group)]),
      readouts: names.map(outputs.readoutOf),
      whole,
      cyclic,
      leadsTo: groupsBehind(network, names),
      spikeLimit: setup.spikeLimit,
      beat: setup.beat,
    })
  }

  function close(): void {
    for (const actor of [...sources, ...groups, loss]) actor.close()
  }

  const shared = kernels.flatMap((kernel) => sharedParametersOf(kernel, setup))
  return { sources, groups, loss, kernels, firing, shared, cyclic, close }
}

/** What a source is here: the slice that is placed here, or all of it if its spikes are given, and heard or kept here. */
function sourceHere(
  group: Group | undefined,
  { instance, table, core, placement }: PartitionSetup,
): readonly SourceValues[] {
  if (group === undefined || !isGiven(group))
    return instance.groups.flatMap((values) => {
      return values.name === group?.name && values.kind === 'source' ? [values] : []
    })
  const { name, size } = group
  const here = placement.cores.find((place) => place.core === core)?.slices ?? []
  const isHeard = table.projections.some(({ source }) => source.group === name && source.core === core)
  const isHere = isHeard || here.some((slice) => slice.group === name && slice.start === 0)
  return isHere ? [{ kind: 'source', name, size, start: 0, total: size }] : []
}

/** What runs inside the component's kernel, not over a pathway. */
function streamsInside(
  names: readonly string[],
  incoming: ReadonlySet<number>,
  { table, core }: PartitionSetup,
): ReadonlySet<number> {
  const isInside = ({ stream, source, target }: ProjectionPathway) =>
    source.core === core &&
    target.core === core &&
    names.includes(source.group) &&
    names.includes(target.group) &&
    !incoming.has(stream)
  return new Set(table.projections.filter(isInside).map(({ stream }) => stream))
}

function streamInto(
  { kernels: [first] }: ComponentKernel,
  { order, units }: ComponentInput,
  { table, core }: PartitionSetup,
): number {
  const way = table.projections.find(({ order: place, source, target }) => {
    return place === order && source.start === units.start && target.core === core
  })
  if (way === undefined) throw new RangeError(`no pathway of projection ${order} into "${first?.values.name}"`)
  return way.stream
}

/** What leaves the slices of this core. */
interface Outputs {
  /** The spikes of a group, over all pathways but those inside its component. */
  of(name: string, group: number, inside: ReadonlySet<number>): readonly Output[]
  /** The spikes of a group, to its loss; none for a readout. */
  toLoss(name: string, group: number): readonly Output[]
  /** What a readout sends to its loss; null for other groups. */
  readoutOf(name: string): VectorStream | null
}

function createOutputs({ network, table, core, ends }: PartitionSetup): Outputs {
  const readouts = new Set(network.groups.filter(isReadout).map(({ name }) => name))
  const lossStream = (name: string) =>
    table.losses.find(({ slice }) => slice.group === name && slice.core === core)?.stream as number
  return {
    of: (name, group, inside) =>
      table.projections
        .filter(({ stream, source }) => source.group === name && source.core === core && !inside.has(stream))
        .map(({ stream, returned }): Output => ({ sums: returned, group, sender: ends.pathway(stream) })),
    toLoss: (name, group) =>
      readouts.has(name) ? [] : [{ sums: EXPLICIT, group, sender: ends.pathway(lossStream(name)) }],
    readoutOf: (name) => (readouts.has(name) ? ends.vectorStream(lossStream(name)) : null),
  }
}

function lossInputs({ network, table, core, ends }: PartitionSetup): readonly LossInput[] {
  return network.groups.flatMap((described): readonly LossInput[] => {
    const { name: group, size: total } = described
    const ways = table.losses.filter((way) => way.slice.group === group && way.core === core)
    if (ways.length === 0) return []
    const of = { group, total }
    return isReadout(described)
      ? [
          {
            kind: 'li',
            ...of,
            slices: ways.map((way) => ({ ...way.slice, receiver: ends.vectorStream(way.stream) })),
          },
        ]
      : [{ kind: 'lif', ...of, slices: ways.map((way) => ({ ...way.slice, receiver: ends.pathway(way.stream) })) }]
  })
}

/** Makes the kernels of the slices that a core holds of a component of the network. */
function createComponentKernels(setup: KernelSetup): (part: Component) => readonly ComponentKernel[] {
  const { network, instance, placement, core, seed, kernel, modules, pool } = setup
  const slices = placedSlices(placement)
  const spiking = spikingSlices(network, placement)
  const sourceSlices = (group: string) => spiking(group, core)
  const choices = new Map(chooseKernels(network, kernel).map((choice) => [choice.group, choice]))
  const windowed = windowedGroups(network, placement, kernel)
  const operatorsOf = createOperators(network, setup)

  /**
   * One component per slice, unless spikes go around a cycle of whole groups here in next to no time: then those groups
   * run within one kernel.
   */
  function kernelsOf(part: Component): readonly ComponentKernel[] {
    const held = part.groups.filter(isHeld)
    const [whole, cut] = [held.filter((name) => !isCut(name)), held.filter(isCut)]
    const inside = {
      groups: network.groups.filter(({ name }) => whole.includes(name)),
      projections: network.projections.filter(({ source, target }) => whole.includes(source) && whole.includes(target)),
    }
    return [
      ...components(inside).flatMap((tied) =>
        shortCycle(instance, tied) === null
          ? tied.groups.map(single)
          : [createFusedKernel(instance, tied.groups, sourceSlices, kernelOf, operatorsOf)],
      ),
      ...cut.map(single),
    ]
  }

  function single(name: string): ComponentKernel {
    // Its synapses are sorted, which may take long.
    setup.beat()
    const ways = windowed.get(name)
    if (ways !== undefined)
      return createSingleKernel(windowKernelOfGroup(ways, instance, name, seed, sourceSlices), operatorsOf)
    return createSingleKernel(kernelOf(name), operatorsOf)
  }

  function kernelOf(name: string): Kernel {
    const held = instance.groups.find((values) => values.name === name)
    if (held?.kind === 'actor') return actorKernelOfGroup(instance, held, originOf(held), sourceSlices)
    const choice = choices.get(name)
    if (choice?.engine !== 'simd') return chosenKernelOfGroup('reference', instance, name, sourceSlices)
    return chosenKernelOfGroup('simd', instance, name, sourceSlices, pool, choice.feed ?? undefined)
  }

  function originOf({ name, module }: ActorValues): ActorOrigin {
    const create = modules.get(module)
    if (create === undefined) throw new InternalError(`The module of the actor "${name}" is not loaded.`)
    const note = setup.noteVerbs?.({ kind: 'actor', name, group: name, module: module.module })
    return { create: create as CreateActor, seed: seed, note }
  }

  function isCut(group: string): boolean {
    return (slices.get(group)?.length ?? 0) > 1
  }

  /** Whether a group of neurons has a slice here. */
  function isHeld(name: string): boolean {
    if (network.groups.find((group) => group.name === name)?.kind === 'source') return false
    return slices.get(name)?.some((slice) => slice.core === core) === true
  }

  return kernelsOf
}
