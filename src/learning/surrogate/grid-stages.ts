import { type Component, components } from '../../network/graph/components.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import type { GridGroup } from './grid-group.js'
import type { GridProjection } from './grid-projection.js'

/** Groups that go through the steps of a trial together. */
export interface GridStage {
  readonly groups: readonly GridGroup[]
  /** Projections into them whose spikes all come before the first step. */
  readonly before: readonly GridProjection[]
  /** Those that deliver step by step. */
  readonly within: readonly GridProjection[]
  /** Those that look back step by step. */
  readonly behind: readonly GridProjection[]
}

/** All groups go together: nothing arrives earlier than its spike. */
export function singleStage(
  groups: readonly GridGroup[],
  projections: readonly GridProjection[],
): readonly GridStage[] {
  return [{ groups, before: [], within: projections, behind: projections }]
}

/**
 * Groups that can all reach one another go together, after those that they hear: what jitter brings forward may arrive
 * before its spike, off cycles.
 */
export function stagesInOrder(
  instance: NetworkInstance,
  neurons: readonly GridGroup[],
  projections: readonly GridProjection[],
): readonly GridStage[] {
  const stageOf = ({ groups: names }: Component): GridStage => {
    const isHere = (name: string) => names.includes(name)
    const into = projections.filter(({ values }) => isHere(values.target))
    return {
      groups: neurons.filter(({ values }) => isHere(values.name)),
      before: into.filter(({ values }) => !isHere(values.source)),
      within: into.filter(({ values }) => isHere(values.source)),
      behind: projections.filter(({ values }) => isHere(values.source)),
    }
  }
  return components(instance).map(stageOf)
}

/** Takes all groups through the steps of a trial, and delivers their spikes. */
export function runStages(stages: readonly GridStage[], steps: number): void {
  for (const stage of stages) {
    for (const projection of stage.before) for (let k = 0; k < steps; k++) projection.deliver(k)
    if (stage.groups.length > 0) runStage(stage, steps)
  }
}

function runStage({ groups, within }: GridStage, steps: number): void {
  for (let k = 0; k < steps; k++) {
    if (k > 0) for (const group of groups) group.advance(k)
    for (const projection of within) projection.deliver(k)
    for (const group of groups) group.takeInflow(k)
  }
}

/** The same way back. */
export function returnStages(stages: readonly GridStage[], steps: number): void {
  for (const stage of stages.toReversed()) returnStage(stage, steps)
}

function returnStage({ groups, behind }: GridStage, steps: number): void {
  for (let k = steps - 1; k >= 0; k--) {
    for (const group of groups) group.settle(k)
    for (const projection of behind) projection.backward(k)
    if (k > 0) for (const group of groups) group.backward(k)
  }
}
