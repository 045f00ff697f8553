import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { UnitStates } from '../../../../src/actors/group/run.js'
import type {
  Partition,
  PartitionMetrics,
  RunOrder,
  RunReport,
  SliceState,
  UpdateOrder,
} from '../../../../src/actors/partition/partition.js'
import { createRemotePartition } from '../../../../src/actors/partition/remote/remote-partition.js'
import { servePartition } from '../../../../src/actors/partition/remote/serve-partition.js'
import type { ReadReply } from '../../../../src/actors/partition/replies/read-replies.js'
import { createTaskEncoder } from '../../../../src/actors/partition/tasks/task-encoder.js'
import type { PartitionTrace } from '../../../../src/actors/trace/trace-record.js'
import { sumTraffic } from '../../../../src/dynamics/traffic/memory-traffic.js'
import { createDeferred } from '../../../../src/events/deferred.js'
import { AntidromeError, InputError, InternalError, RunError } from '../../../../src/events/errors.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { LinkError } from '../../../../src/streams/link-error.js'
import { linkedPair } from '../../supervision/linked-pair.js'

const METRICS: PartitionMetrics = {
  core: 3,
  synapticEvents: 1,
  spikes: 2,
  queuedSpikes: 3,
  watermarkLag: 0.5,
  kernelSeconds: 4,
  memory: { rss: 5, heapUsed: 6, arrayBuffers: 7 },
  links: [],
}

const TRACE: PartitionTrace = {
  core: 3,
  tracks: [{ name: 'core 0 - core 3', peer: 0 }],
  labels: [{ name: 'send spikes out', category: 'link', shape: 'span', flow: 'begins', amount: 'bytes' }],
  events: {
    track: Uint32Array.of(0),
    label: Uint32Array.of(0),
    start: Float64Array.of(1e12 + 0.125),
    end: Float64Array.of(1e12 + 2),
    run: Uint32Array.of(7),
    flow: Uint32Array.of(1),
    amount: Float64Array.of(48),
  },
  lost: 2,
  until: 1e12 + 3,
}

const REPORT: RunReport = {
  spikes: { out: { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1.5, -0), units: Uint32Array.of(3, 40) } },
  maxima: { readout: { values: Float64Array.of(0.25), times: Float64Array.of(Infinity) } },
  emitted: 7,
  outcome: { losses: [null, 0.5], predictions: Int32Array.of(-1, 2) },
  inputReturned: { in: [{ order: 1, blocks: 2, nodes: [{ from: 1, to: 2 }], values: Float64Array.of(0.125, NaN) }] },
  gradients: [
    {
      group: 'out',
      start: 32,
      projections: [{ key: 'in->out', weights: Float64Array.of(1, 2), delays: new Float64Array(0) }],
      bias: Float64Array.of(0),
      threshold: null,
      adaptStep: null,
    },
  ],
  squares: [],
  step: 'declined',
  largest: NaN,
  hiddenSpikes: 12,
  grazing: 3,
  pairs: 64,
  silent: 1,
  firing: [],
  readouts: [],
}

const STATE: UnitStates = {
  group: 'out',
  start: 32,
  columns: { voltage: Float64Array.of(0.5, -0), heldUntil: Float64Array.of(-1, Infinity) },
  inFlight: {
    'in->out': { offsets: Uint32Array.of(0, 1), times: Float64Array.of(7.5), units: Uint32Array.of(3) },
  },
}

const ORDER: RunOrder = {
  number: 1,
  run: {
    trials: {
      count: 1,
      until: Infinity,
      inputs: { in: { offsets: Uint32Array.of(0, 1), times: Float64Array.of(1), units: Uint32Array.of(0) } },
    },
    loss: {
      loss: { kind: 'vMax', group: 'readout' },
      labels: Uint8Array.of(1),
      silentLabelHinge: 0,
      silentHinge: { out: 0.5 },
    },
    gradients: true,
    inputTimes: true,
    biasGradient: true,
    stopAfterFirst: false,
    undefinedSlope: 'ignore',
  },
  record: ['out'],
  report: 'squares',
  learned: ['weights', 'delays'],
}

const UPDATE: UpdateOrder = {
  step: {
    loss: { kind: 'vMax', group: 'readout' },
    optimizer: { kind: 'sgd', momentum: 0.5 },
    rates: { weights: 0.1 },
    bounds: { weights: [-Infinity, Infinity] },
    clipNorm: Infinity,
    silentLabelHinge: 0,
    silentHinge: {},
    silentWeightStep: {},
  },
  scale: -0,
}

const STATES: readonly SliceState[] = REPORT.gradients.map((parameters) => ({
  parameters,
  memories: [
    {
      kind: 'weights',
      of: 'in->out',
      method: { kind: 'sgd', momentum: 0.5 },
      scalars: [0.9, -0],
      moments: [Float64Array.of(0.5, -0)],
    },
  ],
}))

