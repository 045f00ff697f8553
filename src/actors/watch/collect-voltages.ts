import { Subscription } from 'rxjs'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { type SomeSynapses, someSynapses } from '../../dynamics/voltages/some-synapses.js'
import { VoltagePass } from '../../dynamics/voltages/voltage-pass.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { GroupActor } from '../group/group-actor.js'
import { type Run, spanOf } from '../group/run.js'
import type { SliceVoltages, VoltagesOrder } from '../partition/partition.js'
import { MOST_SAMPLES } from './watch-faults.js'

/** The voltages that are watched in a run. */
interface VoltageCollector {
  /** Once the run is done, and before parameters change. */
  slices(): readonly SliceVoltages[]
  stop(): void
}

/** Works out the voltages that are watched; what it follows through a stream it keeps from segment to segment. */
export interface VoltageWatch {
  /** A run begins in the actors. */
  begin(run: Run, orders: readonly VoltagesOrder[]): VoltageCollector
}

/** A kernel whose neurons are watched, and the actor that runs it. */
interface Watched {
  readonly order: VoltagesOrder
  readonly actor: GroupActor
  readonly kernel: Kernel
  /** Held here, by their places in the kernel. */
  readonly neurons: Uint32Array
}

interface Received {
  /** Of the kernel. */
  readonly input: number
  readonly batch: SpikeBatch
}

/** @param isRouted whether operators stand in a projection, by its place in the network's list: what they do is not followed */
export function createVoltageWatch(groups: readonly GroupActor[], isRouted: (order: number) => boolean): VoltageWatch {
  /** Of the segment before: how far each of the watched kernels has come. */
  let followed: ReadonlyMap<string, VoltagePass> = new Map()
  /** Of the neurons that were watched in the last run. */
  let synapses: ReadonlyMap<string, SomeSynapses> = new Map()

  function watchedBy(order: VoltagesOrder): readonly Watched[] {
    return groups.flatMap((actor) =>
      actor.component.kernels.flatMap((kernel): readonly Watched[] => {
        const { name, start, size } = kernel.values
        if (name !== order.group) return []
        const neurons = order.units.filter((unit) => start <= unit && unit < start + size).map((unit) => unit - start)
        return neurons.length === 0 ? [] : [{ order, actor, kernel, neurons }]
      }),
    )
  }

  return {
    begin(run, orders) {
      const before = followed
      followed = new Map()
      const known = synapses
      const used = new Map<string, SomeSynapses>()
      const synapsesOf = (watched: Watched) => {
        const key = keyOf(watched)
        const own = known.get(key) ?? someSynapses(watched.kernel, watched.neurons)
        used.set(key, own)
        return own
      }
      synapses = used
      const listened = orders.flatMap(watchedBy).map((watched) => ({ watched, ...listen(watched) }))
      return {
        stop: () => {
          for (const { subscription } of listened) subscription.unsubscribe()
        },
        slices() {
          const passes = new Map<string, VoltagePass>()
          const slices = listened.map(({ watched, received, spikes }) => {
            const key = keyOf(watched)
            const last = run.segment?.from === 'last' ? before.get(key) : undefined
            const isHeardRouted = watched.kernel.projections.some(({ order }) => isRouted(order))
            const fault = isHeardRouted ? 'routed' : isTooMuch(watched.order, run) ? 'many' : null
            const pass = fault ?? last ?? passOf(watched, run, synapsesOf)
            if (typeof pass !== 'string') passes.set(key, pass)
            return sliceOf(watched, run, pass, { received, spikes })
          })
          followed = passes
          return slices
        },
      }
    },
  }
}

function keyOf({ order, kernel }: Watched): string {
  return `${order.id} ${kernel.values.start}`
}

/** The same wherever its units are. A run without an end has a fault of its own. */
function isTooMuch({ units, every }: VoltagesOrder, run: Run): boolean {
  const { start, end } = spanOf(run)
  return end < Infinity && (run.trials.count * units.length * (end - start)) / every > MOST_SAMPLES
}

/** From rest; or why there is none. */
function passOf(
  watched: Watched,
  run: Run,
  synapsesOf: (watched: Watched) => SomeSynapses,
): VoltagePass | 'driven' | 'late' | 'endless' {
  const { kernel, actor } = watched
  const heard = new Set(kernel.inputs.map(({ projection }) => projection))
  if (heard.size < kernel.projections.length) return 'driven'
  if (spanOf(run).end === Infinity) return 'endless'
  if (run.segment !== undefined && run.segment.from !== 'rest') return 'late'
  return new VoltagePass(kernel, synapsesOf(watched), actor.optionsOf(kernel))
}

function sliceOf(
  { order, kernel, neurons }: Watched,
  run: Run,
  pass: ReturnType<typeof passOf> | 'routed' | 'many',
  { received, spikes }: { readonly received: readonly Received[]; readonly spikes: readonly SpikeBatch[] },
): SliceVoltages {
  const units = neurons.map((neuron) => kernel.values.start + neuron)
  if (typeof pass === 'string') return { id: order.id, units, found: pass }
  for (const { input, batch } of received) pass.receive(input, batch)
  const own = joinTrains([noSpikes(run.trials.count), ...spikes]).trains
  return { id: order.id, units, found: pass.advance(own, spanOf(run), order.every) }
}

/** What the kernel receives, from outside its component or from inside, and what it emits. */
function listen({ actor, kernel }: Watched) {
  const received: Received[] = []
  const spikes: SpikeBatch[] = []
  const { inputs, kernels } = actor.component
  const inside = new Set(kernels.map(({ values }) => values.name))
  const subscription = new Subscription()
  kernel.inputs.forEach(({ order, units, source }, input) => {
    const outer = inputs.findIndex((each) => each.order === order && each.units.start === units.start)
    const isInside = inside.has(source) && outer < 0
    const hear = (batch: SpikeBatch) => void received.push({ input, batch })
    subscription.add(
      isInside
        ? actor.spikes$.subscribe((batch) => {
            if (batch.stream === source) hear(batch)
          })
        : actor.received$.subscribe((each) => {
            if (each.input === outer) hear(each.batch)
          }),
    )
  })
  subscription.add(
    actor.spikes$.subscribe((batch) => {
      if (batch.stream === kernel.values.name) spikes.push(batch)
    }),
  )
  return { received, spikes, subscription }
}
