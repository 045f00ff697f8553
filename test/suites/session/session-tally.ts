import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { SESSION_MODES, type SessionCase, type SessionMode } from './session-case.js'
import {
  type ArrivalSharing,
  type CaseSeen,
  featuresOfCase,
  featuresOfGroup,
  SESSION_FEATURES,
  type SessionFeature,
} from './session-features.js'

export const FEEDS = ['shared', 'own'] as const satisfies readonly ArrivalSharing[]

/** How often a feature met a mode or a feed. */
export interface PairCount {
  readonly feature: SessionFeature
  readonly met: SessionMode | ArrivalSharing
  readonly count: number
}

/** What the cases of a suite have come to. */
export interface SessionTally {
  add(sample: SessionCase, seen: CaseSeen): void
  pairs(): readonly PairCount[]
  readonly cases: number
  readonly spikes: number
  readonly seen: ReadonlyMap<string, number>
}

export function createSessionTally(kernel: KernelKind): SessionTally {
  const pairs = new Map<string, number>()
  const seen = new Map<string, number>()
  let [cases, spikes] = [0, 0]
  const count = (map: Map<string, number>, what: string) => map.set(what, (map.get(what) ?? 0) + 1)

  return {
    add(sample, found) {
      cases++
      spikes += found.spikes
      const { network, mode, steps, first, before } = sample
      const groups = chooseKernels(network, kernel).map(({ group, feed }) => ({
        feed,
        features: [...featuresOfGroup(sample, group), ...featuresOfCase(sample, found)],
      }))
      const feeds = new Set(groups.map(({ feed }) => feed))
      for (const feature of new Set(groups.flatMap(({ features }) => features))) {
        if (!isIdle(feature, mode)) count(pairs, `${feature}, ${mode}`)
      }
      for (const feed of FEEDS) {
        const features = groups.flatMap((group) => (group.feed === feed ? group.features : []))
        for (const feature of new Set(features)) count(pairs, `${feature}, ${feed}`)
        if (feeds.has(feed)) count(seen, `${feed} feed`)
      }
      count(seen, first.transport)
      count(seen, `${first.placement.cores.length} cores`)
      if (before !== 'nothing') count(seen, 'something before')
      if (mode === 'restore' && steps > 0 && feeds.has('own')) count(seen, 'learned and restored on the own feed')
    },
    pairs: () =>
      SESSION_FEATURES.flatMap((feature) => {
        return [...SESSION_MODES.filter((mode) => !isIdle(feature, mode)), ...FEEDS].map((met) => {
          return { feature, met, count: pairs.get(`${feature}, ${met}`) ?? 0 }
        })
      }),
    get cases() {
      return cases
    },
    get spikes() {
      return spikes
    },
    seen,
  }
}

const STREAMS: readonly SessionMode[] = ['stream', 'recording']

/** Features that are of no account in some modes. */
const IDLE: Readonly<Partial<Record<SessionFeature, readonly SessionMode[]>>> = {
  // Streams are of one trial, and know no noise.
  ...{ noise: STREAMS, dropout: STREAMS, 'more trials than a micro-batch': STREAMS },
  maxima: STREAMS,
  integrals: [...STREAMS, 'simulate'],
}

function isIdle(feature: SessionFeature, mode: SessionMode): boolean {
  return IDLE[feature]?.includes(mode) === true
}

/** A row per feature: how often it met each mode and each feed. */
export function formatPairs(pairs: readonly PairCount[]): string {
  const columns = [...SESSION_MODES, ...FEEDS]
  const cell = (feature: SessionFeature, column: string) => {
    return String(pairs.find((pair) => pair.feature === feature && pair.met === column)?.count ?? '-').padStart(10)
  }
  const row = (title: string, cells: readonly string[]) => `${title.padEnd(32)}${cells.join('')}`
  return [
    row(
      '',
      columns.map((column) => column.padStart(10)),
    ),
    ...SESSION_FEATURES.map((feature) =>
      row(
        feature,
        columns.map((column) => cell(feature, column)),
      ),
    ),
  ].join('\n')
}
