import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Restart } from '../../../src/actors/cluster-session.js'
import { open } from '../../../src/actors/open.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import { createClusterSession } from '../../../src/actors/session-over-cluster.js'
import type { LiveCluster } from '../../../src/actors/supervision/cluster-series.js'
import { openRestartingSession } from '../../../src/actors/supervision/restarting-session.js'
import { startCluster } from '../../../src/actors/supervision/start-cluster.js'
import { createDeferred } from '../../../src/events/deferred.js'
import { recordOfError } from '../../../src/events/error-record.js'
import { InputError, RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Link } from '../../../src/streams/link.js'
import { expectSameBits } from '../../support/same-bits.js'
import { unwatchedHub } from '../../support/unwatched-hub.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, LABELS } from '../small-networks.js'
import { type MemoryLauncher, type MemoryLauncherOptions, memoryLauncher } from './memory-launcher.js'

const PLACEMENT = placeOnCores(NETWORK, 3)

async function start(options: Partial<MemoryLauncherOptions> = {}, startLimit = 5000, signal?: AbortSignal) {
  const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT, ...options })
  const opening = startCluster({ seed: 7, network: NETWORK, placement: PLACEMENT, launcher, startLimit, signal })
  return { launcher, opening }
}

async function started(options: Partial<MemoryLauncherOptions> = {}) {
  const { launcher, opening } = await start(options)
  const { partitions, supervisor } = await opening
  const close = () => supervisor.close()
  return {
    launcher,
    supervisor,
    session: createSession({ network: NETWORK, placement: PLACEMENT, partitions, close }, { seed: 7 }),
  }
}

test('a session over partitions behind links is one like another', async () => {
  const { launcher, session } = await started()
  await using here = await open(NETWORK, { seed: 7 })
  expect(await session.simulate(TRIALS)).toStrictEqual(await here.simulate(TRIALS))
  await session.close()
  // Nobody had to be forced, and the launcher went last.
  expect([...launcher.ended].sort()).toEqual(['0 dismiss', '1 dismiss', '2 dismiss', 'launcher'])
  expect(launcher.ended.at(-1)).toBe('launcher')
})

describe('a partition at fault', () => {
  test.each<{ fault: string; commit: (launcher: MemoryLauncher) => void; code: string; core: number; cause: string }>([
    {
      fault: 'sends garbage to a neighbour',
      commit: (launcher) => launcher.portBetween(1, 2).send(Uint8Array.of(1, 2, 3)),
      code: 'CORE_FAILED',
      core: 1,
      cause: 'LINK_FRAME_TRUNCATED',
    },
    {
      fault: 'sends garbage to the coordinator',
      commit: (launcher) => launcher.workers[1]?.port.send(new Uint8Array(64)),
      code: 'CORE_FAILED',
      core: 1,
      cause: 'LINK_FRAME_CORRUPT',
    },
    {
      fault: 'gives up',
      commit: (launcher) => launcher.workers[1]?.control.fail(new Error('no more')),
      code: 'CORE_DIED',
      core: 1,
      cause: 'LINK_PEER_FAILED',
    },
    {
      fault: 'ends with a code',
      commit: (launcher) => launcher.die(2, { exitCode: 9, signal: null, lastWords: 'out of memory' }),
      code: 'CORE_DIED',
      core: 2,
      cause: 'LINK_BROKEN',
    },
  ])('that $fault ends the cluster', async ({ commit, code, core, cause }) => {
    const { launcher, session, supervisor } = await started()
    await session.simulate(TRIALS)
    commit(launcher)
    const failed = (await session
      .gradient(TRIALS, { kind: 'spikeCount', group: 'out', tau: 20 }, Uint8Array.of(0, 1))
      .then(
        () => null,
        (error: unknown) => error,
      )) as RunError
    expect(failed).toMatchObject({ code, details: { core } })
    expect((failed.cause as { code?: string } | undefined)?.code ?? '').toBe(cause)
    expect(supervisor.failure()).toBe(failed)
    await session.close()
    expect(launcher.ended.at(-1)).toBe('launcher')
  })
})

