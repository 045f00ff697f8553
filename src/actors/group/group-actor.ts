import { Subject } from 'rxjs'
import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { integralOf } from '../../learning/loss-view.js'
import { spikeNoiseOf } from '../../learning/noise/spike-noise-of.js'
import type { ConnectedComponent, GroupSignals } from './group-ends.js'
import { createGroupPass, isObserved } from './group-pass.js'
import { runMicroBatches, runWindows } from './group-runs.js'
import { createLifeCycle, createRunScope, type LifeCycle } from './life-cycle.js'
import { type Run, spanOf } from './run.js'
import { hingeStrengths } from './silent-hinge.js'
import { resumeComponent } from './unit-states.js'

export interface GroupActorOptions extends ConnectedComponent {
  /** The component is no part of a cycle: trials run whole. */
  readonly whole: boolean
  /** Keys of the network's projections that lie on a cycle; only noise asks. Default: none. */
  readonly cyclic?: ReadonlySet<string>
  /** Groups that its spikes may have an effect on, itself among them; only user-defined actors ask. Default: all. */
  readonly leadsTo?: ReadonlySet<string>
  /** See `KernelOptions`. */
  readonly spikeLimit?: number | undefined
  /** See `KernelOptions`. */
  readonly beat: () => void
}

/** Runs one component: takes spike batches in, sends spike batches and gradient batches out. */
export interface GroupActor extends GroupSignals {
  readonly component: ComponentKernel
  readonly life: LifeCycle
  /** The options with which a kernel began the current run. */
  optionsOf(kernel: Kernel): KernelOptions
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createGroupActor(options: GroupActorOptions): GroupActor {
  const { component } = options
  const life = createLifeCycle(component.kernels.map(({ values }) => values.name).join('+'))
  const scope = createRunScope(life)
  const signals: GroupSignals = { spikes$: new Subject(), received$: new Subject(), returned$: new Subject() }
  let chosen: (kernel: Kernel) => KernelOptions = () => {
    throw new InternalError(`"${life.id}" has not begun a run.`)
  }

  function begin(run: Run): void {
    scope.begin(run.gradients)
    scope.guarded(() => {
      startComponent(run)
      const pass = createGroupPass(options, signals, run)
      if (run.microBatch !== undefined) runMicroBatches(pass, scope)
      else runWindows(pass, scope, isWhole(options, run))
    })
  }

  function startComponent(run: Run): void {
    chosen = (kernel) => kernelOptions(kernel, run, options)
    const from = run.segment?.from ?? 'rest'
    if (from === 'rest') component.begin(chosen)
    else if (from !== 'last') resumeComponent(component, chosen, spanOf(run).start, from)
  }

  function close(): void {
    for (const signal$ of Object.values(signals)) signal$.complete()
    scope.close()
  }

  return { component, life, ...signals, optionsOf: (kernel) => chosen(kernel), begin, abort: scope.abort, close }
}

/** Segments go by in windows, also where trials run whole. */
function isWhole({ whole }: GroupActorOptions, { segment }: Run): boolean {
  return whole && segment === undefined
}

function kernelOptions(kernel: Kernel, run: Run, options: GroupActorOptions): KernelOptions {
  const observed = isObserved(kernel, run)
  const { all, label } = hingeStrengths(kernel, run, observed)
  const spikeNoise = run.noise && spikeNoiseOf(run.noise, kernel.synapses.afferents, options.cyclic ?? new Set())
  return {
    trials: run.trials.count,
    firstTrial: run.firstTrial,
    until: run.trials.until,
    whole: isWhole(options, run),
    microBatch: run.microBatch,
    segmented: run.segment !== undefined,
    spikeLimit: options.spikeLimit,
    gradients: run.gradients,
    isPart: run.isPart,
    stopAfterFirst: run.stopAfterFirst && observed,
    trackSilent: run.gradients && (all > 0 || label > 0),
    inputTimes: run.inputTimes,
    biasGradient: run.biasGradient,
    adaptationGradient: run.adaptationGradient,
    integral: observed ? integralOf(run.loss?.loss) : undefined,
    rateBand: entryOf(run.loss?.rateBand, kernel.values.name),
    tauGradient: run.tauGradient === true,
    undefinedSlope: run.undefinedSlope,
    affectsLoss: run.loss !== null && options.leadsTo?.has(run.loss.loss.group) !== false,
    beat: options.beat,
    trialOrigin: run.noise ?? { draw: 0, firstTrial: run.firstTrial ?? 0 },
    ...(spikeNoise === undefined ? {} : { spikeNoise }),
  }
}
