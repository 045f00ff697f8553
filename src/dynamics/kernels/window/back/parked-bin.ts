import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ADAPTATION, OWN_EVENT, TAU_STATE, UNSCALED_ADJOINT, UNSCALED_TAUS } from '../../wasm/schema/adjoint-records.js'
import type { AdjointHeaderFields } from './adjoint-header.js'
import type { TapedArrivals } from './run-tape.js'

/** Regions that own events and arrivals change, and how many bytes a neuron has in each. */
export type AdjointSizes = Readonly<Record<'pairs' | 'restarts' | 'adaptations' | 'tauStates', number>>

export function adjointSizes(isUnscaled: boolean): AdjointSizes {
  return {
    pairs: isUnscaled ? UNSCALED_ADJOINT.size : 16,
    restarts: 8,
    adaptations: ADAPTATION.size,
    tauStates: isUnscaled ? UNSCALED_TAUS.size : TAU_STATE.size,
  }
}

export interface ParkedRoom {
  readonly regions: AdjointHeaderFields
  readonly size: number
  readonly room: number
  readonly sizes: AdjointSizes
}

/**
 * A bin that is undone in parts, since windows end inside of it, kept as it was before: the gradient by the time constants
 * is summed up once all of it is undone, so that its order does not tell where it was cut.
 */
export class ParkedBin {
  readonly bin: number
  readonly arrivals: TapedArrivals | undefined
  /** Copies of a trial's regions. */
  readonly regions: AdjointHeaderFields
  /** Own events as they were undone, `OWN_EVENT`, as doubles. */
  private readonly events: Float64Array[] = []

  /** @param room where copies may lie */
  constructor(
    memory: KernelMemory,
    bin: number,
    arrivals: TapedArrivals | undefined,
    { regions, size, room, sizes }: ParkedRoom,
  ) {
    let at = room
    const copies: Partial<Record<keyof AdjointSizes, number>> = {}
    for (const [name, bytes] of Object.entries(sizes) as [keyof AdjointSizes, number][]) {
      const from = (regions[name] as number) / 8
      memory.f64.copyWithin(at / 8, from, from + (bytes * size) / 8)
      copies[name] = at
      at += bytes * size
    }
    this.bin = bin
    this.arrivals = arrivals
    this.regions = { ...regions, ...copies }
  }

  /** Bytes of copies. */
  static roomFor(size: number, sizes: AdjointSizes): number {
    return Object.values(sizes).reduce((sum, bytes) => sum + bytes * size, 0) + 64
  }

  /** Notes own events that are undone, at addresses from … to. */
  note({ f64 }: KernelMemory, from: number, to: number): void {
    const width = OWN_EVENT.size / 8
    for (let at = from / 8; at < to / 8; at += width) this.events.push(f64.slice(at, at + width))
  }

  get eventCount(): number {
    return this.events.length
  }

  /** Writes all own events of the bin, those of a neuron one after the other. */
  writeEvents({ f64 }: KernelMemory, at: number): void {
    const width = OWN_EVENT.size / 8
    const timeOf = (event: Float64Array) => event[OWN_EVENT.at.time / 8] as number
    const neuronOf = (event: Float64Array) => new Int32Array(event.buffer)[OWN_EVENT.at.neuron / 4] as number
    const inOrder = this.events.map((event) => ({ event, neuron: neuronOf(event), time: timeOf(event) }))
    inOrder.sort((a, b) => a.neuron - b.neuron || a.time - b.time)
    inOrder.forEach(({ event }, k) => {
      f64.set(event, at / 8 + width * k)
    })
  }
}
