/** What an interrupted run that has a folder of checkpoints leaves in it, as a clause. */
export function describeEnd(path: string, keepsAny: boolean): string {
  return keepsAny ? `${path} keeps a checkpoint, from which --resume goes on.` : 'no checkpoint was written yet.'
}
