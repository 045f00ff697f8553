import { hasRefractoryPeriods, type KernelAbility, type KernelSubject } from './kernel-subject.js'

/** What holds for every kernel that can do what the law is about. */
export interface KernelLaw {
  readonly name: string
  /** The neurons that it is about. */
  readonly kind: 'lif' | 'li'
  readonly needs: readonly (
    | KernelAbility
    | 'slices'
    | 'loops'
    | 'noise'
    | 'rounding'
    | 'refractory periods'
    | 'absent pairs'
  )[]
  /** Every form of a kernel is tried, in short runs, too: each has a way of its own to do what the law is about. */
  readonly ofEveryForm?: true
  check(subject: KernelSubject): void
}

/** Whether a law applies to a kernel. */
export function applies({ kind, needs }: KernelLaw, subject: KernelSubject): boolean {
  const range = subject.cases[kind]
  if (range === undefined) return false
  return needs.every((need) => {
    if (need === 'slices') return subject.sliceOf !== undefined
    if (need === 'loops') return subject.loops !== undefined
    if (need === 'refractory periods') return hasRefractoryPeriods(subject)
    if (need === 'absent pairs') return [...range.must, ...range.may].includes('few absent pairs')
    if (need === 'noise') return subject.noisy !== undefined
    if (need === 'rounding') return subject.accuracy !== 'reference'
    return subject.can.includes(need)
  })
}
