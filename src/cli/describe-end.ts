/** What an interrupted run that has a place for checkpoints leaves in it, as a clause. */
export function describeEnd(place: string, keepsAny: boolean): string {
  return keepsAny ? `${place} keeps a checkpoint, from which --resume goes on.` : 'no checkpoint was written yet.'
}
