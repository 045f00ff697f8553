import { expect, test } from 'vitest'
import { type Forward, type ForwardedCalls, forwardedCalls } from '../../../src/actors/session/forwarded-calls.js'

/** Tells of each call what it was, and how it was forwarded. */
function forwarded(way: string): Forward {
  const beneath = new Proxy({} as ForwardedCalls, {
    get:
      (_, name) =>
      (...given: readonly unknown[]) =>
        Promise.resolve({ way, name, given }),
  })
  return (call) => call(beneath)
}

const calls = forwardedCalls({ inTurn: forwarded('in turn'), atOnce: forwarded('at once') })

/** What a session tells of itself while it works; everything else has the partitions to itself. */
const AT_ONCE = ['kernelSeconds', 'metrics', 'trace', 'traffic']

test.each(Object.keys(calls))(
  '%s goes to its twin beneath, with all that it was given, in its turn or at once',
  async (name) => {
    const call = Reflect.get(calls, name) as (...given: readonly unknown[]) => Promise<unknown>
    const given = Array.from({ length: call.length === 0 && AT_ONCE.includes(name) ? 0 : 2 }, (_, k) => k)
    const told = (await call(...given)) as {
      readonly way: string
      readonly name: string
      readonly given: readonly unknown[]
    }
    expect(told).toMatchObject({ way: AT_ONCE.includes(name) ? 'at once' : 'in turn', name })
    // Those that take nothing hand nothing on.
    expect([given, []]).toContainEqual(told.given)
  },
)

test('what takes trials hands them on', async () => {
  const trials = { count: 1, until: 3, inputs: {} }
  expect(await calls.simulate(trials, { record: ['a'] })).toMatchObject({ given: [trials, { record: ['a'] }] })
})
