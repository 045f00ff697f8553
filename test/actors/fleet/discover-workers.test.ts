import { describe, expect, test } from 'vitest'
import { callRoll, discoverWorkers, type Need } from '../../../src/actors/fleet/discover-workers.js'
import { SUBJECTS, type WorkerOffer } from '../../../src/actors/fleet/fleet-messages.js'
import type { JsonValue } from '../../../src/rendezvous/json-value.js'
import type { MemoryBoard } from '../../rendezvous/memory-rendezvous.js'
import { board, ROLL_CALL } from './fake-fleet.js'
import { offer, TAKEN, VERSIONS } from './offers.js'

async function replying(place: MemoryBoard, ...offers: readonly (WorkerOffer | JsonValue)[]) {
  for (const [k, each] of offers.entries())
    await place.join(`w${k}`).reply(SUBJECTS.roll, async () => each as unknown as JsonValue)
}

/** What two processes need; time passes with pauses alone. */
function need({ wait = 0, ...part }: Partial<Need> & { readonly wait?: number } = {}) {
  const pauses: number[] = []
  const left = () => wait - pauses.reduce((sum, ms) => sum + ms, 0)
  const waiting: Need['waiting'] = {
    limit: wait,
    get left() {
      return left()
    },
    get isOver() {
      return left() <= 0
    },
  }
  return {
    most: 2,
    least: 2,
    waiting,
    unreachable: { isAside: () => false, aside: [] },
    isTrusted: () => true,
    isAway: () => false,
    versions: VERSIONS,
    links: 'direct' as const,
    rollCall: ROLL_CALL,
    stamp: { run: 'own', epoch: 0 },
    endEarlier: async () => undefined,
    pause: async (ms: number) => void pauses.push(ms),
    pauses,
    ...part,
  }
}

test('workers that cannot be dialled are of use by way of the server alone, and are named', async () => {
  const place = board('hasty')
  await replying(place, offer('a', { slots: 1 }), offer('b', { slots: 1, isDialled: false }))
  const member = place.join('asker')
  await expect(discoverWorkers(member, need())).rejects.toMatchObject({
    code: 'WORKERS_TOO_FEW',
    details: { found: 1, expected: 2, workers: 1 },
    message: expect.stringContaining('not counted as they cannot be dialled: worker b (of use with --transport nats)'),
  })
  expect((await discoverWorkers(member, need({ links: 'nats' }))).length).toBe(2)
})

const idsOf = (picked: readonly WorkerOffer[]) => picked.map(({ id }) => id)
const OTHER = { antidrome: '0.9.0', protocol: 2, arithmetic: 2 }

test('a roll call tells those who compute alike from strangers, and passes over what is no offer', async () => {
  const place = board()
  const [a, b] = [offer('a'), offer('b', { versions: OTHER })]
  const later = { id: 'd', name: 'worker d', versions: OTHER, rooms: 3 }
  await replying(place, a, 3, null, { id: 'c' }, b, later, { ...a, slots: 'two' } as never)
  const known = ({ id, name, versions }: WorkerOffer) => ({ id, name, versions })
  const strangers = [known(b), { id: 'd', name: 'worker d', versions: OTHER }]
  expect(await callRoll(place.join('c'), VERSIONS, undefined, ROLL_CALL)).toEqual({ offers: [a], strangers })
})

