import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunError } from '../../src/events/errors.js'
import { SUBJECT_RIGHTS, type SubjectNeed, type SubjectRight } from '../../src/rendezvous/nats/subjects.js'
import { openRendezvous } from '../../src/rendezvous/open-rendezvous.js'
import type { Rendezvous, RendezvousStatus } from '../../src/rendezvous/rendezvous.js'
import { HASTY, holder, PATIENT } from '../suites/rendezvous-suite.js'
import { eventually } from '../support/eventually.js'
import { describeWithNats, type NatsServer, startNatsServer } from '../support/nats-server.js'

const PASSWORD = 'open sesame'
const QUESTION = 'antidrome.asked'
/** Of an object that is not sent at one go. */
const LARGE = 24 << 20

/** What a need builds on. */
const BASIS: Partial<Record<SubjectNeed, SubjectNeed>> = {
  'make leases': 'lease',
  'write bucket': 'read bucket',
  'make bucket': 'read bucket',
}

const rightsOf = (need: SubjectNeed): readonly SubjectRight[] => {
  return SUBJECT_RIGHTS.filter((right) => right.need === need || right.need === BASIS[need])
}

const cases = SUBJECT_RIGHTS.filter(({ isRare }) => isRare !== true).map((right, k) => ({
  ...right,
  user: `lacks-${k}`,
}))
const NEEDS = [...new Set(SUBJECT_RIGHTS.map(({ need }) => need))]
const allOf = (need: SubjectNeed) => `all-${need.replace(' ', '-')}`

function userText(user: string, rights: readonly SubjectRight[]): string {
  const allowed = (operation: SubjectRight['operation']) =>
    // An empty list would allow everything.
    JSON.stringify([
      'antidrome.nothing',
      ...rights.filter((right) => right.operation === operation).map(({ subject }) => filled(subject, user)),
    ])
  const permissions = `{ publish: { allow: ${allowed('publish')} }, subscribe: { allow: ${allowed('subscribe')} } }`
  return `{ user: ${user}, password: ${JSON.stringify(PASSWORD)}, permissions: ${permissions} }`
}

function filled(subject: string, user: string): string {
  const values = { inbox: `_INBOX.${user}`, request: `${QUESTION}.${user}`, bucket: 'things' }
  return subject.replace(/<(\w+)>/g, (_, name: keyof typeof values) => values[name])
}

const config = `authorization { users: [
  { user: operator, password: ${JSON.stringify(PASSWORD)} }
  ${NEEDS.map((need) => userText(allOf(need), rightsOf(need))).join('\n  ')}
  ${cases
    .map(({ user, ...lacking }) =>
      userText(
        user,
        rightsOf(lacking.need).filter((right) => right.subject !== lacking.subject),
      ),
    )
    .join('\n  ')}
] }`

describeWithNats('the rights of users', () => {
  let server: NatsServer
  let operator: Rendezvous
  const join = (user: string, numbers = PATIENT) =>
    openRendezvous({ servers: server.url, name: 'test', credentials: { user, password: PASSWORD } }, numbers)

  beforeAll(async () => {
    server = await startNatsServer({ config })
    operator = await join('operator')
  })
  afterAll(async () => {
    await operator[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const namesOf = ({ operation, subject }: { operation: string; subject: string }) => ({ operation, subject })

  /** Does what a user needs its rights for. */
  async function work(need: SubjectNeed, user: string, member: Rendezvous): Promise<void> {
    const subject = `${QUESTION}.${user}`
    if (need === 'request') {
      await using _replies = await operator.reply(subject, async (body) => body)
      expect(await member.request(subject, 3)).toBe(3)
      expect(await member.requestAll(subject, 4, { patience: 600_000, enough: () => true })).toEqual([4])
    } else if (need === 'reply') {
      await using _replies = await member.reply(subject, async (body) => body)
      expect(await operator.request(subject, 3)).toBe(3)
    } else if (need === 'lease' || need === 'make leases') {
      if (need === 'lease') await (await operator.takeLease('any', holder('operator')))[Symbol.asyncDispose]()
      await using lease = await member.takeLease(user, holder(user))
      await lease.confirm()
      expect(await member.epochOf(user)).toBe(lease.epoch)
    } else if (need === 'make bucket') {
      await member.makeBucket('things', 1 << 20)
    } else {
      const bucket = await member.bucket('things')
      if (need === 'write bucket') {
        await bucket.create(user, new Uint8Array(300_000))
        await bucket.remove(user)
      }
      expect(await bucket.names('')).toEqual(['given'])
      expect((await bucket.read('given')).length).toBe(LARGE)
    }
  }

  /** What there is before a user comes. */
  async function prepare(need: SubjectNeed, numbers = PATIENT): Promise<void> {
    await operator[Symbol.asyncDispose]()
    if (need.startsWith('make')) {
      await server[Symbol.asyncDispose]()
      server = await startNatsServer({ config })
    }
    operator = await join('operator', numbers)
    if (need !== 'read bucket' && need !== 'write bucket') return
    const bucket = await operator.bucket('things').catch(() => operator.makeBucket('things', 4 * LARGE))
    await bucket
      .create('given', new Uint8Array(LARGE))
      .catch((error: RunError) => expect(error.code).toBe('OBJECT_EXISTS'))
  }

  test.each(NEEDS)('suffice for what the table says: %s', async (need) => {
    await prepare(need)
    await using member = await join(allOf(need))
    const denied: RendezvousStatus[] = []
    member.status$.subscribe((status) => denied.push(status))
    await work(need, allOf(need), member)
    expect(denied).toEqual([])
  })

  test.each(cases)('of which one is missing: $need without $operation $subject', async ({ user, need, ...right }) => {
    // The server tells only whoever replies that he may not.
    const isUnheard = need === 'reply' && right.operation === 'publish'
    await prepare(need, isUnheard ? HASTY : PATIENT)
    await using member = await join(user)
    const told: { operation: string; subject: string }[] = []
    member.status$.subscribe((status) => {
      if (status.kind === 'denied') told.push(status)
    })
    const beginning = filled(right.subject, user).replace(/[.*>]+$/, '')
    const error = await work(need, user, member).catch((each: unknown) => each)
    await eventually(() => told.length > 0)
    expect(told[0]?.operation).toBe(right.operation)
    expect(told[0]?.subject.startsWith(beginning)).toBe(true)
    const code = isUnheard ? 'RENDEZVOUS_NO_ANSWER' : need.includes('bucket') ? 'STORE_DENIED' : 'RENDEZVOUS_DENIED'
    expect(error).toMatchObject({ code, ...(isUnheard ? {} : { details: told[0] && namesOf(told[0]) }) })
  })
})
