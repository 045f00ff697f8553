import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { OptimizerMemory, Parameters, Session, SessionState, StepOptions } from '../../../src/learning/session.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/storage/checkpoint/checkpoint-file.js'
import { trainsOf } from '../../learning/trains.js'
import { step } from '../small-networks.js'

const NETWORK = defineNetwork({
  groups: {
    in: source(2),
    hidden: lif(40, { tauMem: 20, tauSyn: 5, threshold: 1, vReset: 0.5, adaptStep: 0.1 }),
    out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
  },
  projections: [
    connect('in', 'hidden', dense(uniform(3, 5)), { delay: perSynapse(uniform(1, 3)), sign: 'excitatory' }),
    connect('hidden', 'hidden', dense(uniform(-0.1, 0.1)), { delay: 1 }),
    connect('hidden', 'out', dense(uniform(0.1, 0.5))),
  ],
})

const LABELLED = {
  ...{ count: 1, until: 30, labels: Uint8Array.of(1) },
  inputs: { in: trainsOf([[1, 2].map((time, unit) => ({ time, unit }))]) },
}
const STEP: StepOptions = step({
  loss: { kind: 'spikeCount', group: 'out', tau: 20 },
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 0.01, bias: 0.01 },
})

const SESSIONS: Record<string, () => Promise<Session> | Session> = {
  'on one core': () => open(NETWORK),
  'on two cores': () => open(NETWORK, { placement: placeOnCores(NETWORK, 2) }),
  'of a cluster': () => openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'local' }),
  'on a grid': () => openSurrogate(NETWORK),
}

interface Fault {
  readonly why: string
  /** Spoils a state; whatever it returns takes its place. */
  readonly spoil: (state: SessionState) => unknown
  readonly code: string
  readonly field: string
}

type Arrays = Readonly<Record<string, Float64Array>>

const ofGroup = ({ parameters }: SessionState, name: string) => parameters.groups[name] as unknown as Arrays
const ofProjection = ({ parameters }: SessionState, key: string) => parameters.projections[key] as unknown as Arrays
const put = (values: Float64Array | undefined, at: number, value: number) => values?.fill(value, at, at + 1)
const withGroups = (state: SessionState, groups: unknown) => ({
  ...state,
  parameters: { ...state.parameters, groups } as Parameters,
})
const withMemory = (state: SessionState, changes: object) => ({
  ...state,
  memories: [{ ...state.memories[0], ...changes } as OptimizerMemory, ...state.memories.slice(1)],
})

const KEY = 'in->hidden'
const OF_PARAMETERS: readonly Fault[] = [
  {
    why: 'a weight that is no number',
    spoil: (state) => put(ofProjection(state, KEY).weights, 70, Number.NaN),
    code: 'NUMBER_NOT_FINITE',
    field: 'parameters.projections.in->hidden.weights[70]',
  },
  {
    why: 'a weight of the wrong sign',
    spoil: (state) => put(ofProjection(state, KEY).weights, 3, -1),
    code: 'WEIGHT_SIGN',
    field: 'parameters.projections.in->hidden.weights[3]',
  },
  {
    why: 'a delay below 0',
    spoil: (state) => put(ofProjection(state, KEY).delays, 79, -0.5),
    code: 'DELAY_NEGATIVE',
    field: 'parameters.projections.in->hidden.delays[79]',
  },
  {
    why: 'a shared delay without end',
    spoil: (state) => put(ofProjection(state, 'hidden->hidden').delays, 0, Number.POSITIVE_INFINITY),
    code: 'NUMBER_NOT_FINITE',
    field: 'parameters.projections.hidden->hidden.delays[0]',
  },
  {
    why: 'a cycle in no time',
    spoil: (state) => put(ofProjection(state, 'hidden->hidden').delays, 0, 0),
    code: 'DELAY_CYCLE',
    field: 'parameters.projections.hidden->hidden.delays',
  },
  {
    why: 'a threshold at vReset',
    spoil: (state) => put(ofGroup(state, 'hidden').threshold, 35, 0.5),
    code: 'RESET_NOT_BELOW_THRESHOLD',
    field: 'parameters.groups.hidden.vReset[35]',
  },
  {
    why: 'an endless threshold',
    spoil: (state) => put(ofGroup(state, 'out').threshold, 1, Number.POSITIVE_INFINITY),
    code: 'NUMBER_NOT_FINITE',
    field: 'parameters.groups.out.threshold[1]',
  },
  {
    why: 'an adaptation that lowers the threshold',
    spoil: (state) => put(ofGroup(state, 'hidden').adaptStep, 0, -0.1),
    code: 'ADAPT_STEP_NEGATIVE',
    field: 'parameters.groups.hidden.adaptStep[0]',
  },
  {
    why: 'a bias that is no number',
    spoil: (state) => put(ofGroup(state, 'hidden').bias, 39, Number.NaN),
    code: 'NUMBER_NOT_FINITE',
    field: 'parameters.groups.hidden.bias[39]',
  },
  {
    why: 'a time constant of 0',
    spoil: (state) => put(ofGroup(state, 'out').tauSyn, 0, 0),
    code: 'TIME_CONSTANT_NOT_POSITIVE',
    field: 'parameters.groups.out.tauSyn[0]',
  },
  {
    why: 'numbers of another kind',
    spoil: (state) =>
      withGroups(state, { ...state.parameters.groups, out: { ...ofGroup(state, 'out'), bias: [0, 0] } }),
    code: 'FIELD_TYPE',
    field: 'parameters.groups.out.bias',
  },
  {
    why: 'a misspelt array',
    spoil: (state) => withGroups(state, { ...state.parameters.groups, out: { ...ofGroup(state, 'out'), treshold: 1 } }),
    code: 'FIELD_UNKNOWN',
    field: 'parameters.groups.out.treshold',
  },
  {
    why: 'a group too many',
    spoil: (state) => withGroups(state, { ...state.parameters.groups, constructor: {} }),
    code: 'STATE_MISMATCH',
    field: 'parameters.groups',
  },
  {
    why: 'a group too few',
    spoil: (state) => withGroups(state, { out: ofGroup(state, 'out') }),
    code: 'STATE_MISMATCH',
    field: 'parameters.groups',
  },
  {
    why: 'no groups',
    spoil: (state) => withGroups(state, null),
    code: 'FIELD_TYPE',
    field: 'parameters.groups',
  },
]

