/** Does some work, and may record when it was done. */
export type Stage = <Result>(work: () => Result) => Result

/** What a core does to exchange sums over trials with its replicas. */
export const SUMS_STAGES = ['send sums', 'wait for sums', 'add sums', 'take sums'] as const
type SumsStage = (typeof SUMS_STAGES)[number]

/** What a run is made of beside the work of its components and the messages between them. */
export interface RunStages {
  /** The loss and its derivatives, of all trials. */
  readonly loss: Stage
  /** The sums of the gradient over trials. */
  readonly gradient: Stage
  /** A step of the optimiser. */
  readonly step: Stage
  /** What is reported of the run. */
  readonly report: Stage
  /** Begins a stage of the exchange between replicas; what it returns is called at the end, with the bytes of the sums. */
  sums(stage: SumsStage): (bytes: number) => void
}

const untold: Stage = (work) => work()

/** Of a run that is not traced. */
export const UNTRACED: RunStages = {
  loss: untold,
  gradient: untold,
  step: untold,
  report: untold,
  sums: () => () => undefined,
}
