import fc from 'fast-check'
import type { TakenSlot, WorkerOffer, WorkerVersions } from '../../../src/actors/fleet/fleet-messages.js'

export const VERSIONS: WorkerVersions = { antidrome: '1.0.0', protocol: 3, arithmetic: 2 }

const OFFER: WorkerOffer = {
  id: 'a',
  name: 'worker a',
  machine: 'host-a',
  pid: 10,
  slots: 2,
  taken: [],
  isLeaving: false,
  isDialled: true,
  versions: VERSIONS,
  hardwareThreads: 4,
  load: 0.5,
  freeMemory: 2 ** 30,
  sealKey: 'X',
  clock: 0,
  uptime: 1,
}

export const offer = (id: string, part: Partial<WorkerOffer> = {}): WorkerOffer => ({
  ...OFFER,
  id,
  name: `worker ${id}`,
  machine: `host-${id}`,
  ...part,
})

export const TAKEN: TakenSlot = { run: 'other', epoch: 0, cores: [0], pid: 1 }

/** Workers with distinct ids, some of which are busy, and some of which leave. */
export const someOffers: fc.Arbitrary<readonly WorkerOffer[]> = fc
  .array(
    fc.record({
      slots: fc.nat(6),
      taken: fc.array(fc.constant(TAKEN), { maxLength: 7 }),
      isLeaving: fc.boolean(),
      load: fc.constantFrom(0, 0.5, 2),
      name: fc.constantFrom('x', 'y'),
    }),
    { maxLength: 6 },
  )
  .map((parts) => parts.map((part, k) => offer(`w${k}`, part)))