const OF_MEMORIES: readonly Fault[] = [
  {
    why: 'a mean that is no number',
    spoil: ({ memories }) => put(memories[0]?.moments[0], 5, Number.NaN),
    code: 'NUMBER_NOT_FINITE',
    field: 'memories[0].moments[0][5]',
  },
  {
    why: 'a mean square below 0',
    spoil: ({ memories }) => put(memories[0]?.moments[1], 5, -1e-9),
    code: 'OPTIMIZER_STATE_INVALID',
    field: 'memories[0].moments[1][5]',
  },
  {
    why: 'a power above 1',
    spoil: (state) => withMemory(state, { scalars: [1.5, 0.5] }),
    code: 'OPTIMIZER_STATE_INVALID',
    field: 'memories[0].scalars[0]',
  },
  {
    why: 'a scalar too few',
    spoil: (state) => withMemory(state, { scalars: [0.5] }),
    code: 'SHAPE_MISMATCH',
    field: 'memories[0].scalars',
  },
  {
    why: 'moments of another method',
    spoil: (state) => withMemory(state, { method: { kind: 'sgd', momentum: 0.5 }, scalars: [] }),
    code: 'SHAPE_MISMATCH',
    field: 'memories[0].moments',
  },
  {
    why: 'moments of another length',
    spoil: (state) => withMemory(state, { moments: [new Float64Array(3), new Float64Array(3)] }),
    code: 'STATE_MISMATCH',
    field: 'weights of "in->hidden"',
  },
  {
    why: 'a method that there is not',
    spoil: (state) => withMemory(state, { method: { kind: 'adamant' } }),
    code: 'OPTIMIZER_KIND_UNKNOWN',
    field: 'memories[0].method.kind',
  },
  {
    why: 'a memory of nothing',
    spoil: (state) => withMemory(state, { of: 'nobody' }),
    code: 'STATE_MISMATCH',
    field: 'memories[0]',
  },
  {
    why: 'a memory twice',
    spoil: (state) => ({ ...state, memories: [...state.memories, state.memories[0]] }),
    code: 'STATE_MISMATCH',
    field: 'memories[5]',
  },
  { why: 'no memories', spoil: ({ parameters }) => ({ parameters }), code: 'FIELD_MISSING', field: 'memories' },
]

describe.each(Object.entries(SESSIONS))('a session %s', (_, opened) => {
  let session: Session
  let saved: SessionState

  beforeAll(async () => {
    session = await opened()
    await session.train(LABELLED, STEP)
    saved = await session.save()
  })
  afterAll(() => session.close())

  /** A state as it was saved, but for one fault. */
  function spoilt({ spoil }: Fault): SessionState {
    const state = structuredClone(saved)
    const other = spoil(state)
    return typeof other === 'object' && other !== null && 'parameters' in other ? (other as SessionState) : state
  }

  test.each([...OF_PARAMETERS, ...OF_MEMORIES])('is not put back to a state with $why', async (fault) => {
    const { code, field } = fault
    const place = field.startsWith('weights of') ? field : `state.${field}`
    const error = await session.restore(spoilt(fault)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'InputError', code, details: { field: place } })
    expect(await session.save()).toStrictEqual(saved)
  })

  test.each(OF_PARAMETERS)('is not given parameters with $why', async (fault) => {
    const { code, field } = fault
    const error = await session.setParameters(spoilt(fault).parameters).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'InputError', code, details: { field } })
    expect(await session.save()).toStrictEqual(saved)
  })

  test('is not put back to a spoilt state out of a checkpoint', async () => {
    const head = { kind: 'training', writer: '', identity: {}, position: {} } as const
    const parts = encodeCheckpoint({ head, body: spoilt(OF_PARAMETERS[0] as Fault) })
    const { body } = decodeCheckpoint(Buffer.concat(parts))
    await expect(session.restore(body as SessionState)).rejects.toMatchObject({
      message:
        'state.parameters.projections.in->hidden.weights[70]: found NaN, expected a weight >= 0, for the projection is ' +
        'excitatory. Give parameters that the network could be described with, such as those that a session has.',
    })
  })
})
