/** What advice remembers of an epoch when it looks at the next one. */
export interface EarlierEpoch {
  /** While training, and after it on the validation split; null where no label spiked. */
  readonly loss: number | null
  readonly validationLoss: number | null
  /** Labels that no sample was taken for. */
  readonly neverPredicted: readonly number[]
}

/** Losses that differ by less than this share are the same to four digits. */
const MOVED = 1e-4
/** A loss that falls by this share in an epoch still improves: a class that is not predicted yet may be later. */
const FALLEN = 0.03
/** A learning rate below this share of its start is meant to move little. */
const LEAST_FACTOR = 0.1

/**
 * Whether the loss stands still from one epoch to the next: while training, and on the validation split. It may where all is
 * learned, and where the schedule has come near its end.
 *
 * @param factor of the schedule, the largest of the epoch
 * @param accuracy while training; null where the loss does not distinguish classes
 */
export function standsStill(
  before: EarlierEpoch | null,
  now: Pick<EarlierEpoch, 'loss' | 'validationLoss'>,
  { factor, accuracy }: { readonly factor: number; readonly accuracy: number | null },
): now is { readonly loss: number; readonly validationLoss: number | null } {
  if (before === null || now.loss === null || now.loss === 0 || accuracy === 1 || factor < LEAST_FACTOR) return false
  return isSame(before.loss, now.loss) && isSame(before.validationLoss, now.validationLoss)
}

/** Whether the training loss falls from one epoch to the next, rather than creep. */
export function falls(before: EarlierEpoch | null, loss: number | null): boolean {
  const earlier = before?.loss ?? null
  return earlier !== null && loss !== null && earlier - loss > FALLEN * Math.abs(earlier)
}

function isSame(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before === now
  return Math.abs(now - before) < MOVED * Math.abs(before)
}