/** Here replies are of no network. */
const AS_GIVEN = { readReply: ((_, value) => value as never) satisfies ReadReply }

/** A partition that writes down what it is told, and replies as the test says. */
function scripted(replies: Partial<Partition> = {}) {
  const told: unknown[] = []
  const partition: Partition = {
    core: 1,
    async run(order) {
      told.push(order)
      return REPORT
    },
    async squares(learned, scale) {
      told.push({ learned, scale })
      return []
    },
    abort: (run) => void told.push({ abort: run }),
    states: async () => [STATE],
    async undo(from) {
      told.push({ undo: from })
    },
    async update(order) {
      told.push(order)
    },
    async parameters() {
      return REPORT.gradients
    },
    save: async () => STATES,
    async restore(slices) {
      told.push(slices)
    },
    status: async () => ({ run: 3, progress: 17, waits: [] }),
    traffic: async () => [],
    kernelSeconds: async () => 0,
    memoryTraffic: async () => sumTraffic([]),
    metrics: async () => METRICS,
    trace: async () => TRACE,
    async close() {
      told.push('close')
    },
    ...replies,
  }
  return { partition, told }
}

async function served(replies: Partial<Partition> = {}) {
  const links = await linkedPair()
  const { partition, told } = scripted(replies)
  const network = defineNetwork({ groups: { in: source(5) }, projections: [] })
  servePartition(links.partition, partition, createTaskEncoder(() => undefined).on(1, network))
  return { ...links, told }
}

async function remote(replies: Partial<Partition> = {}) {
  const { coordinator, told } = await served(replies)
  return { coordinator, told, partition: createRemotePartition(coordinator, 1, AS_GIVEN) }
}

