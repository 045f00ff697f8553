import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import type { ClusterSession, Restart } from '../../src/actors/cluster-session.js'
import { open } from '../../src/actors/open.js'
import { chooseKernels } from '../../src/dynamics/kernels/choose-kernel.js'
import type { StepOptions } from '../../src/learning/session.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { expectSameBits } from '../support/same-bits.js'
import { built, childrenOf, eventually, placement } from './built-cluster.js'
import { NETWORK, TRIALS } from './layered-network.js'
import { COUNT, LABELS, step } from './small-networks.js'

const LABELLED = { ...TRIALS, labels: LABELS }
const STEP: StepOptions = step({
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 0.01, delays: 0.1 },
  bounds: { delays: [0, 10] },
})
/** In ms: nobody is called silent because the machine is busy. */
const PATIENT = 600_000
/** In ms: whoever was stopped is called silent soon. */
const SOON = 2000
/** More than are repeated at most. */
const STEPS = 40

/** What befalls a training, and a gradient behind it; the long run has a partition stopped where others are killed. */
const BLOWS: readonly { readonly at: number; readonly core: number; readonly signal: NodeJS.Signals }[] = [
  { at: 5, core: 1, signal: 'SIGKILL' },
  ...(isLong() ? [{ at: 20, core: 0, signal: 'SIGSTOP' } as const] : []),
  { at: 36, core: 0, signal: 'SIGSTOP' },
]
const IN_GRADIENT: readonly NodeJS.Signals[] = inTurn(['SIGKILL', 'SIGSTOP'], 0)

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

async function openWatched(options: ClusterOptions, cores = 1) {
  const restarts: Restart[] = []
  const onRestart = (restart: Restart) => void restarts.push(restart)
  const session = await built.openCluster(NETWORK, placement(cores), {
    seed: 7,
    silence: PATIENT,
    onRestart,
    ...options,
  })
  return { session, restarts }
}

function kill({ workers }: ClusterSession, core: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  process.kill(workers[core]?.id ?? Number.NaN, signal)
}

async function undisturbed() {
  await using session = await open(NETWORK, { seed: 7 })
  for (let k = 0; k < STEPS; k++) await session.train(LABELLED, STEP)
  return { state: await session.save(), gradient: await session.gradient(TRIALS, COUNT, LABELS) }
}

describe('a session that may restart', () => {
  test('trains on with the same bits when partitions die or fall silent', async () => {
    const expected = await undisturbed()
    const { session, restarts } = await openWatched({ restarts: 9, silence: SOON }, 2)
    for (let k = 0; k < STEPS; k++) {
      const call = session.train(LABELLED, STEP)
      for (const { at, core, signal } of BLOWS) if (k === at) kill(session, core, signal)
      await call
    }
    for (const signal of IN_GRADIENT) {
      const call = session.gradient(TRIALS, COUNT, LABELS)
      kill(session, 0, signal)
      expectSameBits(await call, expected.gradient)
    }
    expectSameBits(await session.save(), expected.state)
    expect(session.kernels).toEqual(chooseKernels(NETWORK))
    await session.close()
    const codes = [...BLOWS.map(({ signal }) => signal), ...IN_GRADIENT].map((signal, k) => {
      return [k + 1, signal === 'SIGSTOP' ? 'CORE_SILENT' : 'CORE_DIED']
    })
    expect(restarts.map(({ number, reason }) => [number, (reason as { code?: string }).code])).toEqual(codes)
    // The state was kept after 32 steps; a step may be done before the blow falls.
    for (const [k, { at }] of BLOWS.entries()) expect(restarts[k]?.repeated).toBeOneOf([at % 32, (at % 32) + 1])
  })

  test('continues from a state that was put back', async () => {
    const { session } = await openWatched({ restarts: 1 })
    await session.train(LABELLED, STEP)
    const saved = await session.save()
    await session.train(LABELLED, STEP)
    const later = await session.save()
    await session.restore(saved)
    kill(session, 0)
    await session.train(LABELLED, STEP)
    expectSameBits(await session.save(), later)
    await session.close()
  })

  test('ends with the cause once its restarts are used up', async () => {
    const { session, restarts } = await openWatched({ restarts: 1 })
    for (let k = 0; k < 2; k++) {
      await session.simulate(TRIALS)
      kill(session, 0)
      await eventually(() => childrenOf(process.pid).length === 0)
      if (k === 0) await session.simulate(TRIALS)
    }
    for (const call of [session.simulate(TRIALS), session.train(LABELLED, STEP), session.save(), session.traffic()])
      await expect(call).rejects.toMatchObject({ code: 'CORE_DIED', details: { core: 0 } })
    expect(restarts).toHaveLength(1)
    await session.close()
    await expect(session.parameters()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('ends at a mistake and goes on after it', async () => {
    const { session, restarts } = await openWatched({ restarts: 3 })
    const loss = { kind: 'firstSpike', group: 'nobody' as string, tau0: 0.5, alpha: 0, tau1: 1 } as const
    await expect(session.train(LABELLED, { ...STEP, loss })).rejects.toBeInstanceOf(built.InputError)
    expect((await session.simulate(TRIALS)).spikes.out?.times.length).toBeGreaterThan(0)
    expect(restarts).toEqual([])
    await session.close()
  })

  test('that is interrupted while it starts anew ends at once', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const onRestart = () => controller.abort(reason)
    const { session } = await openWatched({ restarts: 3, onRestart, signal: controller.signal })
    kill(session, 0)
    await expect(session.train(LABELLED, STEP)).rejects.toBe(reason)
    await session.close()
  })
})

test.each([-1, 1.5, Number.NaN])('%s is no number of restarts', async (restarts) => {
  await expect(openWatched({ restarts })).rejects.toMatchObject({
    code: 'CLUSTER_OPTION_INVALID',
    details: { field: 'options.restarts' },
  })
})