describe('a partition that sends what cannot be right', () => {
  const worker = { name: 'east', machine: 'host-east', run: 'r', epoch: 0 }
  type Sent = Readonly<Record<string, unknown>>
  const error = { kind: 'Error', name: 'TypeError', code: '', message: 'x', details: {}, mistake: null }
  const FORGED: readonly (readonly [what: string, type: string, words: (sent: Sent) => unknown, field: string])[] = [
    ['nothing', 'reply', () => null, 'report'],
    ['a text', 'reply', () => 'text', 'report'],
    ['another message', 'reply', (sent) => ({ ...sent, type: 'dance' }), 'report.type'],
    ['a reply to nobody', 'reply', (sent) => ({ ...sent, id: 1e9 }), 'reply.id'],
    ['a reply of nothing', 'reply', (sent) => ({ ...sent, value: null }), 'run'],
    ['a list for a report', 'reply', (sent) => ({ ...sent, value: new Array(1e5).fill(0) }), 'run'],
    ['no number', 'reply', (sent) => changed(sent, { emitted: Number.NaN }), 'run.emitted'],
    ['too many silent', 'reply', (sent) => changed(sent, { silent: 1e9 }), 'run.silent'],
    ['an outcome of nothing', 'reply', (sent) => changed(sent, { outcome: {} }), 'run.outcome.losses'],
    ['a refusal of nothing', 'reply', ({ id }) => ({ type: 'refusal', id, error: null }), 'reply.error'],
    ['half a refusal', 'reply', ({ id }) => ({ type: 'refusal', id, error }), 'reply.error.cause'],
    ['no address', 'listening', (sent) => ({ ...sent, address: { url: '::', security: null } }), 'report.address.url'],
    ['a refusal to start', 'ready', () => ({ type: 'refused', error: {} }), 'report.error.kind'],
    ['news of no neighbour', 'ready', () => ({ type: 'linkBroke', peer: 7, error }), 'report.peer'],
  ]

  const changed = (sent: Sent, words: Sent) => ({ ...sent, value: { ...(sent.value as Sent), ...words } })

  test.each(FORGED)('such as %s, is named with worker and field, and others go on', async (_, type, words, field) => {
    const starts: string[] = []
    const restarts: Restart[] = []
    const open = async (): Promise<LiveCluster> => {
      const isFirst = starts.push('start') === 1
      let left = isFirst ? 1 : 0
      const forge = (core: number, value: unknown) => {
        const sent = value as Sent
        // Of the replies the first one to a run that has a loss.
        const isReport = type !== 'reply' || (sent.value as { readonly outcome?: unknown } | null)?.outcome != null
        return core === 2 && sent.type === type && isReport && left-- > 0 ? words(sent) : value
      }
      const { launcher, opening } = await start({ forge, worker })
      const { partitions, supervisor } = await opening
      const parts = { placement: PLACEMENT, partitions, workers: [], tracer: null }
      const { failure, failed } = supervisor
      const close = () => supervisor.close()
      const session = createSession({ network: NETWORK, placement: PLACEMENT, partitions, close }, { seed: 7 })
      expect(launcher.coreWorkers.length).toBe(3)
      return { session: createClusterSession(session, { ...parts, failure, failed }), failure }
    }
    const onRestart = (restart: Restart) => void restarts.push(restart)
    const session = await openRestartingSession({ start: open, hub: unwatchedHub(), restarts: 1, onRestart })
    await using here = await open7()
    expectSameBits(await session.gradient(TRIALS, COUNT, LABELS), await here.gradient(TRIALS, COUNT, LABELS))
    await session.close()
    expect(restarts.map(({ reason }) => reason)).toMatchObject([
      { code: 'CORE_FAILED', details: { core: 2, worker: 'east', machine: 'host-east', field } },
    ])
    expect(restarts[0]?.reason.message).toContain(`Core 2, on worker east (host-east), failed: `)
    expect(starts.length).toBe(2)
  })

  const open7 = () => open(NETWORK, { seed: 7 })
})

test('whoever is behind a link that breaks is looked for, and nobody else', async () => {
  const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT })
  const looks: number[] = []
  const coreWorkers = launcher.coreWorkers.map((coreWorker) => ({
    ...coreWorker,
    look: () => void looks.push(...coreWorker.cores),
  }))
  const { supervisor } = await startCluster({
    seed: 7,
    network: NETWORK,
    placement: PLACEMENT,
    launcher: { ...launcher, coreWorkers },
    startLimit: 5000,
  })
  expect(looks).toEqual([])
  launcher.die(1, { exitCode: null, signal: 'SIGKILL', lastWords: '' })
  await supervisor.failed
  await supervisor.close()
  expect(looks.length).toBeGreaterThan(0)
  expect([...new Set(looks)]).toEqual([1])
})

