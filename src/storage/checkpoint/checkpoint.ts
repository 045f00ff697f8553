/** What a checkpoint is of. */
export type CheckpointKind = 'training' | 'simulation' | 'sweep'

/** Everything on which the course of a run depends, as texts by name: a run resumes only if all of them agree. */
export type CheckpointIdentity = Readonly<Record<string, string>>

/** What a checkpoint says of itself. Plain data. */
export interface CheckpointHead {
  readonly kind: CheckpointKind
  /** Version of the package that wrote it; for people. */
  readonly writer: string
  readonly identity: CheckpointIdentity
  /** How far the run had come, by name, such as epoch and step; for people. */
  readonly position: Readonly<Record<string, number>>
}

/** The state of a run at one moment. */
export interface Checkpoint {
  readonly head: CheckpointHead
  /** Plain data with typed arrays in it, as `encodeValue` takes it. */
  readonly body: unknown
}
