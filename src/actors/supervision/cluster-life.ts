import { assign, emit, fromPromise, setup } from 'xstate'
import { chooseFailure, isConclusive } from './choose-failure.js'
import type { FailureReport, LateReport } from './failure-report.js'
import type { Whereabouts } from './name-of-cores.js'

export type ClusterEvent =
  | { readonly type: 'listening'; readonly core: number }
  | { readonly type: 'ready'; readonly core: number }
  | { readonly type: 'trouble'; readonly report: FailureReport }
  | { readonly type: 'interrupt'; readonly reason: Error }
  | { readonly type: 'close' }

/** What the outside learns of a cluster. */
export type ClusterSignal = { readonly type: 'opened' } | { readonly type: 'failed'; readonly error: Error }

export interface ClusterLifeInput {
  /** Per core: those it is linked to. */
  readonly neighbours: readonly (readonly number[])[]
  /** Time for all partitions to become ready, in ms. */
  readonly startLimit: number
  /** For how long, in ms, a core has been silent that ought to say a word; null, and by default: it can be heard. */
  readonly unheard?: (core: number) => number | null
  /** The module that a core is loading, by its URL; null, and by default: none. */
  readonly loadingOn?: (core: number) => string | null
  /** Default: all cores are on this machine. */
  readonly where?: Whereabouts
  /** How long the reports of survivors are waited for, in ms. */
  readonly gatherLimit: number
  /** Ends whatever runs for the cluster: in order, or at once because of a failure or an interruption. */
  readonly end: (failure: Error | null) => Promise<void>
}

interface Context extends ClusterLifeInput {
  /** Those that have not even said where they listen. */
  readonly unlisted: readonly number[]
  readonly unready: readonly number[]
  readonly reports: readonly FailureReport[]
  readonly error: Error | null
}

const INTERRUPT = { target: 'failing', actions: 'keepReason' } as const

/**
 * The life of a cluster.
 *
 *     starting -> ready -> closing -> closed,   from starting or ready: -> gathering -> failing -> failed
 *
 * An interruption leads from wherever it is to failing at once.
 *
 * The first report of trouble is seldom the cause, so the others are gathered for a moment before one error is chosen.
 * While a cluster closes, partitions end: that is no trouble any more.
 */
export const clusterLife = setup({
  types: {
    context: {} as Context,
    events: {} as ClusterEvent,
    emitted: {} as ClusterSignal,
    input: {} as ClusterLifeInput,
    output: {} as { readonly error: Error | null },
  },
  actors: {
    end: fromPromise<void, { readonly work: () => Promise<void> }>(({ input }) => input.work()),
  },
  delays: {
    startLimit: ({ context }) => context.startLimit,
    gatherLimit: ({ context }) => context.gatherLimit,
  },
  guards: {
    isLast: ({ context, event }) => event.type === 'ready' && context.unready.every((core) => core === event.core),
    isConclusive: ({ context }) => isConclusive(context.reports, context.neighbours),
  },
  actions: {
    markListening: assign({
      unlisted: ({ context, event }) =>
        event.type === 'listening' || event.type === 'ready'
          ? context.unlisted.filter((core) => core !== event.core)
          : context.unlisted,
    }),
    markReady: assign({
      unready: ({ context, event }) =>
        event.type === 'ready' ? context.unready.filter((core) => core !== event.core) : context.unready,
    }),
    keepReport: assign({
      reports: ({ context, event }) =>
        event.type === 'trouble' ? [...context.reports, event.report] : context.reports,
    }),
    giveUpWaiting: assign({
      reports: ({ context }): readonly FailureReport[] => [
        ...context.reports,
        { kind: 'late', limit: context.startLimit, ...latest(context) },
      ],
    }),
    keepReason: assign({ error: ({ context, event }) => (event.type === 'interrupt' ? event.reason : context.error) }),
    choose: assign({ error: ({ context }) => context.error ?? chooseFailure(context.reports, context.where) }),
    tellOpened: emit({ type: 'opened' }),
    tellFailed: emit(({ context }) => ({ type: 'failed', error: context.error as Error })),
  },
}).createMachine({
  id: 'cluster',
  context: ({ input }) => ({
    ...input,
    unlisted: input.neighbours.map((_, core) => core),
    unready: input.neighbours.map((_, core) => core),
    reports: [],
    error: null,
  }),
  initial: 'starting',
  output: ({ context }) => ({ error: context.error }),
  states: {
    starting: {
      after: { startLimit: { target: 'failing', actions: 'giveUpWaiting' } },
      on: {
        listening: { actions: 'markListening' },
        ready: [
          { guard: 'isLast', target: 'ready', actions: ['markReady', 'tellOpened'] },
          { actions: ['markListening', 'markReady'] },
        ],
        trouble: { target: 'gathering', actions: 'keepReport' },
        interrupt: INTERRUPT,
        close: 'closing',
      },
    },
    ready: {
      on: { trouble: { target: 'gathering', actions: 'keepReport' }, interrupt: INTERRUPT, close: 'closing' },
    },
    gathering: {
      always: { guard: 'isConclusive', target: 'failing' },
      after: { gatherLimit: 'failing' },
      on: { trouble: { actions: 'keepReport' }, interrupt: INTERRUPT },
    },
    failing: {
      entry: ['choose', 'tellFailed'],
      invoke: {
        src: 'end',
        input: ({ context }) => ({ work: () => context.end(context.error) }),
        onDone: 'failed',
        onError: 'failed',
      },
    },
    failed: { type: 'final' },
    closing: {
      on: { interrupt: INTERRUPT },
      invoke: {
        src: 'end',
        input: ({ context }) => ({ work: () => context.end(null) }),
        onDone: 'closed',
        onError: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

/**
 * Cores that are not ready, and cores that are silent. None is ready before all listen: then the others only wait for those
 * that do not; and who waits for a peer can be heard.
 */
function latest({ unlisted, unready, unheard, loadingOn }: Context): Pick<LateReport, 'cores' | 'unheard' | 'loading'> {
  const cores = unlisted.length > 0 ? unlisted : unready
  const silences = cores.map((core) => unheard?.(core) ?? null)
  const silent = cores.filter((_, k) => silences[k] !== null)
  const late = silent.length === 0 ? cores : silent
  const longest = silent.length === 0 ? null : Math.min(...silences.filter((silence) => silence !== null))
  const loading = late.map((core) => loadingOn?.(core) ?? null).find((module) => module !== null)
  return { cores: late, unheard: longest, ...(loading == null ? {} : { loading }) }
}
