/** Who asks a module of a user, and for whom. Plain data. */
export interface ModuleUse {
  readonly kind: 'actor' | 'operator' | 'loss' | 'task'
  /** Of the actor, the loss, the split of the task, or the projection whose spikes pass the operator. */
  readonly name: string
  /** That it computes, that the spikes come to, or that the loss looks at; of a task its own name. */
  readonly group: string
  /** A `file:` URL. */
  readonly module: string
}

/** What modules may be asked for. */
export const MODULE_VERBS = [
  ...(['createActor', 'advance', 'nextEvent', 'backward', 'saveState', 'resume'] as const),
  ...(['createOperator', 'apply'] as const),
  'evaluate',
  'encode',
] as const

export type ModuleVerb = (typeof MODULE_VERBS)[number]

/** A module that is asked for something. */
export interface VerbMoment extends ModuleUse {
  readonly verb: ModuleVerb
  /** Of a task the first sample that is asked for. Null: it belongs to none. */
  readonly trial: number | null
  /** Of the simulation, in ms; null: before it. */
  readonly time: number | null
}

/** Notes which user function of one module is being executed, so that one that never returns can be reported. */
export interface VerbNote {
  begin(verb: ModuleVerb, trial: number | null, time: number | null): void
  end(): void
}

/** A note for each use of a module; it may be requested again for the same use. */
export type NoteVerbs = (use: ModuleUse) => VerbNote

/** A note without a receiver. */
export const UNNOTED: VerbNote = Object.freeze({ begin: () => undefined, end: () => undefined })
