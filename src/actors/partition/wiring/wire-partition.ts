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
import { isGiven } from '../../../network/description/given-source.js'
import type { Group, Network } from '../../../network/description/network.js'
import { type Component, components } from '../../../network/graph/components.js'
import { cyclicKeys } from '../../../network/graph/cyclic-keys.js'
import { groupsBehind } from '../../../network/graph/groups-behind.js'
import { shortCycle } from '../../../network/graph/lookahead.js'
import type { ActorValues, NetworkInstance, SourceValues } from '../../../network/instance/instance.js'
import { isReadout, isSpiking } from '../../../network/models/models.js'
import type { NoteVerbs } from '../../../network/modules/module-verbs.js'
import type { Deliver } from '../../../streams/deliver.js'
import type { SpikeReceiver } from '../../../streams/pathway.js'
import type { PathwayEnds } from '../../../streams/pathways/pathway-ends.js'
import type { Computation } from '../../computation-options.js'
import { createFiringTally, type FiringTally } from '../../group/firing-tally.js'
import { createGroupActor, type GroupActor } from '../../group/group-actor.js'
import type { Input, Output } from '../../group/group-ends.js'
import { createLossActor, type LossActor, type LossInput } from '../../group/loss-actor.js'
import { type ComponentObserver, observedComponent } from '../../group/observed-component.js'
import { createSourceActor, type SourceActor } from '../../group/source-actor.js'
import type { LoadedModules } from '../../modules/load-modules.js'
import type { Stage } from '../../trace/run-stages.js'
import {
  createFollowedParameters,
  createOwnedParameters,
  type SharedParameters,
} from '../learning/shared-parameters.js'
import { type SharedPart, sharedDelays, sharedTaus } from '../learning/shared-part.js'
import type { PartialSumPathway, PathwayTable, ProjectionPathway } from '../pathways/pathway-table.js'
import { placedSlices, spikingSlices } from '../pathways/placed-slices.js'
import { windowedGroups } from '../pathways/windowed-groups.js'
import { createOperators } from './create-operators.js'

export interface PartitionSetup extends Pick<Computation, 'seed' | 'kernel' | 'spikeLimit'> {
  readonly network: Network
  /** The slices of this core and the projections into them. */
  readonly instance: NetworkInstance
  readonly placement: Placement
  readonly table: PathwayTable
  readonly core: number
  readonly ends: PathwayEnds
  /** Decides when a message between actors here arrives. */
  readonly deliver: Deliver
  /** What the modules that the network names export. */
  readonly modules: LoadedModules
  /** Called with the user function that is being executed; optional. */
  readonly noteVerbs?: NoteVerbs | undefined
  /** See `SourceActorOptions`. */
  readonly spikesPerBatch?: number
  readonly beat: () => void
  /** The threads that SIMD kernels run on. */
  readonly pool: WorkerPool
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
  const { network, instance, placement, table, core, ends } = setup
  const slices = placedSlices(placement)
  const parts = components(network)
  const here = (group: string) => slices.get(group)?.find((slice) => slice.core === core)
  const spiking = spikingSlices(network, placement)
  const sourceSlices = (group: string) => spiking(group, core)
  const groupOf = new Map(network.groups.map((group) => [group.name, group]))
  const readouts = new Set(network.groups.filter(isReadout).map(({ name }) => name))
  const choices = new Map(chooseKernels(network, setup.kernel).map((choice) => [choice.group, choice]))
  const windowed = windowedGroups(network, placement, setup.kernel)
  const cyclic = cyclicKeys(network, parts)
  const operatorsOf = createOperators(network, setup)

  const sources = parts
    .flatMap(({ groups }) => groups)
    .flatMap((name) => sourceHere(groupOf.get(name)))
    .map((values) => createSourceActor({ ...setup, values, outputs: outputsOf(values.name, 0, new Set()) }))
  const groups = parts.flatMap((part) => {
    return kernelsOf(part).map((component) => wireComponent(component, !part.cyclic))
  })
  const kernels = groups.flatMap(({ component }) => component.kernels)
  const firing = groups.flatMap(({ component, spikes$ }) => {
    const slices = component.kernels.map(({ values }) => values)
    return slices.flatMap((slice) => (isSpiking(slice) ? [createFiringTally(slice, spikes$)] : []))
  })
  const loss = createLossActor(lossInputs(), setup)

  /** What a source is here: the slice that is placed here, or all of it if its spikes are given, and heard or kept here. */
  function sourceHere(group: Group | undefined): readonly SourceValues[] {
    if (group === undefined || !isGiven(group))
      return instance.groups.flatMap((values) => {
        return values.name === group?.name && values.kind === 'source' ? [values] : []
      })
    const { name, size } = group
    const isHeard = table.projections.some(({ source }) => source.group === name && source.core === core)
    const isHere = isHeard || here(name)?.start === 0
    return isHere ? [{ kind: 'source', name, size, start: 0, total: size }] : []
  }

  /**
   * One component per slice, unless spikes go around a cycle of whole groups here in next to no time: then those groups
   * run within one kernel.
   */
  function kernelsOf(part: Component): readonly ComponentKernel[] {
    const held = part.groups.filter((name) => groupOf.get(name)?.kind !== 'source' && here(name) !== undefined)
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
      return createSingleKernel(windowKernelOfGroup(ways, instance, name, setup.seed, sourceSlices), operatorsOf)
    return createSingleKernel(kernelOf(name), operatorsOf)
  }

