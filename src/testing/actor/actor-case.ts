import type { CreateActor } from '../../dynamics/kernels/actor/actor-contract.js'
import type { ActorKernel, ActorOrigin } from '../../dynamics/kernels/actor/actor-kernel.js'
import { actorKernelOfGroup } from '../../dynamics/kernels/kernel-of-group.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { trainsOfTrials } from '../../events/trains-of-trials.js'
import { ACTOR_DEFAULTS } from '../../network/description/actor-group.js'
import { defineNetwork } from '../../network/description/define-network.js'
import { source } from '../../network/description/groups.js'
import { uniform } from '../../network/description/initializers.js'
import type { GroupSpec, Network } from '../../network/description/network.js'
import { connect, dense, perSynapse } from '../../network/description/projections.js'
import type { ActorValues } from '../../network/instance/instance.js'
import { instantiate } from '../../network/instance/instantiate.js'
import type { ModuleReference } from '../../network/modules/module-reference.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { createRandomStream, type RandomStream } from '../../numerics/random-stream.js'

/** What an actor is put through. */
export interface ActorCase {
  readonly seed: number
  readonly create: CreateActor
  /** The kernel of a slice, by default of the whole group: the same one for all runs, as in a session. */
  kernelOf(slice?: Slice): ActorKernel
  /** Two sources and the actor. */
  readonly network: Network
  /** The actor alone. */
  readonly spec: GroupSpec
  readonly weights: ActorRange['weights']
  readonly size: number
  readonly whole: boolean
  readonly until: number
  /** Per source, of two trials. */
  readonly inputs: readonly SpikeTrains[]
  /** Numbers of this case that laws may need, by name. */
  random(name: string): RandomStream
}

/** What cases are drawn from. */
export interface ActorRange {
  readonly create: CreateActor
  readonly reference: ModuleReference
  readonly size: number
  readonly whole: boolean
  readonly until: number
  /** Spikes of each of the ten source units in a trial. */
  readonly spikes: number
  readonly weights: readonly [least: number, most: number]
}

/** Units of each source. */
export const SOURCE_SIZE = 5

const BLOCK = 32

const SOURCES = ['left', 'right'] as const

/** The group that is looked at. */
export const ACTOR = 'actor'

/** A case, which is a function of the range and its number. */
export function actorCase(
  { create, reference, size, whole, until, spikes, weights }: ActorRange,
  seed: number,
): ActorCase {
  const random = (name: string) => createRandomStream(seed, `actorSuite/${name}`)
  const spec: GroupSpec = { ...ACTOR_DEFAULTS, kind: 'actor', size, whole, module: reference }
  const network = defineNetwork({
    groups: {
      left: source(SOURCE_SIZE),
      right: source(SOURCE_SIZE),
      [ACTOR]: spec,
    },
    projections: SOURCES.map((name) =>
      connect(name, ACTOR, dense(uniform(...weights)), { delay: perSynapse(uniform(0.25, 4)) }),
    ),
  })
  const inputs = SOURCES.map((name) => drawTrains(random(`spikes/${name}`), 2, spikes * SOURCE_SIZE, until))
  const kernels = new Map<string, ActorKernel>()
  const kernelOf = (slice: Slice = { start: 0, end: size }) => {
    const key = `${slice.start} ${slice.end}`
    const kernel = kernels.get(key) ?? kernelOfSlice(network, { group: ACTOR, ...slice }, { create, seed })
    kernels.set(key, kernel)
    return kernel
  }
  return { seed, create, kernelOf, network, spec, weights, size, whole, until, inputs, random }
}

/** Whether the actor has several slices. */
export function isCut({ whole, size }: ActorCase): boolean {
  return !whole && size > BLOCK
}

/** The actor in as many slices as there are. */
export function slicesOf(sample: ActorCase): readonly Slice[] {
  const { size } = sample
  if (!isCut(sample)) return [{ start: 0, end: size }]
  return Array.from({ length: Math.ceil(size / BLOCK) }, (_, k) => {
    return { start: k * BLOCK, end: Math.min(size, (k + 1) * BLOCK) }
  })
}

function kernelOfSlice(network: Network, slice: GroupSlice, origin: ActorOrigin): ActorKernel {
  const instance = instantiate(network, origin.seed, [slice])
  const values = instance.groups.find(({ kind }) => kind === 'actor') as ActorValues
  return actorKernelOfGroup(instance, values, origin)
}

/** `count` spikes per trial at any time, in event order. */
function drawTrains(random: RandomStream, trials: number, count: number, until: number): SpikeTrains {
  const lists = Array.from({ length: trials }, (_, trial) =>
    Array.from({ length: count }, (_, k) => {
      const at = 2 * (trial * count + k)
      return { time: until * random.uniform(at), unit: random.integer(at + 1, SOURCE_SIZE) }
    }),
  )
  return trainsOfTrials(lists)
}
