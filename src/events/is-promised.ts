/** Whether a result that had to be synchronous is a promise. It is not awaited; its rejection is handled here. */
export function isPromised(answer: unknown): boolean {
  if (!(answer instanceof Promise)) return false
  answer.catch(() => undefined)
  return true
}
