import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import type { Session } from '../../src/learning/session.js'
import type { PlainOptions } from '../../src/network/modules/plain-options.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { courseWith, OWN_LOSS_NETWORK, OWN_LOSS_TRIALS } from '../support/own-loss-network.js'
import { apart } from '../support/own-losses.js'
import { expectSameBits } from '../support/same-bits.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { built, childrenOf } from './built-cluster.js'
import { step } from './small-networks.js'

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

const MODULE = new URL('./losses-of-users.mjs', import.meta.url)
const from = (name?: string, options?: PlainOptions) =>
  built.lossModule(MODULE, { ...(name === undefined ? {} : { export: name }), ...(options && { options }) })

const onCores = (cores: number, options: ClusterOptions = {}) =>
  built.openCluster(OWN_LOSS_NETWORK, built.placeOnCores(OWN_LOSS_NETWORK, cores), {
    seed: 3,
    silence: 600_000,
    transport: 'thread',
    ...options,
  })

const WAYS: readonly (readonly [cores: number, options: ClusterOptions])[] = [
  [2, { transport: 'thread' }],
  [4, { transport: 'websocket', processes: 2 }],
  [4, { transport: 'local' }],
  ...(isLong() ? ([[3, { transport: 'unix' }]] as const) : []),
]

describe.each(WAYS.map(([cores, options], turn) => ({ cores, options, turn })))('on $cores cores, $options', (way) => {
  const { cores, options, turn } = way
  test('a loss from a module has the bits it has in one process', async () => {
    const losses = [(await from(undefined, { level: 0.25 })).on('read'), (await from('early', { tau: 20 })).on('out')]
    for (const loss of inTurn(losses, turn)) {
      const expected = await courseWith(await built.open(OWN_LOSS_NETWORK, { seed: 3 }), loss)
      expect(expected.gradient.inputTimes.in!.some((slope) => slope !== 0)).toBe(true)
      expectSameBits(await courseWith(await onCores(cores, options), loss), expected)
    }
  })
})

test('steps that are ordered before anybody waits go in their order, several losses in turn', async () => {
  const losses = [(await from('early', { tau: 20 })).on('out'), (await from('early', { tau: 5 })).on('out')]
  const course = async (session: Awaited<ReturnType<typeof built.open>>) => {
    const asked = [0, 1, 0, 1].map((k) =>
      session.train(OWN_LOSS_TRIALS, step({ loss: losses[k]!, rates: { weights: 0.01 } })),
    )
    const saved = session.save()
    const results = (await Promise.all(asked)).map(({ diagnosis: _, ...result }) => result)
    const course = { results, saved: await saved, after: await session.evaluate(OWN_LOSS_TRIALS, losses[1]!) }
    await session.close()
    return course
  }
  expectSameBits(await course(await onCores(2)), await course(await built.open(OWN_LOSS_NETWORK, { seed: 3 })))
})

test('a cluster that is started anew loads it once more, and comes to the same bits', async () => {
  const loss = (await from('early', { tau: 20 })).on('out')
  const course = async (session: Awaited<ReturnType<typeof built.open>>, disturb: () => void = () => undefined) => {
    const losses = []
    for (let k = 0; k < 4; k++) {
      if (k === 2) disturb()
      losses.push((await session.train(OWN_LOSS_TRIALS, step({ loss, rates: { weights: 0.01 } }))).losses)
    }
    const state = await session.save()
    await session.close()
    return { losses, state }
  }
  const restarts: unknown[] = []
  const session = await onCores(2, {
    transport: 'websocket',
    restarts: 1,
    onRestart: (each) => void restarts.push(each),
  })
  const disturbed = await course(session, () => process.kill(session.workers[1]!.id, 'SIGKILL'))
  expect(restarts.length).toBe(1)
  expectSameBits(disturbed, await course(await built.open(OWN_LOSS_NETWORK, { seed: 3 })))
})

/** Whatever happened before, the session has the bits of a fresh one. */
async function expectToGoOn(session: Session) {
  const good = (await from('early', { tau: 20 })).on('out')
  expectSameBits(
    await courseWith(session, good),
    await courseWith(await built.open(OWN_LOSS_NETWORK, { seed: 3 }), good),
  )
}

describe('partitions elsewhere', () => {
  test('take no functions of this process, and say what to do', async () => {
    await using session = await onCores(2)
    const refused = {
      code: 'LOSS_NOT_A_MODULE',
      mistake: { found: expect.stringContaining('"apart"'), remedy: expect.stringContaining('lossModule(new URL(') },
    }
    const loss = apart.on('out')
    await expect(session.gradient(OWN_LOSS_TRIALS, loss)).rejects.toMatchObject(refused)
    await expect(session.evaluate(OWN_LOSS_TRIALS, loss)).rejects.toMatchObject(refused)
    await expect(session.train(OWN_LOSS_TRIALS, step({ loss, rates: { weights: 0.1 } }))).rejects.toMatchObject(refused)
    await expectToGoOn(session)
  })

  test('end the run everywhere where a loss fails, and go on', async () => {
    await using session = await onCores(3)
    const loss = (await from('failing')).on('out')
    const failed = {
      name: 'RunError',
      code: 'LOSS_FAILED',
      message:
        'The loss "failing" of group "out" in trial 2: found the error RangeError: no such pattern, expected a loss and its derivatives.',
      details: { loss: 'failing', group: 'out', trial: 2 },
    }
    await expect(session.evaluate(OWN_LOSS_TRIALS, loss)).rejects.toMatchObject(failed)
    await expect(session.train(OWN_LOSS_TRIALS, step({ loss, rates: { weights: 0.1 } }))).rejects.toMatchObject(failed)
    await expectToGoOn(session)
  })

  test('refuse a module that makes another loss there, or is gone by then, at every call', async () => {
    await using folder = await temporaryFolder()
    await using session = await onCores(2)
    const moody = (await from('moody')).on('out')
    const differs = { code: 'LOSS_DIFFERS', message: expect.stringMatching(/found .*"there".*expected .*"here"/) }
    await expect(session.evaluate(OWN_LOSS_TRIALS, moody)).rejects.toMatchObject(differs)
    await expect(session.train(OWN_LOSS_TRIALS, step({ loss: moody, rates: {} }))).rejects.toMatchObject(differs)
    const path = join(folder.path, 'loss.mjs')
    writeFileSync(path, OWN)
    const changed = (await built.lossModule(path)).on('out')
    writeFileSync(path, `${OWN}\n// Another one.`)
    await expect(session.evaluate(OWN_LOSS_TRIALS, changed)).rejects.toMatchObject({ code: 'MODULE_DIFFERS' })
    writeFileSync(path, OWN)
    expect((await session.evaluate(OWN_LOSS_TRIALS, changed)).losses).toEqual([null, null, null])
  })
})

const OWN = "export const createLoss = () => ({ name: 'none', observes: 'spikes', evaluate: () => ({ loss: null }) })"
