import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import * as files from '../../src/data/files/index.js'
import * as data from '../../src/data/index.js'
import * as numerics from '../../src/data/numerics/index.js'
import { InputError, RunError } from '../../src/events/errors.js'
import * as hardware from '../../src/hardware/index.js'
import * as antidrome from '../../src/index.js'
import * as storage from '../../src/storage/index.js'
import * as testing from '../../src/testing/index.js'
import { coercedCalls, disguises, type PublicCall, type SpoiltCall, spoiltCalls } from './public-call.js'
import { PUBLIC_CALLS, SESSION_CALLS } from './public-calls.js'
import { closeRecordings, FOLDER, NETWORK, PLACEMENT } from './public-fixtures.js'

type Callable = (...args: readonly unknown[]) => unknown

const ENTRIES: Readonly<Record<keyof typeof PUBLIC_CALLS, object>> = {
  ...{ index: antidrome, data, 'data/files': files, hardware, storage, testing, numerics },
}

afterAll(async () => {
  await closeRecordings()
  rmSync(FOLDER, { recursive: true, force: true })
})

/** The functions that a part of the package exports; classes are not called. */
function functionsOf(entry: object): Readonly<Record<string, Callable>> {
  const functions = Object.entries(entry).filter(
    ([, value]) => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value)),
  )
  return Object.fromEntries(functions) as Record<string, Callable>
}

/** What a call raised; null if it succeeded. */
async function raisedBy(work: Callable, { after, close }: PublicCall, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = await work(...args)
    await after?.(result as never)
    await close?.(result as never)
    return null
  } catch (error) {
    return error
  }
}

const isTold = (error: unknown) => error === null || error instanceof InputError || error instanceof RunError

/** Calls that end in anything but success or an error that says what to do. */
async function surprises(work: Callable, call: PublicCall): Promise<readonly string[]> {
  const found: string[] = []
  const count = spoiltCalls(await call.args(), call.free).length
  for (let k = 0; k < count; k++) {
    // Made anew: what was opened for the last call may have been closed.
    const { how, args } = spoiltCalls(await call.args(), call.free)[k] as SpoiltCall
    const error = await raisedBy(work, call, args)
    if (!isTold(error)) found.push(`${how}: ${error}`)
  }
  return found
}

function checks(work: Callable, call: PublicCall): void {
  test('works as it is meant to, or says why not', async () => {
    expect(await raisedBy(work, call, await call.args())).toSatisfy(isTold)
  })

  test('says what is wrong with arguments of any type', async () => {
    expect(await surprises(work, call)).toEqual([])
  })

  const { misspelt } = call
  test('takes nothing for a number, a text or a truth that is none', async () => {
    const found: string[] = []
    const count = coercedCalls(await call.args(), call).length
    for (let k = 0; k < count; k++) {
      const { how, args } = coercedCalls(await call.args(), call)[k] as SpoiltCall
      const error = await raisedBy(work, call, args)
      if (!(error instanceof InputError)) found.push(`${how}: ${error}`)
    }
    expect(found).toEqual([])
  })

  if (misspelt !== undefined)
    test('refuses options that are no plain object', async () => {
      const found: string[] = []
      for (const [what, disguise] of Object.entries(disguises((await call.args())[misspelt.at] as object))) {
        const args = (await call.args()).map((each, k) => (k === misspelt.at ? disguise : each))
        const error = await raisedBy(work, call, args)
        if (!(error instanceof InputError && error.code === 'FIELD_TYPE')) found.push(`${what}: ${error}`)
      }
      expect(found).toEqual([])
    })

  if (misspelt !== undefined)
    test(`refuses "${misspelt.name}" and names "${misspelt.meant}"`, async () => {
      const args = [...(await call.args())]
      const { [misspelt.meant]: value, ...others } = args[misspelt.at] as Readonly<Record<string, unknown>>
      expect(value).toBeDefined()
      args[misspelt.at] = { ...others, [misspelt.name]: value }
      const error = await raisedBy(work, call, args)
      expect(error).toBeInstanceOf(InputError)
      const { code, message } = error as InputError
      // What must be there is missed, whatever stands in its place.
      if (code === 'FIELD_MISSING') expect(message).toContain(`${misspelt.meant}: found nothing`)
      else expect(message).toContain(`Did you mean "${misspelt.meant}"?`)
    })
}

describe.each(Object.entries(ENTRIES))('antidrome/%s', (name, entry) => {
  const calls: Readonly<Record<string, PublicCall>> = PUBLIC_CALLS[name as keyof typeof PUBLIC_CALLS]

  test('has no function that is not in the table', () => {
    expect(Object.keys(functionsOf(entry)).sort()).toEqual(Object.keys(calls).sort())
  })

  describe.each(Object.entries(functionsOf(entry)).filter(([each]) => calls[each] !== undefined))(
    '%s',
    (each, work) => {
      checks(work, calls[each] as PublicCall)
    },
  )
})

describe('a function that nobody put in the table', () => {
  test('is found', () => {
    const planted = { ...antidrome, planted: () => undefined }
    expect(Object.keys(functionsOf(planted)).filter((name) => !(name in PUBLIC_CALLS.index))).toEqual(['planted'])
  })

  test('is found to raise something else', async () => {
    const planted = (options: unknown) => (options as { length: number }).length
    expect(await surprises(planted as Callable, { args: () => ['text'] })).toEqual([
      expect.stringContaining('null as 1.: TypeError'),
      expect.stringContaining('undefined as 1.: TypeError'),
    ])
  })
})

const SESSIONS = {
  open: () => antidrome.open(NETWORK),
  openCluster: () => antidrome.openCluster(NETWORK, PLACEMENT, { transport: 'local' }),
  openSurrogate: () => antidrome.openSurrogate(NETWORK),
}

describe.each(Object.entries(SESSIONS))('a session of %s', (name, opened) => {
  const session = Promise.resolve(opened()) as Promise<unknown> as Promise<Record<string, Callable>>
  afterAll(async () => (await session).close?.())

  // On a grid of time nothing is streamed, or watched.
  const absent = name === 'openSurrogate' ? ['stream', 'spikes$', 'gradients$', 'voltages'] : []
  const names = Object.keys(SESSION_CALLS).filter((method) => !absent.includes(method))
  describe.each(names)('%s', (method) => {
    checks(async (...args) => (await session)[method]?.(...args), SESSION_CALLS[method] as PublicCall)
  })

  test('has no method with arguments that is not in the table', async () => {
    const methods = Object.entries(await session).filter(([, value]) => typeof value === 'function')
    const known = [...Object.keys(SESSION_CALLS), 'close', 'parameters', 'save', 'memoryTraffic']
    const plain = ['traffic', 'kernelSeconds', 'metrics', 'trace']
    expect(methods.map(([each]) => each).filter((each) => ![...known, ...plain].includes(each))).toEqual([])
  })
})