test.each(['a failure', 'an interruption'])(
  'a link that opens after %s is ended, and no order goes over it',
  async (end) => {
    const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT })
    const opened = launcher.controls[1] as Promise<Link>
    const late = createDeferred<Link>()
    const controls = launcher.controls.map((control, core) => (core === 1 ? late.promise : control))
    const controller = new AbortController()
    const { signal } = controller
    const opening = startCluster({
      seed: 7,
      network: NETWORK,
      placement: PLACEMENT,
      launcher: { ...launcher, controls },
      startLimit: 5000,
      signal,
    })
    const told: unknown[] = []
    const ending = createDeferred<unknown>()
    launcher.workers[1]?.control.messages$.subscribe({
      next: (message) => void told.push(message),
      error: ending.resolve,
    })
    // Before anybody has said a word all processes are said to have ended.
    if (end === 'a failure')
      for (const core of [0, 1, 2]) launcher.die(core, { exitCode: 0, signal: null, lastWords: '' }, 'as is reported')
    else controller.abort(new Error('enough'))
    await expect(opening).rejects.toThrow(end === 'a failure' ? /died/ : /enough/)
    late.resolve(await opened)
    expect(await ending.promise).toMatchObject({ code: 'LINK_PEER_FAILED' })
    expect(told).toEqual([])
  },
)

describe('a signal that is aborted', () => {
  const reason = new Error('enough')
  const BY_FORCE = ['0 SIGKILL', '1 SIGKILL', '2 SIGKILL']

  test.each([0, 1])(
    'during the start, %i times later, ends every core worker by force with its reason',
    async (later) => {
      const controller = new AbortController()
      if (later === 0) controller.abort(reason)
      const { launcher, opening } = await start({ mute: [0, 1, 2] }, 60_000, controller.signal)
      if (later === 1) setTimeout(() => controller.abort(reason), 1)
      await expect(opening).rejects.toBe(reason)
      expect(launcher.ended).toEqual(expect.arrayContaining([...BY_FORCE, 'launcher']))
    },
  )

  test('in a session is what every call rejects with', async () => {
    const controller = new AbortController()
    const { opening } = await start({}, 5000, controller.signal)
    const { partitions, supervisor } = await opening
    const close = () => supervisor.close()
    const session = createSession({ network: NETWORK, placement: PLACEMENT, partitions, close }, { seed: 7 })
    controller.abort('no more')
    await expect(session.simulate(TRIALS)).rejects.toMatchObject({ code: 'INTERRUPTED', cause: 'no more' })
    await session.close()
    expect(supervisor.failure()).toMatchObject({ message: 'The run was interrupted: no more.' })
  })

  test('after the end changes nothing', async () => {
    const controller = new AbortController()
    const { launcher, opening } = await start({}, 5000, controller.signal)
    const { supervisor } = await opening
    await supervisor.close()
    const ended = [...launcher.ended]
    controller.abort(reason)
    expect(supervisor.failure()).toBeNull()
    expect(launcher.ended).toEqual(ended)
  })
})

test('a run that stands still ends the cluster, which names what it waits for', async () => {
  const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT, muffled: { core: 0, towards: 2 } })
  const opening = startCluster({
    seed: 7,
    network: NETWORK,
    placement: PLACEMENT,
    launcher,
    startLimit: 5000,
    stall: 100,
  })
  const { partitions, supervisor } = await opening
  const session = createSession(
    {
      network: NETWORK,
      placement: PLACEMENT,
      partitions,
      close: () => supervisor.close(),
    },
    { seed: 7 },
  )
  const details = { run: 1, core: 2, actor: 'out', link: 'core 0 - core 2', stream: 'hidden', watermark: 0 }
  await expect(session.simulate(TRIALS)).rejects.toMatchObject({ code: 'RUN_STALLED', details })
  await session.close()
  expect(supervisor.failure()).toMatchObject({ code: 'RUN_STALLED' })
  expect(launcher.ended.at(-1)).toBe('launcher')
})

test('a partition that ends while the cluster closes is no failure of it', async () => {
  const { launcher, supervisor, session } = await started()
  await session.simulate(TRIALS)
  const closing = supervisor.close()
  launcher.die(1, { exitCode: null, signal: 'SIGKILL', lastWords: '' })
  await closing
  expect(supervisor.failure()).toBeNull()
  expect(launcher.ended.at(-1)).toBe('launcher')
})

test('a partition that does not answer holds up the close for a moment only', async () => {
  const { launcher, session } = await started({ silence: 60_000 })
  launcher.freeze(1)
  await session.close()
  expect(launcher.ended).toContain('1 SIGKILL')
  expect(launcher.ended.at(-1)).toBe('launcher')
})