/** Resolves once everything on its way has arrived. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('a partition elsewhere', () => {
  test('is told and replies what one here would', async () => {
    const { partition, told } = await remote()
    expect(partition.core).toBe(1)
    expect(await partition.run(ORDER)).toStrictEqual(REPORT)
    expect(await partition.update(UPDATE)).toBeUndefined()
    expect(await partition.parameters()).toStrictEqual(REPORT.gradients)
    expect(await partition.squares(['bias'], 0.5)).toStrictEqual([])
    expect(await partition.save([])).toStrictEqual(STATES)
    expect(await partition.restore(STATES)).toBeUndefined()
    expect(await partition.status()).toStrictEqual({ run: 3, progress: 17, waits: [] })
    expect(await partition.traffic()).toStrictEqual([])
    expect(await partition.metrics()).toStrictEqual(METRICS)
    expect(await partition.trace()).toStrictEqual(TRACE)
    expect(await partition.close()).toBeUndefined()
    expect(told).toStrictEqual([ORDER, UPDATE, { learned: ['bias'], scale: 0.5 }, STATES, 'close'])
  })

  test('gives each reply to whoever asked, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
        const replies = order.map(() => createDeferred<readonly []>())
        const { partition } = await remote({ squares: (_, scale) => replies[scale]?.promise ?? Promise.reject() })
        const arrived: number[] = []
        const asked = replies.map(async (_, scale) => {
          await partition.squares([], scale)
          arrived.push(scale)
        })
        await settled()
        for (const scale of order) {
          replies[scale]?.resolve([])
          await settled()
        }
        await Promise.all(asked)
        expect(arrived).toEqual(order)
      }),
      { numRuns: 5, seed: 1 },
    )
  })

  test('is not told what cannot travel, and goes on', async () => {
    const { partition, told } = await remote()
    const record = [() => 'out'] as unknown as RunOrder['record']
    await expect(partition.run({ ...ORDER, record })).rejects.toBeInstanceOf(InternalError)
    expect(await partition.parameters()).toStrictEqual(REPORT.gradients)
    expect(told).toEqual([])
    const unhandled = vi.fn()
    process.once('unhandledRejection', unhandled)
    await partition.close()
    await settled()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('is told to break a run off while it runs', async () => {
    const running = createDeferred<RunReport>()
    const aborted = new RunError({ code: 'RUN_ABORTED', message: 'Run 1 was broken off.' })
    const { partition } = await remote({ run: () => running.promise, abort: () => running.reject(aborted) })
    const run = partition.run(ORDER)
    partition.abort(1)
    await expect(run).rejects.toMatchObject({ code: 'RUN_ABORTED' })
  })
})

describe('an error there', () => {
  const link = { link: 'core 0 - core 1', peer: 'core 0' }
  const errors = [
    new InputError({
      code: 'COUNT',
      field: 'loss',
      found: '2',
      expected: '3',
      remedy: 'Count.',
      cause: new Error('x'),
    }),
    new RunError({ code: 'SPIKES', message: 'Too many.', details: { group: 'a', unit: 3 }, remedy: 'Less.' }),
    new InternalError('It stalled.', { actor: 'b' }),
    new LinkError({ code: 'LINK_SILENT', ...link, what: 'quiet', watermark: { stream: 'in', end: Infinity } }),
    new LinkError({ code: 'LINK_BROKEN', ...link, what: 'gone', watermark: null, cause: new Error('reset') }),
    new TypeError('x is not a function'),
  ]

  test.each(errors.map((error) => ({ name: `${error.name} ${error.message}`, error })))('$name', async ({ error }) => {
    const { partition } = await remote({ run: () => Promise.reject(error) })
    const back = await partition.run(ORDER).catch((reason: unknown) => reason as Error)
    expect(back).toMatchObject({ name: error.name, message: error.message })
    expect((back as Error).cause).toEqual(error.cause === undefined ? undefined : expect.any(Error))
    expect((back as Error).constructor).toBe(error.constructor)
    if (!(error instanceof AntidromeError)) expect((back as Error).stack).toBe(error.stack)
    if (!(error instanceof AntidromeError)) return
    expect(back).toMatchObject({ code: error.code, details: error.details })
    // A failed run ends nothing else.
    expect(await partition.parameters()).toStrictEqual(REPORT.gradients)
  })

  test.each([[null], [7], [{}], [{ kind: 'Other' }], [{ name: 'LinkError', code: 'LINK_SILENT' }]])(
    'that is told as %j ends the link, and names the field',
    async (record) => {
      const links = await linkedPair()
      const call = createRemotePartition(links.coordinator, 1, AS_GIVEN).parameters()
      links.partition.send({ kind: 'value', value: { type: 'refusal', id: 1, error: record } })
      await expect(call).rejects.toMatchObject({
        code: 'LINK_FAILED',
        cause: { mistake: { field: expect.stringMatching(/^reply\.error/) } },
      })
    },
  )

  test('an order that nobody knows is refused as a bug', async () => {
    const { coordinator, told } = await served()
    const replies: unknown[] = []
    coordinator.messages$.subscribe((message) => replies.push(message.kind === 'value' ? message.value : null))
    coordinator.send({ kind: 'value', value: { type: 'call', id: 7, call: { order: 'dance' } } })
    await settled()
    expect(replies).toMatchObject([{ type: 'refusal', id: 7, error: { kind: 'InternalError' } }])
    expect(told).toEqual([])
  })

  test.each([
    [{ id: 99, value: 1 }, 'reply.id'],
    [{ id: NaN, value: 1 }, 'reply.id'],
    [{ id: '1', value: 1 }, 'reply.id'],
    [{ id: 1, value: 1, more: 1 }, 'reply.more'],
    [{ value: 1 }, 'reply.id'],
  ])('the reply %j, which is to no call, ends the link', async (reply, field) => {
    const links = await linkedPair()
    const call = createRemotePartition(links.coordinator, 1, AS_GIVEN).parameters()
    links.partition.send({ kind: 'value', value: { type: 'reply', ...reply } })
    await expect(call).rejects.toMatchObject({ code: 'LINK_FAILED', cause: { mistake: { field } } })
  })

  test.each([[null], ['text'], [{}], [[1]]])('the value %j, which is no reply, is left to others', async (value) => {
    const links = await linkedPair()
    const call = createRemotePartition(links.coordinator, 1, AS_GIVEN).parameters()
    links.partition.send({ kind: 'value', value })
    links.partition.send({ kind: 'value', value: { type: 'reply', id: 1, value: 'right' } })
    expect(await call).toBe('right')
  })
})

describe('when the link ends', () => {
  const never = () => new Promise<never>(() => undefined)

  test('what has no reply and all that follows rejects with the reason', async () => {
    const { partition, coordinator } = await remote({ run: never, parameters: never })
    const calls = [partition.run(ORDER), partition.parameters()]
    const outcomes = Promise.allSettled(calls)
    coordinator.fail(new Error('enough'))
    const reasons = (await outcomes).map((outcome) => (outcome.status === 'rejected' ? outcome.reason : null))
    expect(reasons[0]).toBeInstanceOf(LinkError)
    expect(reasons[1]).toBe(reasons[0])
    await expect(partition.traffic()).rejects.toBe(reasons[0])
  })

  test('in an orderly way, too', async () => {
    const { partition, coordinator } = await remote({ run: never })
    const call = expect(partition.run(ORDER)).rejects.toMatchObject({ code: 'LINK_CLOSED' })
    await coordinator.close()
    await call
    await expect(partition.parameters()).rejects.toMatchObject({ code: 'LINK_CLOSED' })
  })
})
