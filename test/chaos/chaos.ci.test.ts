import { expect, test } from 'vitest'
import { type Course, createCourse } from '../../chaos/course.js'
import { runChaos } from '../../chaos/run-chaos.js'
import type { Finding } from '../../chaos/scenario.js'
import { splitFrames } from '../../chaos/scenarios/split-frames.js'
import { requireFreshBuild } from '../support/built-file.js'
import { casesOf } from '../support/cases-of.js'

requireFreshBuild()

const SETTINGS = { seed: 2, kills: casesOf({ short: 1, long: 4 }), soak: 0 }

test('a run that is disturbed in every way ends as an undisturbed one', async () => {
  const findings: Finding[] = []
  for await (const finding of runChaos(SETTINGS)) findings.push(finding)
  const found = new Map(findings.map(({ what, value }) => [what, value]))
  for (const grid of ['1 × 3', '2 × 2', '3 × 1']) {
    expect(found.get(`${grid}: partitions killed`)).toBeGreaterThanOrEqual(SETTINGS.kills / 5)
    expect(found.get(`${grid}: restarts`)).toBeGreaterThan(0)
    expect(found.get(`${grid}: file descriptors left`)).toBe(0)
  }
  expect(Number(found.get('coordinators killed')) + Number(found.get('that had ended before'))).toBe(1)
  expect(found.get('pieces that frames came in')).toBeGreaterThan(100)
  expect(found.get('checkpoints whole after a full disk')).toBeGreaterThan(1)
})

test('a run that ends otherwise is found', async () => {
  let runs = 0
  const createWrongCourse = (course: Course): Course => ({ ...course, run: async () => String(runs++) })
  const undisturbed = {
    createCourse: (least: number) => createWrongCourse(createCourse(1, least)),
    metrics: async () => '',
  }
  const scenario = splitFrames(SETTINGS, undisturbed)
  await expect(scenario).rejects.toThrow('digest over split frames: found 0, expected 1')
})