  function kernelOf(name: string): Kernel {
    const held = instance.groups.find((values) => values.name === name)
    if (held?.kind === 'actor') return actorKernelOfGroup(instance, held, originOf(held), sourceSlices)
    const choice = choices.get(name)
    if (choice?.engine !== 'simd') return chosenKernelOfGroup('reference', instance, name, sourceSlices)
    return chosenKernelOfGroup('simd', instance, name, sourceSlices, setup.pool, choice.feed ?? undefined)
  }

  function originOf({ name, module }: ActorValues): ActorOrigin {
    const create = setup.modules.get(module)
    if (create === undefined) throw new InternalError(`The module of the actor "${name}" is not loaded.`)
    const note = setup.noteVerbs?.({ kind: 'actor', name, group: name, module: module.module })
    return { create: create as CreateActor, seed: setup.seed, note }
  }

  function isCut(group: string): boolean {
    return (slices.get(group)?.length ?? 0) > 1
  }

  function wireComponent(component: ComponentKernel, whole: boolean): GroupActor {
    const names = component.kernels.map(({ values }) => values.name)
    const incoming = component.inputs.map((input) => streamInto(component, input))
    const inside = streamsInside(names, new Set(incoming))
    const inputs = incoming.map((stream, k): Input => {
      const source = groupOf.get(component.inputs[k]?.source ?? '')
      if (source === undefined) throw new RangeError(`input ${k} of "${names[0]}" comes from nowhere`)
      return { source, receiver: ends.pathway(stream) }
    })
    const receivers = inputs.map(({ receiver }) => receiver)
    return createGroupActor({
      component: observedComponent(component, setup.observersOf?.(component, receivers) ?? []),
      inputs,
      outputs: names.flatMap((name, group) => [...outputsOf(name, group, inside), ...lossOutputs(name, group)]),
      readouts: names.map((name) => (readouts.has(name) ? ends.vectorStream(lossStream(name)) : null)),
      whole,
      cyclic,
      leadsTo: groupsBehind(network, names),
      spikeLimit: setup.spikeLimit,
      beat: setup.beat,
    })
  }

  /** What runs inside the component's kernel, not over a pathway. */
  function streamsInside(names: readonly string[], incoming: ReadonlySet<number>): ReadonlySet<number> {
    const isInside = ({ stream, source, target }: ProjectionPathway) =>
      source.core === core &&
      target.core === core &&
      names.includes(source.group) &&
      names.includes(target.group) &&
      !incoming.has(stream)
    return new Set(table.projections.filter(isInside).map(({ stream }) => stream))
  }

  function streamInto({ kernels: [first] }: ComponentKernel, { order, units }: ComponentInput): number {
    const way = table.projections.find(({ order: place, source, target }) => {
      return place === order && source.start === units.start && target.core === core
    })
    if (way === undefined) throw new RangeError(`no pathway of projection ${order} into "${first?.values.name}"`)
    return way.stream
  }

  function outputsOf(name: string, group: number, inside: ReadonlySet<number>): readonly Output[] {
    return table.projections
      .filter(({ stream, source }) => source.group === name && source.core === core && !inside.has(stream))
      .map(({ stream, returned }): Output => ({ sums: returned, group, sender: ends.pathway(stream) }))
  }

  function lossStream(name: string): number {
    return table.losses.find(({ slice }) => slice.group === name && slice.core === core)?.stream as number
  }

  function lossOutputs(name: string, group: number): readonly Output[] {
    return readouts.has(name) ? [] : [{ sums: EXPLICIT, group, sender: ends.pathway(lossStream(name)) }]
  }

  function lossInputs(): readonly LossInput[] {
    return network.groups.flatMap(({ name: group, size: total }): readonly LossInput[] => {
      const ways = table.losses.filter((way) => way.slice.group === group && way.core === core)
      if (ways.length === 0) return []
      const of = { group, total }
      return readouts.has(group)
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

  function close(): void {
    for (const actor of [...sources, ...groups, loss]) actor.close()
  }

  const shared = kernels.flatMap((kernel) => sharedParametersOf(kernel, table, setup))
  return { sources, groups, loss, kernels, firing, shared, cyclic, close }
}

/** What a slice shares with other slices of its group. */
function sharedParametersOf(kernel: Kernel, table: PathwayTable, setup: PartitionSetup): readonly SharedParameters[] {
  const { name } = kernel.values
  const orders = setup.instance.projections.filter(({ target }) => target === name).map(({ order }) => order)
  const delays = orders.flatMap((order, projection) => {
    return sharedAlong(
      table.partialSums.filter((way) => way.order === order),
      sharedDelays(kernel, projection),
      setup,
    )
  })
  const taus = table.taus.filter(({ owner }) => owner.group === name)
  return [...delays, ...sharedAlong(taus, sharedTaus(kernel), setup)]
}

/** @param ways from the slices that follow to the one that owns */
function sharedAlong(
  ways: readonly PartialSumPathway[],
  part: SharedPart,
  { core, ends }: PartitionSetup,
): readonly SharedParameters[] {
  const [first] = ways
  if (first === undefined) return []
  if (first.owner.core !== core) {
    const own = ways.find(({ follower }) => follower.core === core)
    return own === undefined ? [] : [createFollowedParameters(part, ends.vectorStream(own.stream))]
  }
  const followers = ways.map(({ nodes, stream }) => ({ nodes, receiver: ends.vectorStream(stream) }))
  return [createOwnedParameters(part, followers)]
}
