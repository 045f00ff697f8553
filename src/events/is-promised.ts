/** Whether something is promised that had to be said at once. Nobody waits for it: what it rejects with is heard here. */
export function isPromised(answer: unknown): boolean {
  if (!(answer instanceof Promise)) return false
  answer.catch(() => undefined)
  return true
}
