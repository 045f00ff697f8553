import { test } from 'vitest'
import { inTurn } from '../support/in-turn.js'
import { absenceLaws } from './kernel/absence-laws.js'
import { agreementLaws } from './kernel/agreement-laws.js'
import { causalLaws } from './kernel/causal-laws.js'
import { courseLaws } from './kernel/course-laws.js'
import { extremeLaws } from './kernel/extreme-laws.js'
import { faultLaws } from './kernel/fault-laws.js'
import { applies, type KernelLaw } from './kernel/kernel-law.js'
import type { KernelSubject } from './kernel/kernel-subject.js'
import { noiseLaws } from './kernel/noise-laws.js'
import { partLaws } from './kernel/part-laws.js'
import { refractoryLaws } from './kernel/refractory-laws.js'
import { runLaws } from './kernel/run-laws.js'
import { segmentLaws } from './kernel/segment-laws.js'
import { sliceLaws } from './kernel/slice-laws.js'
import { spikeLaws } from './kernel/spike-laws.js'
import { unitLaws } from './kernel/unit-laws.js'
import { windowLaws } from './kernel/window-laws.js'

const LAWS: readonly KernelLaw[] = [
  ...agreementLaws,
  ...causalLaws,
  ...courseLaws,
  ...extremeLaws,
  ...unitLaws,
  ...spikeLaws,
  ...refractoryLaws,
  ...windowLaws,
  ...noiseLaws,
  ...segmentLaws,
  ...sliceLaws,
  ...runLaws,
  ...partLaws,
  ...absenceLaws,
  ...faultLaws,
]

/** What holds for a kernel, by the names of the tests. */
export function lawsOf(subject: KernelSubject): readonly string[] {
  return LAWS.filter((law) => applies(law, subject)).map(titleOf)
}

/**
 * Holds a kernel to every law that is about what it can do. Where it has several forms, most laws draw one of those that
 * they are about; `npm run test:long` tries every form.
 */
export function describeKernel(...forms: readonly KernelSubject[]): void {
  LAWS.forEach((law, at) => {
    const held = forms.filter((form) => applies(law, form))
    const drawn = law.ofEveryForm ? held : inTurn(held, at)
    for (const form of drawn) test(`${form.name}: ${titleOf(law)}`, () => law.check(form))
  })
}

function titleOf({ kind, name }: KernelLaw): string {
  return `${kind}: ${name}`
}
