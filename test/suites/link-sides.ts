import { expect } from 'vitest'
import type { LinkOptions } from '../../src/streams/links/link-options.js'
import type { Message, SpikesMessage } from '../../src/streams/message.js'
import { type Carrier, createSide, isOver, NAMES, type PortPair, type Side, until } from './link-fixture.js'

/** The two ends of a link. */
export interface Sides {
  readonly left: Side
  readonly right: Side
}

export type Changes = Partial<LinkOptions>

/** Opens and closes links over one carrier. */
export interface SidesOf {
  /** Nothing has arrived yet when it returns: what follows without a pause happens before the handshake. */
  joinPorts(ports: PortPair, left?: Changes, right?: Changes): Sides
  join(left?: Changes, right?: Changes): Promise<Sides>
  open(left?: Changes, right?: Changes): Promise<Sides>
  close(sides: Sides): Promise<void>
  bothOver(sides: Sides): Promise<void>
}

export function sidesOf(carrier: Carrier): SidesOf {
  const joinPorts = (ports: PortPair, left: Changes = {}, right: Changes = {}): Sides => ({
    right: createSide('right', ports.right, right),
    left: createSide('left', ports.left, left),
  })
  const join = async (left: Changes = {}, right: Changes = {}) => joinPorts(await carrier.open(), left, right)
  return {
    joinPorts,
    join,
    async open(left = {}, right = {}) {
      const sides = await join(left, right)
      await Promise.all([sides.left.link.opened, sides.right.link.opened])
      return sides
    },
    async close({ left, right }) {
      await Promise.all([left.link.close(), right.link.close()])
      expect([left.clock.ticking, right.clock.ticking]).toEqual([0, 0])
    },
    bothOver: ({ left, right }) => until(() => isOver(left) && isOver(right)),
  }
}

/** One spike in one window. */
export const spikes = (sequence: number, end = sequence + 1, stream = 0): SpikesMessage => ({
  kind: 'spikes',
  stream,
  run: 1,
  batch: {
    stream: NAMES[stream]!,
    sequence,
    window: { start: sequence, end },
    offsets: Uint32Array.of(0, 1),
    times: Float64Array.of(sequence + 0.5),
    units: Uint32Array.of(3),
  },
})

export const value = (of: unknown): Message => ({ kind: 'value', value: of })