test('a partition may be silent while the others are not ready, and no longer', async () => {
  const patient = await start({ mute: [1] }, 900)
  patient.launcher.freeze(0)
  // Longer than the silence of 400 ms.
  await expect(patient.opening).rejects.toMatchObject({ code: 'CORE_LATE' })
  const { launcher, session } = await started()
  launcher.freeze(1)
  await expect(session.simulate(TRIALS)).rejects.toMatchObject({ code: 'CORE_SILENT', details: { core: 1 } })
  await session.close()
})

describe('a core with another kernel', () => {
  const says = /kernel.*(found "?simd"?, expected "?reference"?|found "?reference"?, expected "?simd"?)/i

  test.each(['all', 'neighbours'] as const)('is refused at the handshake, different towards %s', async (towards) => {
    const { launcher, opening } = await start({ stray: { core: 1, towards } })
    const failure = await opening.then(
      () => null,
      (error: unknown) => error as RunError,
    )
    expect(failure).toBeInstanceOf(RunError)
    expect(chainOf(failure)).toContain('LINK_KERNEL_MISMATCH')
    expect(failure?.message).toMatch(says)
    expect(launcher.ended.at(-1)).toBe('launcher')
  })
})

/** The codes of an error and of what caused it. */
function chainOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return []
  return [(error as RunError).code, ...chainOf(error.cause)]
}

describe('a start that fails', () => {
  test('ends those that had started, and tells the mistake as it is', async () => {
    const { launcher, opening } = await start()
    const mistake = new InputError({ code: 'BIAS', field: 'bias', found: '2', expected: 'less than 1' })
    const [worker] = launcher.workers
    await worker?.control.opened
    worker?.control.send({ kind: 'value', value: { type: 'refused', error: recordOfError(mistake) } })
    await expect(opening).rejects.toBeInstanceOf(InputError)
    await expect(opening).rejects.toMatchObject({ code: 'BIAS', message: mistake.message })
    expect(launcher.ended.at(-1)).toBe('launcher')
  })

  describe('for want of time', () => {
    const limits = { startLimit: 3000, heartbeat: 100 }

    /** How a start ends, by a clock of its own; `befall` happens when all but the mute are ready to go on. */
    async function outcome(
      options: Partial<MemoryLauncherOptions>,
      befall: (launcher: MemoryLauncher) => void = () => undefined,
    ) {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
      const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT, ...options })
      const opening = startCluster({ seed: 7, network: NETWORK, placement: PLACEMENT, launcher, ...limits })
      const failed = opening.then(
        () => null,
        (error: RunError) => error,
      )
      await vi.advanceTimersByTimeAsync(500)
      befall(launcher)
      await vi.advanceTimersByTimeAsync(20_000)
      return failed
    }

    afterEach(() => {
      vi.useRealTimers()
    })

    test('tells a partition that has fallen silent from one that is slow', async () => {
      const slow = await outcome({ mute: [1] })
      expect(slow).toMatchObject({ code: 'CORE_LATE', details: { core: 1 } })
      expect(slow?.details).not.toHaveProperty('unheard')
      const silent = await outcome({ mute: [1] }, (launcher) => launcher.freeze(1))
      expect(silent?.message).toMatch(/^Core 1 was not ready after 3000 ms\. It has said nothing in the last \d+ ms\./)
      expect(silent?.details.unheard).toBeGreaterThanOrEqual(2400)
      expect(silent?.details.unheard).toBeLessThanOrEqual(2600)
    })

    test('names who is silent, not those that wait for it', async () => {
      const failed = await outcome({ stalled: 2 }, (launcher) => launcher.freeze(2))
      expect(failed).toMatchObject({ code: 'CORE_LATE', details: { core: 2 } })
      expect(failed?.message).toMatch(/^Core 2 was/)
    })

    test('counts as silent who never came', async () => {
      const failed = await outcome({ absent: 1 })
      expect(failed).toMatchObject({ code: 'CORE_LATE', details: { core: 1, unheard: 3000 } })
    })
  })

  test('for a partition that never answers names it, and ends it by force', async () => {
    const { launcher, opening } = await start({ mute: [1] }, 300)
    await expect(opening).rejects.toMatchObject({ code: 'CORE_LATE' })
    expect(launcher.ended).toContain('1 SIGKILL')
    expect(launcher.ended).not.toContain('0 SIGKILL')
    expect(launcher.ended.at(-1)).toBe('launcher')
  })
})