describe('where there are too few workers', () => {
  const error = async (part: Parameters<typeof need>[0], ...offers: readonly WorkerOffer[]) => {
    const place = board()
    await replying(place, ...offers)
    return discoverWorkers(place.join('c'), need(part)).then(
      () => expect.unreachable(),
      (reason: unknown) => reason,
    )
  }

  test('nobody is there: the numbers, and what to do', async () => {
    expect(await error({})).toMatchObject({
      code: 'WORKERS_TOO_FEW',
      message:
        'Too few workers: 2 processes wanted, and there are 0 free slots on 0 workers. ' +
        'Start workers with antidrome worker --join, or wait for them with --wait SECONDS.',
      details: { found: 0, expected: 2, workers: 0, strangers: 0 },
    })
  })

  test('some are busy, some strangers: each is named', async () => {
    const busy = offer('a', { taken: [TAKEN] })
    const strange = offer('b', { versions: OTHER })
    expect(await error({ least: 3, most: 3, wait: 2000 }, busy, strange)).toMatchObject({
      message:
        'Too few workers: 3 processes wanted, and there is 1 free slot on 1 worker; 1 slot taken by other runs; ' +
        'not counted as they are not of version 1.0.0, protocol 3, arithmetic 2: ' +
        'worker b (version 0.9.0, protocol 2, arithmetic 2); waited for 2 s. ' +
        'Start more workers, wait for them with --wait SECONDS, or spread over fewer processes with --processes 1.',
      details: { found: 1, expected: 3, workers: 1, strangers: 1 },
    })
  })

  test('they leave: they do not count', async () => {
    expect(await error({}, offer('a', { isLeaving: true }))).toMatchObject({ details: { found: 0, workers: 1 } })
  })

  test('the rendezvous is away: that is named when the wait is over', async () => {
    const place = board()
    place.goAway()
    const needed = need({ wait: 1200, isAway: () => true })
    await expect(discoverWorkers(place.join('c'), needed)).rejects.toMatchObject({
      code: 'RENDEZVOUS_NO_ANSWER',
      details: { subject: 'antidrome.workers', tries: 4 },
    })
    expect(needed.pauses).toEqual([500, 500, 200])
  })
})

describe('workers are waited for', () => {
  test('until there are enough', async () => {
    const place = board()
    await replying(place, offer('a', { slots: 1 }))
    const needed = need({
      wait: 60_000,
      pause: async () => replying(place, offer('b', { slots: 1 })),
    })
    expect(idsOf(await discoverWorkers(place.join('c'), needed))).toEqual(['a', 'b'])
  })

  test('until the rendezvous is back', async () => {
    const place = board()
    await replying(place, offer('a'))
    place.goAway()
    const needed = need({ wait: 60_000, isAway: () => true, pause: async () => place.comeBack() })
    expect(idsOf(await discoverWorkers(place.join('c'), needed))).toEqual(['a', 'a'])
  })

  test('no longer than there are as many as are needed, where fewer than wanted will do', async () => {
    const place = board()
    await replying(place, offer('a', { slots: 3 }))
    expect(idsOf(await discoverWorkers(place.join('c'), need({ least: 1, most: 8 })))).toEqual(['a', 'a', 'a'])
  })
})

describe('workers that nobody can dial', () => {
  test('are of use by way of the server alone, and named where they are not', async () => {
    const place = board()
    await replying(place, offer('a', { isDialled: false }))
    expect(idsOf(await discoverWorkers(place.join('c'), need({ links: 'nats' })))).toEqual(['a', 'a'])
    await expect(discoverWorkers(place.join('d'), need())).rejects.toMatchObject({
      code: 'WORKERS_TOO_FEW',
      message: expect.stringContaining('worker a'),
      details: { found: 0, expected: 2 },
    })
  })
})

describe('workers that have failed before', () => {
  const isTrusted = ({ id }: WorkerOffer) => id !== 'a'

  test('are left out where others will do', async () => {
    const place = board()
    await replying(place, offer('a', { slots: 8 }), offer('b'))
    expect(idsOf(await discoverWorkers(place.join('c'), need({ isTrusted })))).toEqual(['b', 'b'])
  })

  test('are taken where they will not', async () => {
    const place = board()
    await replying(place, offer('a'), offer('b', { slots: 1 }))
    const picked = idsOf(await discoverWorkers(place.join('c'), need({ isTrusted, most: 3, least: 3 })))
    expect([...picked].sort()).toEqual(['a', 'a', 'b'])
  })
})
